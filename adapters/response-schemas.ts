import { ResponseSchemas } from "../core/endpoints/response-schemas.ts";
import { keyOf } from "./key.ts";
import type { SchemasStore } from "./ports.ts";
import type { Table } from "./table.ts";

/** Baselines never change, so what was read once is known; few are asked for by one process. */
const MAX_REMEMBERED = 16;

export const createSchemasStore = (table: Table): SchemasStore => {
  const keyOfSchemas = (baseline: string) => ({ pk: keyOf("BASELINE", baseline), sk: "SCHEMAS" });
  const known = new Map<string, SchemasByService>();

  return {
    async put(baseline, byService) {
      await table.put({ ...keyOfSchemas(baseline), value: byService });
    },

    async of(baseline) {
      const before = known.get(baseline);
      if (before !== undefined) return before;
      const row = await table.get(keyOfSchemas(baseline));
      const entries = Object.entries((row?.value ?? {}) as object);
      const read = Object.fromEntries(entries.map(([service, its]) => [service, ResponseSchemas.parse(its)]));
      if (known.size >= MAX_REMEMBERED) known.clear();
      known.set(baseline, read);
      return read;
    },
  };
};

type SchemasByService = Awaited<ReturnType<SchemasStore["of"]>>;
