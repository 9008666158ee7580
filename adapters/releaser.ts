import type {
  DeploymentConfiguration,
  RegisterTaskDefinitionCommandInput,
  Service,
  ServiceDeployment,
  Tag,
} from "@aws-sdk/client-ecs";
import { deriveTaskDefinition } from "../core/deploy/task-definition.ts";
import type { ReleaseCall, ReleaseSeen } from "../core/release/advance.ts";
import type { Release, ReleasePart } from "../core/release/release.ts";
import type { Rollout } from "../core/sampling/ecs-place.ts";
import { seenIn } from "./deploy-fault.ts";
import { type Ecs, EcsRefusal } from "./ecs.ts";
import type { EcsRollouts } from "./ecs-rollouts.ts";

export interface Releaser {
  /** Does one call for a service of a release; done twice, it is done once. */
  perform(call: ReleaseCall, part: ReleasePart, release: Release): Promise<ReleaseSeen>;
}

const RELEASE_TAG = "shadowgraph:release";
/** Registered in vain at most so often before this try; each was a crash between two calls. */
const MAX_LOOKED_AT = 5;
/** Clocks differ. */
const SKEW_MS = 60_000;

export const createReleaser = (ecs: Ecs, rollouts: EcsRollouts): Releaser => {
  const serviceOf = async ({ place: { cluster, service } }: ReleasePart): Promise<Service> => {
    const found = await ecs.service(cluster, service);
    if (found !== undefined) return found;
    throw new EcsRefusal(`ECS finds no service ${service} in the cluster ${cluster}: check \`ecs\` in baseline.yaml`);
  };

  /** What a try before this one registered and died. */
  const registeredBefore = async (family: string, from: string, release: string): Promise<string | undefined> => {
    for (const arn of (await ecs.taskDefinitions(family, "ACTIVE")).slice(0, MAX_LOOKED_AT)) {
      if (arn === from) return undefined;
      const { tags } = await ecs.taskDefinition(arn);
      if (tags.some(({ key, value }) => key === RELEASE_TAG && value === release)) return arn;
    }
    return undefined;
  };

  const acts: Readonly<Record<ReleaseCall, (part: ReleasePart, release: Release) => Promise<ReleaseSeen>>> = {
    async register(part, release) {
      const service = await serviceOf(part);
      checkStrategy(service, part);
      const from = service.taskDefinition ?? "";
      checkCompared(from, part, release);
      const { definition, tags } = await ecs.taskDefinition(from);
      const family = definition.family ?? "";
      const before = await registeredBefore(family, from, release.id);
      if (before !== undefined) return { saw: "registered", from, to: before };
      const derived = deriveTaskDefinition(definition, { family, change: part.change, place: part.place });
      if (!derived.ok) throw new EcsRefusal(`${derived.reason}: ${derived.next}`);
      const input = {
        ...derived.definition,
        tags: releaseTags(tags, release.id),
      } as RegisterTaskDefinitionCommandInput;
      return { saw: "registered", from, to: await ecs.register(input) };
    },

    async update(part, { name }) {
      const service = await serviceOf(part);
      if (service.taskDefinition === part.to) return { saw: "updated" };
      if (service.taskDefinition !== part.from)
        throw new EcsRefusal(
          `somebody else has deployed ${service.taskDefinition} to ${part.place.service} meanwhile: compare with that, then release ${name} again`,
        );
      await ecs.updateService({
        cluster: part.place.cluster,
        service: part.place.service,
        taskDefinition: part.to,
        deploymentConfiguration: configurationOf(part.place.release, service.deploymentConfiguration),
      });
      return { saw: "updated" };
    },

    async watch({ place: { cluster, service }, rollout, to = "" }, { at }) {
      const found = await (rollout === undefined
        ? rollouts.find(cluster, service, to, at - SKEW_MS)
        : rollouts.describe(rollout));
      if (found !== undefined) return rolloutSeen(found);
      return { saw: "busy", because: `ECS does not show the deployment of ${to} yet` };
    },

    async rollBack({ rollout = "" }) {
      await rollouts.rollBack(rollout);
      return { saw: "updated" };
    },
  };

  return {
    async perform(call, part, release) {
      try {
        return await acts[call](part, release);
      } catch (error) {
        const seen = seenIn(error, `${call} of ${part.place.service}`);
        if (seen.saw === "busy" || seen.saw === "refused") return seen;
        throw error;
      }
    },
  };
};

