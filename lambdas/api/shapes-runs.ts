import * as z from "zod";
import { KINDS } from "../../core/diff/place.ts";
import { OutcomeCounts } from "../../core/pair/outcome.ts";
import { Run } from "../../core/sampling/environment.ts";
import { VERDICTS } from "../../core/verdict/verdict.ts";
import { ReleaseShape, shapes } from "./shapes.ts";

/** Milliseconds since 1970. */
const time = z.int();
const count = z.int();

/** A minute or an hour of a run. */
const Bucket = z.strictObject({
  at: time,
  run: z.string(),
  pairs: count,
  /** Beyond what is noise in the whole run. */
  diverging: count,
  /** In which the secondary alone differs somewhere, and in which all three lanes do. */
  noise: count,
  masked: count,
  undecided: count,
  /** Of the sampled requests that segments of this time tell of. */
  outcomes: OutcomeCounts,
});
shapes.add(Bucket, { id: "TimelineBucket" });

export const MARKS = ["run", "shadow", "rules", "verdict", "release", "overlay"] as const;

export const TimelineShape = z.strictObject({
  env: z.string(),
  grain: z.enum(["minute", "hour"]),
  from: time,
  to: time,
  /** Those in which something was compared. One that two runs share stands once for each. */
  buckets: z.array(Bucket),
  /** What changed, in the order of time; at most the latest 200. */
  marks: z.array(
    z.strictObject({
      at: time,
      kind: z.enum(MARKS),
      /** In a sentence. */
      text: z.string(),
      /** Null where nobody did it. */
      who: z.string().nullable(),
    }),
  ),
  /** Ask again with this as `from`: there is more; null where there is not. */
  next: time.nullable(),
});
shapes.add(TimelineShape, { id: "Timeline" });
export type TimelineShape = z.infer<typeof TimelineShape>;

export const RunsShape = z.strictObject({
  runs: z.array(
    z.strictObject({
      ...Run.shape,
      current: z.boolean(),
      /** Each time the verdict changed. */
      verdicts: z.array(z.strictObject({ at: time, verdict: z.enum(VERDICTS), reason: z.string(), pairs: count })),
      /** The latest one that rests on this run, with its evidence; null where none does. */
      release: ReleaseShape.nullable(),
    }),
  ),
});
shapes.add(RunsShape, { id: "Runs" });
export type RunsShape = z.infer<typeof RunsShape>;

/** `share`: of its pairs. */
const Seen = z.strictObject({ count, pairs: count, confirmed: z.boolean() });
const finding = { id: z.string(), endpoint: z.string(), place: z.string(), kind: z.enum(KINDS) };

/** Counts beyond what is listed are in `totals`. */
export const RunsComparedShape = z.strictObject({
  env: z.string(),
  a: z.strictObject({ ...Run.shape, pairs: count, diverging: count, isPart: z.boolean() }),
  b: z.strictObject({ ...Run.shape, pairs: count, diverging: count, isPart: z.boolean() }),
  /** Why the two cannot be set against each other as they are; null where they can. */
  caution: z.string().nullable(),
  /** Findings of b alone, of a alone, and of both; most telling first, at most 200 of each. */
  appeared: z.array(z.strictObject({ ...finding, b: Seen })),
  vanished: z.array(
    z.strictObject({ ...finding, a: Seen, /** At its endpoint in b: few say little. */ pairsInB: count }),
  ),
  stayed: z.array(z.strictObject({ ...finding, a: Seen, b: Seen })),
  totals: z.strictObject({ appeared: count, vanished: count, stayed: count }),
});
shapes.add(RunsComparedShape, { id: "RunsCompared" });
export type RunsComparedShape = z.infer<typeof RunsComparedShape>;
