import type { RegisterTaskDefinitionCommandInput } from "@aws-sdk/client-ecs";
import { deriveTaskDefinition, TAKEN } from "../../../core/deploy/task-definition.ts";
import { EcsPlace } from "../../../core/sampling/ecs-place.ts";

const place = EcsPlace.parse({ cluster: "shop", service: "web", port: 8080 });

/** As DescribeTaskDefinition answers it, with all that RegisterTaskDefinition refuses. */
const described = {
  taskDefinitionArn: "arn:aws:ecs:eu-west-1:1:task-definition/web:7",
  family: "web",
  revision: 7,
  status: "ACTIVE",
  requiresAttributes: [{ name: "ecs.capability.task-eni" }],
  compatibilities: ["EC2", "FARGATE"],
  registeredAt: new Date(0),
  registeredBy: "arn:aws:iam::1:user/ana",
  deregisteredAt: undefined,
  networkMode: "awsvpc",
  requiresCompatibilities: ["FARGATE"],
  cpu: "512",
  memory: "1024",
  taskRoleArn: "arn:aws:iam::1:role/task",
  executionRoleArn: "arn:aws:iam::1:role/execution",
  volumes: [{ name: "scratch" }],
  placementConstraints: [],
  runtimePlatform: { cpuArchitecture: "ARM64" },
  enableFaultInjection: false,
  containerDefinitions: [
    {
      name: "app",
      image: "web:1",
      cpu: 256,
      memory: 900,
      portMappings: [{ containerPort: 8080 }],
      environment: [
        { name: "MODE", value: "live" },
        { name: "REGION", value: "eu" },
      ],
      secrets: [{ name: "DB", valueFrom: "arn:secret" }],
      logConfiguration: { logDriver: "awslogs" },
      healthCheck: { command: ["CMD", "true"] },
    },
    { name: "metrics", image: "metrics:3", environment: [] },
  ],
};

const derive = (change: object, over: object = {}, at: object = {}) =>
  deriveTaskDefinition(
    { ...described, ...over },
    { family: "overlay", change, place: { ...place, ...at }, environment: { SHADOW_MODE: "true" } },
  );

// biome-ignore lint/suspicious/noExplicitAny: what is derived is whatever the test then says it is
const definitionOf = (...given: Parameters<typeof derive>): any => {
  const derived = derive(...given);
  if (!derived.ok) throw new Error(derived.reason);
  return derived.definition;
};

test("only image, command and variables of the changed container are others; what AWS refuses is left out", () => {
  const { containerDefinitions, ...definition } = definitionOf({
    image: "web:2",
    command: ["serve"],
    environment: { MODE: "new", DEBUG: "1" },
  });
  expect(definition).toEqual({
    family: "overlay",
    networkMode: "awsvpc",
    requiresCompatibilities: ["FARGATE"],
    cpu: "512",
    memory: "1024",
    taskRoleArn: described.taskRoleArn,
    executionRoleArn: described.executionRoleArn,
    volumes: described.volumes,
    placementConstraints: [],
    runtimePlatform: described.runtimePlatform,
    enableFaultInjection: false,
  });
  const [app, metrics] = described.containerDefinitions;
  expect(containerDefinitions).toEqual([
    {
      ...app,
      image: "web:2",
      command: ["serve"],
      environment: [
        { name: "REGION", value: "eu" },
        { name: "MODE", value: "new" },
        { name: "DEBUG", value: "1" },
        { name: "SHADOW_MODE", value: "true" },
      ],
    },
    metrics,
  ]);
});

/** All that RegisterTaskDefinition takes, by the types of its client; a field that is new there fails to compile here. */
const REGISTERED = {
  taskRoleArn: "kept",
  executionRoleArn: "kept",
  networkMode: "kept",
  volumes: "kept",
  placementConstraints: "kept",
  requiresCompatibilities: "kept",
  cpu: "kept",
  memory: "kept",
  pidMode: "kept",
  ipcMode: "kept",
  proxyConfiguration: "kept",
  inferenceAccelerators: "kept",
  ephemeralStorage: "kept",
  runtimePlatform: "kept",
  enableFaultInjection: "kept",
  family: "ours",
  containerDefinitions: "ours",
  tags: "ours",
} satisfies Record<keyof RegisterTaskDefinitionCommandInput, "kept" | "ours">;

test("all that a task definition can be registered with is kept", () => {
  const kept = Object.entries(REGISTERED).flatMap(([field, whose]) => (whose === "kept" ? [field] : []));
  expect([...TAKEN].sort()).toEqual(kept.sort());
});

test("a control overlay is the baseline's own image under SHADOW_MODE", () => {
  const { containerDefinitions } = definitionOf({});
  expect(containerDefinitions[0].image).toBe("web:1");
  expect(containerDefinitions[0].environment).toContainEqual({ name: "SHADOW_MODE", value: "true" });
});

test("a task with a size of its own is resized whole, and the container's former limits go", () => {
  const { cpu, memory, containerDefinitions } = definitionOf({ cpu: 1024, memoryMiB: 2048 });
  expect([cpu, memory]).toEqual(["1024", "2048"]);
  expect(containerDefinitions[0]).not.toHaveProperty("memory");
  expect(containerDefinitions[0]).not.toHaveProperty("cpu");
});

test("where the task has no size, the container's is changed", () => {
  const resized = definitionOf({ cpu: 1024, memoryMiB: 2048 }, { cpu: undefined, memory: undefined });
  expect(resized.containerDefinitions[0]).toMatchObject({ cpu: 1024, memory: 2048 });
  expect(resized).not.toHaveProperty("cpu");
});

test.each([
  ["bridge networking", { networkMode: "bridge" }, {}, /network mode bridge/, /awsvpc/],
  [
    "a container that is not there",
    {},
    { container: "web" },
    /no container "web", only app, metrics/,
    /ecs\.container/,
  ],
  ["several containers that may be meant", {}, { port: 1 }, /more than one .* app, metrics/, /ecs\.container/],
])("%s is refused with what to do", (_title, over, at, reason, next) => {
  expect(derive({}, over, at)).toEqual({
    ok: false,
    reason: expect.stringMatching(reason),
    next: expect.stringMatching(next),
  });
});
