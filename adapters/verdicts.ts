import { ShadowgraphError } from "../core/errors.ts";
import { keyOf, prefixOf, sortable } from "./key.ts";
import type { VerdictChange, VerdictCrossing, VerdictLog } from "./ports.ts";
import { ABSENT, type Table } from "./table.ts";

/** Judges of one environment that may append in the same instant; each lost race is one attempt. */
const maxAttempts = 8;

const keyOfChange = (env: string, run: string, number: number) => ({
  pk: keyOf("ENV", env),
  sk: keyOf("VERDICT", run, sortable(number, 9)),
});

export const createVerdictLog = (table: Table): VerdictLog => {
  const newest = async (env: string, run: string) => {
    const rows = table.query(keyOf("ENV", env), prefixOf("VERDICT", run), { newestFirst: true, limit: 1 });
    for await (const row of rows)
      return { crossing: row.value as VerdictCrossing, number: Number(row.attributes.number) };
    return undefined;
  };

  const changes = async (env: string) =>
    (await table.all(keyOf("ENV", env), prefixOf("VERDICT")))
      .map(({ value, attributes }) => ({ crossing: value as VerdictCrossing, attributes }))
      .sort((a, b) => a.crossing.at - b.crossing.at);

  return {
    latest: async (env, run) => (await newest(env, run))?.crossing,

    async append(env, crossing) {
      for (let attempt = 0; attempt < maxAttempts; attempt++) {
        const last = await newest(env, crossing.run);
        // Another judge has said the same, or this judge's reading is older than what is already known.
        if (last?.crossing.verdict === crossing.verdict || (last?.crossing.at ?? 0) > crossing.at) return false;
        const number = (last?.number ?? 0) + 1;
        const attributes = { number, untold: 1 };
        const write = { ...keyOfChange(env, crossing.run, number), value: crossing, attributes, condition: ABSENT };
        if (await table.put(write)) return true;
      }
      throw new ShadowgraphError("unavailable", `the verdict of "${env}" is being changed by too many at once`);
    },

    history: async (env) => (await changes(env)).map(({ crossing }) => crossing),

    async untold(env) {
      const before = new Map<string, VerdictCrossing>();
      return (await changes(env)).flatMap(({ crossing, attributes }): VerdictChange[] => {
        const from = before.get(crossing.run)?.verdict ?? null;
        before.set(crossing.run, crossing);
        return attributes.untold === undefined ? [] : [{ ...crossing, from, number: Number(attributes.number) }];
      });
    },

    async told(env, { from: _from, number, ...crossing }) {
      const condition = { expression: "attribute_exists(#untold)" };
      const row = keyOfChange(env, crossing.run, number);
      await table.put({ ...row, value: crossing, attributes: { number }, condition });
    },
  };
};
