import { pathOf } from "../capture/endpoint.ts";
import { headerValue, headerValues } from "../capture/head.ts";
import { traceIdOf } from "./call-id.ts";
import { fnv1a } from "./fnv1a.ts";
import { type OrderKeyOf, orderKeyOf } from "./order-by.ts";
import { isWrite, type PlanEntry, type SampleKey } from "./plan.ts";
import { cookieOf, type SampledHead, spelledOut } from "./sampled-head.ts";

/**
 * Why a request is not mirrored; the label of its counter. `sideEffects`: a write, and the overlay keeps none away. `probe`: a
 * write, and no probe has shown that the overlay keeps them away.
 */
export const NOT_MIRRORED = ["marked", "method", "sideEffects", "probe", "path", "header", "percent"] as const;
export type NotMirrored = (typeof NOT_MIRRORED)[number];

export type Decision =
  | { readonly mirror: true; readonly secondary: boolean }
  | { readonly mirror: false; readonly because: NotMirrored };

/** An entry of the plan with all work done that is the same for each request. Thresholds are in ten-thousandths. */
export interface PreparedEntry {
  readonly methods: ReadonlySet<string>;
  /** Why writes are not mirrored; undefined where they are. */
  readonly deniesWrites: "sideEffects" | "probe" | undefined;
  readonly secondaryTakesWrites: boolean;
  readonly includePaths: readonly string[];
  readonly excludePaths: readonly string[];
  readonly header: { readonly name: string; readonly value: string } | undefined;
  readonly idOf: (head: SampledHead) => string;
  /** Longest prefix first. */
  readonly routes: readonly { readonly path: string; readonly threshold: number }[];
  readonly threshold: number;
  readonly secondaryThreshold: number;
  /** Undefined where mirrors go in no order. */
  readonly orderKeyOf: OrderKeyOf | undefined;
}

const BUCKETS = 10_000;

/** The secondary's hash goes on from another state, so that it says nothing of the bucket that sampled the request. */
const SECONDARY_STATE = fnv1a("secondary:");

const thresholdOf = (percent: number): number => Math.round((percent * BUCKETS) / 100);

/** What is hashed; the request id where the request does not have it, so that none is sampled more often for lack of it. */
const idOf = (key: SampleKey): PreparedEntry["idOf"] => {
  if (key === "request") return ({ requestId }) => requestId;
  if (key === "trace") return ({ headers, requestId }) => traceIdOf(headerValue(headers, "traceparent")) || requestId;
  if ("cookie" in key) return ({ headers, requestId }) => cookieOf(headers, key.cookie) || requestId;
  const name = key.header.toLowerCase();
  return ({ headers, requestId }) => headerValue(headers, name) || requestId;
};

const deniesWrites = ({ sideEffects, writes }: PlanEntry): PreparedEntry["deniesWrites"] => {
  if (sideEffects === "none") return "sideEffects";
  return writes.state === "mirrored" ? undefined : "probe";
};

/** Does once what `decide` would do for each request. */
export const prepareEntry = (entry: PlanEntry): PreparedEntry => {
  const { match, routes, percent, key } = entry.sampling;
  return {
    methods: new Set(match.methods),
    deniesWrites: deniesWrites(entry),
    // The baseline must see each write once, from the caller.
    secondaryTakesWrites: entry.control === "control",
    includePaths: match.includePaths,
    excludePaths: match.excludePaths,
    header: match.header && { name: match.header.name.toLowerCase(), value: match.header.value },
    idOf: idOf(key),
    routes: routes
      .map((route) => ({ path: route.path, threshold: thresholdOf(route.percent) }))
      .sort((a, b) => b.path.length - a.path.length),
    threshold: thresholdOf(percent),
    secondaryThreshold: entry.secondary === undefined ? 0 : thresholdOf(entry.secondaryPercent),
    orderKeyOf: entry.orderBy && orderKeyOf(entry.orderBy),
  };
};

const isMatching = (entry: PreparedEntry, path: string): boolean => {
  const begins = (prefix: string) => path.startsWith(prefix);
  if (entry.excludePaths.some(begins)) return false;
  return entry.includePaths.length === 0 || entry.includePaths.some(begins);
};

const hasHeader = (
  { headers }: SampledHead,
  { name, value }: { readonly name: string; readonly value: string },
): boolean => headerValues(headers, name).includes(value);

/** All and none are told without a hash. */
const isBelow = (threshold: number, { idOf }: PreparedEntry, head: SampledHead, state?: number): boolean =>
  threshold >= BUCKETS || (threshold > 0 && fnv1a(idOf(head), state) % BUCKETS < threshold);

/**
 * Is this request mirrored, and to the secondary as well? A function of plan and request alone, so that a replay decides the same.
 * A request sampled at p percent is sampled at every higher percent.
 */
export const decide = (plan: PlanEntry | PreparedEntry, head: SampledHead): Decision => {
  const entry = "threshold" in plan ? plan : prepareEntry(plan);
  if (head.marked) return { mirror: false, because: "marked" };
  if (!entry.methods.has(head.method)) return { mirror: false, because: "method" };
  const writes = isWrite(head.method);
  if (writes && entry.deniesWrites !== undefined) return { mirror: false, because: entry.deniesWrites };
  const path = spelledOut(pathOf(head.target));
  if (!isMatching(entry, path)) return { mirror: false, because: "path" };
  if (entry.header !== undefined && !hasHeader(head, entry.header)) return { mirror: false, because: "header" };
  const threshold = entry.routes.find((route) => path.startsWith(route.path))?.threshold ?? entry.threshold;
  if (!isBelow(threshold, entry, head)) return { mirror: false, because: "percent" };
  const isOffered = !writes || entry.secondaryTakesWrites;
  return { mirror: true, secondary: isOffered && isBelow(entry.secondaryThreshold, entry, head, SECONDARY_STATE) };
};
