import { NO_RULES, Rules } from "../core/diff/rules.ts";
import { ShadowgraphError } from "../core/errors.ts";
import { keyOf } from "./key.ts";
import type { RulesStore } from "./ports.ts";
import { ABSENT, type Table } from "./table.ts";

export const createRulesStore = (table: Table): RulesStore => {
  const keyOfRules = (env: string) => ({ pk: keyOf("ENV", env), sk: "RULES" });

  return {
    async rules(env) {
      const row = await table.get(keyOfRules(env));
      return row === undefined ? NO_RULES : Rules.parse(row.value);
    },

    async putRules(env, rules) {
      const before = rules.version - 1;
      const condition = before <= 0 ? ABSENT : { expression: "#version = :before", values: { before } };
      const attributes = { version: rules.version };
      if (await table.put({ ...keyOfRules(env), value: rules, attributes, condition })) return;
      throw new ShadowgraphError(
        "conflict",
        `the rules of "${env}" are no longer at version ${Math.max(before, 0)}: read them again`,
      );
    },
  };
};
