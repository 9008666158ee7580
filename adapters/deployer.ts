import type { CreateServiceCommandInput, RegisterTaskDefinitionCommandInput, Service } from "@aws-sdk/client-ecs";
import type { Call, Seen, Sight } from "../core/deploy/advance.ts";
import { type Deployment, OF_BASELINE, type Part } from "../core/deploy/deployment.ts";
import { type Derivation, deriveTaskDefinition } from "../core/deploy/task-definition.ts";
import { tokenOf } from "../core/deploy/wanted.ts";
import type { Change } from "../core/sampling/changed-service.ts";
import { withPeers } from "../core/sampling/peers.ts";
import type { CloudMap } from "./cloud-map.ts";
import type { DeployPlace } from "./deploy-env.ts";
import { seenIn } from "./deploy-fault.ts";
import type { Ecs } from "./ecs.ts";
import { MADE_OF_TAG, tagsOf } from "./overlay-tags.ts";

export interface Deployer {
  /** Does one call for a part of a deployment; done twice, it is done once. */
  perform(call: Call, part: Part, of: PartOf): Promise<Seen>;
  /** Where a part answers once it is ready. */
  addressOf(part: Part): string;
}

type PartOf = Pick<Deployment, "env" | "taskRole">;

const MAX_EVENTS = 5;

export const createDeployer = (ecs: Ecs, cloudMap: CloudMap, place: DeployPlace): Deployer => {
  const acts: Readonly<Record<Call, (part: Part, of: PartOf) => Promise<Seen>>> = {
    async createRegistry(part, { env }) {
      const registry = await cloudMap.create({ label: part.label, token: tokenOf(part), tags: tagsOf(part, env) });
      return { saw: "registry", ...registry };
    },

    async registerTaskDefinition(part, { env, taskRole = place.OVERLAY_TASK_ROLE }) {
      const [made] = await ecs.taskDefinitions(part.name, "ACTIVE");
      if (made !== undefined) return { saw: "taskDefinition", arn: made, ...(await madeOf(made)) };
      const source = await sourceOf(part);
      if (source === undefined) return missing(part);
      const baseline = source.taskDefinition ?? "";
      const { definition } = await ecs.taskDefinition(baseline);
      const guard = guardOf(part, place);
      if (guard === "none") return NO_GUARD;
      const derived = deriveTaskDefinition(definition, {
        family: part.name,
        change: withAddresses(part, place),
        place: part.source,
        taskRoleArn: taskRole === OF_BASELINE ? undefined : taskRole,
        environment: { SHADOW_MODE: "true" },
        guard,
      });
      if (!derived.ok) return { saw: "refused", reason: derived.reason, next: derived.next };
      const named = { ...tagsOf(part, env), [MADE_OF_TAG]: baseline };
      const tags = Object.entries(named).map(([key, value]) => ({ key, value }));
      const arn = await ecs.register({ ...derived.definition, tags } as RegisterTaskDefinitionCommandInput);
      return { saw: "taskDefinition", arn, madeOf: baseline };
    },

    async createService(part, { env }) {
      const source = await sourceOf(part);
      if (source === undefined) return missing(part);
      await ecs.createService(serviceInput(part, env, source, place));
      return { saw: "done" };
    },

    async look(part) {
      const { cluster } = part.source;
      const service = await ecs.service(cluster, part.name);
      const hasFailed = service?.deployments?.some(({ failedTasks = 0 }) => failedTasks > 0) ?? false;
      return { saw: "service", sight: sightOf(service, hasFailed ? await ecs.stoppedReasons(cluster, part.name) : []) };
    },

    async scaleToZero({ source, name }) {
      await ecs.scaleToZero(source.cluster, name);
      return { saw: "done" };
    },

    async deleteService({ source, name }) {
      await ecs.deleteService(source.cluster, name);
      return { saw: "done" };
    },

    async dropTaskDefinitions({ name }) {
      await ecs.dropTaskDefinitions(name);
      return { saw: "done" };
    },

    async deleteRegistry({ label, name, source }) {
      // A call that was under way when the overlay was deleted may have come late. Once the registry is gone, none can.
      const late = await ecs.service(source.cluster, name);
      if (late?.status === "ACTIVE") {
        await ecs.deleteService(source.cluster, name);
        return { saw: "busy", because: `${name} was made by a call that came late, and is deleted` };
      }
      const because = `instances are still registered under ${label}; Cloud Map deletes it once ECS has taken them out`;
      return (await cloudMap.delete(label)) ? { saw: "done" } : { saw: "busy", because };
    },
  };

  /** Whoever registered it died before it was noted. */
  const madeOf = async (arn: string): Promise<{ readonly madeOf?: string }> => {
    const { tags } = await ecs.taskDefinition(arn);
    const found = tags.find(({ key }) => key === MADE_OF_TAG)?.value;
    return found === undefined ? {} : { madeOf: found };
  };

  const sourceOf = ({ source: { cluster, service } }: Part) => ecs.service(cluster, service);

  return {
    async perform(call, part, of) {
      try {
        return await acts[call](part, of);
      } catch (error) {
        return seenIn(error, `${call} of ${part.name}`);
      }
    },
    addressOf: ({ label, source }) => addressAt(label, source.port, place),
  };
};

