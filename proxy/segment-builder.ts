import type { OutcomeCounts } from "../core/pair/outcome.ts";
import type { Segment, StoredPair, TeeStamp } from "../core/segment/segment.ts";
import type { Source } from "./batch.ts";

/** The open segment of one run. */
export class SegmentBuilder {
  readonly source: Source;
  readonly openedAt: number;
  readonly pairs: StoredPair[] = [];
  /** A rough size: what the stored bodies hold. */
  bytes = 0;

  constructor(source: Source, openedAt: number) {
    this.source = source;
    this.openedAt = openedAt;
  }

  add(pair: StoredPair): void {
    this.pairs.push(pair);
    for (const lane of [pair.primary, pair.candidate, pair.secondary])
      if (lane?.outcome === "responded" && lane.body.kind === "content") this.bytes += lane.body.content.length;
  }

  get candidateFailed(): number {
    return this.pairs.filter((pair) => pair.candidate.outcome === "failed").length;
  }

  close(stamp: TeeStamp, closedAt: number, outcomes: OutcomeCounts): Segment {
    const { env, run, control } = this.source;
    const id = `${stamp.tee}.${stamp.epoch}.${run}.${stamp.seq}`;
    return { id, env, run, stamp, openedAt: this.openedAt, closedAt, control, outcomes, pairs: this.pairs };
  }
}
