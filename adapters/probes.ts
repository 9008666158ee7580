import type { ProbeRecord } from "../core/sampling/writes.ts";
import { keyOf, prefixOf } from "./key.ts";
import type { Table } from "./table.ts";

/** What was found of overlays that say how they keep side effects away. Kept for ever. */
export interface Probes {
  /** Of one run, or of all. */
  of(env: string, run?: string): Promise<readonly ProbeRecord[]>;
  /** False: another tee has taken it up, it is not time yet, or it has ended. */
  claim(record: ProbeRecord): Promise<boolean>;
  /** Of what this tee claimed with as many tries. False: another took over meanwhile. */
  end(record: ProbeRecord): Promise<boolean>;
}

/** Partitions of tees, the only ones that a tee may write: it is a tee that probes. */
export const createProbes = (table: Table): Probes => {
  const rowOf = (record: ProbeRecord) => ({
    pk: keyOf("TEES", "PROBES", record.env),
    sk: keyOf(record.run, record.service, record.key),
    value: record,
    attributes: { state: record.state, nextAt: record.nextAt, holder: holderOf(record) },
  });

  return {
    of: async (env, run) => {
      const rows = await table.all(keyOf("TEES", "PROBES", env), run === undefined ? "" : prefixOf(run));
      return rows.map((row) => row.value as ProbeRecord);
    },

    claim: (record) =>
      table.put({
        ...rowOf(record),
        condition: {
          expression: "attribute_not_exists(#pk) OR ((#state = :probing OR #state = :unclear) AND #nextAt <= :at)",
          values: { probing: "probing", unclear: "unclear", at: record.at },
        },
      }),

    end: (record) =>
      table.put({
        ...rowOf(record),
        condition: {
          expression: "#holder = :holder AND #state = :probing",
          values: { holder: holderOf(record), probing: "probing" },
        },
      }),
  };
};

const holderOf = ({ tee, tries }: ProbeRecord): string => `${tee}/${tries}`;
