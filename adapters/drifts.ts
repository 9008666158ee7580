import type { DriftState } from "../core/verdict/drift.ts";
import { keyOf } from "./key.ts";
import { ABSENT, type Table } from "./table.ts";

export interface DriftRow {
  /** One more at each write: of two tees that would look at the same time, one does. */
  readonly step: number;
  /** When a round was last begun; milliseconds since 1970. */
  readonly at: number;
  /** Null before the first round has ended. */
  readonly state: DriftState | null;
}

/** What the tees saw of an overlay's data, a row for each run. */
export interface Drifts {
  of(env: string, run: string): Promise<DriftRow | undefined>;
  /** False: the stored one is not at `step` - 1 any more. */
  put(env: string, run: string, row: DriftRow): Promise<boolean>;
}

/** Under the partitions that tees may write to. `days`: as long as the facts of the run. */
export const createDrifts = (table: Table, days: number): Drifts => {
  const keyOfRow = (env: string, run: string) => ({ pk: keyOf("TEES", "drift", env), sk: run });

  return {
    of: async (env, run) => (await table.get(keyOfRow(env, run)))?.value as DriftRow | undefined,

    put(env, run, row) {
      const { step, at } = row;
      const condition = step === 1 ? ABSENT : { expression: "#step = :before", values: { before: step - 1 } };
      const expiresAt = Math.ceil(at / 1_000) + days * 86_400;
      return table.put({ ...keyOfRow(env, run), value: row, attributes: { step }, condition, expiresAt });
    },
  };
};
