import { ShadowgraphError } from "../core/errors.ts";
import type { KillSwitchAlarms, UnreadyAlarm } from "./kill-switch-alarms.ts";
import type { TeeRoute } from "./tee-route.ts";
import type { WeightedRule, WeightedRules } from "./weighted-rule.ts";

/** Where the requests for one service go. */
export interface BypassState {
  readonly baseline: string;
  readonly service: string;
  readonly bypassed: boolean;
  /** Of requests that go to the tee now, and where nothing is bypassed. */
  readonly teePercent: number;
  readonly configuredPercent: number;
}

export interface BypassChange {
  readonly before: BypassState;
  readonly after: BypassState;
}

export interface Turning {
  /** Told of each that is turned, and waited for. */
  readonly beforeTurning?: (change: BypassChange) => Promise<void>;
  /** Opens the way also while alarms of the kill switch may not close it again. */
  readonly isForced?: boolean;
}

/** The kill switch: takes tees out of the path of requests and puts them back. */
export interface Bypass {
  /** Every service by default. @throws ShadowgraphError "not-allowed" where no load balancer is known, "not-found" for another service */
  states(service?: string): Promise<readonly BypassState[]>;
  /**
   * Every service by default. Sets what is not so yet, all that can be set before a fault of one is thrown. Tees get more requests only
   * while every alarm of their kill switch is OK.
   * @throws ShadowgraphError "conflict" where one is not: then nothing is changed; where one began meanwhile, the tees get nothing
   */
  set(on: boolean, service?: string, turning?: Turning): Promise<readonly BypassChange[]>;
}

interface Turn {
  readonly route: TeeRoute;
  readonly rule: WeightedRule;
  readonly change: BypassChange;
}

export const createBypass = (routes: readonly TeeRoute[], rules: WeightedRules, alarms: KillSwitchAlarms): Bypass => {
  const chosen = (service: string | undefined): readonly TeeRoute[] => {
    if (routes.length === 0) throw noLoadBalancer();
    const found = routes.filter((route) => service === undefined || route.service === service);
    if (found.length > 0) return found;
    const known = routes.map((route) => route.service).join(", ");
    throw new ShadowgraphError("not-found", `no tee stands before a service "${service}"; there are: ${known}`);
  };
  const ruleOf = async (route: TeeRoute) => {
    const rule = await rules.find(route);
    if (rule !== undefined) return rule;
    const message = `the listener has no rule for the tees before ${route.service}: it was deleted by hand; a deploy with another priority makes it anew`;
    throw new ShadowgraphError("unavailable", message);
  };
  const planned = async (route: TeeRoute, on: boolean): Promise<Turn> => {
    const rule = await ruleOf(route);
    const teePercent = on ? 0 : route.percent;
    const change = { before: stateOf(route, rule.teePercent), after: stateOf(route, teePercent) };
    return { route, rule, change };
  };
  const refuseUnwatched = async (turns: readonly Turn[]): Promise<void> => {
    const unready = await Promise.all(turns.filter(isOpening).map(({ route }) => alarms.unready(route)));
    if (unready.flat().length > 0) throw unwatched(unready.flat());
  };
  const turn = async (
    one: Turn,
    { beforeTurning = async () => {}, isForced = false }: Turning,
  ): Promise<BypassChange> => {
    const { route, rule, change } = one;
    if (change.after.teePercent === change.before.teePercent) return change;
    await beforeTurning(change);
    await rules.weigh(rule, route, change.after.teePercent);
    if (isForced) return change;
    try {
      // One that became an alarm since it was looked at may have found nothing to close.
      await refuseUnwatched([one]);
    } catch (error) {
      await rules.weigh(rule, route, 0);
      throw error;
    }
    return change;
  };
  return {
    async states(service) {
      return Promise.all(chosen(service).map(async (route) => stateOf(route, (await ruleOf(route)).teePercent)));
    },

    async set(on, service, turning = {}) {
      const turns = chosen(service).map((route) => planned(route, on));
      if (!on && !turning.isForced) await refuseUnwatched(await Promise.all(turns));
      const ended = await Promise.allSettled(turns.map(async (one) => turn(await one, turning)));
      const failed = ended.find((one) => one.status === "rejected");
      if (failed !== undefined) throw failed.reason;
      return ended.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
    },
  };
};

/** Where callers come to a tee by its own address. */
export const NO_LOAD_BALANCER: Bypass = {
  states: async () => {
    throw noLoadBalancer();
  },
  set: async () => {
    throw noLoadBalancer();
  },
};

const stateOf = ({ baseline, service, percent }: TeeRoute, teePercent: number): BypassState => ({
  baseline,
  service,
  bypassed: teePercent === 0,
  teePercent,
  configuredPercent: percent,
});

const isOpening = ({ change: { before, after } }: Turn): boolean => after.teePercent > before.teePercent;

/** The last step of an alarm's name is its section of the runbook. */
const unwatched = (alarms: readonly UnreadyAlarm[]): ShadowgraphError => {
  const all = alarms.map(
    ({ name, says }) => `${name} ${says} (docs/runbook.md#${name.split("/").at(-1)?.toLowerCase()})`,
  );
  const message = `the tees get no more requests, since nothing may take them out of the path again: ${all.join("; ")}; repair what it tells of and wait until it is OK, or put them back all the same with \`bypass off --force --because "why"\`: that is recorded with your name`;
  return new ShadowgraphError("conflict", message);
};

const noLoadBalancer = (): ShadowgraphError =>
  new ShadowgraphError(
    "not-allowed",
    "no load balancer sends requests to tees here, so there is nothing to bypass; `env shadow ENV --disable` stops the mirroring",
  );
