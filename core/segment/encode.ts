import { Buffer } from "node:buffer";
import { constants, zstdCompressSync } from "node:zlib";
import { Growing } from "./growing.ts";
import { PairWriter } from "./pair-writer.ts";
import type { Segment } from "./segment.ts";
import { LENGTH_BYTES, WIRE_VERSION, WITH_CALLS_VERSION, type WireSegment } from "./wire.ts";

/** Faster than the default and, as measured, no larger (docs/decisions/0006): what repeats in a segment is near. */
const COMPRESSION = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

/** All of a segment but its pairs. */
export type SegmentHead = Omit<Segment, "pairs">;

/** A segment as one message; nothing can be written after it. */
export const encodePairs = (
  { id, env, run, stamp, openedAt, closedAt, control, outcomes, calls }: SegmentHead,
  pairs: PairWriter,
): Uint8Array => {
  const head: WireSegment = {
    v: calls === undefined ? WIRE_VERSION : WITH_CALLS_VERSION,
    id,
    env,
    run,
    ...stamp,
    openedAt,
    closedAt,
    control,
    outcomes,
    ...(calls && { calls }),
    ...pairs.columns,
  };
  const first = Buffer.from(JSON.stringify(head));
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32BE(first.length + pairs.lines.length);
  const segment = new Growing();
  for (const part of [length, first, pairs.lines, pairs.contents]) segment.add(part);
  const message = zstdCompressSync(segment.bytes, COMPRESSION);
  segment.free();
  pairs.free();
  return message;
};

/** A segment whose pairs are all there already. */
export const encodeSegment = (segment: Segment): Uint8Array => {
  const pairs = new PairWriter(segment.stamp, segment.openedAt);
  for (const pair of segment.pairs) pairs.add(pair);
  return encodePairs(segment, pairs);
};
