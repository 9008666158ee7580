import type { Bypass, BypassChange } from "../../adapters/bypass.ts";
import type { BypassLog } from "../../adapters/bypass-log.ts";
import { isShadowgraphError } from "../../adapters/fault.ts";
import type { TeeRoute } from "../../adapters/tee-route.ts";
import type { WeightedRules } from "../../adapters/weighted-rule.ts";
import type { ResourceRequest } from "./events.ts";

export interface Resources {
  readonly route: TeeRoute;
  readonly rules: WeightedRules;
  readonly bypass: Bypass;
  /** Milliseconds since 1970. */
  now(): number;
  wait(ms: number): Promise<void>;
}

export interface Done {
  readonly id: string;
  readonly changes: readonly BypassChange[];
}

/** What CloudFormation asks for. Only the first opening and the last closing touch the weights: no deploy between them does. */
export const carryOut = (request: ResourceRequest, resources: Resources, log: BypassLog): Promise<Done> =>
  request.ResourceType === "Custom::TeeRule" ? rule(request, resources) : opening(request, resources, log);

const RULE_ARN = /:listener-rule\//;

/** This function may not touch another listener's rules, and the tees' targets can stand behind one load balancer alone. */
const MOVED =
  "the listener of a service cannot change: deploy without the service, which takes its rule away, then with it again";

const rulesOf = ({ listenerArn }: TeeRoute): string => `${listenerArn.replace(":listener/", ":listener-rule/")}/`;

const rule = async (
  {
    RequestType,
    PhysicalResourceId,
    ResourceProperties,
  }: Extract<ResourceRequest, { ResourceType: "Custom::TeeRule" }>,
  { route, rules }: Resources,
): Promise<Done> => {
  const present = PhysicalResourceId ?? "";
  if (RequestType === "Delete") {
    // One whose creation failed has a name that CloudFormation made up.
    if (RULE_ARN.test(present)) await rules.remove(present);
    return { id: present, changes: [] };
  }
  if (RULE_ARN.test(present) && !present.startsWith(rulesOf(route))) throw new Error(MOVED);
  const match = ResourceProperties.Match;
  const found = await rules.find(route);
  if (found === undefined) return { id: (await rules.create(route, match, 0)).arn, changes: [] };
  await rules.match(found, match);
  // The baseline's targets are others now: the same part of the requests goes to them.
  if (!found.targetGroupArns.includes(route.baselineTargetGroupArn)) await rules.weigh(found, route, found.teePercent);
  return { id: found.arn, changes: [] };
};

const opening = async (
  { RequestType, LogicalResourceId }: ResourceRequest,
  resources: Resources,
  { begin: beforeTurning }: BypassLog,
): Promise<Done> => {
  const { route, bypass, rules } = resources;
  const id = `${LogicalResourceId}-${route.service}`;
  // Without a rule there is nothing to close: the stack is being taken down after a part of it was.
  const isGone = RequestType === "Delete" && (await rules.find(route)) === undefined;
  if (RequestType === "Update" || isGone) return { id, changes: [] };
  const set = () => bypass.set(RequestType === "Delete", route.service, { beforeTurning });
  return { id, changes: await (RequestType === "Delete" ? set() : onceWatched(set, resources)) };
};

/** A heartbeat is in its alarm a minute or two after its tee is healthy. Less than CloudFormation waits: an answer that is late opens a way nobody knows of. */
const OPENS_WITHIN_MS = 5 * 60_000;
const LOOKS_EVERY_MS = 10_000;

/** Alarms are there before the tees are, and alarmed until those are heard. */
const onceWatched = async <T>(open: () => Promise<T>, { now, wait }: Resources): Promise<T> => {
  const end = now() + OPENS_WITHIN_MS;
  for (;;) {
    try {
      return await open();
    } catch (error) {
      if (!isShadowgraphError(error, "conflict") || now() >= end) throw error;
    }
    await wait(LOOKS_EVERY_MS);
  }
};
