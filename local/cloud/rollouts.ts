import {
  type Action,
  type Cloud,
  CloudFault,
  type Input,
  nextNumber,
  page,
  type StoredRollout,
  type StoredService,
} from "./state.ts";
import { taskDefinitionOf } from "./task-definitions.ts";
import { imageOf } from "./tasks.ts";

const invalid = (message: string) => new CloudFault("InvalidParameterException", message);

/** A canary or linear roll-out shifts traffic, so something must be there that can. */
const checkStrategy = ({ input }: StoredService, configuration: Input): void => {
  const strategy = configuration.strategy ?? "ROLLING";
  if (strategy === "ROLLING") return;
  const balancers = (input.loadBalancers ?? []) as readonly { readonly advancedConfiguration?: object }[];
  const canShift =
    input.serviceConnectConfiguration !== undefined || balancers.some((one) => one.advancedConfiguration);
  if (!canShift)
    throw invalid(
      `Deployment strategy ${strategy} requires a load balancer with advancedConfiguration or Service Connect.`,
    );
};

export const startRollout = (service: StoredService, input: Input, cloud: Cloud): void => {
  const configuration = { ...service.configuration, ...((input.deploymentConfiguration ?? {}) as Input) };
  checkStrategy(service, configuration);
  const to = taskDefinitionOf(cloud, String(input.taskDefinition ?? service.taskDefinition));
  if (to === undefined) throw new CloudFault("ClientException", "TaskDefinition not found.");
  service.configuration = configuration;
  const from = taskDefinitionNow(service, cloud);
  if (to.arn === from && input.forceNewDeployment !== true) return;
  const number = nextNumber(cloud.state, "rollouts");
  const arn = (what: string) => service.arn.replace(":service/", `:${what}/`).concat(`/${number}`);
  service.rollouts.push({
    arn: arn("service-deployment"),
    revision: arn("service-revision"),
    from,
    to: to.arn,
    startedAt: cloud.now(),
    configuration,
  });
  service.taskDefinition = to.arn;
};

const STAGES = ["SCALE_UP", "PRODUCTION_TRAFFIC_SHIFT", "BAKE_TIME", "CLEAN_UP"] as const;

/** By the time since it began. An alarm, or tasks that do not run, roll it back. */
const shown = (rollout: StoredRollout, cloud: Cloud) => {
  const { arn, to, revision, startedAt, configuration, stoppedAt } = rollout;
  const steps = cloud.stepMs === 0 ? STAGES.length + 1 : Math.floor((cloud.now() - startedAt) / cloud.stepMs);
  const image = imageOf(cloud, to);
  const { alarmNames = [] } = (configuration.alarms ?? {}) as { readonly alarmNames?: readonly string[] };
  const isAlarmed = cloud.alarmsFor(image) && alarmNames.length > 0;
  const isBroken = cloud.fateOf(image) !== "runs";
  const common = {
    serviceDeploymentArn: arn,
    startedAt: startedAt / 1_000,
    createdAt: startedAt / 1_000,
    targetServiceRevision: { arn: revision },
    deploymentConfiguration: configuration,
    alarms: {
      status: isAlarmed && steps >= 2 ? "TRIGGERED" : "MONITORING",
      alarmNames,
      triggeredAlarmNames: isAlarmed && steps >= 2 ? alarmNames : [],
    },
  };
  if (stoppedAt !== undefined) {
    const status = cloud.now() - stoppedAt >= cloud.stepMs ? "ROLLBACK_SUCCESSFUL" : "ROLLBACK_IN_PROGRESS";
    return { ...common, status, rollback: { reason: "Service deployment was stopped by a user." } };
  }
  // A canary or linear roll-out knows no circuit breaker: tasks that do not start are waited for.
  if (isBroken && configuration.strategy !== "ROLLING" && !isAlarmed)
    return { ...common, status: "IN_PROGRESS", lifecycleStage: "SCALE_UP" };
  if ((isAlarmed || isBroken) && steps >= 2) {
    const reason = isAlarmed
      ? `Service deployment rolled back because the CloudWatch alarm(s) ${alarmNames.join(", ")} went into ALARM state.`
      : "Service deployment rolled back because of the ECS deployment circuit breaker: tasks failed to start.";
    const status = steps >= 3 ? "ROLLBACK_SUCCESSFUL" : "ROLLBACK_IN_PROGRESS";
    return { ...common, status, statusReason: reason, rollback: { reason } };
  }
  if (steps >= STAGES.length) return { ...common, status: "SUCCESSFUL", lifecycleStage: "CLEAN_UP" };
  return { ...common, status: steps < 1 ? "PENDING" : "IN_PROGRESS", lifecycleStage: STAGES[Math.max(0, steps)] };
};

/** That which a rolled back service is back at. */
export const taskDefinitionNow = (service: StoredService, cloud: Cloud): string => {
  const last = service.rollouts.at(-1);
  if (last === undefined) return service.taskDefinition;
  return shown(last, cloud).status === "ROLLBACK_SUCCESSFUL" ? last.from : last.to;
};

const serviceNamed = ({ state }: Cloud, cluster: unknown, name: unknown): StoredService | undefined => {
  const key = `${String(cluster).split("/").at(-1)}/${String(name).split("/").at(-1)}`;
  return state.services[key];
};

const ListServiceDeployments: Action = ({ cluster, service, createdAt, nextToken }, cloud) => {
  const found = serviceNamed(cloud, cluster, service);
  if (found === undefined) throw new CloudFault("ServiceNotFoundException", "Service not found.");
  const after = Number((createdAt as { readonly after?: number } | undefined)?.after ?? 0);
  const since = found.rollouts.filter(({ startedAt }) => startedAt / 1_000 >= after).reverse();
  const { items, next } = page(since, nextToken, cloud);
  const brief = (one: StoredRollout) => {
    const { serviceDeploymentArn, status, startedAt } = shown(one, cloud);
    return { serviceDeploymentArn, status, startedAt, targetServiceRevisionArn: one.revision };
  };
  return { serviceDeployments: items.map(brief), nextToken: next };
};

const all = ({ state }: Cloud): readonly StoredRollout[] =>
  Object.values(state.services).flatMap(({ rollouts }) => rollouts);

const DescribeServiceDeployments: Action = (input, cloud) => {
  const wanted = (input.serviceDeploymentArns ?? []) as readonly string[];
  const found = all(cloud).filter(({ arn }) => wanted.includes(arn));
  const failures = wanted
    .filter((arn) => !found.some((one) => one.arn === arn))
    .map((arn) => ({ arn, reason: "MISSING" }));
  return { serviceDeployments: found.map((one) => shown(one, cloud)), failures };
};

const DescribeServiceRevisions: Action = (input, cloud) => {
  const wanted = (input.serviceRevisionArns ?? []) as readonly string[];
  const found = all(cloud).filter(({ revision }) => wanted.includes(revision));
  return {
    serviceRevisions: found.map(({ revision, to }) => ({ serviceRevisionArn: revision, taskDefinition: to })),
    failures: [],
  };
};

const StopServiceDeployment: Action = (input, cloud) => {
  const found = all(cloud).find(({ arn }) => arn === input.serviceDeploymentArn);
  if (found === undefined) throw new CloudFault("ServiceDeploymentNotFoundException", "Service deployment not found.");
  found.stoppedAt ??= cloud.now();
  return { serviceDeploymentArn: found.arn };
};

export const rolloutActions = {
  StopServiceDeployment,
  ListServiceDeployments,
  DescribeServiceDeployments,
  DescribeServiceRevisions,
};
