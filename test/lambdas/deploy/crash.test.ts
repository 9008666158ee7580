import type { Part } from "../../../core/deploy/deployment.ts";
import {
  baselineFile,
  type DeployingUnderTest,
  deployingUnderTest,
  killed,
  overlayFile,
} from "./deploying-under-test.ts";

// It dies some seven hundred times.
jest.setTimeout(180_000);

const registered = async (services: readonly string[]): Promise<DeployingUnderTest> => {
  const world = await deployingUnderTest(services);
  await world.api.call("POST", "/baselines", { file: baselineFile(services) });
  return world;
};

/** The overlay of each, for what is kept of it once it is gone. */
const envs = new WeakMap<DeployingUnderTest, string>();

const create = async (world: DeployingUnderTest, services: readonly string[]): Promise<void> => {
  const { body } = await world.api.call("POST", "/overlays", { baseline: "shop", file: overlayFile(services) });
  envs.set(world, body.id);
};

/** What became of the deployment, as the audit has it. */
const trailOf = async (world: DeployingUnderTest): Promise<readonly string[]> => {
  const stateOf = (value: unknown): string => (value as { state: string } | null)?.state ?? "gone";
  const entries = await world.ports.audit.entries(envs.get(world)!);
  return entries
    .filter(({ what }) => what === "overlay.deployment")
    .map(({ who, before, after }) => `${who}: ${stateOf(before)} -> ${stateOf(after)}`);
};

const timeless = (_key: string, value: unknown): unknown =>
  typeof value === "number" && value > 1_600_000_000_000 ? "a time" : value;

/** All that stands at the end, without its times and without how far it was seen on its way; `counters` tell what was ever made. */
const endOf = async (world: DeployingUnderTest) => {
  const { cloud, ports } = world;
  const trail = await trailOf(world);
  const overlays = (await ports.catalog.overlays()).map(({ addresses, shadow }) => ({ addresses, shadow }));
  const deployments = (await ports.deployments.all()).map(({ parts, goal, published }) => ({
    goal,
    published,
    parts: parts.map(({ since: _since, progress: _progress, ...part }: Part) => part),
  }));
  return JSON.parse(JSON.stringify({ cloud: cloud.state, overlays, deployments, trail }, timeless));
};

interface Life {
  readonly services: readonly string[];
  readonly what: "create" | "delete" | "replace";
}

const begin = async ({ services, what }: Life): Promise<DeployingUnderTest> => {
  const world = await registered(services);
  await create(world, services);
  if (what === "create") return world;
  await world.settle();
  if (what === "delete") await world.api.call("DELETE", "/overlays/pr-7");
  else {
    const file = { ...overlayFile(services), version: "3" };
    await world.api.call("POST", "/overlays", { baseline: "shop", file, replace: true });
  }
  return world;
};

const undisturbed = async (life: Life) => {
  const world = await begin(life);
  const calls: string[] = [];
  world.watch((when, call) => void (when === "before" && calls.push(call)));
  const hasEnded = await world.settle();
  return { calls, hasEnded, end: await endOf(world) };
};

const LIVES: readonly (readonly [string, Life])[] = [
  ["one service is created", { services: ["web"], what: "create" }],
  ["one service is deleted", { services: ["web"], what: "delete" }],
  ["two services are created", { services: ["web", "cart"], what: "create" }],
  ["two services are deleted", { services: ["web", "cart"], what: "delete" }],
  ["a service is replaced", { services: ["web"], what: "replace" }],
];

describe.each(LIVES)("while %s", (_title, life) => {
  test.each(["before", "after"] as const)(
    "death %s any call leaves the end that an undisturbed run has",
    async (when) => {
      const { calls, hasEnded, end } = await undisturbed(life);
      expect(hasEnded).toBe(true);
      expect(calls.length).toBeGreaterThan(10);
      for (const index of calls.keys()) {
        const world = await begin(life);
        let count = 0;
        world.watch((at, _call) => {
          if (at === when && count++ === index) throw killed();
        });
        expect([index, calls[index], await world.settle()]).toEqual([index, calls[index], true]);
        expect(count).toBeGreaterThan(index);
        expect({ killedAt: [index, calls[index]], ...(await endOf(world)) }).toEqual({
          killedAt: [index, calls[index]],
          ...end,
        });
      }
    },
  );

  test("death at every seventh call, again and again, leaves it too", async () => {
    const { end } = await undisturbed(life);
    const world = await begin(life);
    let count = 0;
    world.watch((at) => {
      if (at === "after" && ++count % 7 === 3) throw killed();
    });
    expect(await world.settle()).toBe(true);
    expect(await endOf(world)).toEqual(end);
  });
});

test("of an overlay that was deleted nothing is left but what was there before", async () => {
  const before = await registered(["web", "cart"]);
  const world = await begin({ services: ["web", "cart"], what: "delete" });
  await world.settle();
  const names = (all: object) => Object.keys(all).sort();
  const running = ({ cloud }: DeployingUnderTest) =>
    Object.values(cloud.state.services)
      .filter(({ status }) => status !== "INACTIVE")
      .map(({ name }) => name);
  const kept = ({ cloud }: DeployingUnderTest) =>
    Object.values(cloud.state.taskDefinitions)
      .filter(({ status }) => status !== "DELETE_IN_PROGRESS")
      .map(({ arn }) => arn);
  expect(running(world)).toEqual(running(before));
  expect(kept(world)).toEqual(kept(before));
  expect(names(world.cloud.state.registries)).toEqual([]);
  expect(await world.ports.catalog.overlays()).toEqual([]);
  expect(await world.ports.deployments.all()).toEqual([]);
});

test("the audit has each state that a deployment came to, once", async () => {
  const world = await begin({ services: ["web"], what: "create" });
  await world.settle();
  expect(await trailOf(world)).toEqual(["shadowgraph: deploying -> ready"]);
  await world.api.call("DELETE", "/overlays/pr-7");
  await world.settle();
  expect(await trailOf(world)).toEqual(["shadowgraph: deploying -> ready", "shadowgraph: removing -> gone"]);
});
