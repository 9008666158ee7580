import { keyOf, prefixOf, sortable } from "./key.ts";
import type { KeyRange, Table } from "./table.ts";

export interface AuditEntry {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly id: string;
  readonly who: string;
  readonly what: string;
  readonly before: unknown;
  readonly after: unknown;
  /** Written before the change itself, and nobody noted its end: whether it came to pass shows in what is there. */
  readonly begun?: true;
}

export interface Audit {
  /** In place of one of the same time and id. */
  append(env: string, entry: AuditEntry): Promise<void>;
  /** For a change that was refused. */
  remove(env: string, entry: Pick<AuditEntry, "at" | "id">): Promise<void>;
  /** All, or those between two times, both included. */
  entries(env: string, within?: { readonly from: number; readonly to: number }): Promise<readonly AuditEntry[]>;
}

/** Of the last time every id: `$` is the character behind the `#` that stands before it. */
const rangeOf = ({ from, to }: { readonly from: number; readonly to: number }): KeyRange => ({
  first: keyOf("AUDIT", sortable(from)),
  last: `${keyOf("AUDIT", sortable(to))}$`,
});

/** Who changed what; in order of time, kept for ever. */
export const createAudit = (table: Table): Audit => {
  const keyOfEntry = (env: string, { at, id }: Pick<AuditEntry, "at" | "id">) => ({
    pk: keyOf("ENV", env),
    sk: keyOf("AUDIT", sortable(at), id),
  });
  return {
    async append(env, entry) {
      await table.put({ ...keyOfEntry(env, entry), value: entry });
    },

    async remove(env, entry) {
      await table.delete(keyOfEntry(env, entry));
    },

    async entries(env, within) {
      const entries: AuditEntry[] = [];
      const wanted = within === undefined ? prefixOf("AUDIT") : rangeOf(within);
      for await (const { value } of table.query(keyOf("ENV", env), wanted)) entries.push(value as AuditEntry);
      return entries;
    },
  };
};
