import {
  type Action,
  CreateRuleCommand,
  DeleteRuleCommand,
  DescribeRulesCommand,
  ElasticLoadBalancingV2Client,
  ModifyRuleCommand,
  type Rule,
  type RuleCondition,
  SetRulePrioritiesCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { ShadowgraphError } from "../core/errors.ts";
import { calling, isNamed } from "./fault.ts";
import { requestHandler } from "./request-handler.ts";
import type { TeeRoute } from "./tee-route.ts";

/** Which requests a rule is for; one that has neither is for all. */
export interface RuleMatch {
  readonly priority: number;
  readonly hosts: readonly string[];
  readonly paths: readonly string[];
}

export interface WeightedRule {
  readonly arn: string;
  readonly priority: number;
  /** Of requests that go to the tee now. */
  readonly teePercent: number;
  /** The target groups that it sends requests to. */
  readonly targetGroupArns: readonly string[];
}

/** The few verbs that we need of a listener. Its rule is known by the tee's target group, to which no other forwards. */
export interface WeightedRules {
  find(route: TeeRoute): Promise<WeightedRule | undefined>;
  /** @throws ShadowgraphError "conflict" where the priority is taken */
  create(route: TeeRoute, match: RuleMatch, teePercent: number): Promise<WeightedRule>;
  /** Changes which requests the rule is for, and leaves alone where they go. */
  match(rule: WeightedRule, match: RuleMatch): Promise<void>;
  weigh(rule: WeightedRule, route: TeeRoute, teePercent: number): Promise<void>;
  /** Succeeds where there is none. */
  remove(arn: string): Promise<void>;
}

const createElb = (): ElasticLoadBalancingV2Client => new ElasticLoadBalancingV2Client({ requestHandler });

export const createWeightedRules = (elb: ElasticLoadBalancingV2Client = createElb()): WeightedRules => ({
  async find({ listenerArn, teeTargetGroupArn }) {
    let from: string | undefined;
    do {
      const page = await calling("read the rules of the listener", () =>
        elb.send(new DescribeRulesCommand({ ListenerArn: listenerArn, Marker: from })),
      );
      const found = page.Rules?.find((rule) => weightsOf(rule).has(teeTargetGroupArn));
      if (found !== undefined) return ruleOf(found, teeTargetGroupArn);
      from = page.NextMarker;
    } while (from !== undefined);
    return undefined;
  },

  async create(route, match, teePercent) {
    const { Rules } = await withPriority(match.priority, "create the rule of the listener", () =>
      elb.send(
        new CreateRuleCommand({
          ListenerArn: route.listenerArn,
          Priority: match.priority,
          Conditions: conditionsOf(match),
          Actions: actionsOf(route, teePercent),
        }),
      ),
    );
    const made = Rules?.[0];
    if (made === undefined)
      throw new ShadowgraphError("unavailable", "the load balancer answered without the new rule");
    return ruleOf(made, route.teeTargetGroupArn);
  },

  async match({ arn, priority }, match) {
    await calling("change the conditions of the rule", () =>
      elb.send(new ModifyRuleCommand({ RuleArn: arn, Conditions: conditionsOf(match) })),
    );
    if (priority === match.priority) return;
    await withPriority(match.priority, "change the priority of the rule", () =>
      elb.send(new SetRulePrioritiesCommand({ RulePriorities: [{ RuleArn: arn, Priority: match.priority }] })),
    );
  },

  async weigh({ arn }, route, teePercent) {
    await calling(`send ${teePercent} % of requests to the tee`, () =>
      elb.send(new ModifyRuleCommand({ RuleArn: arn, Actions: actionsOf(route, teePercent) })),
    );
  },

  async remove(arn) {
    await calling("delete the rule of the listener", async () => {
      try {
        await elb.send(new DeleteRuleCommand({ RuleArn: arn }));
      } catch (error) {
        if (!isNamed(error, "RuleNotFoundException")) throw error;
      }
    });
  },
});

const withPriority = <T>(priority: number, doing: string, call: () => Promise<T>): Promise<T> =>
  calling(doing, async () => {
    try {
      return await call();
    } catch (cause) {
      if (!isNamed(cause, "PriorityInUseException")) throw cause;
      const message = `priority ${priority} belongs to another rule of the listener: choose one that is free`;
      throw new ShadowgraphError("conflict", message, { cause });
    }
  });

const weightsOf = ({ Actions = [] }: Rule): ReadonlyMap<string, number> =>
  new Map(
    Actions.flatMap(({ ForwardConfig }) => ForwardConfig?.TargetGroups ?? []).map(({ TargetGroupArn, Weight }) => [
      TargetGroupArn ?? "",
      Weight ?? 0,
    ]),
  );

const ruleOf = (rule: Rule, teeTargetGroupArn: string): WeightedRule => {
  const weights = weightsOf(rule);
  const sum = [...weights.values()].reduce((all, weight) => all + weight, 0);
  const share = (weights.get(teeTargetGroupArn) ?? 0) / (sum || 1);
  return {
    arn: rule.RuleArn ?? "",
    priority: Number(rule.Priority),
    teePercent: Math.round(100 * share),
    targetGroupArns: [...weights.keys()],
  };
};

const actionsOf = ({ teeTargetGroupArn, baselineTargetGroupArn }: TeeRoute, teePercent: number): Action[] => [
  {
    Type: "forward",
    ForwardConfig: {
      TargetGroups: [
        { TargetGroupArn: teeTargetGroupArn, Weight: teePercent },
        { TargetGroupArn: baselineTargetGroupArn, Weight: 100 - teePercent },
      ],
      TargetGroupStickinessConfig: { Enabled: false },
    },
  },
];

/** A rule needs a condition: the path `*` is every path. */
const conditionsOf = ({ hosts, paths }: RuleMatch): RuleCondition[] => [
  ...(hosts.length === 0 ? [] : [{ Field: "host-header", HostHeaderConfig: { Values: [...hosts] } }]),
  ...(paths.length === 0 && hosts.length > 0
    ? []
    : [{ Field: "path-pattern", PathPatternConfig: { Values: paths.length === 0 ? ["*"] : [...paths] } }]),
];
