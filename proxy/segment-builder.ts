import type { OutcomeCounts } from "../core/pair/outcome.ts";
import { encodePairs, PairWriter } from "../core/segment/codec.ts";
import type { EqualPair } from "../core/segment/equal-pair.ts";
import type { CallCounts, StoredPair, TeeStamp } from "../core/segment/segment.ts";
import type { Source } from "./batch.ts";

/** A closed segment. */
export interface BuiltSegment {
  readonly id: string;
  readonly compared: number;
  readonly candidateFailed: number;
  encode(): Uint8Array;
}

/** The open segment of one run. */
export class SegmentBuilder {
  readonly source: Source;
  readonly openedAt: number;
  readonly #pairs: PairWriter;
  #candidateFailed = 0;
  #calls: CallCounts | undefined;

  constructor(source: Source, who: Pick<TeeStamp, "tee" | "epoch">, openedAt: number) {
    this.source = source;
    this.openedAt = openedAt;
    this.#pairs = new PairWriter(who, openedAt);
  }

  get pairs(): number {
    return this.#pairs.count;
  }

  /** What the pairs that differ take up. */
  get bytes(): number {
    return this.#pairs.bytes;
  }

  addEqual(pair: EqualPair): void {
    this.#pairs.addEqual(pair);
  }

  add(pair: StoredPair): void {
    this.#pairs.add(pair);
    if (pair.candidate.outcome === "failed") this.#candidateFailed++;
  }

  /** Of the pair that was added. */
  noteCalls(what: keyof CallCounts): void {
    const { compared, unknown } = this.#calls ?? { compared: 0, unknown: 0 };
    this.#calls = what === "compared" ? { compared: compared + 1, unknown } : { compared, unknown: unknown + 1 };
  }

  close(stamp: TeeStamp, closedAt: number, outcomes: OutcomeCounts): BuiltSegment {
    const { env, run, control } = this.source;
    const id = `${stamp.tee}.${stamp.epoch}.${run}.${stamp.seq}`;
    const head = {
      id,
      env,
      run,
      stamp,
      openedAt: this.openedAt,
      closedAt,
      control,
      outcomes,
      ...(this.#calls && { calls: this.#calls }),
    };
    return {
      id,
      compared: this.pairs - this.#candidateFailed,
      candidateFailed: this.#candidateFailed,
      encode: () => encodePairs(head, this.#pairs),
    };
  }
}