/** Names that begin with `aws:` are AWS's own: it takes them from nobody. */
const releaseTags = (tags: readonly Tag[], release: string): readonly Tag[] => [
  ...tags.filter(({ key = "" }) => !key.startsWith("aws:") && key !== RELEASE_TAG),
  { key: RELEASE_TAG, value: release },
];

/** @throws EcsRefusal where the verdict is about another baseline than the one that runs, or its noise is that of another */
const checkCompared = (from: string, { place, over, control }: ReleasePart, { name, because }: Release): void => {
  if (because !== null || over === undefined) return;
  const { service } = place;
  const [compared] = over;
  if (control !== undefined)
    throw new EcsRefusal(
      `the control overlay of ${service} was made of ${control}, and ${name} of ${compared}, so that noise was measured on another version: ${COMPARE}`,
    );
  if (!over.includes(from))
    throw new EcsRefusal(`${service} runs ${from} by now, and ${name} was compared with ${compared}: ${COMPARE}`);
};

const COMPARE =
  'compare with what runs (`overlay create --replace`, with another `version` in overlay.yaml), or release it all the same with `--force --because "why"`';

/** @throws EcsRefusal where ECS could not shift traffic bit by bit */
const checkStrategy = ({ loadBalancers = [], deployments = [] }: Service, { place }: ReleasePart): void => {
  const { strategy } = place.release;
  const canShift =
    loadBalancers.some(({ advancedConfiguration }) => advancedConfiguration !== undefined) ||
    deployments.some(({ serviceConnectConfiguration }) => serviceConnectConfiguration?.enabled === true);
  if (strategy === "rolling" || canShift) return;
  throw new EcsRefusal(
    `${place.service} has neither a load balancer with an alternate target group nor Service Connect, so ECS cannot release it by ${strategy}: add one, or set ecs.release.strategy to rolling in baseline.yaml`,
  );
};

/** The circuit breaker is known to rolling deployments alone; alarms to all. What is not about the strategy stays. */
const configurationOf = (
  { strategy, percent, bakeMinutes, alarms }: Rollout,
  present: DeploymentConfiguration = {},
): DeploymentConfiguration => {
  const { minimumHealthyPercent, maximumPercent, lifecycleHooks } = present;
  const kept = Object.fromEntries(
    Object.entries({ minimumHealthyPercent, maximumPercent }).filter(([, value]) => value !== undefined),
  );
  const watched =
    alarms.length > 0
      ? { alarms: { alarmNames: alarms, enable: true, rollback: true } }
      : present.alarms === undefined
        ? {}
        : { alarms: present.alarms };
  if (strategy === "rolling")
    return {
      ...kept,
      ...watched,
      strategy: "ROLLING",
      bakeTimeInMinutes: bakeMinutes,
      deploymentCircuitBreaker: { enable: true, rollback: true },
    };
  const shifting = { ...kept, ...watched, ...(lifecycleHooks?.length ? { lifecycleHooks } : {}) };
  return strategy === "canary"
    ? {
        ...shifting,
        strategy: "CANARY",
        canaryConfiguration: { canaryPercent: percent, canaryBakeTimeInMinutes: bakeMinutes },
      }
    : {
        ...shifting,
        strategy: "LINEAR",
        linearConfiguration: { stepPercent: percent, stepBakeTimeInMinutes: bakeMinutes },
      };
};

const rolloutSeen = ({
  serviceDeploymentArn = "",
  status = "PENDING",
  lifecycleStage,
  statusReason,
  rollback,
  alarms,
}: ServiceDeployment): ReleaseSeen => {
  const triggered = alarms?.triggeredAlarmNames ?? [];
  const said = [rollback?.reason ?? statusReason, triggered.length > 0 ? `alarms: ${triggered.join(", ")}` : undefined];
  const reason = said.filter((text) => text !== undefined).join("; ");
  return {
    saw: "rollout",
    arn: serviceDeploymentArn,
    status,
    ...(lifecycleStage === undefined ? {} : { stage: lifecycleStage }),
    ...(reason === "" ? {} : { reason }),
  };
};
