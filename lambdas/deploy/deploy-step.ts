import type { Deployer } from "../../adapters/deployer.ts";
import { isShadowgraphError } from "../../adapters/fault.ts";
import type { Ports } from "../../adapters/ports.ts";
import { advance, withSight } from "../../core/deploy/advance.ts";
import { type Deployment, isRemoved, isSettled, stateOf, withTaskRole } from "../../core/deploy/deployment.ts";
import { nextStep, reasonOf, withPart } from "../../core/deploy/next-step.ts";
import { isOf, reconcile } from "../../core/deploy/wanted.ts";
import type { Address, Baseline, Overlay } from "../../core/sampling/environment.ts";
import { changeOverlay } from "../api/environments.ts";

export interface Deploying {
  readonly ports: Pick<Ports, "audit" | "catalog" | "deployments" | "deployQueue">;
  readonly deployer: Deployer;
  /** What tasks of new overlays run under: the ARN of a role, or `baseline`. */
  readonly taskRole: string;
  readonly lookSeconds: number;
  /** Milliseconds since 1970. */
  now(): number;
}

/**
 * Goes on with the deployment of one overlay until `deadline` (milliseconds since 1970), or until only waiting helps; then it asks
 * to be woken again. Every call can be made twice and is noted once it was made: whoever dies in between leaves a state from which
 * the next one goes on. Of two that work at once, the one that notes first goes on.
 */
export const deployStep = async (env: string, deploying: Deploying, deadline: number): Promise<void> => {
  const { ports, taskRole, lookSeconds, now } = deploying;
  const wished = await readWished(env, deploying);
  let deployment = wished && withTaskRole(wished, taskRole);
  const waiting = new Set<string>();
  while (deployment !== undefined) {
    const step = nextStep(deployment, waiting);
    if (step.do === "nothing") return;
    if (step.do === "wait" || now() >= deadline) return ports.deployQueue?.ask({ deploy: env }, lookSeconds);
    if (step.do === "forget") return forget(deployment, deploying);
    let next: Deployment;
    if (step.do === "call") {
      const seen = await deploying.deployer.perform(step.call, step.part, deployment);
      const advanced = advance(step.part, seen, now());
      if (advanced.waits) waiting.add(step.part.name);
      next = withPart(deployment, advanced.part);
    } else {
      await unlessForgotten(step.do === "publish" ? publish(deployment, deploying) : withdraw(deployment, deploying));
      next = { ...deployment, published: step.do === "publish" };
    }
    next = { ...next, step: deployment.step + 1, at: now() };
    await noteState(deployment, next, deploying);
    if (!(await ports.deployments.put(next))) return;
    deployment = next;
  }
};

/**
 * Before it is written, by the step it comes of: whoever dies in between, the step is taken again and noted in the same place. An overlay
 * that is wanted otherwise is noted by whoever wants it so.
 */
const noteState = async (
  before: Deployment,
  after: Deployment | undefined,
  { ports }: Pick<Deploying, "ports">,
): Promise<void> => {
  const [old, fresh] = [stateView(before), after === undefined ? null : stateView(after)];
  if (fresh !== null && old.state === fresh.state && old.generation === fresh.generation) return;
  const entry = { at: before.at, id: `deployment-${before.step}`, who: "shadowgraph", what: "overlay.deployment" };
  await ports.audit.append(before.env, { ...entry, before: old, after: fresh });
};

const stateView = (deployment: Deployment) => ({
  state: stateOf(deployment),
  generation: deployment.generation,
  reason: reasonOf(deployment),
});

/** The stored deployment, as the overlay wants it by now. */
const readWished = async (env: string, { ports, now }: Deploying): Promise<Deployment | undefined> => {
  const { overlay, baseline } = await readOverlay(env, ports.catalog);
  const stored = await ports.deployments.of(env);
  const wished = reconcile({ overlay, baseline, stored, now: now() });
  if (wished === undefined) return stored;
  if (stored !== undefined) await noteState(stored, wished, { ports });
  return (await ports.deployments.put(wished)) ? wished : undefined;
};

