import { Release } from "../core/release/release.ts";
import { keyOf, prefixOf, sortable } from "./key.ts";
import type { Releases } from "./ports.ts";
import { ABSENT, type Table } from "./table.ts";

const PARTITION = "RELEASES";

/** Every release with what it rested on, kept for ever, also of overlays that are gone. */
export const createReleases = (table: Table): Releases => ({
  async latest(env) {
    for await (const row of table.query(PARTITION, prefixOf(env), { newestFirst: true, limit: 1 }))
      return Release.parse(row.value);
    return undefined;
  },

  all: async () => (await table.all(PARTITION, "")).map((row) => Release.parse(row.value)),

  put(release) {
    const { env, at, id, step } = release;
    const condition = step === 1 ? ABSENT : { expression: "#step = :before", values: { before: step - 1 } };
    const sk = keyOf(env, sortable(at), id);
    return table.put({ pk: PARTITION, sk, value: release, attributes: { step }, condition });
  },
});
