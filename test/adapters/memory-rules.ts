import type { WeightedRule, WeightedRules } from "../../adapters/weighted-rule.ts";
import { ROUTE } from "./tee-route.ts";

const arn = `${ROUTE.listenerArn.replace(":listener/", ":listener-rule/")}/1`;
const targetGroupArns = [ROUTE.teeTargetGroupArn, ROUTE.baselineTargetGroupArn];

/** A listener that holds the rule of a tee, or none yet. */
export const memoryRules = (teePercent?: number): WeightedRules => {
  let rule: WeightedRule | undefined =
    teePercent === undefined ? undefined : { arn, priority: 10, teePercent, targetGroupArns };
  return {
    find: async () => rule,
    create: async (_route, { priority }, percent) => (rule = { arn, priority, teePercent: percent, targetGroupArns }),
    match: async (found, { priority }) => void (rule = { ...found, priority }),
    weigh: async (found, route, percent) =>
      void (rule = {
        ...found,
        teePercent: percent,
        targetGroupArns: [route.teeTargetGroupArn, route.baselineTargetGroupArn],
      }),
    remove: async () => void (rule = undefined),
  };
};