const readOverlay = async (
  env: string,
  catalog: Ports["catalog"],
): Promise<{ readonly overlay?: Overlay; readonly baseline?: Baseline }> => {
  try {
    const overlay = await catalog.overlay(env);
    // By its id alone: a name may have gone to another.
    if (overlay.id !== env) return {};
    return { overlay, baseline: await catalog.baseline(overlay.baseline) };
  } catch (error) {
    if (isShadowgraphError(error, "not-found")) return {};
    throw error;
  }
};

const publish = async (deployment: Deployment, { ports, deployer }: Deploying): Promise<void> => {
  const addresses: Record<string, Address> = {};
  for (const part of deployment.parts) {
    if (isRemoved(part)) continue;
    addresses[part.service] = { ...addresses[part.service], [part.lane]: deployer.addressOf(part) };
  }
  // One that was replaced meanwhile has a new run: no pair of it may come from what was deployed for the one before.
  await changeOverlay(ports.catalog, deployment.env, (overlay, baseline) =>
    isOf(deployment, overlay, baseline) ? { ...overlay, addresses } : overlay,
  );
};

const withdraw = async ({ env, goal, generation, expiresAt }: Deployment, { ports }: Deploying): Promise<void> => {
  const { overlay } = await readOverlay(env, ports.catalog);
  if (overlay === undefined) return;
  await changeOverlay(ports.catalog, env, ({ addresses: _addresses, ...rest }) => ({
    ...rest,
    shadow: goal === "running" ? rest.shadow : { enabled: false },
  }));
  if (goal !== "expired") return;
  // By its generation: written twice, it is there once.
  const entry = { at: expiresAt, id: `expire-${generation}`, who: "shadowgraph", what: "overlay.expire" };
  await ports.audit.append(env, {
    ...entry,
    before: { state: "ready", ttlHours: overlay.file.ttlHours },
    after: { state: "expired", enabled: false },
  });
};

/** By another program meanwhile: then what is written next is refused as well. */
const unlessForgotten = (change: Promise<void>): Promise<void> =>
  change.catch((error) => {
    if (!isShadowgraphError(error, "not-found")) throw error;
  });

const forget = async (deployment: Deployment, { ports }: Deploying): Promise<void> => {
  const { env } = deployment;
  await noteState(deployment, undefined, { ports });
  await ports.catalog.deleteOverlay(env);
  await ports.deployments.delete(env);
};

/** What may have changed since all was done: how many tasks run of what is ready, and whether any runs of what failed. */
export const lookAgain = async (deployment: Deployment, deploying: Deploying): Promise<void> => {
  const state = stateOf(deployment);
  if (state === "ready") return countTasks(deployment, deploying);
  if (state === "failed") return haltLate(deployment, deploying);
};

/** The call that makes a service may have come late, after all was scaled to zero. */
const haltLate = async (deployment: Deployment, { deployer }: Deploying): Promise<void> => {
  for (const part of deployment.parts) {
    if (part.phase !== "failed") continue;
    const seen = await deployer.perform("look", part, deployment);
    if (seen.saw === "service" && seen.sight.desired > 0) await deployer.perform("scaleToZero", part, deployment);
  }
};

const countTasks = async (deployment: Deployment, { ports, deployer, now }: Deploying): Promise<void> => {
  let next = deployment;
  for (const part of deployment.parts) {
    if (part.phase !== "ready") continue;
    const seen = await deployer.perform("look", part, deployment);
    if (seen.saw === "service") next = withPart(next, withSight(part, seen.sight));
  }
  if (JSON.stringify(next) === JSON.stringify(deployment)) return;
  await ports.deployments.put({ ...next, step: deployment.step + 1, at: now() });
};

/** One that nobody has gone on with for so long lost its message. */
const SILENT_MS = 120_000;

export const isSilent = (deployment: Deployment, now: number): boolean =>
  !isSettled(deployment) && now - deployment.at > SILENT_MS;
