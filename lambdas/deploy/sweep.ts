import type { CloudMap } from "../../adapters/cloud-map.ts";
import { partOfTags } from "../../adapters/overlay-tags.ts";
import type { Deployment } from "../../core/deploy/deployment.ts";
import { reconcile } from "../../core/deploy/wanted.ts";
import { type Deploying, deployStep, isSilent, readOverlay } from "./deploy-step.ts";
import { isReleaseSilent, type Releasing, releaseStep } from "./release-step.ts";

export interface Sweeping extends Deploying, Releasing {
  readonly ports: Deploying["ports"] & Releasing["ports"];
  readonly cloudMap: CloudMap;
}

/** All together; what is left then is asked for by messages. */
const WORK_MS = 30_000;
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
  const stored = new Map((await ports.deployments.all()).map((deployment) => [deployment.env, deployment]));
  const envs = new Set([...stored.keys(), ...(await ports.catalog.overlays()).map(({ id }) => id)]);
  for (const env of envs) await trying(() => goOn(env, stored.get(env), sweeping, deadline));
  for (const release of await ports.releases.all())
    if (isReleaseSilent(release, sweeping.now())) await trying(() => releaseStep(release.env, sweeping, deadline));
  await trying(() => adoptLost([...stored.values()], sweeping));
  if (faults.length > 0)
    throw new AggregateError(faults, `${faults.length} overlays could not be looked after: ${faults[0]}`);
  return undefined;
};

const goOn = async (
  env: string,
  stored: Deployment | undefined,
  sweeping: Sweeping,
  deadline: number,
): Promise<void> => {
  const { ports, now } = sweeping;
  const wished = reconcile({ ...(await readBoth(env, sweeping)), stored, now: now() });
  const isLost = stored !== undefined && isSilent(stored, now());
  if (wished === undefined && !isLost) return;
  if (now() < deadline) return deployStep(env, sweeping, deadline);
  await ports.deployQueue?.ask({ deploy: env });
};

const readBoth = async (env: string, { ports }: Sweeping) => {
  const { overlay, baseline } = await readOverlay(env, ports.catalog);
  return { overlay, baseline };
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
