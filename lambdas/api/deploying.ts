import { type Deployment, stateOf } from "../../core/deploy/deployment.ts";
import { reasonOf } from "../../core/deploy/next-step.ts";
import { reconcile } from "../../core/deploy/wanted.ts";
import { ShadowgraphError } from "../../core/errors.ts";
import { type Baseline, hasDeployed, type Overlay } from "../../core/sampling/environment.ts";
import type { Call } from "./deps.ts";

const MAX_TRIES = 3;

/** Notes what is to be deployed of the overlay, or that all of it is to go, and wakes the program that does it. */
export const deploy = async (
  overlay: Overlay,
  baseline: Baseline,
  call: Call,
  how: "as wanted" | "again" | "remove" = "as wanted",
): Promise<Deployment | undefined> => {
  const { deployments, deployQueue } = call.ports;
  for (let tries = 1; ; tries++) {
    const stored = await deployments.of(overlay.id);
    if (how !== "remove") refuseRemoved(overlay, stored);
    const wished = reconcile({
      overlay: how === "remove" ? undefined : overlay,
      baseline,
      stored,
      now: call.now(),
      again: how === "again" && stored !== undefined && hasEnded(stored),
    });
    const isWritten = wished === undefined || (await deployments.put(wished));
    if (!isWritten && tries < MAX_TRIES) continue;
    if (!isWritten)
      throw new ShadowgraphError("conflict", `overlay "${overlay.file.name}" changes too fast: try again`);
    const current = wished ?? stored;
    // The schedule sees what lost its message: what is noted is done.
    if (current !== undefined) await deployQueue?.ask({ deploy: overlay.id }).catch((fault) => call.onFault?.(fault));
    return current;
  }
};

/** @throws ShadowgraphError "conflict" while what was deployed of the overlay is being removed for good */
export const checkNotRemoved = async (overlay: Overlay, { ports }: Call): Promise<void> =>
  refuseRemoved(overlay, await ports.deployments.of(overlay.id));

const refuseRemoved = ({ file }: Overlay, stored: Deployment | undefined): void => {
  if (stored?.goal !== "deleted") return;
  throw new ShadowgraphError(
    "conflict",
    `overlay "${file.name}" is being removed: wait until \`shadowgraph overlay show ${file.name}\` no longer knows it`,
  );
};

const hasEnded = (deployment: Deployment): boolean => ["failed", "expired"].includes(stateOf(deployment));

/** @throws ShadowgraphError "not-allowed" while a service that is deployed does not answer yet */
export const checkReady = async (overlay: Overlay, { ports }: Call): Promise<void> => {
  if (!hasDeployed(overlay.file)) return;
  const deployment = await ports.deployments.of(overlay.id);
  const state = deployment === undefined ? "deploying" : stateOf(deployment);
  if (state === "ready" && overlay.addresses !== undefined) return;
  const { name } = overlay.file;
  const reason = deployment === undefined ? null : reasonOf(deployment);
  const next =
    state === "deploying"
      ? `wait until \`shadowgraph overlay show ${name}\` says ready`
      : "deploy it with `shadowgraph overlay create --replace`";
  throw new ShadowgraphError(
    "not-allowed",
    `overlay "${name}" cannot be mirrored to: it is ${state}, not ready${reason === null ? "" : ` (${reason})`}; ${next}`,
  );
};
