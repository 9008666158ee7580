import type { Control } from "../core/capture/control.ts";
import type { AskCalls, PlanEntry } from "../core/sampling/plan.ts";
import { type RunKey, runKey } from "./accounting.ts";
import type { MirrorEnd } from "./mirror-pool.ts";
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

/** What a batch's captures belong to; a record names it by its position in the batch's list. */
export interface Source {
  readonly key: RunKey;
  readonly env: string;
  readonly run: string;
  readonly control: Control;
  /** What is redacted beyond the defaults, as JSON: what was declared when the request was sampled. "" for nothing. */
  readonly redaction: string;
  /** Where it is asked what was called. */
  readonly calls?: AskCalls | undefined;
}

export const sourceOf = ({ env, run, control, redact, calls }: PlanEntry): Source => {
  const redaction = redact === undefined ? "" : JSON.stringify(redact);
  return { key: runKey(env, run), env, run, control, redaction, calls };
};

type LaneEnd = Exclude<MirrorEnd, { outcome: "tooLarge" }>;

/** The raw captures of one request, as the main thread has them: bytes as they came, nothing parsed. */
export interface RawPair {
  readonly source: Source;
  /** Counts the sampled requests of the tee process. */
  readonly number: number;
  readonly at: number;
  readonly caller: string;
  readonly request: readonly Buffer[];
  readonly primary: { readonly raw: readonly Buffer[]; readonly ms: number };
  readonly candidate: LaneEnd;
  readonly secondary: LaneEnd | undefined;
}

const MAX_CALLER_BYTES = 45;

const sum = (chunks: readonly Buffer[]): number => {
  let bytes = 0;
  for (const chunk of chunks) bytes += chunk.length;
  return bytes;
};

const NOTHING: readonly Buffer[] = [];

const answer = (lane: LaneEnd | undefined): readonly Buffer[] =>
  lane !== undefined && lane.outcome === "responded" ? lane.raw : NOTHING;

/** Mostly found to be the same when they came; else answers in one piece each of the same bytes, which then are written once. */
const isSame = (a: readonly Buffer[], b: readonly Buffer[]): boolean =>
  a === b || (a.length === 1 && b.length === 1 && a[0]!.equals(b[0]!));

const code = (lane: LaneEnd | undefined, primary: readonly Buffer[]): number => {
  if (lane === undefined) return ABSENT;
  if (lane.outcome === "failed") return SAME + 1 + FAILURES.indexOf(lane.reason);
  return isSame(lane.raw, primary) ? SAME : RESPONDED;
};

/** The most bytes that a record of the pair takes. */
export const recordBytes = (pair: RawPair): number =>
  NUMBERS * DOUBLE_BYTES +
  MAX_CALLER_BYTES +
  sum(pair.request) +
  sum(pair.primary.raw) +
  sum(answer(pair.candidate)) +
  sum(answer(pair.secondary)) +
  DOUBLE_BYTES;

/** Records one after the other in one buffer, which is then handed over whole. */
export class BatchWriter {
  readonly buffer: ArrayBuffer;
  readonly #bytes: Buffer;
  readonly #numbers: Float64Array;
  #end = 0;

  constructor(buffer: ArrayBuffer) {
    this.buffer = buffer;
    this.#bytes = Buffer.from(buffer);
    this.#numbers = new Float64Array(buffer, 0, Math.floor(buffer.byteLength / DOUBLE_BYTES));
  }

  /** How much of the buffer is written. */
  get end(): number {
    return this.#end;
  }

  hasRoomFor(bytes: number): boolean {
    return this.#end + bytes <= this.#bytes.length;
  }

  /** There must be room for `recordBytes`. */
  write({ number, at, caller, request, primary, candidate, secondary }: RawPair, source: number): void {
    const numbers = this.#numbers;
    const first = this.#end / DOUBLE_BYTES;
    const ofCandidate = code(candidate, primary.raw);
    const ofSecondary = code(secondary, primary.raw);
    numbers[first + SOURCE] = source;
    numbers[first + NUMBER] = number;
    numbers[first + AT] = at;
    numbers[first + CODES] = RESPONDED;
    numbers[first + CODES + 1] = ofCandidate;
    numbers[first + CODES + 2] = ofSecondary;
    numbers[first + MS] = primary.ms;
    numbers[first + MS + 1] = candidate.ms;
    numbers[first + MS + 2] = secondary?.ms ?? 0;
    this.#end += NUMBERS * DOUBLE_BYTES;
    numbers[first + CALLER_LENGTH] = this.#bytes.write(caller, this.#end, MAX_CALLER_BYTES, "latin1");
    this.#end += numbers[first + CALLER_LENGTH]!;
    numbers[first + REQUEST_LENGTH] = this.#copy(request);
    numbers[first + LENGTHS] = this.#copy(primary.raw);
    numbers[first + LENGTHS + 1] = ofCandidate === RESPONDED ? this.#copy(answer(candidate)) : 0;
    numbers[first + LENGTHS + 2] = ofSecondary === RESPONDED ? this.#copy(answer(secondary)) : 0;
    this.#end = aligned(this.#end);
  }

  #copy(chunks: readonly Buffer[]): number {
    const start = this.#end;
    for (const chunk of chunks) {
      this.#bytes.set(chunk, this.#end);
      this.#end += chunk.length;
    }
    return this.#end - start;
  }
}
