import type { RegisterTaskDefinitionCommandInput } from "@aws-sdk/client-ecs";
import type { GuardPlace } from "../../../core/deploy/guard-container.ts";
import { deriveTaskDefinition, TAKEN } from "../../../core/deploy/task-definition.ts";
import { Collaborators } from "../../../core/sampling/collaborators.ts";
import { EcsPlace } from "../../../core/sampling/ecs-place.ts";
import { parseGuardEnv } from "../../../guard/env.ts";

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

const derive = (change: object, over: object = {}, at: object = {}, taskRoleArn?: string) =>
  deriveTaskDefinition(
    { ...described, ...over },
    { family: "overlay", change, place: { ...place, ...at }, taskRoleArn, environment: { SHADOW_MODE: "true" } },
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

test("the task role is the one that is given, also where the baseline has none; the execution role stays", () => {
  const given = "arn:aws:iam::1:role/overlays";
  for (const taskRoleArn of [described.taskRoleArn, undefined]) {
    const definition = definitionOf({}, { taskRoleArn }, {}, given);
    expect([definition.taskRoleArn, definition.executionRoleArn]).toEqual([given, described.executionRoleArn]);
  }
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

const guardPlace: GuardPlace = {
  images: { ARM64: "guard:arm", X86_64: "guard:x86" },
  log: { group: "guards", region: "eu-west-1" },
};
const collaborators = Collaborators.parse({
  payments: { url: "https://payments.internal/v1", env: "PAYMENTS_URL", allow: ["POST /search"] },
  mail: { url: "http://mail.internal", env: "MAIL_URL", mode: "replace", answers: [{ on: "POST /messages" }] },
});
// biome-ignore lint/suspicious/noExplicitAny: what is derived is whatever the test then says it is
const guarded = (change: object = {}, over: object = {}): any => {
  const derived = deriveTaskDefinition(
    { ...described, ...over },
    { family: "overlay", change, place, guard: { collaborators, place: guardPlace } },
  );
  if (!derived.ok) throw new Error(derived.reason);
  return derived.definition;
};

test("a guard stands beside the service, which gets the guard's addresses in place of the collaborators'", () => {
  const containerDefinitions = [
    { ...described.containerDefinitions[0], portMappings: [{ containerPort: 8080 }, { containerPort: 19_100 }] },
    described.containerDefinitions[1],
  ];
  const { containerDefinitions: made } = guarded(
    { environment: { PAYMENTS_URL: "http://elsewhere" } },
    { containerDefinitions },
  );
  const [app, metrics, guard] = made;
  const { COLLABORATORS, ...variables } = Object.fromEntries(
    guard.environment.map(({ name, value }: { name: string; value: string }) => [name, value]),
  );
  const env = parseGuardEnv({ COLLABORATORS, ...variables });
  const ports = Object.values(env.COLLABORATORS).map(({ port }) => port);
  expect([...new Set(ports)]).toHaveLength(2);
  expect(ports).not.toContain(19_100);
  expect(env).toMatchObject({
    HOST: "127.0.0.1",
    COLLABORATORS: { payments: { allow: ["POST /search"] }, mail: { mode: "replace" } },
  });
  expect(app.environment).toEqual(
    expect.arrayContaining([
      { name: "PAYMENTS_URL", value: `http://127.0.0.1:${env.COLLABORATORS.payments?.port}` },
      { name: "MAIL_URL", value: `http://127.0.0.1:${env.COLLABORATORS.mail?.port}` },
    ]),
  );
  expect(app.environment.filter(({ name }: { name: string }) => name === "PAYMENTS_URL")).toHaveLength(1);
  expect(app.dependsOn).toEqual([{ containerName: "shadowgraph-guard", condition: "HEALTHY" }]);
  expect(metrics).toEqual(described.containerDefinitions[1]);
  expect(guard).toMatchObject({
    name: "shadowgraph-guard",
    image: "guard:arm",
    essential: true,
    user: "1000:1000",
    readonlyRootFilesystem: true,
    logConfiguration: { options: { "awslogs-group": "guards", "awslogs-region": "eu-west-1" } },
  });
  expect(guard.healthCheck.command.at(-1)).toContain(`127.0.0.1:${env.ADMIN_PORT}/healthz`);
  expect(guard).not.toHaveProperty("portMappings");
  expect(guard).not.toHaveProperty("memory");
});

test("the guard's image is that of the baseline's processor; where tasks have no size it has one of its own", () => {
  const over = { runtimePlatform: undefined, cpu: undefined, memory: undefined };
  expect(guarded({}, over).containerDefinitions.at(-1)).toMatchObject({
    image: "guard:x86",
    memory: expect.any(Number),
  });
});

test("an address that was a secret is one no more: ECS takes no variable twice", () => {
  const [app, metrics] = described.containerDefinitions;
  const secrets = [
    { name: "PAYMENTS_URL", valueFrom: "arn:a" },
    { name: "DB", valueFrom: "arn:b" },
  ];
  const { containerDefinitions: made } = guarded({}, { containerDefinitions: [{ ...app, secrets }, metrics] });
  expect(made[0].secrets).toEqual([{ name: "DB", valueFrom: "arn:b" }]);
});

test("a container of the guard's name is not written over", () => {
  const containerDefinitions = [...described.containerDefinitions, { name: "shadowgraph-guard", image: "theirs" }];
  expect(() => guarded({}, { containerDefinitions })).toThrow("has a container shadowgraph-guard already");
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
