import { CreateServiceCommand } from "@aws-sdk/client-servicediscovery";
import { stateOf } from "../../../core/deploy/deployment.ts";
import { reasonOf } from "../../../core/deploy/next-step.ts";
import { planOf } from "../../../core/sampling/environment.ts";
import { sweepDeployments } from "../../../lambdas/deploy/sweep.ts";
import { apiUnderTest, type Loose } from "../api/api-under-test.ts";
import { memoryPorts } from "../api/memory-ports.ts";
import {
  baselineFile,
  type DeployingUnderTest,
  deployingUnderTest,
  overlayFile,
  PLACE,
} from "./deploying-under-test.ts";

let world: DeployingUnderTest;
const start = async (services: readonly string[] = ["web"], file: Loose = baselineFile(services)) => {
  world = await deployingUnderTest(services);
  expect((await world.api.call("POST", "/baselines", { file })).status).toBe(201);
};
const post = (over: object = {}, more: object = {}) =>
  world.api.call("POST", "/overlays", { baseline: "shop", file: overlayFile(["web"], over), ...more });
const show = async (): Promise<Loose> => (await world.api.call("GET", "/overlays/pr-7")).body;
const enable = () => world.api.call("PUT", "/environments/pr-7/shadow", { enabled: true });
const sent = (call: string) =>
  world.cloud.bodies.filter(({ target }) => target === call).map(({ body }) => body as Loose);

beforeEach(() => start());

test("an overlay is answered at once as deploying, and is ready later, with the addresses of both lanes", async () => {
  const { status, body } = await post();
  expect([status, body.deployment.state]).toEqual([202, "deploying"]);
  await world.settle();
  const overlay = await show();
  expect(overlay.deployment).toMatchObject({ state: "ready", reason: null, generation: 1 });
  expect(overlay.addresses.web.candidate).toMatch(/^http:\/\/web-candidate-[0-9a-f]{8}\.overlays\.internal:8080$/);
  expect(overlay.addresses.web.secondary).toMatch(/^http:\/\/web-secondary-/);
  expect(overlay.deployment.parts.map((part: Loose) => [part.lane, part.progress.running, part.url])).toEqual([
    ["candidate", 1, overlay.addresses.web.candidate],
    ["secondary", 1, overlay.addresses.web.secondary],
  ]);
});

test("it can be mirrored to only once it is ready; the control overlay is then the secondary", async () => {
  await post();
  const refused = await enable();
  expect([refused.status, refused.body.code]).toEqual([422, "not-allowed"]);
  expect(refused.body.detail).toMatch(/deploying, not ready.*overlay show pr-7/);
  await world.settle();
  expect((await enable()).status).toBe(200);
  const [baseline] = await world.ports.catalog.baselines();
  const { entries } = planOf(baseline!, await world.ports.catalog.overlays(), "web");
  const { addresses } = await show();
  expect(entries).toMatchObject([
    { control: "control", candidate: { url: addresses.web.candidate }, secondary: { url: addresses.web.secondary } },
  ]);
});

test("the overlay's service runs in the overlays' network, with the groups that are listed, and is tagged", async () => {
  await post({ allowSecurityGroups: ["sg-db"], desiredCount: 2, secondary: "none", cpu: 1024, memoryMiB: 2048 });
  await world.settle();
  const created = sent("ECS.CreateService").at(-1);
  expect(created).toMatchObject({
    cluster: "shop",
    desiredCount: 2,
    launchType: "FARGATE",
    deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: false } },
    networkConfiguration: {
      awsvpcConfiguration: {
        subnets: ["subnet-a", "subnet-b"],
        securityGroups: ["sg-overlay", "sg-db"],
        assignPublicIp: "DISABLED",
      },
    },
    propagateTags: "SERVICE",
  });
  expect(created).not.toHaveProperty("loadBalancers");
  expect(created.clientToken.length).toBeLessThanOrEqual(36);
  expect(created.tags).toContainEqual({ key: "shadowgraph:overlay", value: (await show()).id });
  const registered = sent("ECS.RegisterTaskDefinition").at(-1);
  expect(registered).toMatchObject({ cpu: "1024", memory: "2048", executionRoleArn: "arn:aws:iam::1:role/execution" });
  expect(registered.family).toBe(created.serviceName);
  expect(registered.containerDefinitions[0]).toMatchObject({ image: "shop/web:2", secrets: [{ name: "DB_PASSWORD" }] });
});

