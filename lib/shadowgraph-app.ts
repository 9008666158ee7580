import { type App, RemovalPolicy, Tags } from "aws-cdk-lib/core";
import type { ApiProps } from "./api.ts";
import type { NetworkShape } from "./config/network-shape.ts";
import { PRESETS } from "./config/presets.ts";
import type { BaselineShape, ShadowgraphConfig } from "./config/schema.ts";
import type { GivenNetworkProps, Place } from "./network.ts";
import { NetworkStack } from "./network-stack.ts";
import type { ServiceSettings } from "./service-tees.ts";
import { ShadowgraphStack, type ShadowgraphStackProps } from "./shadowgraph-stack.ts";

/** One stack for each baseline, named by it, and one for the network that they share, where it is ours. */
export const addStacks = (app: App, config: ShadowgraphConfig): readonly ShadowgraphStack[] => {
  const { account, region, tags, nodeImage, network, baselines } = config;
  const env = account === undefined || region === undefined ? {} : { env: { account, region } };
  for (const [name, value] of Object.entries(tags)) Tags.of(app).add(name, value);
  const needsNetwork = Object.values(baselines).some((one) => one.network === undefined && hasServices(one));
  const shared = needsNetwork ? networkOf(app, network, env) : undefined;
  return Object.entries(baselines).map(([name, baseline]) => {
    const stands = baseline.network?.given === undefined ? shared : definedOf(baseline.network.given);
    return new ShadowgraphStack(app, `Shadowgraph-${name}`, {
      ...env,
      ...stackPropsOf(name, baseline),
      nodeImage,
      ...(stands && hasServices(baseline) ? { network: stands } : {}),
    });
  });
};

const hasServices = ({ services }: BaselineShape): boolean => Object.keys(services).length > 0;

const networkOf = (
  app: App,
  network: NetworkShape | undefined,
  env: Pick<ShadowgraphStackProps, "env">,
): Place | GivenNetworkProps | undefined => {
  if (network?.given !== undefined) return definedOf(network.given);
  if (network?.own === undefined) return undefined;
  return new NetworkStack(app, "Shadowgraph-network", { ...env, network: definedOf(network.own) }).network;
};

type TokenSettings = NonNullable<ApiProps["tokens"]>;

const stackPropsOf = (name: string, baseline: BaselineShape): ShadowgraphStackProps => {
  const preset = PRESETS[baseline.preset];
  const { archiveDays = preset.archiveDays, factsDays = preset.factsDays } = baseline;
  const { diffConcurrency = preset.diffConcurrency, factShards = preset.factShards } = baseline;
  const { requestsPerSecond = preset.apiRequestsPerSecond, tokens } = baseline.api;
  return {
    baseline: name,
    services: Object.fromEntries(
      Object.entries(baseline.services).map(([service, { minTasks, maxTasks, cpu, memoryMiB, ...rest }]) => {
        const size = {
          minTasks: minTasks ?? Math.min(preset.tasks.min, maxTasks ?? preset.tasks.min),
          maxTasks: maxTasks ?? Math.max(preset.tasks.max, minTasks ?? 0),
          cpu: cpu ?? preset.cpu,
          memoryMiB: memoryMiB ?? preset.memoryMiB,
        };
        return [service, definedOf({ ...rest, ...size }) as ServiceSettings];
      }),
    ),
    ...(baseline.overlays && { overlays: definedOf(baseline.overlays) }),
    archiveDays,
    factsDays,
    maxDiffConcurrency: diffConcurrency,
    factShards,
    verdict: definedOf(baseline.verdict),
    api: { requestsPerSecond, ...(tokens && { tokens: definedOf(tokens) as TokenSettings }) },
    removalPolicy: baseline.removal === "destroy" ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
    alarms: baseline.alarms,
    eventBus: baseline.eventBus,
    emails: baseline.emails,
  };
};

type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> };

/** Without what was left out: CDK's types tell a field that is undefined from one that is not there. */
const definedOf = <T extends object>(value: T): Defined<T> =>
  Object.fromEntries(
    Object.entries(value)
      .filter(([, field]) => field !== undefined)
      .map(([name, field]) => [name, isPlain(field) ? definedOf(field) : field]),
  ) as Defined<T>;

const isPlain = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value);
