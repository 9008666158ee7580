import { deployStep } from "../../../lambdas/deploy/deploy-step.ts";
import { sweepDeployments } from "../../../lambdas/deploy/sweep.ts";
import type { Loose } from "../api/api-under-test.ts";
import type { Refusal } from "./cloud-under-test.ts";
import { baselineFile, type DeployingUnderTest, deployingUnderTest, overlayFile } from "./deploying-under-test.ts";

// Something else happens at each call of an overlay that is being made.
jest.setTimeout(60_000);

const begin = async (): Promise<DeployingUnderTest> => {
  const world = await deployingUnderTest();
  await world.api.call("POST", "/baselines", { file: baselineFile(["web"]) });
  await world.api.call("POST", "/overlays", { baseline: "shop", file: overlayFile(["web"]) });
  return world;
};

const shown = async ({ api }: DeployingUnderTest): Promise<Loose> => (await api.call("GET", "/overlays/pr-7")).body;
const remove = ({ api }: DeployingUnderTest) => api.call("DELETE", "/overlays/pr-7");

/** What stands of overlays: services and task definitions by name, and names in Cloud Map. */
const standing = ({ cloud: { state } }: DeployingUnderTest) => {
  const isOurs = (name: string) => name.startsWith("shadowgraph-");
  const services = Object.values(state.services).filter(({ name, status }) => isOurs(name) && status !== "INACTIVE");
  const definitions = Object.values(state.taskDefinitions).filter(
    ({ family, status }) => isOurs(family) && status !== "DELETE_IN_PROGRESS",
  );
  return {
    services: services.map(({ name }) => name).sort(),
    definitions: [...new Set(definitions.map(({ family }) => family))].sort(),
    registries: Object.values(state.registries).length,
  };
};
const NOTHING = { services: [], definitions: [], registries: 0 };

const lanesOf = (id: string, generation: number): readonly string[] =>
  ["candidate", "secondary"].map((lane) => `shadowgraph-${id}-web-${lane}-${generation}`);

const isReady = async (world: DeployingUnderTest, generation: number): Promise<void> => {
  const { id, deployment, addresses } = await shown(world);
  expect(deployment).toMatchObject({ state: "ready", generation, reason: null });
  const names = lanesOf(id, generation);
  expect(standing(world)).toEqual({ services: names, definitions: names, registries: 2 });
  expect(Object.keys(addresses.web).sort()).toEqual(["candidate", "secondary"]);
};

const isGone = async (world: DeployingUnderTest): Promise<void> => {
  expect(standing(world)).toEqual(NOTHING);
  expect([await world.ports.catalog.overlays(), await world.ports.deployments.all()]).toEqual([[], []]);
};

interface Disturbance {
  readonly act: (world: DeployingUnderTest) => Promise<unknown>;
  readonly after: (world: DeployingUnderTest) => Promise<void>;
}

const expire = async (world: DeployingUnderTest): Promise<void> => {
  world.cloud.clock.now = (await world.deployment())!.expiresAt;
};
const secondProgram = async (world: DeployingUnderTest): Promise<void> => {
  const { id } = await shown(world);
  await deployStep(id, world.sweeping, world.cloud.now() + 10_000);
};

const DISTURBANCES: readonly (readonly [string, Disturbance])[] = [
  ["it is deleted", { act: remove, after: isGone }],
  [
    "it is replaced",
    {
      act: ({ api }) =>
        api.call("POST", "/overlays", {
          baseline: "shop",
          file: { ...overlayFile(["web"]), version: "3" },
          replace: true,
        }),
      after: (world) => isReady(world, 2),
    },
  ],
  [
    "a second program works at it",
    {
      act: secondProgram,
      after: async (world) => {
        await isReady(world, 1);
        await remove(world);
        await world.settle();
        await isGone(world);
      },
    },
  ],
  [
    "its time is over",
    {
      act: expire,
      after: async (world) => {
        await sweepDeployments(world.sweeping);
        await world.settle();
        expect(standing(world)).toEqual(NOTHING);
        expect(await shown(world)).toMatchObject({ shadow: { enabled: false }, deployment: { state: "expired" } });
      },
    },
  ],
  [
    "it is deleted, and all of it removed before that call goes on",
    {
      act: async (world) => {
        await remove(world);
        await world.settle();
      },
      after: async (world) => {
        // What a call made that late has a name in Cloud Map, or had to have one.
        world.cloud.clock.now += 2 * 3_600_000;
        await sweepDeployments(world.sweeping);
        await world.settle();
        const { services, registries } = standing(world);
        expect([services, registries]).toEqual([[], 0]);
      },
    },
  ],
];

describe.each(DISTURBANCES)("where %s", (_title, { act, after }) => {
  test.each(["before", "after"] as const)("%s any call, all ends well", async (when) => {
    for (let index = 0, isOver = false; !isOver; index++) {
      const world = await begin();
      let count = 0;
      let isActing = false;
      world.watch(async (at, _call) => {
        if (isActing || at !== when || count++ !== index) return;
        isActing = true;
        await act(world);
        isActing = false;
      });
      expect([index, await world.settle()]).toEqual([index, true]);
      isOver = count <= index;
      expect(index).toBeLessThan(200);
      if (!isOver) await after(world);
      else expect(index).toBeGreaterThan(25);
    }
  });
});

const THROTTLED: Refusal = { status: 400, name: "ThrottlingException", message: "Rate exceeded" };
const REVISION: Refusal = {
  status: 400,
  name: "ClientException",
  message: "Too many concurrent attempts to create a new revision of the specified family.",
};
const FAULT: Refusal = { status: 500, name: "ServerException", message: "Service Unavailable" };

test.each([
  ["throttled", THROTTLED, /^(ECS|CloudMap)/],
  ["faults of AWS", FAULT, /^(ECS|CloudMap)/],
  ["refused since another registers at the same time", REVISION, /RegisterTaskDefinition/],
])("three of ten calls that are %s delay making and removing, and break neither", async (_what, refusal, which) => {
  const world = await begin();
  // Park and Miller's: nothing that goes round in step with the calls.
  let random = 1;
  const isUnlucky = (): boolean => {
    random = (random * 16_807) % 2_147_483_647;
    return random < 0.3 * 2_147_483_647;
  };
  world.cloud.refuse = (call) => (which.test(call) && isUnlucky() ? refusal : undefined);
  expect(await world.settle()).toBe(true);
  await isReady(world, 1);
  await remove(world);
  expect(await world.settle()).toBe(true);
  await isGone(world);
});

test.each(["ServiceNotActiveException", "ServiceNotFoundException", "ClusterNotFoundException"])(
  "what answers %s to each call that would stop it is gone already",
  async (name) => {
    const world = await begin();
    await world.settle();
    const [registered] = Object.values(world.cloud.state.services).filter(({ name }) =>
      name.startsWith("shadowgraph-"),
    );
    for (const service of Object.values(world.cloud.state.services))
      if (service.name.startsWith("shadowgraph-")) Object.assign(service, { status: "INACTIVE", desired: 0, since: 0 });
    expect(registered).toBeDefined();
    world.cloud.refuse = (call) =>
      /ECS\.(Update|Delete)Service/.test(call) ? { status: 400, name, message: "gone" } : undefined;
    await remove(world);
    expect(await world.settle()).toBe(true);
    await isGone(world);
  },
);
