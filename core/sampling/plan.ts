import * as z from "zod";
import { CONTROLS } from "../capture/control.ts";
import { CallKey } from "./call-id.ts";
import { DriftReads } from "./drift-reads.ts";
import { HeaderName, HeaderValue } from "./header.ts";
import { OrderBy } from "./order-by.ts";
import { BaselineRedaction } from "./redaction.ts";

/** An absolute http(s) URL of a target; a path is a prefix for every request target. No credentials, query or fragment. */
export const TargetUrl = z.string().superRefine((value, context) => {
  const fail = (message: string) => context.addIssue({ code: "custom", message: `${message}; got "${value}"` });
  if (!URL.canParse(value)) return fail("must be an absolute URL such as http://localhost:3001");
  const url = new URL(value);
  if (url.protocol !== "http:" && url.protocol !== "https:") return fail("must begin with http:// or https://");
  if (url.username || url.password) return fail("must not hold credentials: set them as headers of the lane");
  if (url.search || url.hash) return fail("must not hold a query or a fragment");
});

/** Where the primary answers: no path, since requests pass unchanged. */
export const OriginUrl = TargetUrl.refine(
  (url) => !URL.canParse(url) || new URL(url).pathname === "/",
  "must have no path: requests reach the primary unchanged",
);

export const SAFE_METHODS = ["GET", "HEAD", "OPTIONS", "TRACE"] as const;

const SAFE: ReadonlySet<string> = new Set(SAFE_METHODS);
/** RFC 9110 9.2.1: all that is not known as safe may change something. */
export const isWrite = (method: string): boolean => !SAFE.has(method);

/** How side effects of mirrored writes are kept away from the world; `none`: they are not, so writes are not mirrored. */
export const SIDE_EFFECTS = ["none", "suppressed", "isolated", "stubbed"] as const;

/**
 * What becomes of writes. Denied: no write is among the methods to mirror (`unlisted`), nothing keeps side effects away
 * (`undeclared`), nothing shows that it does (`unprobed`), the probe has not run (`waiting`), runs (`probing`), showed nothing
 * (`unclear`) or found the canary at the baseline (`failed`). Mirrored: it passed.
 */
export const WRITE_STATES = [
  "unlisted",
  "undeclared",
  "unprobed",
  "waiting",
  "probing",
  "unclear",
  "failed",
  "mirrored",
] as const;
export type WriteState = (typeof WRITE_STATES)[number];

/** Whether writes are mirrored, and why. */
export const Writes = z.strictObject({ state: z.enum(WRITE_STATES), reason: z.string() });
export type Writes = z.infer<typeof Writes>;

/** Percent of requests, 0 to 100, in steps of 0.01. */
export const Percent = z.number().min(0).max(100).multipleOf(0.01);

export const SampleKey = z.union([
  z.literal("request"),
  z.literal("trace"),
  z.strictObject({ header: HeaderName }),
  z.strictObject({ cookie: HeaderName }),
]);
export type SampleKey = z.infer<typeof SampleKey>;

/** A request is mirrored only if it matches: method listed, path prefix not excluded and, if given, included, header as asked. */
export const Match = z.strictObject({
  methods: z.array(z.string().regex(/^[A-Z]+$/, "must be an upper-case method")).default([...SAFE_METHODS]),
  includePaths: z.array(z.string().startsWith("/")).default([]),
  excludePaths: z.array(z.string().startsWith("/")).default([]),
  header: z.strictObject({ name: HeaderName, value: z.string() }).optional(),
});
export type Match = z.infer<typeof Match>;

export const LaneTarget = z.strictObject({
  url: TargetUrl,
  /** `rewrite`: the target's own; `keep`: the caller's; `shadow`: the caller's with `-shadow` before the port. */
  host: z.enum(["rewrite", "keep", "shadow"]).default("rewrite"),
  setHeaders: z.record(HeaderName, HeaderValue).default({}),
  removeHeaders: z.array(HeaderName).default([]),
});
export type LaneTarget = z.infer<typeof LaneTarget>;

export const Sampling = z.strictObject({
  percent: Percent.default(100),
  key: SampleKey.default("request"),
  /** Percent for paths that begin so; the longest prefix wins. */
  routes: z.array(z.strictObject({ path: z.string().startsWith("/"), percent: Percent })).default([]),
  match: Match.prefault({}),
});
export type Sampling = z.infer<typeof Sampling>;

/** Where tees ask what was called for a request, and by what calls belong to one. */
export const AskCalls = z.strictObject({
  guards: z
    .array(TargetUrl.refine((url) => !URL.canParse(url) || new URL(url).pathname === "/", "must have no path"))
    .min(1)
    .max(20),
  key: CallKey.default("trace"),
});
export type AskCalls = z.infer<typeof AskCalls>;

/** What the tees of one baseline must do for one environment. */
export const PlanEntry = z.strictObject({
  env: z.string().min(1),
  run: z.string().min(1),
  candidate: LaneTarget,
  secondary: LaneTarget.optional(),
  control: z.enum(CONTROLS),
  /** Percent of the sampled requests that go to the secondary as well, by an independent hash. */
  secondaryPercent: Percent.default(100),
  sampling: Sampling,
  sideEffects: z.enum(SIDE_EFFECTS).default("none"),
  orderBy: OrderBy.optional(),
  /** The baseline's with what the overlay adds; absent where the defaults are all. */
  redact: BaselineRedaction.optional(),
  writes: Writes.default({ state: "undeclared", reason: "" }),
  /** Reads by which the tees tell whether the lanes have the same data. */
  drift: DriftReads.optional(),
  calls: AskCalls.optional(),
});
export type PlanEntry = z.infer<typeof PlanEntry>;

/** The primary's address is not in it: that comes from the tee's own environment, so that no plan can break the caller's path. */
export const Plan = z.strictObject({
  baseline: z.string().min(1),
  entries: z.array(PlanEntry),
});
export type Plan = z.infer<typeof Plan>;