const rolesOf = () =>
  Object.values(world.cloud.state.taskDefinitions).flatMap(({ family, input }) =>
    family.startsWith("shadowgraph-") ? [input.taskRoleArn] : [],
  );

test("both lanes run under the overlays' role, not the baseline's, and it is said which", async () => {
  await post();
  expect((await show()).deployment.taskRole).toBeNull();
  await world.settle();
  expect(rolesOf()).toEqual([PLACE.OVERLAY_TASK_ROLE, PLACE.OVERLAY_TASK_ROLE]);
  expect((await show()).deployment.taskRole).toBe(PLACE.OVERLAY_TASK_ROLE);
});

test("the word baseline leaves both lanes the role of the baseline", async () => {
  world = await deployingUnderTest(["web"], { ...PLACE, OVERLAY_TASK_ROLE: "baseline" });
  await world.api.call("POST", "/baselines", { file: baselineFile(["web"]) });
  await post();
  await world.settle();
  expect(rolesOf()).toEqual(["arn:aws:iam::1:role/task", "arn:aws:iam::1:role/task"]);
  expect((await show()).deployment.taskRole).toBe("baseline");
});

test("an overlay that is being made keeps its role while the stack gets another; the next generation has the new one", async () => {
  await post();
  const throttled = { status: 400, name: "ThrottlingException", message: "Rate exceeded" };
  const registering = () => world.cloud.calls.filter((call) => call === "ECS.RegisterTaskDefinition").length;
  const before = registering();
  world.cloud.refuse = (call) =>
    call === "ECS.RegisterTaskDefinition" && registering() > before + 1 ? throttled : undefined;
  await world.settle(2);
  expect(rolesOf()).toHaveLength(1);
  world.cloud.refuse = undefined;
  Object.assign(world.sweeping, { taskRole: "arn:aws:iam::1:role/another" });
  await world.settle();
  expect(new Set(rolesOf())).toEqual(new Set([PLACE.OVERLAY_TASK_ROLE]));
  await world.api.call("POST", "/overlays", {
    baseline: "shop",
    file: { ...overlayFile(["web"]), version: "3" },
    replace: true,
  });
  await world.settle();
  expect(rolesOf().slice(-2)).toEqual(Array(2).fill("arn:aws:iam::1:role/another"));
});

test("what was begun before roles were noted goes on under the baseline's, and is removed as any other", async () => {
  await post();
  await world.settle();
  const stored = (await world.deployment())!;
  const { taskRole: _taskRole, ...old } = stored;
  await world.ports.deployments.put({ ...old, step: old.step + 1 });
  await sweepDeployments(world.sweeping);
  expect((await show()).deployment).toMatchObject({ state: "ready", taskRole: "baseline" });
  await world.api.call("DELETE", "/overlays/pr-7");
  await world.settle();
  expect(await world.ports.deployments.all()).toEqual([]);
});

test("a group that the stack does not allow is refused, with those that it does; with none, where to say so", async () => {
  const other = await post({ allowSecurityGroups: ["sg-db", "sg-prod"] });
  expect([other.status, other.body.faults]).toEqual([
    422,
    [{ field: "services.web.allowSecurityGroups.1", message: 'got "sg-prod"; allowed: sg-db, sg-cache' }],
  ]);
  const world = apiUnderTest({ ports: { ...memoryPorts(), deployQueue: { ask: async () => undefined } } });
  await world.call("POST", "/baselines", { file: baselineFile(["web"]) });
  const file = overlayFile(["web"], { allowSecurityGroups: ["sg-db"] });
  const none = await world.call("POST", "/overlays", { baseline: "shop", file });
  expect(none.body.faults[0].message).toMatch(
    /got "sg-db"; none is allowed.*allowSecurityGroups in shadowgraph.config/,
  );
});

