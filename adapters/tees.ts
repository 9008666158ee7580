import { keyOf } from "./key.ts";
import type { Heartbeat, Tees } from "./ports.ts";
import type { Table } from "./table.ts";

/** `heartbeatDays`: how long the last word of a tee counts in the accounting; as long as its facts. */
export const createTees = (table: Table, heartbeatDays: number): Tees => ({
  async beat(heartbeat) {
    await table.put({
      pk: keyOf("TEES", heartbeat.baseline),
      sk: keyOf(heartbeat.tee, heartbeat.epoch),
      value: heartbeat,
      attributes: { at: heartbeat.at },
      // A beat that was overtaken on its way must not turn a closed tee into a live one again.
      condition: { expression: "attribute_not_exists(#pk) OR #at <= :at", values: { at: heartbeat.at } },
      expiresAt: Math.ceil(heartbeat.at / 1_000) + heartbeatDays * 86_400,
    });
  },

  heartbeats: async (baseline) => (await table.all(keyOf("TEES", baseline), "")).map((row) => row.value as Heartbeat),
});
