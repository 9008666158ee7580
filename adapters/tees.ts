import type { OutcomeCounts } from "../core/pair/outcome.ts";
import { keyOf } from "./key.ts";
import type { Table } from "./table.ts";

/** What a tee process last said of itself; kept until TTL so that a killed tee shows as a gap. */
export interface Heartbeat {
  readonly tee: string;
  readonly epoch: string;
  readonly baseline: string;
  readonly at: number;
  readonly state: "live" | "closed";
  /** Cumulative counts by `env/run`. */
  readonly outcomes: Readonly<Record<string, OutcomeCounts>>;
  /** Writes that callers sent and that were not mirrored, by `env/run`. */
  readonly deniedWrites?: Readonly<Record<string, number>>;
}

export interface Tees {
  beat(heartbeat: Heartbeat): Promise<void>;
  heartbeats(baseline: string): Promise<readonly Heartbeat[]>;
}

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
