import {
  CreateServiceCommand,
  type CreateServiceCommandInput,
  DeleteServiceCommand,
  DeleteTaskDefinitionsCommand,
  DeregisterTaskDefinitionCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  type ECSClient,
  type Failure,
  ListTaskDefinitionsCommand,
  ListTasksCommand,
  RegisterTaskDefinitionCommand,
  type RegisterTaskDefinitionCommandInput,
  type Service,
  type Tag,
  type TaskDefinition,
  type TaskDefinitionStatus,
  UpdateServiceCommand,
  type UpdateServiceCommandInput,
} from "@aws-sdk/client-ecs";
import { isNamed } from "./fault.ts";

/** AWS answers with status 200 and a list of failures: here it is thrown like every other refusal. */
export class EcsRefusal extends Error {
  override readonly name = "EcsRefusal";
}

const MAX_STOPPED = 5;
/** DeleteTaskDefinitions takes no more. */
const MAX_DELETED_AT_ONCE = 10;

/** The few verbs that we need of ECS. Each can be called twice; faults are those of the SDK. */
export interface Ecs {
  /** Undefined where ECS knows none, or only one that was deleted. */
  service(cluster: string, service: string): Promise<Service | undefined>;
  taskDefinition(arn: string): Promise<{ readonly definition: TaskDefinition; readonly tags: readonly Tag[] }>;
  /** Of one family, the newest first. */
  taskDefinitions(family: string, status: TaskDefinitionStatus): Promise<readonly string[]>;
  register(input: RegisterTaskDefinitionCommandInput): Promise<string>;
  createService(input: CreateServiceCommandInput): Promise<void>;
  updateService(input: UpdateServiceCommandInput): Promise<Service | undefined>;
  /** Succeeds where there is none. */
  scaleToZero(cluster: string, service: string): Promise<void>;
  /** Succeeds where there is none. */
  deleteService(cluster: string, service: string): Promise<void>;
  /** Why tasks of the service ended of late. */
  stoppedReasons(cluster: string, service: string): Promise<readonly string[]>;
  /** All revisions of a family; each is deregistered, then deleted. */
  dropTaskDefinitions(family: string): Promise<void>;
}

/** What those calls throw where the service, or its cluster, is not there any more. */
const isAbsent = (error: unknown): boolean =>
  isNamed(error, "ServiceNotFoundException", "ServiceNotActiveException", "ClusterNotFoundException");

export const createEcs = (ecs: ECSClient): Ecs => {
  const list = async (family: string, status: TaskDefinitionStatus): Promise<readonly string[]> => {
    const found: string[] = [];
    let nextToken: string | undefined;
    do {
      const page = await ecs.send(
        new ListTaskDefinitionsCommand({ familyPrefix: family, status, sort: "DESC", nextToken }),
      );
      found.push(...(page.taskDefinitionArns ?? []));
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    return found;
  };

  const service = async (cluster: string, name: string): Promise<Service | undefined> => {
    try {
      const { services = [], failures } = await ecs.send(new DescribeServicesCommand({ cluster, services: [name] }));
      throwUnlessMissing(failures);
      return services.find(({ status }) => status !== "INACTIVE");
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw error;
    }
  };

  return {
    service,
    taskDefinitions: list,

    async taskDefinition(arn) {
      const command = new DescribeTaskDefinitionCommand({ taskDefinition: arn, include: ["TAGS"] });
      const { taskDefinition, tags = [] } = await ecs.send(command);
      if (taskDefinition === undefined) throw new EcsRefusal(`ECS has no task definition ${arn}`);
      return { definition: taskDefinition, tags };
    },

    async register(input) {
      const { taskDefinition } = await ecs.send(new RegisterTaskDefinitionCommand(input));
      return taskDefinition?.taskDefinitionArn ?? "";
    },

    async createService(input) {
      try {
        await ecs.send(new CreateServiceCommand(input));
      } catch (error) {
        // Made before, and changed since, such as by autoscaling: it is ours by its name.
        if (!isNamed(error, "InvalidParameterException") || !/not idempotent/i.test(String(error))) throw error;
      }
    },

    updateService: async (input) => (await ecs.send(new UpdateServiceCommand(input))).service,

    async scaleToZero(cluster, name) {
      try {
        await ecs.send(new UpdateServiceCommand({ cluster, service: name, desiredCount: 0 }));
      } catch (error) {
        if (!isAbsent(error)) throw error;
      }
    },

    async deleteService(cluster, name) {
      try {
        await ecs.send(new DeleteServiceCommand({ cluster, service: name, force: true }));
      } catch (error) {
        if (!isAbsent(error)) throw error;
      }
    },

    async stoppedReasons(cluster, name) {
      const { taskArns = [] } = await ecs.send(
        new ListTasksCommand({ cluster, serviceName: name, desiredStatus: "STOPPED", maxResults: MAX_STOPPED }),
      );
      if (taskArns.length === 0) return [];
      const { tasks = [] } = await ecs.send(new DescribeTasksCommand({ cluster, tasks: taskArns }));
      return tasks.flatMap((task) => {
        const ofContainers = (task.containers ?? []).flatMap(({ name: container, reason, exitCode }) => {
          if (reason === undefined && (exitCode ?? 0) === 0) return [];
          const code = exitCode === undefined ? "" : ` exit code ${exitCode}`;
          return [`${container}:${code}${reason === undefined ? "" : ` ${reason}`}`];
        });
        const why = [task.stoppedReason ?? "", ...ofContainers].filter((text) => text !== "").join("; ");
        return why === "" ? [] : [why];
      });
    },

    async dropTaskDefinitions(family) {
      for (const taskDefinition of await list(family, "ACTIVE"))
        await ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition }));
      const inactive = [...(await list(family, "INACTIVE"))];
      while (inactive.length > 0) {
        const taskDefinitions = inactive.splice(0, MAX_DELETED_AT_ONCE);
        const { failures } = await ecs.send(new DeleteTaskDefinitionsCommand({ taskDefinitions }));
        throwUnlessMissing(failures);
      }
    },
  };
};

const throwUnlessMissing = (failures: readonly Failure[] | undefined): void => {
  const other = failures?.find(({ reason }) => reason !== "MISSING");
  if (other === undefined) return;
  const detail = other.detail === undefined ? "" : `: ${other.detail}`;
  throw new EcsRefusal(`${other.reason ?? "refused"} for ${other.arn ?? "a resource"}${detail}`);
};
