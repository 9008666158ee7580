import * as z from "zod";
import { shapes } from "./shapes.ts";
import { LatencyShape } from "./shapes-verdict.ts";

/** `high` is null where so few pairs bound it by nothing. */
const Interval = z.strictObject({ low: z.number(), high: z.number().nullable() });

const lanes = {
  pairs: z.int(),
  /** Pairs in which the secondary answered as well. */
  triples: z.int(),
  /** Milliseconds of each lane; `ratio` is that of candidate to secondary, and null without a control overlay. */
  latency: LatencyShape,
  /** In which the ratios lie, each with `confidence`; null where there is no ratio. */
  interval: z.strictObject({ p50: Interval, p95: Interval, p99: Interval }).nullable(),
};

const count = z.int();

export const LatencyReportShape = z.strictObject({
  env: z.string(),
  run: z.string(),
  control: z.enum(["control", "baseline", "none", "mixed"]),
  confidence: z.number(),
  /** Largest relative error of a quantile. */
  relativeError: z.number(),
  /** Of all endpoints together, or of the one that was asked for. */
  overall: z.strictObject(lanes),
  /** Answers of each lane that took more than `fromMs` and at most `toMs`. */
  distribution: z.array(
    z.strictObject({ fromMs: z.number(), toMs: z.number(), primary: count, candidate: count, secondary: count }),
  ),
  /** By traffic. */
  endpoints: z.array(
    z.strictObject({
      endpoint: z.string(),
      ...lanes,
      /** Minutes in which the candidate was more often slower, and faster, than a control; null without one. */
      minutes: z.strictObject({ slower: count, faster: count }).nullable(),
      /** That it is slower. */
      finding: z.strictObject({ id: z.string(), confirmed: z.boolean() }).nullable(),
    }),
  ),
  total: count,
  /** Pairs in which the candidate was furthest behind the secondary, or behind the primary where no secondary answered; the furthest first. */
  slowest: z.array(
    z.strictObject({
      endpoint: z.string(),
      pair: z.string(),
      at: z.int(),
      /** Redacted; of a pair that differs nowhere its endpoint. */
      request: z.string(),
      primaryMs: z.number(),
      candidateMs: z.number(),
      secondaryMs: z.number().nullable(),
    }),
  ),
});
shapes.add(LatencyReportShape, { id: "LatencyReport" });
export type LatencyReportShape = z.infer<typeof LatencyReportShape>;
