import { noOutcomes } from "../../../core/pair/outcome.ts";
import type { Segment, StoredPair } from "../../../core/segment/segment.ts";
import { stub } from "../diff/captures.ts";

/** A pair that is equal everywhere, but for what is given. */
export const pairOf = (part: Partial<StoredPair> = {}): StoredPair => ({
  id: "a-1-0",
  at: 1_700_000_000_000,
  endpoint: "GET /a",
  cluster: "00000001",
  primary: stub(),
  candidate: stub(),
  ...part,
});

export const segmentOf = (pairs: readonly StoredPair[], part: Partial<Segment> = {}): Segment => ({
  id: "a.1.r.0",
  env: "e",
  run: "r",
  stamp: { tee: "a", epoch: "1", seq: 0 },
  openedAt: 1_700_000_000_000,
  closedAt: 1_700_000_001_000,
  control: "control",
  outcomes: { ...noOutcomes(), sampled: pairs.length, compared: pairs.length },
  pairs,
  ...part,
});
