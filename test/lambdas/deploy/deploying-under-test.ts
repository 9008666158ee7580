import type { DeployPlace } from "../../../adapters/deploy-env.ts";
import type { Ports } from "../../../adapters/ports.ts";
import type { Deployment } from "../../../core/deploy/deployment.ts";
import { deployStep } from "../../../lambdas/deploy/deploy-step.ts";
import { sweepingOf } from "../../../lambdas/deploy/deps.ts";
import { releaseStep } from "../../../lambdas/deploy/release-step.ts";
import type { Sweeping } from "../../../lambdas/deploy/sweep.ts";
import { type ApiUnderTest, apiUnderTest } from "../api/api-under-test.ts";
import { memoryPorts } from "../api/memory-ports.ts";
import { type CloudUnderTest, cloudUnderTest, seedBaseline } from "./cloud-under-test.ts";

export const PLACE: DeployPlace = {
  OVERLAY_NAMESPACE_ID: "ns-1",
  OVERLAY_NAMESPACE_NAME: "overlays.internal",
  OVERLAY_SUBNETS: ["subnet-a", "subnet-b"],
  OVERLAY_SECURITY_GROUP: "sg-overlay",
  OVERLAY_TASK_ROLE: "arn:aws:iam::1:role/overlays",
  DEPLOY_QUEUE_URL: "http://127.0.0.1/deploy",
  DEPLOY_LOOK_SECONDS: 5,
};

type Message = Parameters<NonNullable<Ports["deployQueue"]>["ask"]>[0];

export interface DeployingUnderTest {
  readonly api: ApiUnderTest;
  readonly cloud: CloudUnderTest;
  readonly ports: Ports;
  readonly sweeping: Sweeping;
  /** Messages that wait. */
  readonly queue: Message[];
  /** Called around every call of AWS and every write to a store. */
  watch(hook: CloudUnderTest["hook"]): void;
  /** Delivers messages until none is left; one whose work broke off comes again. False: there is no end to it. */
  settle(most?: number): Promise<boolean>;
  deployment(name?: string): Promise<Deployment | undefined>;
}

const WRITES = {
  catalog: ["putOverlay", "deleteOverlay"],
  deployments: ["put", "delete"],
  deployQueue: ["ask"],
  audit: ["append"],
  releases: ["put"],
} as const;

/** API, deploy program and cloud over memory: what the one asks for, the other does. */
export const deployingUnderTest = async (
  services: readonly string[] = ["web"],
  place: DeployPlace = PLACE,
): Promise<DeployingUnderTest> => {
  const cloud = cloudUnderTest();
  for (const service of services) await seedBaseline(cloud, service);
  const queue: Message[] = [];
  const plain: Ports = { ...memoryPorts(), deployQueue: { ask: async (message) => void queue.push(message) } };
  const api = apiUnderTest({ ports: plain, now: cloud.now, allowSecurityGroups: ["sg-db", "sg-cache"] });
  const watched = { ...plain };
  for (const [store, verbs] of Object.entries(WRITES)) {
    const of = plain[store as keyof typeof WRITES] as unknown as Record<
      string,
      (...given: unknown[]) => Promise<unknown>
    >;
    const wrapped = Object.fromEntries(
      verbs.map((verb) => [
        verb,
        async (...given: unknown[]) => {
          await cloud.hook?.("before", `${store}.${verb}`);
          const result = await of[verb]!(...given);
          await cloud.hook?.("after", `${store}.${verb}`);
          return result;
        },
      ]),
    );
    Object.assign(watched, { [store]: { ...of, ...wrapped } });
  }
  const sweeping = sweepingOf(place, watched, cloud.now, cloud.clients);
  return {
    api,
    cloud,
    ports: plain,
    sweeping,
    queue,
    watch: (hook) => {
      cloud.hook = hook;
    },
    async settle(most = 400) {
      for (let turns = 0; queue.length > 0; turns++) {
        if (turns === most) return false;
        const message = queue.shift()!;
        cloud.clock.now += 5_000;
        const deadline = cloud.now() + 10_000;
        const work =
          "deploy" in message
            ? deployStep(message.deploy, sweeping, deadline)
            : releaseStep(message.release, sweeping, deadline);
        await work.catch((fault) => {
          if (fault.name !== "Killed") throw fault;
          queue.push(message);
        });
      }
      return true;
    },
    deployment: async (name = "pr-7") => {
      const { overlays } = { overlays: await plain.catalog.overlays() };
      const found = overlays.find(({ file }) => file.name === name);
      return found === undefined ? undefined : plain.deployments.of(found.id);
    },
  };
};

export const baselineFile = (services: readonly string[]) => ({
  name: "shop",
  version: "1",
  services: Object.fromEntries(
    services.map((service) => [
      service,
      { url: `http://${service}.internal`, ecs: { cluster: "shop", service, container: "app", port: 8080 } },
    ]),
  ),
});

export const overlayFile = (services: readonly string[], over: object = {}) => ({
  name: "pr-7",
  version: "2",
  services: Object.fromEntries(services.map((service) => [service, { image: `shop/${service}:2`, ...over }])),
});

/** Death: no handler of ours catches it. */
export const killed = () => Object.assign(new Error("killed"), { name: "Killed" });
