import * as z from "zod";
import { KINDS } from "../../core/diff/place.ts";
import { VERDICTS } from "../../core/verdict/verdict.ts";

/** Milliseconds. */
export const QuantilesShape = z.strictObject({ p50: z.number(), p95: z.number(), p99: z.number() });

export const LatencyShape = z.strictObject({
  primary: QuantilesShape.nullable(),
  candidate: QuantilesShape.nullable(),
  secondary: QuantilesShape.nullable(),
  ratio: QuantilesShape.nullable(),
});

export const ExampleShape = z.strictObject({
  pair: z.string(),
  at: z.int(),
  request: z.string(),
  content: z.strictObject({ type: z.string(), text: z.string() }).optional(),
  primary: z.string(),
  candidate: z.string(),
  secondary: z.string().optional(),
});

export const FindingShape = z.strictObject({
  id: z.string(),
  endpoint: z.string(),
  place: z.string(),
  kind: z.enum(KINDS),
  count: z.int(),
  noise: z.int(),
  masked: z.int(),
  pairs: z.int(),
  evidence: z.number(),
  threshold: z.number(),
  confirmed: z.boolean(),
  constantPerLane: z.boolean(),
  breaking: z.boolean(),
  note: z.string().nullable(),
  group: z.string(),
  signatures: z.int(),
  firstAt: z.int(),
  lastAt: z.int(),
  examples: z.array(ExampleShape),
});

export const EndpointVerdictShape = z.strictObject({
  endpoint: z.string(),
  verdict: z.enum(VERDICTS),
  reason: z.string(),
  pairs: z.int(),
  triples: z.int(),
  diverging: z.int(),
  divergingBound: z.number(),
  findings: z.strictObject({ confirmed: z.int(), total: z.int() }),
  undecided: z.int(),
  noise: z.int(),
  masked: z.int(),
  clusters: z.int(),
  divergingClusters: z.int(),
  latency: LatencyShape,
});

/** `needed` and `forecastSeconds` are null where more pairs cannot help, or nothing is known. */
export const VerdictShape = z.strictObject({
  verdict: z.enum(VERDICTS),
  reason: z.string(),
  reasons: z.array(z.string()),
  pairs: z.int(),
  needed: z.int().nullable(),
  forecastSeconds: z.number().nullable(),
  attempts: z.int(),
  tolerance: z.number(),
  diverging: z.int(),
  divergingBound: z.number(),
  maskedShare: z.number(),
  dropShare: z.number(),
  control: z.enum(["control", "baseline", "none", "mixed"]),
  findings: z.strictObject({ confirmed: z.int(), total: z.int(), groups: z.int() }),
  endpoints: z.array(EndpointVerdictShape),
});
