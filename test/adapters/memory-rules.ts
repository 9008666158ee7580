import type { WeightedRule, WeightedRules } from "../../adapters/weighted-rule.ts";

/** A listener that holds the rule of a tee, or none yet. */
export const memoryRules = (teePercent?: number): WeightedRules => {
  let rule: WeightedRule | undefined =
    teePercent === undefined ? undefined : { arn: "arn:aws:x:listener-rule/app/1", priority: 10, teePercent };
  return {
    find: async () => rule,
    create: async (_route, { priority }, percent) =>
      (rule = { arn: "arn:aws:x:listener-rule/app/1", priority, teePercent: percent }),
    match: async (found, { priority }) => void (rule = { ...found, priority }),
    weigh: async (found, _route, percent) => void (rule = { ...found, teePercent: percent }),
    remove: async () => void (rule = undefined),
  };
};
