import { keyOf, prefixOf, sortable } from "./key.ts";
import type { Audit, AuditEntry } from "./ports.ts";
import type { Table } from "./table.ts";

/** Who changed what; in order of time, kept for ever. */
export const createAudit = (table: Table): Audit => ({
  async append(env, entry) {
    await table.put({ pk: keyOf("ENV", env), sk: keyOf("AUDIT", sortable(entry.at), entry.id), value: entry });
  },

  entries: async (env) => (await table.all(keyOf("ENV", env), prefixOf("AUDIT"))).map((row) => row.value as AuditEntry),
});
