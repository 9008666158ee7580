import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

// The few calls that we make of Elastic Load Balancing, in its own protocol (form in, XML out), so that the SDK's client is tested too.

interface StoredRule {
  arn: string;
  priority: string;
  conditions: string;
  weights: Record<string, number>;
}

export interface Call {
  readonly action: string;
  readonly fields: URLSearchParams;
}

const LISTENER_RULES = "arn:aws:elasticloadbalancing:eu-central-1:111122223333:listener-rule/app/shop/50dc/0467";

const xml = (action: string, inner: string) =>
  `<${action}Response xmlns="http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/"><${action}Result>${inner}</${action}Result></${action}Response>`;
const fault = (code: string, message: string) =>
  `<ErrorResponse xmlns="http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/"><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`;

/** One page of rules holds so many. */
const PAGE = 2;

export const startElb = async () => {
  const rules: StoredRule[] = [];
  const calls: Call[] = [];
  let count = 0;
  /** Answered once each, before anything else. */
  const failures: { readonly action: string; readonly code: string }[] = [];
  const shown = ({ arn, priority, weights }: StoredRule) =>
    `<member><RuleArn>${arn}</RuleArn><Priority>${priority}</Priority><Actions><member><Type>forward</Type><ForwardConfig><TargetGroups>${Object.entries(
      weights,
    )
      .map(([group, weight]) => `<member><TargetGroupArn>${group}</TargetGroupArn><Weight>${weight}</Weight></member>`)
      .join("")}</TargetGroups></ForwardConfig></member></Actions></member>`;
  const weightsOf = (fields: URLSearchParams): Record<string, number> | undefined => {
    const under = (index: number) => `Actions.member.1.ForwardConfig.TargetGroups.member.${index}`;
    if (!fields.has(`${under(1)}.TargetGroupArn`)) return undefined;
    return Object.fromEntries(
      [1, 2].map((index) => [
        fields.get(`${under(index)}.TargetGroupArn`),
        Number(fields.get(`${under(index)}.Weight`)),
      ]),
    );
  };
  const conditionsOf = (fields: URLSearchParams): string =>
    [...fields].flatMap(([name, value]) => (/^Conditions.*Values/.test(name) ? [value] : [])).join(" ");
  const of = (arn: string | null) => rules.find((rule) => rule.arn === arn);

  const ACTIONS: Record<string, (fields: URLSearchParams) => string | { code: string }> = {
    DescribeRules: (fields) => {
      const from = Number(fields.get("Marker") ?? 0);
      const next = from + PAGE < rules.length ? `<NextMarker>${from + PAGE}</NextMarker>` : "";
      return `<Rules>${rules
        .slice(from, from + PAGE)
        .map(shown)
        .join("")}</Rules>${next}`;
    },
    CreateRule: (fields) => {
      const priority = fields.get("Priority")!;
      if (rules.some((rule) => rule.priority === priority)) return { code: "PriorityInUse" };
      const rule = {
        arn: `${LISTENER_RULES}/${++count}`,
        priority,
        conditions: conditionsOf(fields),
        weights: weightsOf(fields) ?? {},
      };
      rules.push(rule);
      return `<Rules>${shown(rule)}</Rules>`;
    },
    ModifyRule: (fields) => {
      const rule = of(fields.get("RuleArn"));
      if (rule === undefined) return { code: "RuleNotFound" };
      rule.weights = weightsOf(fields) ?? rule.weights;
      rule.conditions = conditionsOf(fields) || rule.conditions;
      return `<Rules>${shown(rule)}</Rules>`;
    },
    SetRulePriorities: (fields) => {
      of(fields.get("RulePriorities.member.1.RuleArn"))!.priority = fields.get("RulePriorities.member.1.Priority")!;
      return "<Rules/>";
    },
    DeleteRule: (fields) => {
      const at = rules.findIndex((rule) => rule.arn === fields.get("RuleArn"));
      if (at < 0) return { code: "RuleNotFound" };
      rules.splice(at, 1);
      return "";
    },
  };

  const server = createServer(async (request, response) => {
    let text = "";
    for await (const chunk of request) text += chunk;
    const fields = new URLSearchParams(text);
    const action = fields.get("Action") ?? "";
    calls.push({ action, fields });
    const failing = failures.findIndex((one) => one.action === action);
    const answered =
      failing < 0
        ? (ACTIONS[action]?.(fields) ?? { code: "InvalidAction" })
        : { code: failures.splice(failing, 1)[0]!.code };
    response.setHeader("content-type", "text/xml");
    if (typeof answered === "string") return void response.end(xml(action, answered));
    response.statusCode = 400;
    response.end(fault(answered.code, `${action} is refused`));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    rules,
    calls,
    failures,
    close: () => void server.close(),
  };
};
