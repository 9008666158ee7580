import { ShadowgraphError } from "../core/errors.ts";
import type { TeeRoute } from "./tee-route.ts";
import type { WeightedRules } from "./weighted-rule.ts";

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

/** The kill switch: takes tees out of the path of requests and puts them back. */
export interface Bypass {
  /** Every service by default. @throws ShadowgraphError "not-allowed" where no load balancer is known, "not-found" for another service */
  states(service?: string): Promise<readonly BypassState[]>;
  /**
   * Every service by default. Sets what is not so yet, all that can be set before a fault of one is thrown; `beforeTurning` is told of
   * each, and waited for.
   */
  set(
    on: boolean,
    service?: string,
    beforeTurning?: (change: BypassChange) => Promise<void>,
  ): Promise<readonly BypassChange[]>;
}

export const createBypass = (routes: readonly TeeRoute[], rules: WeightedRules): Bypass => {
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
  type Told = NonNullable<Parameters<Bypass["set"]>[2]>;
  const set = async (route: TeeRoute, on: boolean, beforeTurning: Told): Promise<BypassChange> => {
    const rule = await ruleOf(route);
    const teePercent = on ? 0 : route.percent;
    const change = { before: stateOf(route, rule.teePercent), after: stateOf(route, teePercent) };
    if (teePercent === rule.teePercent) return change;
    await beforeTurning(change);
    await rules.weigh(rule, route, teePercent);
    return change;
  };
  return {
    async states(service) {
      return Promise.all(chosen(service).map(async (route) => stateOf(route, (await ruleOf(route)).teePercent)));
    },

    async set(on, service, beforeTurning = async () => {}) {
      const ended = await Promise.allSettled(chosen(service).map((route) => set(route, on, beforeTurning)));
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

const noLoadBalancer = (): ShadowgraphError =>
  new ShadowgraphError(
    "not-allowed",
    "no load balancer sends requests to tees here, so there is nothing to bypass; `env shadow ENV --disable` stops the mirroring",
  );
