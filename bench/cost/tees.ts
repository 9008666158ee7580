import { setImmediate as nextTurn } from "node:timers/promises";
import { noOutcomes } from "../../core/pair/outcome.ts";
import { BatchWriter, recordBytes } from "../../proxy/batch.ts";
import { DEFAULT_LIMITS, type Limits } from "../../proxy/limits.ts";
import { Shipper } from "../../proxy/shipper.ts";
import { createRandom } from "./random.ts";
import { createTraffic, sourceOf, type Traffic } from "./traffic.ts";

export const BASELINE = "bl-1c44d0aa";
export const ENV = "ov-7f3a91c2";
export const RUN = "run-7f3a91c2";
export const EPOCH = "k7d0z1mq";
export const teeIdOf = (tee: number): string => `tee${hexOf(tee)}`;
const hexOf = (tee: number): string => (0x5e1f00 + tee * 7_919).toString(16);

/** As a tee hands it to the queue. */
export interface SentSegment {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly id: string;
  readonly bytes: Uint8Array;
}

export interface Slice {
  readonly segments: readonly SentSegment[];
  /** In these segments; of the last requests the segment may still be open. */
  readonly pairs: number;
}

export interface TeeLoad {
  /** Mirrored requests a second of one tee. */
  readonly rps: number;
  readonly seconds: number;
  /** Milliseconds since 1970. */
  readonly startAt: number;
  readonly traffic: Traffic;
  readonly limits?: Limits;
}

const AGE_CHECK_MS = 100;

/** One tee by a clock of its own: the real batches, the real shipper, its real limits; requests come at random. */
export const runTee = async (tee: number, load: TeeLoad): Promise<Slice> => {
  const { rps, seconds, startAt, traffic, limits = DEFAULT_LIMITS } = load;
  const source = sourceOf(ENV, RUN, traffic);
  const exchanges = createTraffic(traffic, 1_000 + tee);
  const random = createRandom(77 + tee);
  const outcomes = noOutcomes();
  const segments: SentSegment[] = [];
  let now = startAt;
  let batch: { readonly writer: BatchWriter; readonly openedAt: number } | undefined;
  const shipper = new Shipper(
    { tee: teeIdOf(tee), epoch: EPOCH, key: new Uint8Array(32).fill(7), limits, nextSeq: {} },
    {
      send: async (bytes, id) => void segments.push({ at: now, id, bytes }),
      now: () => Math.floor(now),
      ended: (ended) => {
        for (const { outcome, requests } of ended) outcomes[outcome] += requests;
      },
      numbered: () => {},
      failed: (what, error) => {
        throw new Error(what, { cause: error });
      },
    },
  );
  const flush = async (): Promise<void> => {
    if (batch === undefined) return;
    const { buffer, end } = batch.writer;
    batch = undefined;
    shipper.add(Buffer.from(buffer, 0, end), [source], { [source.key]: { ...outcomes } });
    // What was closed is sent before the clock moves on.
    await nextTurn();
  };
  let checkedAt = startAt;
  const moveTo = async (at: number): Promise<void> => {
    while (
      Math.min(checkedAt + AGE_CHECK_MS, (batch?.openedAt ?? Number.POSITIVE_INFINITY) + limits.batchAgeMs) <= at
    ) {
      const flushAt = (batch?.openedAt ?? Number.POSITIVE_INFINITY) + limits.batchAgeMs;
      now = Math.min(checkedAt + AGE_CHECK_MS, flushAt);
      if (flushAt <= now) await flush();
      if (checkedAt + AGE_CHECK_MS > now) continue;
      checkedAt = now;
      shipper.closeAged();
      await nextTurn();
    }
    now = at;
  };
  const endAt = startAt + seconds * 1_000;
  let number = 0;
  for (;;) {
    const at = now - (Math.log(1 - random()) * 1_000) / rps;
    if (at >= endAt) break;
    await moveTo(at);
    const pair = { ...exchanges.next(number), source, number, at: Math.floor(at) };
    const needed = recordBytes(pair);
    if (batch?.writer.hasRoomFor(needed) === false) await flush();
    batch ??= { writer: new BatchWriter(new ArrayBuffer(Math.max(needed, limits.batchBytes))), openedAt: now };
    batch.writer.write(pair, 0);
    number++;
    outcomes.sampled++;
  }
  await moveTo(endAt);
  return { segments, pairs: outcomes.compared };
};
