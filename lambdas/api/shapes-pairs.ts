import * as z from "zod";
import { LANES } from "../../core/capture/capture.ts";
import { KINDS } from "../../core/diff/place.ts";
import { shapes } from "./shapes.ts";

const Headers = z.array(z.strictObject({ name: z.string(), value: z.string() }));

/** `equal`: the same in every lane, so only the size is kept. `cut`: only its beginning is kept. `text` is null where it is none. */
const Body = z.strictObject({
  equal: z.boolean(),
  bytes: z.int(),
  text: z.string().nullable(),
  cut: z.boolean(),
});

/** `headers` is null where they are the same in every lane, those that always differ aside. Status is null where the lane failed. */
const Answer = z.strictObject({
  status: z.int().nullable(),
  failure: z.string().nullable(),
  /** Milliseconds. */
  ms: z.number(),
  headers: Headers.nullable(),
  body: Body.nullable(),
});

const StoredPairShape = z.strictObject({
  pair: z.string(),
  /** Milliseconds since 1970. */
  at: z.int(),
  method: z.string(),
  target: z.string(),
  requestHeaders: Headers,
  requestBody: Body,
  primary: Answer,
  candidate: Answer,
  /** Null where it did not take part. */
  secondary: Answer.nullable(),
  /** Where the answers differ, and which lane stands alone there. */
  divergences: z.array(
    z.strictObject({ place: z.string(), kind: z.enum(KINDS), alone: z.enum([...LANES, "all", "unknown"]) }),
  ),
});
export type StoredPairShape = z.infer<typeof StoredPairShape>;

export const FindingPairsShape = z.strictObject({
  env: z.string(),
  run: z.string(),
  finding: z.string(),
  pairs: z.array(StoredPairShape),
  /** Names the rest; null once all that is stored was looked at. */
  next: z.string().nullable(),
  /** Stored pairs that were looked at for this answer. */
  searched: z.int(),
});
shapes.add(FindingPairsShape, { id: "FindingPairs" });
export type FindingPairsShape = z.infer<typeof FindingPairsShape>;
