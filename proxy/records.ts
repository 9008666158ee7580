import type { FailureReason } from "../core/capture/capture.ts";
import type { LaneTimes } from "../core/segment/equal-pair.ts";
import type { Source } from "./batch.ts";
import {
  ABSENT,
  AT,
  aligned,
  CALLER_LENGTH,
  CODES,
  DOUBLE_BYTES,
  FAILURES,
  LENGTHS,
  MS,
  NUMBER,
  NUMBERS,
  REQUEST_LENGTH,
  RESPONDED,
  SAME,
  SOURCE,
} from "./record-layout.ts";

export type RawLane =
  | { readonly outcome: "responded"; readonly raw: Buffer; readonly ms: number }
  | { readonly outcome: "failed"; readonly reason: FailureReason; readonly ms: number };

/** A read record: its bytes are views of the batch's buffer, made when they are asked for, and valid until the buffer is given back. */
export class RawRecord {
  readonly source: Source;
  readonly #batch: Buffer;
  readonly #numbers: Float64Array;
  readonly #first: number;
  readonly #callerAt: number;
  readonly #requestAt: number;
  readonly #answerAt: number;
  readonly #candidateAt: number;
  readonly #secondaryAt: number;
  readonly #end: number;

  /** @param at of its numbers in the batch, in bytes */
  constructor(batch: Buffer, numbers: Float64Array, at: number, sources: readonly Source[]) {
    const first = at / DOUBLE_BYTES;
    this.source = sources[numbers[first + SOURCE]!]!;
    this.#batch = batch;
    this.#numbers = numbers;
    this.#first = first;
    this.#callerAt = at + NUMBERS * DOUBLE_BYTES;
    this.#requestAt = this.#callerAt + numbers[first + CALLER_LENGTH]!;
    this.#answerAt = this.#requestAt + numbers[first + REQUEST_LENGTH]!;
    this.#candidateAt = this.#answerAt + numbers[first + LENGTHS]!;
    this.#secondaryAt = this.#candidateAt + numbers[first + LENGTHS + 1]!;
    this.#end = this.#secondaryAt + numbers[first + LENGTHS + 2]!;
  }

  /** Where the next one begins, in bytes. */
  get nextAt(): number {
    return aligned(this.#end);
  }

  get number(): number {
    return this.#numbers[this.#first + NUMBER]!;
  }

  get at(): number {
    return this.#numbers[this.#first + AT]!;
  }

  get caller(): string {
    return this.#batch.toString("latin1", this.#callerAt, this.#requestAt);
  }

  get request(): Buffer {
    return this.#batch.subarray(this.#requestAt, this.#answerAt);
  }

  /** The primary's. */
  get answer(): Buffer {
    return this.#batch.subarray(this.#answerAt, this.#candidateAt);
  }

  get ms(): LaneTimes {
    const first = this.#first + MS;
    const secondary = this.#code(2) === ABSENT ? undefined : this.#numbers[first + 2]!;
    return { primary: this.#numbers[first]!, candidate: this.#numbers[first + 1]!, secondary };
  }

  get candidate(): RawLane {
    return this.#lane(1)!;
  }

  get secondary(): RawLane | undefined {
    return this.#lane(2);
  }

  /** To the byte in every lane: the common case, of which hardly anything needs to be read. */
  get isEqual(): boolean {
    return this.isSame("candidate") && (this.#code(2) === ABSENT || this.isSame("secondary"));
  }

  /** Did the lane answer with the very bytes of the primary? */
  isSame(name: "candidate" | "secondary"): boolean {
    const lane = name === "candidate" ? 1 : 2;
    if (this.#code(lane) !== RESPONDED) return this.#code(lane) === SAME;
    const [from, to] = this.#span(lane);
    const isAsLong = to - from === this.#candidateAt - this.#answerAt;
    return isAsLong && this.#batch.compare(this.#batch, from, to, this.#answerAt, this.#candidateAt) === 0;
  }

  #code(lane: 1 | 2): number {
    return this.#numbers[this.#first + CODES + lane]!;
  }

  #span(lane: 1 | 2): readonly [from: number, to: number] {
    return lane === 1 ? [this.#candidateAt, this.#secondaryAt] : [this.#secondaryAt, this.#end];
  }

  #lane(lane: 1 | 2): RawLane | undefined {
    const laneCode = this.#code(lane);
    const ms = this.#numbers[this.#first + MS + lane]!;
    if (laneCode === ABSENT) return undefined;
    if (laneCode > SAME) return { outcome: "failed", reason: FAILURES[laneCode - SAME - 1]!, ms };
    const raw = laneCode === SAME ? this.answer : this.#batch.subarray(...this.#span(lane));
    return { outcome: "responded", raw, ms };
  }
}

/** Reads the records of a batch in order; `batch` is what was written of it. */
export const readRecords = (batch: Buffer, sources: readonly Source[], receive: (record: RawRecord) => void): void => {
  const numbers = new Float64Array(batch.buffer, batch.byteOffset, Math.floor(batch.length / DOUBLE_BYTES));
  for (let at = 0; at < batch.length; ) {
    const record = new RawRecord(batch, numbers, at, sources);
    receive(record);
    at = record.nextAt;
  }
};
