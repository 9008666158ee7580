import type { Loose } from "../api/api-under-test.ts";
import {
  baselineFile,
  type DeployingUnderTest,
  deployingUnderTest,
  killed,
  overlayFile,
} from "./deploying-under-test.ts";

let world: DeployingUnderTest;

const rollout = { strategy: "canary", percent: 5, bakeMinutes: 15, alarms: ["web-5xx"] };
const start = async (services: readonly string[] = ["web"], release: object = rollout) => {
  world = await deployingUnderTest(services);
  const file: Loose = baselineFile(services);
  for (const service of Object.values<Loose>(file.services)) service.ecs.release = release;
  await world.api.call("POST", "/baselines", { file });
  await world.api.call("POST", "/overlays", { baseline: "shop", file: overlayFile(services, { secondary: "none" }) });
  await world.settle();
  world.api.scene = { verdict: { verdict: "SAFE" }, pairs: 4_000 };
};
const release = (body: object = {}) => world.api.call("POST", "/overlays/pr-7/release", body);
const shown = async (): Promise<Loose> => (await world.api.call("GET", "/overlays/pr-7/release")).body;
const updates = () =>
  world.cloud.bodies.filter(({ target }) => target === "ECS.UpdateService").map(({ body }) => body as Loose);

test("a SAFE overlay's image goes to the baseline's service as a canary, watched to its end, with its evidence", async () => {
  await start();
  const { status, body } = await release();
  expect([status, body.outcome, body.because, body.who]).toEqual([202, "releasing", null, "tester"]);
  await world.settle();
  const done = await shown();
  expect(done).toMatchObject({
    outcome: "released",
    evidence: { verdict: "SAFE", pairs: 4_000, run: { attempt: 1 } },
    services: [{ service: "web", phase: "released", strategy: "canary", image: "shop/web:2" }],
  });
  expect(updates()).toMatchObject([
    {
      service: "web",
      taskDefinition: expect.stringMatching(/task-definition\/shop-web:2$/),
      deploymentConfiguration: {
        strategy: "CANARY",
        canaryConfiguration: { canaryPercent: 5, canaryBakeTimeInMinutes: 15 },
        alarms: { alarmNames: ["web-5xx"], enable: true, rollback: true },
      },
    },
  ]);
  const registered = world.cloud.bodies.findLast(({ target }) => target === "ECS.RegisterTaskDefinition")!
    .body as Loose;
  expect(registered.containerDefinitions[0]).toMatchObject({ image: "shop/web:2" });
  expect(JSON.stringify(registered)).not.toContain("SHADOW_MODE");
  expect(registered.taskRoleArn).toBe("arn:aws:iam::1:role/task");
  const audit = (await world.api.call("GET", "/environments/pr-7/audit")).body.entries.map(({ what }: Loose) => what);
  expect(audit).toEqual(expect.arrayContaining(["overlay.release", "overlay.release.outcome"]));
});

test.each([
  ["linear", { strategy: "LINEAR", linearConfiguration: { stepPercent: 20, stepBakeTimeInMinutes: 1 } }],
  ["rolling", { strategy: "ROLLING", deploymentCircuitBreaker: { enable: true, rollback: true } }],
])("%s is asked of ECS in its own words", async (strategy, asked) => {
  await start(["web"], { strategy, percent: 20, bakeMinutes: 1 });
  await release();
  await world.settle();
  expect((await shown()).outcome).toBe("released");
  expect(updates()[0].deploymentConfiguration).toMatchObject(asked);
});

test.each([
  ["REGRESSION", /is REGRESSION, not SAFE.*env diffs pr-7.*--force/],
  ["UNDECIDED", /is UNDECIDED, not SAFE.*more pairs.*--wait/],
  ["INVALID", /is INVALID, not SAFE.*--new-run/],
])("what is %s is not released, and it is said what would be needed", async (verdict, message) => {
  await start();
  world.api.scene = { verdict: { verdict }, pairs: 10 } as Loose;
  const { status, body } = await release();
  expect([status, body.code]).toEqual([422, "not-allowed"]);
  expect(body.detail).toMatch(message);
  expect((await world.api.call("GET", "/overlays/pr-7/release")).status).toBe(404);
});

