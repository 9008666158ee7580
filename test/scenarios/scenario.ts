import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import * as z from "zod";
import { CONTROLS } from "../../core/capture/control.ts";
import { KINDS } from "../../core/diff/place.ts";
import { RulesFile } from "../../core/diff/rules.ts";
import { OpenApiFile } from "../../core/endpoints/openapi.ts";
import { VerdictSettings } from "../../core/verdict/settings.ts";
import { VERDICTS } from "../../core/verdict/verdict.ts";

/** A text with `${value}`s; what is found in it is put another way before values are filled in. */
const Edit = z.record(z.string(), z.string());
/** `gzip 6`, `br`, `zstd`, `deflate`: content coding, and its level. */
const Coding = z.string().regex(/^(?:gzip|deflate|br|zstd)(?: \d)?$/);
const Charset = z.enum(["utf8", "latin1", "utf16le"]);
const share = z.number().min(0).max(1);

const Answer = z.strictObject({
  status: z.int(),
  /** Header lines. */
  head: z.string(),
  body: z.string(),
  /** The body as hex digits instead. */
  hex: z.string(),
  coding: Coding,
  charset: Charset,
  chunked: z.boolean(),
  /** So many bytes of the body are sent, and announced. */
  cut: z.int(),
});
const PartialAnswer = Answer.partial();
export type Answer = z.infer<typeof PartialAnswer>;

const Endpoint = z.strictObject({ ...PartialAnswer.shape, ask: z.string(), weight: z.number().default(1) });
export type Endpoint = z.infer<typeof Endpoint>;

const Change = z.strictObject({
  ...PartialAnswer.shape,
  edit: Edit.default({}),
  lanes: z.union([z.literal("all"), z.array(z.enum(["primary", "candidate", "secondary"]))]).default(["candidate"]),
  /** Which requests: of an ask that holds this text, with these values, each nth, by lot for each lane, in a part of the run. */
  on: z.string().default(""),
  where: z.record(z.string(), z.union([z.string(), z.number().transform(String)])).default({}),
  every: z.int().default(1),
  share: share.default(1),
  from: share.default(0),
  until: share.default(1),
  fails: z.enum(["timeout", "refused", "reset", "invalid"]).optional(),
  /** Times as slow. */
  slower: z.number().default(1),
});
export type Change = z.infer<typeof Change>;

/** Kinds, one of which it must be: `removed|length`, or `any`. */
const Kinds = z.string().refine((text) => text === "any" || text.split("|").every((it) => KINDS.includes(it as never)));
/** An endpoint or `*` for any; a place, `/**` at its end for this place and all below. */
const Expectation = z.tuple([z.string(), z.string(), Kinds]);
export type Expectation = z.infer<typeof Expectation>;

const Service = z.strictObject({
  values: z.record(z.string(), z.string()).default({}),
  endpoints: z.array(Endpoint).default([]),
});

const Scenario = z.strictObject({
  ...Service.shape,
  name: z.string(),
  why: z.string().optional(),
  service: z.string().optional(),
  recording: z.string().optional(),
  seed: z.int().default(1),
  pairs: z.int().default(450),
  /** What the secondary is. */
  lanes: z.enum(CONTROLS).default("control"),
  /** Between two requests. */
  paceMs: z.number().default(50),
  edit: Edit.default({}),
  coding: Coding.optional(),
  changes: z.array(Change).default([]),
  rules: RulesFile.shape.rules,
  /** What the service says that it answers. */
  openapi: OpenApiFile.optional(),
  settings: z.preprocess((it) => ({ tolerance: 0.01, ...(it as object) }), VerdictSettings),
  tee: z
    .strictObject({
      shedMemory: z.int(),
      tooLarge: z.int(),
      undelivered: z.int(),
      /** Sequence numbers of segments that never arrive. */
      lostSegments: z.array(z.int()),
      /** It ended without a last word, and so many requests were in its memory. */
      killedWith: z.int(),
    })
    .partial()
    .default({}),
  expected: z.strictObject({
    verdict: z.enum(VERDICTS),
    /** Confirmed: each of them, and nothing else. */
    findings: z.array(Expectation).default([]),
    /** Shown, though not confirmed. */
    shown: z.array(Expectation).default([]),
    /** Places that must never be confirmed, where `findings` is wide. */
    mustNotFind: z.array(z.string()).default([]),
    /** A pattern that one of the reasons has. */
    because: z.string().optional(),
  }),
});
export type Scenario = z.infer<typeof Scenario> & { readonly family: string };

export const FAMILIES = [
  "noise",
  "body",
  "wire",
  "formats",
  "masked",
  "rules",
  "schemas",
  "environment",
  "recorded",
] as const;

const readYaml = (path: string): unknown =>
  parse(readFileSync(join(import.meta.dirname, path), "utf8"), { merge: true });

const readFamily = (family: string, services: Readonly<Record<string, z.infer<typeof Service>>>): Scenario[] =>
  z
    .array(Scenario)
    .parse(readYaml(`${family}/scenarios.yaml`))
    .map((it) => {
      const service = it.service === undefined ? undefined : services[it.service];
      if (it.service !== undefined && service === undefined) throw new Error(`${it.name}: no service ${it.service}`);
      const values = { ...service?.values, ...it.values };
      return { ...it, family, values, endpoints: service?.endpoints ?? it.endpoints };
    });

/** All of them, by family, in the order of their files. */
export const readScenarios = (): Scenario[] => {
  const services = z.record(z.string(), Service).parse(readYaml("services.yaml"));
  return FAMILIES.flatMap((family) => readFamily(family, services));
};