test.each([
  ["an image that is not there", "cannotPull", /CannotPullContainerError.*shop\/web:2/, /image and its tag exist/],
  ["a task that crashes", "crashes", /Essential container in task exited.*app: exit code 1/, /container's own log/],
  [
    "no capacity",
    "noCapacity",
    /not steady within 15 minutes, 0 of 1 tasks run.*Capacity is unavailable/,
    /other zones/,
  ],
] as const)(
  "%s ends as failed, with the reason and the next step, and nothing of it runs on",
  async (_title, fate, reason, next) => {
    world.cloud.fates["shop/web:2"] = fate;
    await post({ secondary: "none" });
    expect(await world.settle()).toBe(true);
    const { deployment } = await show();
    expect(deployment.state).toBe("failed");
    expect(deployment.reason).toMatch(reason);
    expect(deployment.parts[0].failure).toEqual({
      reason: expect.stringMatching(reason),
      next: expect.stringMatching(next),
    });
    expect(deployment.parts[0].failure.next).toMatch(/--replace/);
    expect(sent("ECS.UpdateService").at(-1)).toMatchObject({ desiredCount: 0 });
    const refused = await enable();
    expect(refused.body.detail).toMatch(/failed, not ready/);
  },
);

test.each(["web", "cart"])(
  "where %s fails, the other service is scaled to zero as well, and says why",
  async (broken) => {
    await start(["web", "cart"]);
    world.cloud.fates[`shop/${broken}:2`] = "crashes";
    await world.api.call("POST", "/overlays", { baseline: "shop", file: overlayFile(["web", "cart"]) });
    expect(await world.settle()).toBe(true);
    const { deployment } = await show();
    expect(deployment).toMatchObject({ state: "failed", reason: expect.stringContaining(`${broken} (candidate): `) });
    const others = deployment.parts.filter(({ failure }: Loose) => failure === null);
    expect(others.map(({ phase, note }: Loose) => [phase, note])).toEqual(
      Array(3).fill(["failed", "scaled to zero, since another part of the overlay failed"]),
    );
    const counts = Object.values(world.cloud.state.services)
      .filter(({ name }) => name.startsWith("shadowgraph-"))
      .map(({ desired }) => desired);
    expect(new Set(counts)).toEqual(new Set([0]));
  },
);

test("a service that a late call makes after all was scaled to zero is scaled to zero by the schedule", async () => {
  world.cloud.fates["shop/web:2"] = "crashes";
  await post();
  await world.settle();
  const late = Object.values(world.cloud.state.services).find(({ name }) => name.includes("web-secondary"))!;
  Object.assign(late, { status: "ACTIVE", desired: 1 });
  await sweepDeployments(world.sweeping);
  expect(late.desired).toBe(0);
});

test("a failed overlay is made anew by --replace of the same file, and its first try is removed", async () => {
  world.cloud.fates["shop/web:2"] = "crashes";
  await post({ secondary: "none" });
  await world.settle();
  delete world.cloud.fates["shop/web:2"];
  const again = await post({ secondary: "none" }, { replace: true });
  expect(again.body.deployment).toMatchObject({ state: "deploying", generation: 2 });
  await world.settle();
  expect((await show()).deployment).toMatchObject({ state: "ready", parts: [{ phase: "ready" }] });
  expect(Object.values(world.cloud.state.services).map(({ name, status }) => [name.at(-1), status])).toEqual([
    ["b", "ACTIVE"],
    ["1", "INACTIVE"],
    ["2", "ACTIVE"],
  ]);
});

const REFUSALS: readonly [string, string, { status: number; name: string; message: string }, RegExp, RegExp][] = [
  [
    "a missing right",
    "ECS.CreateService",
    { status: 400, name: "AccessDeniedException", message: "not authorized to perform: iam:PassRole" },
    /AccessDeniedException.*PassRole/,
    /docs\/overlays\.md/,
  ],
  [
    "a client fault",
    "ECS.RegisterTaskDefinition",
    { status: 400, name: "ClientException", message: "No Fargate configuration exists for given values." },
    /No Fargate configuration/,
    /events/,
  ],
  [
    "a namespace that is gone",
    "CloudMap.CreateService",
    { status: 400, name: "NamespaceNotFound", message: "ns-1 not found" },
    /NamespaceNotFound/,
    /./,
  ],
];
test.each(REFUSALS)("%s ends as failed in the words of AWS", async (_title, call, refusal, reason, next) => {
  await post({ secondary: "none" });
  world.cloud.refuse = (asked) => (asked === call ? refusal : undefined);
  await world.settle();
  const { deployment } = await show();
  expect(deployment.state).toBe("failed");
  expect(deployment.parts[0].failure).toEqual({
    reason: expect.stringMatching(reason),
    next: expect.stringMatching(next),
  });
});

test("a baseline service that ECS does not know is told as such", async () => {
  world.cloud.state.services["shop/web"]!.status = "INACTIVE";
  await post({ secondary: "none" });
  await world.settle();
  expect((await show()).deployment.reason).toMatch(
    /no service web in the cluster shop: MISSING.*`ecs` in baseline\.yaml/,
  );
});

test.each([
  ["throttling", { status: 400, name: "ThrottlingException", message: "Rate exceeded" }],
  ["a fault of AWS", { status: 500, name: "ServerException", message: "Service Unavailable" }],
])("%s stays in its state, says so, and goes on when it is over", async (_title, refusal) => {
  await post({ secondary: "none" });
  world.cloud.refuse = (call) => (call === "ECS.CreateService" ? refusal : undefined);
  expect(await world.settle(5)).toBe(false);
  const { deployment } = await show();
  expect(deployment).toMatchObject({ state: "deploying", reason: expect.stringContaining(refusal.message) });
  world.cloud.refuse = undefined;
  await world.settle();
  expect((await show()).deployment).toMatchObject({ state: "ready", reason: null });
});

test("when its time is over it is shut down by the schedule, switched off first; the overlay and its run stay", async () => {
  await start();
  await world.api.call("POST", "/overlays", {
    baseline: "shop",
    file: { ...overlayFile(["web"]), ttlHours: 2 },
  });
  await world.settle();
  await enable();
  const { run, deployment } = await show();
  expect(deployment.expiresAt - run.startedAt).toBe(2 * 3_600_000);
  world.cloud.clock.now = deployment.expiresAt;
  const seen: (boolean | undefined)[] = [];
  world.watch((when, call) => {
    if (when === "before" && call === "ECS.UpdateService") void show().then(({ shadow }) => seen.push(shadow.enabled));
  });
  await sweepDeployments(world.sweeping);
  await world.settle();
  expect(seen[0]).toBe(false);
  const overlay = await show();
  expect(overlay).toMatchObject({ run, shadow: { enabled: false }, deployment: { state: "expired", parts: [] } });
  expect(overlay).not.toHaveProperty("addresses");
  expect(Object.keys(world.cloud.state.registries)).toEqual([]);
  const audit = (await world.api.call("GET", "/environments/pr-7/audit")).body.entries;
  expect(audit.map(({ what, who }: Loose) => [what, who])).toContainEqual(["overlay.expire", "shadowgraph"]);
  await post({}, { replace: true });
  await world.settle();
  expect((await show()).deployment.state).toBe("ready");
});

test("deleting answers at once, switches off, shows how it goes, and ends with the overlay unknown", async () => {
  await post();
  await world.settle();
  await enable();
  const { status, body } = await world.api.call("DELETE", "/overlays/pr-7");
  expect([status, body.deployment.state, body.shadow.enabled]).toEqual([202, "removing", false]);
  expect((await post({}, { replace: true })).status).toBe(409);
  await world.settle();
  expect((await world.api.call("GET", "/overlays/pr-7")).status).toBe(404);
  const { entries } = (await world.api.call("GET", `/environments/${body.id}/audit`)).body;
  expect(entries[0]).toMatchObject({ what: "overlay.deployment", before: { state: "removing" }, after: null });
  expect(entries.map(({ what, who }: Loose) => [what, who])).toContainEqual(["overlay.delete", "tester"]);
});

test("a service that a late call makes while all is removed is removed as well", async () => {
  await post({ secondary: "none" });
  await world.settle();
  const created = sent("ECS.CreateService").at(-1);
  await world.api.call("DELETE", "/overlays/pr-7");
  const late = world.cloud.state.services[`shop/${created.serviceName}`]!;
  let isMade = false;
  world.watch((when, call) => {
    if (isMade || when !== "before" || call !== "ECS.DeregisterTaskDefinition") return;
    isMade = true;
    Object.assign(late, { status: "ACTIVE", desired: 1, since: world.cloud.now() });
  });
  await world.settle();
  expect([isMade, late.status]).toEqual([true, "INACTIVE"]);
  expect(Object.keys(world.cloud.state.registries)).toEqual([]);
});

test("instances that stay are waited for, and said so", async () => {
  await post({ secondary: "none" });
  await world.settle();
  await world.api.call("DELETE", "/overlays/pr-7");
  const inUse = { status: 400, name: "ResourceInUse", message: "Service contains registered instances" };
  world.cloud.refuse = (call) => (call === "CloudMap.DeleteService" ? inUse : undefined);
  expect(await world.settle(20)).toBe(false);
  expect((await show()).deployment).toMatchObject({
    state: "removing",
    reason: expect.stringMatching(/still registered/),
  });
  world.cloud.refuse = undefined;
  await world.settle();
  expect((await world.api.call("GET", "/overlays/pr-7")).status).toBe(404);
});

test("tasks that end after it was ready are seen by the schedule", async () => {
  await post({ secondary: "none" });
  await world.settle();
  world.cloud.fates["shop/web:2"] = "crashes";
  await sweepDeployments(world.sweeping);
  const { deployment } = await show();
  expect(deployment.parts[0].progress).toMatchObject({ running: 0, desired: 1 });
  expect(deployment.reason).toMatch(/only 0 of 1 tasks run: .*Essential container/);
  delete world.cloud.fates["shop/web:2"];
  await sweepDeployments(world.sweeping);
  expect((await show()).deployment).toMatchObject({ state: "ready", reason: null });
});

test("a lost message is made up for by the schedule, also one that was never sent", async () => {
  await post({ secondary: "none" });
  world.queue.length = 0;
  world.cloud.clock.now += 200_000;
  await sweepDeployments(world.sweeping);
  await world.settle();
  expect((await show()).deployment.state).toBe("ready");
});

test("an overlay whose API died before it noted what to deploy is deployed by the schedule", async () => {
  await post({ secondary: "none" });
  await world.ports.deployments.delete((await show()).id);
  world.queue.length = 0;
  await sweepDeployments(world.sweeping);
  await world.settle();
  expect((await show()).deployment.state).toBe("ready");
});

test("what no deployment knows any more is found by its tags and removed; what is young, or not ours, is left", async () => {
  await post({ secondary: "none" });
  await world.settle();
  const { id } = await show();
  await world.ports.deployments.delete(id);
  await world.ports.catalog.deleteOverlay(id);
  const foreign = { Name: "theirs", NamespaceId: "ns-1" };
  await world.cloud.clients.cloudMap.send(new CreateServiceCommand(foreign));
  await sweepDeployments(world.sweeping);
  expect(await world.ports.deployments.all()).toEqual([]);
  world.cloud.clock.now += 2 * 3_600_000;
  await sweepDeployments(world.sweeping);
  await world.settle();
  expect(Object.values(world.cloud.state.registries).map(({ name }) => name)).toEqual(["theirs"]);
  const ours = Object.values(world.cloud.state.services).filter(({ name }) => name.startsWith("shadowgraph-"));
  expect(ours.map(({ status }) => status)).toEqual(["INACTIVE"]);
  expect(await world.ports.deployments.all()).toEqual([]);
});

test("what others registered in the namespace is not asked for its tags, which only ours may be", async () => {
  await world.cloud.clients.cloudMap.send(new CreateServiceCommand({ Name: "theirs", NamespaceId: "ns-1" }));
  world.cloud.clock.now += 2 * 3_600_000;
  const message = "not authorized to perform: servicediscovery:ListTagsForResource";
  world.cloud.refuse = (call) =>
    call === "CloudMap.ListTagsForResource" ? { status: 400, name: "AccessDeniedException", message } : undefined;
  await sweepDeployments(world.sweeping);
  expect(Object.values(world.cloud.state.registries).map(({ name }) => name)).toEqual(["theirs"]);
});

test("with more overlays than one sweep can look at, those that are over their time still go first", async () => {
  for (const name of ["a", "b", "c", "d"])
    await world.api.call("POST", "/overlays", {
      baseline: "shop",
      file: { ...overlayFile(["web"], { secondary: "none" }), name, ...(name === "d" ? { ttlHours: 1 } : {}) },
    });
  await world.settle();
  world.cloud.clock.now = (await world.deployment("d"))!.expiresAt;
  // Each look takes the half of what a sweep may.
  world.watch((when, call) => {
    if (when === "after" && call === "ECS.DescribeServices") world.cloud.clock.now += 15_000;
  });
  const lookedAt = async (): Promise<readonly unknown[]> => {
    const before = sent("ECS.DescribeServices").length;
    await sweepDeployments(world.sweeping);
    return sent("ECS.DescribeServices")
      .slice(before)
      .flatMap(({ services }) => services);
  };
  const first = await lookedAt();
  expect(first.length).toBeLessThanOrEqual(3);
  expect((await world.deployment("d"))!.goal).toBe("expired");
  world.queue.length = 0;
  const looks = new Set([...first, ...(await lookedAt()), ...(await lookedAt()), ...(await lookedAt())]);
  expect(["a", "b", "c"].filter((name) => [...looks].some((look) => String(look).includes(`-${name}-`)))).toEqual([
    "a",
    "b",
    "c",
  ]);
});

test("a new version is deployed beside the old one under a new run; no pair of it comes from the old one", async () => {
  await post({ secondary: "none" });
  await world.settle();
  await enable();
  const before = await show();
  const file = { ...overlayFile(["web"], { secondary: "none" }), version: "3" };
  const replaced = (await world.api.call("POST", "/overlays", { baseline: "shop", file, replace: true })).body;
  expect(replaced.run.attempt).toBe(before.run.attempt + 1);
  expect(replaced).not.toHaveProperty("addresses");
  await world.settle();
  const after = await show();
  expect(after.deployment).toMatchObject({ state: "ready", generation: 2 });
  expect(after.shadow.enabled).toBe(true);
  expect(after.addresses.web.candidate).not.toBe(before.addresses.web.candidate);
  expect(Object.keys(world.cloud.state.registries)).toHaveLength(1);
});

test("one that is replaced in the moment it becomes ready does not get the addresses of what was before", async () => {
  await post({ secondary: "none" });
  const file = { ...overlayFile(["web"], { secondary: "none" }), version: "3" };
  let replaced: Promise<unknown> | undefined;
  const put = world.sweeping.ports.catalog.putOverlay;
  const race = async (overlay: Parameters<typeof put>[0]) => {
    replaced ??= world.api.call("POST", "/overlays", { baseline: "shop", file, replace: true });
    await replaced;
    return put(overlay);
  };
  Object.assign(world.sweeping.ports.catalog, { putOverlay: race });
  for (let turn = 0; replaced === undefined && turn < 20; turn++) await world.settle(1);
  const { addresses, run } = await show();
  expect([addresses, run.candidateVersion]).toEqual([undefined, "3"]);
  await world.settle();
  expect(await show()).toMatchObject({ deployment: { state: "ready", generation: 2 } });
});

test("--control deploys a control overlay for a service that has a url", async () => {
  await world.api.call("POST", "/overlays", {
    baseline: "shop",
    file: { name: "pr-7", services: { web: { url: "http://localhost:1" } } },
    control: true,
  });
  await world.settle();
  const { addresses, deployment } = await show();
  expect(Object.keys(addresses.web)).toEqual(["secondary"]);
  expect(deployment.parts).toMatchObject([{ lane: "secondary", image: null }]);
});

test.each<[string, object, string, RegExp]>([
  ["both url and image", { url: "http://a" }, "file.services.web.image", /must not stand beside url/],
  ["a bad image", { image: "" }, "file.services.web.image", /container image/],
  [
    "a bad group",
    { allowSecurityGroups: ["db"] },
    "file.services.web.allowSecurityGroups.0",
    /security group.*got "db"/,
  ],
])("%s is refused with its field", async (_title, over, field, message) => {
  const { status, body } = await post(over);
  expect(status).toBe(400);
  expect(body.faults).toContainEqual({ field, message: expect.stringMatching(message) });
});

test.each<[string, object, string, RegExp]>([
  ["neither url nor image", {}, "file.services.web.url", /unless image is given.*got nothing/],
  ["a command without an image", { url: "http://a", command: ["x"] }, "file.services.web.command", /needs image/],
])("%s is refused with its field", async (_title, service, field, message) => {
  const file = { name: "pr-7", services: { web: service } };
  const { status, body } = await world.api.call("POST", "/overlays", { baseline: "shop", file });
  expect(status).toBe(400);
  expect(body.faults).toContainEqual({ field, message: expect.stringMatching(message) });
});

test("an image for a service of which is not known where it runs is refused", async () => {
  await start(["web"], { name: "shop", services: { web: { url: "http://web.internal" } } });
  const { status, body } = await post();
  expect(status).toBe(400);
  expect(body.faults[0]).toEqual({
    field: "services.web.image",
    message: expect.stringMatching(/services\.web\.ecs in baseline\.yaml.*got "shop\/web:2"/),
  });
});

const address = (service: string) => `\${${service}}`;

test("changed services find each other by name, unchanged ones at the baseline's address", async () => {
  await start(["web", "cart", "auth"]);
  const environment = { CART: `${address("cart")}/v1`, AUTH: address("auth"), RAW: `$${address("cart")}` };
  const services = { web: { image: "shop/web:2", environment }, cart: { image: "shop/cart:2" } };
  await world.api.call("POST", "/overlays", { baseline: "shop", file: { name: "pr-7", services } });
  await world.settle();
  const { addresses } = await show();
  const registered = sent("ECS.RegisterTaskDefinition").map(({ family, containerDefinitions }) => [
    family,
    containerDefinitions[0].environment,
  ]);
  const of = (lane: string) => registered.find(([family]) => family.includes(`-web-${lane}-`))![1];
  expect(of("candidate")).toEqual(
    expect.arrayContaining([
      { name: "CART", value: `${addresses.cart.candidate}/v1` },
      { name: "AUTH", value: "http://auth.internal" },
      { name: "RAW", value: address("cart") },
    ]),
  );
  expect(JSON.stringify(of("secondary"))).not.toContain("CART");
});

test("a variable that names no service is refused", async () => {
  const { status, body } = await post({ environment: { CART: address("basket") } });
  expect([status, body.faults[0].field]).toEqual([400, "services.web.environment.CART"]);
  expect(body.faults[0].message).toMatch(
    /^\$\{basket\} is no service of baseline "shop"; allowed: web; write \$\$\{basket\}/,
  );
});

test("values of variables are not shown, and not taken back as values", async () => {
  await post({ environment: { TOKEN: "secret" } });
  const { file } = await show();
  expect(file.services.web.environment).toEqual({ TOKEN: "(hidden)" });
  const { body } = await world.api.call("POST", "/overlays", { baseline: "shop", file, replace: true });
  expect(body.faults[0].field).toBe("services.web.environment.TOKEN");
});

test("a deployment says its state and reason", async () => {
  await post({ secondary: "none" });
  const deployment = (await world.deployment())!;
  expect([stateOf(deployment), reasonOf(deployment)]).toEqual(["deploying", null]);
});
