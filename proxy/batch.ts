import type { FailureReason } from "../core/capture/capture.ts";
import type { Control } from "../core/capture/control.ts";
import type { RunKey } from "./accounting.ts";
import type { MirrorEnd } from "./mirror-pool.ts";

/** What a batch's captures belong to; a record names it by its position in the batch's list. */
export interface Source {
  readonly key: RunKey;
  readonly env: string;
  readonly run: string;
  readonly control: Control;
}

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

/** A read record: one piece of bytes per message, valid until the batch's buffer is given back. */
export interface RawRecord {
  readonly source: Source;
  readonly number: number;
  readonly at: number;
  readonly caller: string;
  readonly request: Buffer;
  readonly primary: { readonly raw: Buffer; readonly ms: number };
  readonly candidate: RawLane;
  readonly secondary: RawLane | undefined;
}
export type RawLane =
  | { readonly outcome: "responded"; readonly raw: Buffer; readonly ms: number }
  | { readonly outcome: "failed"; readonly reason: FailureReason; readonly ms: number };

// Codes of a lane in a record: 0 did not take part, 1 responded, above that a failure.
const ABSENT = 0;
const RESPONDED = 1;
const FAILURES: readonly FailureReason[] = ["timeout", "refused", "reset", "invalid"];

// A record: u16 source, u8 candidate, u8 secondary, f64 number, f64 at, 3 × f64 ms, 4 × u32 length, u8 caller length, caller, bytes.
const FIXED_BYTES = 2 + 1 + 1 + 8 + 8 + 24 + 16 + 1;
const MAX_CALLER_BYTES = 45;

const sum = (chunks: readonly Buffer[]): number => {
  let bytes = 0;
  for (const chunk of chunks) bytes += chunk.length;
  return bytes;
};

const answer = (lane: LaneEnd | undefined): readonly Buffer[] =>
  lane !== undefined && lane.outcome === "responded" ? lane.raw : [];

const code = (lane: LaneEnd | undefined): number => {
  if (lane === undefined) return ABSENT;
  return lane.outcome === "responded" ? RESPONDED : RESPONDED + 1 + FAILURES.indexOf(lane.reason);
};

export const recordBytes = (pair: RawPair): number =>
  FIXED_BYTES +
  MAX_CALLER_BYTES +
  sum(pair.request) +
  sum(pair.primary.raw) +
  sum(answer(pair.candidate)) +
  sum(answer(pair.secondary));

/** Writes the pair at `offset` and returns where it ends; there must be room for `recordBytes`. */
export const writeRecord = (into: Buffer, offset: number, pair: RawPair, source: number): number => {
  const parts = [pair.request, pair.primary.raw, answer(pair.candidate), answer(pair.secondary)];
  let at = into.writeUInt16LE(source, offset);
  at = into.writeUInt8(code(pair.candidate), at);
  at = into.writeUInt8(code(pair.secondary), at);
  at = into.writeDoubleLE(pair.number, at);
  at = into.writeDoubleLE(pair.at, at);
  at = into.writeDoubleLE(pair.primary.ms, at);
  at = into.writeDoubleLE(pair.candidate.ms, at);
  at = into.writeDoubleLE(pair.secondary?.ms ?? 0, at);
  for (const part of parts) at = into.writeUInt32LE(sum(part), at);
  const caller = pair.caller.slice(0, MAX_CALLER_BYTES);
  at = into.writeUInt8(caller.length, at);
  at += into.write(caller, at, "latin1");
  for (const part of parts) for (const chunk of part) at += chunk.copy(into, at);
  return at;
};

/** The records of a batch in order, as views of its buffer. */
export function* readRecords(batch: Buffer, sources: readonly Source[]): Generator<RawRecord> {
  let offset = 0;
  while (offset < batch.length) {
    const source = sources[batch.readUInt16LE(offset)]!;
    const candidate = batch.readUInt8(offset + 2);
    const secondary = batch.readUInt8(offset + 3);
    const number = batch.readDoubleLE(offset + 4);
    const at = batch.readDoubleLE(offset + 12);
    const ms = (lane: number) => batch.readDoubleLE(offset + 20 + 8 * lane);
    const lengths = [44, 48, 52, 56].map((field) => batch.readUInt32LE(offset + field));
    const callerEnd = offset + FIXED_BYTES + batch.readUInt8(offset + 60);
    const caller = batch.toString("latin1", offset + FIXED_BYTES, callerEnd);
    let from = callerEnd;
    const [request, primary, ofCandidate, ofSecondary] = lengths.map((bytes) =>
      batch.subarray(from, (from += bytes)),
    ) as [Buffer, Buffer, Buffer, Buffer];
    yield {
      source,
      number,
      at,
      caller,
      request,
      primary: { raw: primary, ms: ms(0) },
      candidate: laneOf(candidate, ofCandidate, ms(1)),
      secondary: secondary === ABSENT ? undefined : laneOf(secondary, ofSecondary, ms(2)),
    };
    offset = from;
  }
}

const laneOf = (laneCode: number, raw: Buffer, ms: number): RawLane =>
  laneCode === RESPONDED
    ? { outcome: "responded", raw, ms }
    : { outcome: "failed", reason: FAILURES[laneCode - RESPONDED - 1]!, ms };