/** `none`: one is wanted, and this program was given none. */
const guardOf = ({ collaborators }: Part, place: DeployPlace): Derivation["guard"] | "none" => {
  if (collaborators === undefined) return undefined;
  const { GUARD_IMAGE_ARM64: ARM64, GUARD_IMAGE_X86_64: X86_64, GUARD_LOG_GROUP_ARN: arn } = place;
  if (ARM64 === undefined || X86_64 === undefined || arn === undefined) return "none";
  const [, , , region = "", , , group = ""] = arn.split(":");
  return { collaborators, place: { images: { ARM64, X86_64 }, log: { group, region } } };
};

const NO_GUARD: Seen = {
  saw: "refused",
  reason:
    "the overlay names collaborators, but there is no image of the guard here: GUARD_IMAGE_ARM64, GUARD_IMAGE_X86_64, GUARD_LOG_GROUP_ARN",
  next: "deploy the stack of this version, which makes them",
};

const addressAt = (label: string, port: number, { OVERLAY_NAMESPACE_NAME }: DeployPlace): string =>
  `http://${label}.${OVERLAY_NAMESPACE_NAME}:${port}`;

/** The change with the addresses of the services that its variables name. */
const withAddresses = ({ change, peers }: Part, place: DeployPlace): Change => {
  if (change.environment === undefined) return change;
  const addressOf = (service: string): string => {
    const peer = peers[service] ?? { url: "" };
    return "url" in peer ? peer.url : addressAt(peer.label, peer.port, place);
  };
  return { ...change, environment: withPeers(change.environment, addressOf) };
};

const missing = ({ source: { cluster, service } }: Part): Seen => ({
  saw: "refused",
  reason: `ECS finds no service ${service} in the cluster ${cluster}: MISSING`,
});

/** As the baseline's service, but in the overlays' network, behind no load balancer, and never rolled back to something else. */
const serviceInput = (part: Part, env: string, source: Service, place: DeployPlace): CreateServiceCommandInput => ({
  cluster: part.source.cluster,
  serviceName: part.name,
  clientToken: tokenOf(part),
  taskDefinition: part.taskDefinition,
  desiredCount: part.desiredCount,
  schedulingStrategy: "REPLICA",
  ...(source.capacityProviderStrategy?.length
    ? { capacityProviderStrategy: source.capacityProviderStrategy }
    : { launchType: source.launchType ?? "FARGATE" }),
  ...(source.platformVersion === undefined ? {} : { platformVersion: source.platformVersion }),
  networkConfiguration: {
    awsvpcConfiguration: {
      subnets: place.OVERLAY_SUBNETS,
      securityGroups: [place.OVERLAY_SECURITY_GROUP, ...part.allowSecurityGroups],
      assignPublicIp: "DISABLED",
    },
  },
  serviceRegistries: [{ registryArn: part.registry?.arn }],
  deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: false } },
  enableECSManagedTags: true,
  propagateTags: "SERVICE",
  tags: Object.entries(tagsOf(part, env)).map(([key, value]) => ({ key, value })),
});

const NONE: Sight = {
  status: "MISSING",
  running: 0,
  desired: 0,
  pending: 0,
  failedTasks: 0,
  rollout: undefined,
  rolloutReason: undefined,
  events: [],
  stopped: [],
};

const sightOf = (service: Service | undefined, stopped: readonly string[]): Sight => {
  if (service === undefined) return NONE;
  const primary = service.deployments?.find(({ status }) => status === "PRIMARY");
  return {
    status: service.status === "DRAINING" ? "DRAINING" : "ACTIVE",
    running: service.runningCount ?? 0,
    desired: service.desiredCount ?? 0,
    pending: service.pendingCount ?? 0,
    failedTasks: primary?.failedTasks ?? 0,
    rollout: primary?.rolloutState,
    rolloutReason: primary?.rolloutStateReason,
    events: (service.events ?? []).slice(0, MAX_EVENTS).map(({ message = "" }) => message),
    stopped: [...stopped],
  };
};
