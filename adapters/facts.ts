import { createHash } from "node:crypto";
import type { Facts } from "../core/noise/facts.ts";
import { keyOf } from "./key.ts";
import { expiryOfMinute, PREFIX_OF_HOURS, spanOf } from "./minute.ts";
import type { FactsKey, FactsStore } from "./ports.ts";
import type { Table } from "./table.ts";

interface FactsOptions {
  readonly ttlDays: number;
  readonly shards: number;
  /** Milliseconds since 1970. */
  now(): number;
}

/** One item a segment, keyed by its id, and roll-ups. Both only ever replace an item by one that knows as much or more. */
export const createFactsStore = (table: Table, options: FactsOptions): FactsStore => {
  const partition = ({ env, run, version }: FactsKey, minute: number, shard: number) =>
    keyOf("FACTS", env, run, version, minute, shard);
  const rollups = ({ env, run, version }: FactsKey) => keyOf("ROLLUP", env, run, version);

  return {
    async put(key, minute, segmentId, facts, from = 0) {
      await table.put({
        pk: partition(key, minute, shardOf(segmentId, options.shards)),
        sk: segmentId,
        value: facts,
        expiresAt: Math.max(
          expiryOfMinute(minute, options.ttlDays),
          Math.ceil(from / 1_000) + options.ttlDays * 86_400,
        ),
      });
    },

    async ofMinute(key, minute) {
      const shards = Array.from({ length: options.shards }, (_, shard) => partition(key, minute, shard));
      const found = await Promise.all(shards.map((pk) => table.all(pk, "")));
      // Expired items vanish one by one. Read as none at all, they never replace the roll-up that still knows of all.
      const live = found.flat().filter(({ attributes }) => options.now() < Number(attributes.ttl) * 1_000);
      return live.map((row) => row.value as Facts);
    },

    async putRollup(key, span, facts) {
      const weight = segmentsIn(facts);
      await table.put({
        pk: rollups(key),
        sk: span,
        value: facts,
        attributes: { weight },
        // Two judges may fold at once. The slower one, if it read fewer segments, must not bury what the other saw.
        condition: { expression: "attribute_not_exists(#pk) OR #weight <= :weight", values: { weight } },
      });
    },

    rollup: async (key, span) => (await table.get({ pk: rollups(key), sk: span }))?.value as Facts | undefined,

    rollups: async (key, prefix) => (await table.all(rollups(key), prefix)).map((row) => row.value as Facts),

    async *spans(key, grain, first, last) {
      const range = { first: spanOf(grain, first), last: spanOf(grain, last) };
      for await (const { sk, value } of table.query(rollups(key), range))
        yield { number: Number(sk.slice(sk.lastIndexOf("/") + 1)), facts: value as Facts };
    },

    hours: async (key) =>
      (await table.all(rollups(key), PREFIX_OF_HOURS)).map(({ sk, value }) => ({
        hour: Number(sk.slice(PREFIX_OF_HOURS.length)),
        facts: value as Facts,
      })),
  };
};

const shardOf = (segmentId: string, shards: number): number =>
  createHash("sha256").update(segmentId).digest().readUInt32BE(0) % shards;

const segmentsIn = ({ tees }: Facts): number => Object.values(tees).reduce((sum, { segments }) => sum + segments, 0);