test("by force it is released all the same, with who and why; without a why it is not", async () => {
  await start();
  world.api.scene = { verdict: { verdict: "REGRESSION" }, pairs: 10 };
  const refused = await release({ force: true });
  expect([refused.status, refused.body.faults[0].field]).toEqual([400, "because"]);
  expect((await release({ force: true, because: "hotfix 17" })).status).toBe(202);
  await world.settle();
  expect(await shown()).toMatchObject({
    outcome: "released",
    because: "hotfix 17",
    who: "tester",
    evidence: { verdict: "REGRESSION" },
  });
});

test("on an alarm ECS rolls it back, and the state says so", async () => {
  await start(["web", "cart"]);
  world.cloud.alarming.add("shop/web:2");
  await release();
  await world.settle();
  const { outcome, services } = await shown();
  expect(outcome).toBe("rolledBack");
  expect(services).toMatchObject([
    { service: "web", phase: "rolledBack", reason: expect.stringMatching(/web-5xx/) },
    { service: "cart", phase: "skipped", reason: expect.stringMatching(/web was not released/) },
  ]);
  expect(updates().map(({ service }) => service)).toEqual(["web"]);
});

test("tasks that never start are rolled back when the time is over: a canary knows no circuit breaker", async () => {
  await start();
  await release();
  world.cloud.fates["shop/web:2"] = "crashes";
  expect(await world.settle(2_000)).toBe(true);
  const { outcome, services } = await shown();
  expect([outcome, services[0].reason]).toEqual([
    "rolledBack",
    expect.stringMatching(/stopped by a user|not done within/),
  ]);
  expect(world.cloud.calls).toContain("ECS.StopServiceDeployment");
});

test("a service that cannot shift traffic is not released as a canary, and it is said what to do", async () => {
  await start();
  delete (world.cloud.state.services["shop/web"] as Loose).input.loadBalancers;
  await release();
  await world.settle();
  const { outcome, services } = await shown();
  expect([outcome, services[0].reason]).toEqual(["failed", expect.stringMatching(/alternate target group.*rolling/)]);
  expect(updates()).toEqual([]);
});

test("what somebody else deployed meanwhile is not overwritten", async () => {
  await start();
  await release();
  world.watch((when, call) => {
    if (when === "after" && call === "ECS.RegisterTaskDefinition")
      (world.cloud.state.services["shop/web"] as Loose).taskDefinition = "arn:theirs";
  });
  await world.settle();
  expect((await shown()).services[0].reason).toMatch(/somebody else has deployed arn:theirs/);
});

const deployOther = () => {
  (world.cloud.state.services["shop/web"] as Loose).taskDefinition =
    world.cloud.state.services["shop/cart"]!.taskDefinition;
};

test("a baseline that is another than was compared is not released over, unless by force", async () => {
  await start(["web", "cart"]);
  deployOther();
  await release();
  await world.settle();
  const { outcome, services } = await shown();
  expect([outcome, services[0].reason, services[1].phase]).toEqual([
    "failed",
    expect.stringMatching(/web runs .*shop-cart:1 by now, and pr-7 was compared with .*shop-web:1.*--replace.*--force/),
    "skipped",
  ]);
  expect(updates()).toEqual([]);
  await release({ force: true, because: "only its log level changed" });
  await world.settle();
  expect(await shown()).toMatchObject({ outcome: "released", because: "only its log level changed" });
});

test("noise that was measured on another version than was compared is not released on, unless by force", async () => {
  await start(["web", "cart"]);
  const compared = world.cloud.state.services["shop/web"]!.taskDefinition;
  // Somebody deploys between the making of the candidate and of its control, and takes it back.
  world.watch((when, call) => {
    const ofOurs = world.cloud.bodies.at(-1)?.body.family as string | undefined;
    if (when === "after" && call === "ECS.RegisterTaskDefinition" && ofOurs?.endsWith("-web-candidate-2"))
      deployOther();
  });
  const file = { ...overlayFile(["web"]), version: "3" };
  await world.api.call("POST", "/overlays", { baseline: "shop", file, replace: true });
  await world.settle();
  world.watch(undefined);
  (world.cloud.state.services["shop/web"] as Loose).taskDefinition = compared;
  await release();
  await world.settle();
  const { outcome, services } = await shown();
  expect([outcome, services[0].reason]).toEqual([
    "failed",
    expect.stringMatching(
      /the control overlay of web was made of .*shop-cart:1, and pr-7 of .*shop-web:1.*--replace.*--force/,
    ),
  ]);
  expect(updates().filter(({ taskDefinition }) => taskDefinition)).toEqual([]);
  await release({ force: true, because: "they differ in a comment" });
  await world.settle();
  expect((await shown()).outcome).toBe("released");
});

