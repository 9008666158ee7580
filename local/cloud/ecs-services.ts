import { startRollout, taskDefinitionNow } from "./rollouts.ts";
import {
  ACCOUNT,
  type Action,
  type Cloud,
  CloudFault,
  type Input,
  nextNumber,
  REGION,
  type StoredService,
  textOf,
} from "./state.ts";
import { taskDefinitionOf } from "./task-definitions.ts";
import { eventsOf, tasksOf } from "./tasks.ts";

const clusterOf = ({ state }: Cloud, given: unknown): string => {
  const name = String(given ?? "default")
    .split("/")
    .at(-1)!;
  if (state.clusters[name] === undefined) throw new CloudFault("ClusterNotFoundException", "Cluster not found.");
  return name;
};

const keyOf = (cluster: string, service: string): string => `${cluster}/${service.split("/").at(-1)}`;

/** One that is not draining any more is gone. */
const settle = (service: StoredService, cloud: Cloud): StoredService => {
  if (service.status === "DRAINING" && tasksOf(service, cloud).running === 0) service.status = "INACTIVE";
  return service;
};

const CreateCluster: Action = (input, { state }) => {
  const name = textOf(input, "clusterName");
  state.clusters[name] = { name };
  return { cluster: { clusterName: name, status: "ACTIVE" } };
};

const CreateService: Action = (input, cloud) => {
  const cluster = clusterOf(cloud, input.cluster);
  const name = textOf(input, "serviceName");
  const token = input.clientToken as string | undefined;
  if ((token?.length ?? 0) > 36) throw invalid("clientToken longer than 36.");
  const there = cloud.state.services[keyOf(cluster, name)];
  const present = there && settle(there, cloud);
  if (present?.status === "DRAINING") throw invalid("Unable to Start a service that is still Draining.");
  if (present?.status === "ACTIVE") {
    if (present.token === token && JSON.stringify(present.input) === JSON.stringify(input))
      return { service: shown(present, cloud) };
    throw invalid("Creation of service was not idempotent.");
  }
  const definition = taskDefinitionOf(cloud, textOf(input, "taskDefinition"));
  if (definition === undefined) throw new CloudFault("ClientException", "TaskDefinition not found.");
  if (definition.status !== "ACTIVE") throw new CloudFault("ClientException", "TaskDefinition is inactive");
  if (definition.input.networkMode === "awsvpc" && input.networkConfiguration === undefined)
    throw invalid("Network Configuration must be provided when networkMode 'awsvpc' is specified.");
  checkRegistries(input, cloud);
  const service: StoredService = {
    arn: `arn:aws:ecs:${REGION}:${ACCOUNT}:service/${cluster}/${name}`,
    name,
    cluster,
    token,
    input,
    status: "ACTIVE",
    desired: Number(input.desiredCount ?? 0),
    taskDefinition: definition.arn,
    configuration: (input.deploymentConfiguration ?? {}) as Input,
    since: cloud.now(),
    createdAt: cloud.now(),
    rollouts: [],
  };
  nextNumber(cloud.state, "services");
  cloud.state.services[keyOf(cluster, name)] = service;
  return { service: shown(service, cloud) };
};

const invalid = (message: string) => new CloudFault("InvalidParameterException", message);

const registriesOf = (input: Input): readonly string[] =>
  ((input.serviceRegistries ?? []) as readonly { readonly registryArn?: string }[]).map(
    ({ registryArn = "" }) => registryArn,
  );

const checkRegistries = (input: Input, { state }: Cloud): void => {
  const known = new Set(Object.values(state.registries).map(({ arn }) => arn));
  for (const arn of registriesOf(input)) if (!known.has(arn)) throw invalid(`Service registry ${arn} does not exist.`);
};

/** Tasks that stand in a registry. */
export const instancesIn = (registry: string, cloud: Cloud): number =>
  Object.values(cloud.state.services)
    .filter(({ input }) => registriesOf(input).includes(registry))
    .reduce((sum, service) => sum + tasksOf(settle(service, cloud), cloud).running, 0);

const shown = (service: StoredService, cloud: Cloud) => {
  const tasks = tasksOf(service, cloud);
  const { input } = service;
  const at = cloud.now() / 1_000;
  return {
    ...input,
    serviceArn: service.arn,
    clusterArn: `arn:aws:ecs:${REGION}:${ACCOUNT}:cluster/${service.cluster}`,
    status: service.status,
    desiredCount: service.desired,
    runningCount: tasks.running,
    pendingCount: tasks.pending,
    taskDefinition: taskDefinitionNow(service, cloud),
    deploymentConfiguration: service.configuration,
    createdAt: service.createdAt / 1_000,
    deployments: [
      {
        id: `ecs-svc/${service.name}`,
        status: "PRIMARY",
        taskDefinition: service.taskDefinition,
        desiredCount: service.desired,
        runningCount: tasks.running,
        pendingCount: tasks.pending,
        failedTasks: tasks.failed,
        rolloutState: tasks.rollout,
        ...(tasks.rollout === "FAILED"
          ? { rolloutStateReason: "ECS deployment circuit breaker: tasks failed to start." }
          : {}),
      },
    ],
    events: eventsOf(service, tasks).map((message, index) => ({ id: String(index), createdAt: at - index, message })),
  };
};

const DescribeServices: Action = (input, cloud) => {
  const cluster = clusterOf(cloud, input.cluster);
  const services: object[] = [];
  const failures: object[] = [];
  for (const name of (input.services ?? []) as readonly string[]) {
    const found = cloud.state.services[keyOf(cluster, name)];
    if (found === undefined)
      failures.push({ arn: `arn:aws:ecs:${REGION}:${ACCOUNT}:service/${cluster}/${name}`, reason: "MISSING" });
    else services.push(shown(settle(found, cloud), cloud));
  }
  return { services, failures };
};

const present = (input: Input, cloud: Cloud): StoredService => {
  const found = cloud.state.services[keyOf(clusterOf(cloud, input.cluster), textOf(input, "service"))];
  if (found === undefined) throw new CloudFault("ServiceNotFoundException", "Service not found.");
  if (settle(found, cloud).status !== "ACTIVE")
    throw new CloudFault("ServiceNotActiveException", "Service was not ACTIVE.");
  return found;
};

const UpdateService: Action = (input, cloud) => {
  const service = present(input, cloud);
  if (input.desiredCount !== undefined && Number(input.desiredCount) !== service.desired) {
    service.desired = Number(input.desiredCount);
    service.since = cloud.now();
  }
  if (input.taskDefinition !== undefined || input.deploymentConfiguration !== undefined)
    startRollout(service, input, cloud);
  return { service: shown(service, cloud) };
};

const DeleteService: Action = (input, cloud) => {
  const service = present(input, cloud);
  if (service.desired > 0 && input.force !== true)
    throw invalid("The service cannot be stopped while it is scaled above 0.");
  service.status = "DRAINING";
  if (service.desired > 0) service.since = cloud.now();
  return { service: shown(service, cloud) };
};

export const ecsServiceActions = { CreateCluster, CreateService, DescribeServices, UpdateService, DeleteService };
