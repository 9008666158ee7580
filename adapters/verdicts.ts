import { ShadowgraphError } from "../core/errors.ts";
import { keyOf, prefixOf, sortable } from "./key.ts";
import type { VerdictCrossing, VerdictLog } from "./ports.ts";
import { ABSENT, type Table } from "./table.ts";

/** Judges of one environment that may append in the same instant; each lost race is one attempt. */
const maxAttempts = 8;

export const createVerdictLog = (table: Table): VerdictLog => {
  const newest = async (env: string, run: string) => {
    const rows = table.query(keyOf("ENV", env), prefixOf("VERDICT", run), { newestFirst: true, limit: 1 });
    for await (const row of rows)
      return { crossing: row.value as VerdictCrossing, number: Number(row.attributes.number) };
    return undefined;
  };

  return {
    latest: async (env, run) => (await newest(env, run))?.crossing,

    async append(env, crossing) {
      for (let attempt = 0; attempt < maxAttempts; attempt++) {
        const last = await newest(env, crossing.run);
        // Another judge has said the same, or this judge's reading is older than what is already known.
        if (last?.crossing.verdict === crossing.verdict || (last?.crossing.at ?? 0) > crossing.at) return;
        const number = (last?.number ?? 0) + 1;
        const sk = keyOf("VERDICT", crossing.run, sortable(number, 9));
        const attributes = { number };
        if (await table.put({ pk: keyOf("ENV", env), sk, value: crossing, attributes, condition: ABSENT })) return;
      }
      throw new ShadowgraphError("unavailable", `the verdict of "${env}" is being changed by too many at once`);
    },

    async history(env) {
      const rows = await table.all(keyOf("ENV", env), prefixOf("VERDICT"));
      return rows.map((row) => row.value as VerdictCrossing).sort((a, b) => a.at - b.at);
    },
  };
};