test("after --replace it is the baseline of that time that was compared", async () => {
  await start(["web", "cart"]);
  deployOther();
  const file = { ...overlayFile(["web", "cart"], { secondary: "none" }), version: "3" };
  await world.api.call("POST", "/overlays", { baseline: "shop", file, replace: true });
  await world.settle();
  await release();
  await world.settle();
  expect((await shown()).outcome).toBe("released");
});

test("what the overlay itself released before may be released over", async () => {
  await start(["web", "cart"]);
  world.cloud.alarming.add("shop/cart:2");
  await release();
  await world.settle();
  expect((await shown()).services.map(({ phase }: Loose) => phase)).toEqual(["released", "rolledBack"]);
  world.cloud.alarming.clear();
  await release();
  await world.settle();
  expect((await shown()).outcome).toBe("released");
});

test("what was deployed to find the overlay's services finds the baseline's once released", async () => {
  await start(["web", "cart"]);
  const services = {
    web: { image: "shop/web:2", environment: { CART: `\${${"cart"}}/v1` } },
    cart: { image: "shop/cart:2" },
  };
  const file = { name: "pr-7", version: "3", services };
  await world.api.call("POST", "/overlays", { baseline: "shop", file, replace: true });
  await world.settle();
  await release();
  await world.settle();
  const registered = world.cloud.bodies.filter(({ target }) => target === "ECS.RegisterTaskDefinition");
  const released = registered.findLast(({ body }) => body.family === "shop-web")!.body as Loose;
  expect(released.containerDefinitions[0].environment).toContainEqual({
    name: "CART",
    value: "http://cart.internal/v1",
  });
});

test("a second release waits for the first to end", async () => {
  await start();
  await release();
  expect((await release()).status).toBe(409);
});

test("an overlay that answers at a url has nothing to release", async () => {
  await start();
  const file = { name: "by-url", services: { web: { url: "http://localhost:1" } } };
  await world.api.call("POST", "/overlays", { baseline: "shop", file });
  const { status, body } = await world.api.call("POST", "/overlays/by-url/release");
  expect([status, body.detail]).toEqual([422, expect.stringMatching(/nothing to release/)]);
});

test("a released overlay can be promoted: the baseline's own service runs it then", async () => {
  await start();
  expect((await world.api.call("POST", "/environments/pr-7/promote")).body.detail).toMatch(/release it first/);
  await release();
  await world.settle();
  const { body } = await world.api.call("POST", "/environments/pr-7/promote");
  expect(body.file).toMatchObject({
    version: "2",
    services: { web: { url: "http://web.internal", ecs: { service: "web" } } },
  });
});

const timeless = (_key: string, value: unknown) =>
  typeof value === "number" && value > 1_600_000_000_000 ? "a time" : value;
const endOf = async () => JSON.parse(JSON.stringify({ cloud: world.cloud.state, release: await shown() }, timeless));

test.each(["before", "after"] as const)(
  "death %s any call leaves the end that an undisturbed release has",
  async (when) => {
    await start();
    await release();
    const calls: string[] = [];
    world.watch((at, call) => void (at === "before" && calls.push(call)));
    await world.settle();
    world.watch(undefined);
    const end = await endOf();
    for (const index of calls.keys()) {
      await start();
      await release();
      let count = 0;
      world.watch((at) => {
        if (at === when && count++ === index) throw killed();
      });
      expect(await world.settle()).toBe(true);
      world.watch(undefined);
      expect({ killedAt: calls[index], ...(await endOf()) }).toEqual({ killedAt: calls[index], ...end });
    }
  },
);
