import { keyOf, prefixOf, sortable } from "./key.ts";
import type { Table } from "./table.ts";

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
  entries(env: string): Promise<readonly AuditEntry[]>;
}

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

    entries: async (env) =>
      (await table.all(keyOf("ENV", env), prefixOf("AUDIT"))).map((row) => row.value as AuditEntry),
  };
};
