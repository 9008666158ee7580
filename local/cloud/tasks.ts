import { ACCOUNT, type Action, type Cloud, type Fate, REGION, type StoredService } from "./state.ts";
import { taskDefinitionOf } from "./task-definitions.ts";

/** What the tasks of a service do, by the time since they were asked for. */
export interface Tasks {
  readonly running: number;
  readonly pending: number;
  readonly failed: number;
  readonly fate: Fate;
  readonly rollout: "IN_PROGRESS" | "COMPLETED" | "FAILED";
}

/** ECS's circuit breaker opens after so many at the least. */
const BREAKS_AFTER = 3;

export const imageOf = (cloud: Cloud, taskDefinition: string): string => {
  const containers = taskDefinitionOf(cloud, taskDefinition)?.input.containerDefinitions;
  return (containers as readonly { readonly image?: string }[] | undefined)?.[0]?.image ?? "";
};

const imagesOf = (cloud: Cloud, taskDefinition: string): readonly string[] => {
  const containers = taskDefinitionOf(cloud, taskDefinition)?.input.containerDefinitions;
  return ((containers ?? []) as readonly { readonly image?: string }[]).map(({ image }) => image ?? "");
};

const fateOf = (cloud: Cloud, taskDefinition: string): Fate =>
  imagesOf(cloud, taskDefinition)
    .map((image) => cloud.fateOf(image))
    .find((fate) => fate !== "runs") ?? "runs";

export const tasksOf = (service: StoredService, cloud: Cloud): Tasks => {
  const { desired, since, status, taskDefinition } = service;
  const steps = cloud.stepMs === 0 ? Number.POSITIVE_INFINITY : Math.floor((cloud.now() - since) / cloud.stepMs);
  const fate = fateOf(cloud, taskDefinition);
  const runs = fate === "runs";
  if (status !== "ACTIVE" || desired === 0) {
    const left = steps >= 1 || !runs ? 0 : Number(service.input.desiredCount ?? 0);
    return { running: left, pending: 0, failed: 0, fate: "runs", rollout: "COMPLETED" };
  }
  if (runs && steps >= 2) return { running: desired, pending: 0, failed: 0, fate, rollout: "COMPLETED" };
  if (runs)
    return {
      running: steps >= 1 ? desired : 0,
      pending: steps >= 1 ? 0 : desired,
      failed: 0,
      fate,
      rollout: "IN_PROGRESS",
    };
  if (fate === "noCapacity") return { running: 0, pending: 0, failed: 0, fate, rollout: "IN_PROGRESS" };
  const failed = Math.min(BREAKS_AFTER, steps);
  const isBroken = failed === BREAKS_AFTER;
  return { running: 0, pending: isBroken ? 0 : desired, failed, fate, rollout: isBroken ? "FAILED" : "IN_PROGRESS" };
};

export const eventsOf = (service: StoredService, tasks: Tasks): readonly string[] => {
  const name = `(service ${service.name})`;
  if (tasks.fate === "noCapacity")
    return [
      `${name} was unable to place a task. Reason: Capacity is unavailable at this time. Please try again later or in a different availability zone.`,
    ];
  if (tasks.rollout === "FAILED") return [`${name} (deployment ecs-svc/1) deployment failed: tasks failed to start.`];
  if (tasks.rollout === "COMPLETED" && service.desired > 0)
    return [`${name} has reached a steady state.`, `${name} has started ${service.desired} tasks.`];
  return tasks.running > 0 ? [`${name} has started ${tasks.running} tasks.`] : [];
};

const arnOf = ({ cluster, name }: StoredService, index: number): string =>
  `arn:aws:ecs:${REGION}:${ACCOUNT}:task/${cluster}/${name}-${index}`;

const servicesIn = ({ state }: Cloud, cluster: unknown): readonly StoredService[] =>
  Object.values(state.services).filter((one) => one.cluster === String(cluster).split("/").at(-1));

const ListTasks: Action = ({ cluster, serviceName, desiredStatus }, cloud) => {
  const services = servicesIn(cloud, cluster).filter(({ name }) => name === serviceName);
  const taskArns = services.flatMap((service) => {
    const { running, failed } = tasksOf(service, cloud);
    const count = desiredStatus === "STOPPED" ? failed : running;
    return Array.from({ length: count }, (_, index) => arnOf(service, index));
  });
  return { taskArns };
};

const STOPPED: Readonly<Record<"cannotPull" | "crashes", (image: string) => object>> = {
  cannotPull: (image) => ({
    stopCode: "TaskFailedToStart",
    stoppedReason: `CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref ${image}: ${image}: not found`,
    containers: [{ name: "app" }],
  }),
  crashes: () => ({
    stopCode: "EssentialContainerExited",
    stoppedReason: "Essential container in task exited",
    containers: [{ name: "app", exitCode: 1 }],
  }),
};

const DescribeTasks: Action = ({ cluster, tasks }, cloud) => ({
  tasks: ((tasks ?? []) as readonly string[]).flatMap((taskArn) => {
    const service = servicesIn(cloud, cluster).find((one) => taskArn.includes(`/${one.name}-`));
    if (service === undefined) return [];
    const { fate } = tasksOf(service, cloud);
    if (fate !== "cannotPull" && fate !== "crashes") return [{ taskArn, lastStatus: "RUNNING" }];
    const said = STOPPED[fate](imageOf(cloud, service.taskDefinition));
    return [{ taskArn, lastStatus: "STOPPED", desiredStatus: "STOPPED", ...said }];
  }),
  failures: [],
});

export const taskActions = { ListTasks, DescribeTasks };
