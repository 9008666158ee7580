import type { CloudMap } from "../../adapters/cloud-map.ts";
import { partOfTags } from "../../adapters/overlay-tags.ts";
import type { Deployment } from "../../core/deploy/deployment.ts";
import { reconcile, type Wish } from "../../core/deploy/wanted.ts";
import { outcomeOf } from "../../core/release/release.ts";
import { type Deploying, deployStep, isSilent, lookAgain } from "./deploy-step.ts";
import { isReleaseSilent, type Releasing, releaseStep } from "./release-step.ts";

export interface Sweeping extends Deploying, Releasing {
  readonly ports: Deploying["ports"] & Releasing["ports"];
  readonly cloudMap: CloudMap;
}

/** All together; what is left then is asked for by messages, or looked at the next time. */
const WORK_MS = 30_000;
const SWEEP_EVERY_MS = 60_000;
/** What is made is noted at once; a registry this old that no deployment knows is lost. */
const LOST_AFTER_MS = 3_600_000;

/**
 * The safety net, by a schedule: overlays whose time is over, deployments that lost their message or never had one, and what
 * stands in the namespace of the overlays although no deployment knows it. One that fails does not stop the others.
 */
export const sweepDeployments = async (sweeping: Sweeping): Promise<undefined> => {
  const deadline = sweeping.now() + WORK_MS;
  const { ports } = sweeping;
  const faults: unknown[] = [];
  const trying = (act: () => Promise<void>): Promise<void> => act().catch((fault) => void faults.push(fault));
  // Deployments first: of one that is made meanwhile, the overlay is there as well.
  const deployments = await ports.deployments.all();
  const stored = new Map(deployments.map((deployment) => [deployment.env, deployment]));
  const overlays = new Map((await ports.catalog.overlays()).map((overlay) => [overlay.id, overlay]));
  const baselines = new Map((await ports.catalog.baselines()).map((baseline) => [baseline.id, baseline]));
  const atRest: Deployment[] = [];
  for (const env of new Set([...stored.keys(), ...overlays.keys()])) {
    const overlay = overlays.get(env);
    const baseline = baselines.get(overlay?.baseline ?? "");
    const wish = { overlay, baseline, stored: stored.get(env), now: sweeping.now() };
    if (isUnderWay(wish)) await trying(() => goOn(env, sweeping, deadline));
    else if (wish.stored !== undefined) atRest.push(wish.stored);
  }
  for (const env of await ports.releases.open()) await trying(() => goOnReleasing(env, sweeping, deadline));
  await trying(() => adoptLost(deployments, sweeping));
  for (const deployment of fromAnother(atRest, sweeping.now()))
    if (sweeping.now() < deadline) await trying(() => lookAgain(deployment, sweeping));
  if (faults.length > 0)
    throw new AggregateError(faults, `${faults.length} overlays could not be looked after: ${faults[0]}`);
  return undefined;
};

/** It is wanted otherwise than it stands, or lost its message. */
const isUnderWay = (wish: Wish): boolean =>
  reconcile(wish) !== undefined || (wish.stored !== undefined && isSilent(wish.stored, wish.now));

/** Each time another one first: where there are more than one sweep can look at, none is left out for good. */
const fromAnother = <T>(all: readonly T[], now: number): readonly T[] => {
  const first = Math.floor(now / SWEEP_EVERY_MS) % Math.max(1, all.length);
  return [...all.slice(first), ...all.slice(0, first)];
};

const goOn = async (env: string, sweeping: Sweeping, deadline: number): Promise<void> => {
  const { ports, now } = sweeping;
  if (now() < deadline) return deployStep(env, sweeping, deadline);
  await ports.deployQueue?.ask({ deploy: env });
};

const goOnReleasing = async (env: string, sweeping: Sweeping, deadline: number): Promise<void> => {
  const { releases } = sweeping.ports;
  const release = await releases.latest(env);
  if (release === undefined || outcomeOf(release) !== "releasing") return releases.close(env);
  if (isReleaseSilent(release, sweeping.now())) return releaseStep(env, sweeping, deadline);
};

/** Every part has its registry before anything else, and loses it last: what is left is found there, and named by its tags. */
const adoptLost = async (known: readonly Deployment[], { ports, cloudMap, now }: Sweeping): Promise<void> => {
  const labels = new Set(known.flatMap(({ parts }) => parts.map(({ label }) => label)));
  for (const { label, arn, createdAt } of await cloudMap.all()) {
    if (labels.has(label) || now() - createdAt < LOST_AFTER_MS) continue;
    const found = partOfTags(await cloudMap.tags(arn), now());
    if (found === undefined) continue;
    const env = `lost:${found.part.name}`;
    const lost: Deployment = {
      env,
      name: found.env,
      generation: 1,
      goal: "deleted",
      expiresAt: now(),
      parts: [found.part],
      fingerprint: "lost",
      published: false,
      step: 1,
      at: now(),
    };
    if (await ports.deployments.put(lost)) await ports.deployQueue?.ask({ deploy: env });
  }
};
