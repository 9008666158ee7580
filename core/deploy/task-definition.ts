import type { Change } from "../sampling/changed-service.ts";
import type { Collaborators } from "../sampling/collaborators.ts";
import type { EcsPlace } from "../sampling/ecs-place.ts";
import { GUARD_NAME, type GuardedTask, type GuardPlace, guardContainer } from "./guard-container.ts";

interface Container {
  readonly name?: string | undefined;
  readonly image?: string | undefined;
  readonly essential?: boolean | undefined;
  readonly environment?: readonly { readonly name?: string | undefined; readonly value?: string | undefined }[];
  readonly secrets?: readonly { readonly name?: string | undefined }[] | undefined;
  readonly dependsOn?: readonly object[] | undefined;
  readonly portMappings?: readonly { readonly containerPort?: number | undefined }[] | undefined;
}

/** As DescribeTaskDefinition answers it; what is not named here passes as it is. */
export interface Described {
  readonly family?: string | undefined;
  readonly networkMode?: string | undefined;
  readonly cpu?: string | undefined;
  readonly memory?: string | undefined;
  readonly containerDefinitions?: readonly object[] | undefined;
  readonly runtimePlatform?: { readonly cpuArchitecture?: string | undefined } | undefined;
}

/** What RegisterTaskDefinition takes; all else that DescribeTaskDefinition answers is refused by it. */
export const TAKEN = [
  "taskRoleArn",
  "executionRoleArn",
  "networkMode",
  "volumes",
  "placementConstraints",
  "requiresCompatibilities",
  "cpu",
  "memory",
  "pidMode",
  "ipcMode",
  "proxyConfiguration",
  "inferenceAccelerators",
  "ephemeralStorage",
  "runtimePlatform",
  "enableFaultInjection",
] as const;

export type Derived =
  | { readonly ok: true; readonly definition: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly reason: string; readonly next: string };

export interface Derivation {
  readonly family: string;
  readonly change: Change;
  readonly place: EcsPlace;
  /** In place of the baseline's. */
  readonly taskRoleArn?: string | undefined;
  /** Beside what `change` sets. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Stands between the changed container and its collaborators. */
  readonly guard?: { readonly collaborators: Collaborators; readonly place: GuardPlace } | undefined;
}

/**
 * The baseline's task definition with one container changed. Secrets, execution role, volumes, logging and every other container stay
 * as they are, and so does the task role unless another is given. `cpu` and `memoryMiB` are those of the task where the task has a size of its own (Fargate), else of the container.
 */
export const deriveTaskDefinition = (
  described: Described,
  { family, change, place, taskRoleArn, environment = {}, guard }: Derivation,
): Derived => {
  const { networkMode, containerDefinitions = [] } = described;
  if (networkMode !== "awsvpc")
    return refused(
      `the task definition of ${place.service} has the network mode ${networkMode ?? "bridge"}`,
      "overlays need awsvpc: each task has an address of its own",
    );
  const containers = containerDefinitions as readonly Container[];
  const changed = containerOf(containers, place);
  if (typeof changed === "string") return refused(changed, "name it under `ecs.container` in baseline.yaml");
  const { image, command } = change;
  const isTaskSized = described.cpu !== undefined && described.memory !== undefined;
  const isResized = change.cpu !== undefined || change.memoryMiB !== undefined;
  if (guard !== undefined && containers.some(({ name }) => name === GUARD_NAME))
    return refused(
      `the task definition of ${place.service} has a container ${GUARD_NAME} already`,
      "give it another name",
    );
  const guarded =
    guard &&
    guardContainer(guard.collaborators, guard.place, { ...taskOf(described, containers), family, isTaskSized });
  const container = {
    // The task's own size bounds it: limits of the former size would contradict the new one.
    ...(isTaskSized && isResized ? without(changed, "cpu", "memory", "memoryReservation") : changed),
    ...(isTaskSized ? {} : { ...given("cpu", change.cpu), ...given("memory", change.memoryMiB) }),
    ...given("image", image),
    ...given("command", command),
    environment: environmentOf(changed, { ...change.environment, ...environment, ...guarded?.environment }),
    ...(guarded && behind(changed, guarded.environment)),
  };
  const kept = TAKEN.flatMap((field) => {
    const value = (described as Record<string, unknown>)[field];
    return value === undefined ? [] : [[field, value] as const];
  });
  const definition = {
    ...Object.fromEntries(kept),
    ...(isTaskSized ? { ...given("cpu", text(change.cpu)), ...given("memory", text(change.memoryMiB)) } : {}),
    ...given("taskRoleArn", taskRoleArn),
    family,
    containerDefinitions: [
      ...containers.map((one) => (one === changed ? container : one)),
      ...(guarded ? [guarded.container] : []),
    ],
  };
  return { ok: true, definition };
};

const taskOf = (
  { runtimePlatform }: Described,
  containers: readonly Container[],
): Pick<GuardedTask, "processor" | "takenPorts"> => ({
  processor: runtimePlatform?.cpuArchitecture,
  takenPorts: containers.flatMap(({ portMappings = [] }) =>
    portMappings.flatMap(({ containerPort = [] }) => containerPort),
  ),
});

/** It starts once the guard is well, and ends before it. ECS takes no variable that is a secret as well. */
const behind = (
  { dependsOn = [], secrets }: Container,
  addresses: Readonly<Record<string, string>>,
): Partial<Container> => ({
  dependsOn: [...dependsOn, { containerName: GUARD_NAME, condition: "HEALTHY" }],
  ...(secrets && { secrets: secrets.filter(({ name }) => name === undefined || !Object.hasOwn(addresses, name)) }),
});

const refused = (reason: string, next: string): Derived => ({ ok: false, reason, next });

/** The container, or what stands in the way. */
const containerOf = (containers: readonly Container[], { container, port, service }: EcsPlace): Container | string => {
  const names = containers.map(({ name }) => name).join(", ");
  if (container !== undefined)
    return (
      containers.find(({ name }) => name === container) ??
      `the task definition of ${service} has no container "${container}", only ${names}`
    );
  const serving = containers.filter((one) => one.portMappings?.some(({ containerPort }) => containerPort === port));
  const among = serving.length > 0 ? serving : containers;
  return among.length === 1 ? among[0]! : `more than one container of ${service} may be meant: ${names}`;
};

const environmentOf = ({ environment = [] }: Container, over: Readonly<Record<string, string>>) => [
  ...environment.filter(({ name }) => name === undefined || !Object.hasOwn(over, name)),
  ...Object.entries(over).map(([name, value]) => ({ name, value })),
];

const given = (field: string, value: unknown): Record<string, unknown> =>
  value === undefined ? {} : { [field]: value };

const text = (value: number | undefined): string | undefined => (value === undefined ? undefined : String(value));

const without = (container: Container, ...fields: readonly string[]): Container =>
  Object.fromEntries(Object.entries(container).filter(([field]) => !fields.includes(field)));
