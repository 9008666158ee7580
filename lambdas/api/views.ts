import { type Deployment, isGone, stateOf, taskRoleOf } from "../../core/deploy/deployment.ts";
import { reasonOf } from "../../core/deploy/next-step.ts";
import { outcomeOf, type Release } from "../../core/release/release.ts";
import { noteOf } from "../../core/rules/notes.ts";
import { secondaryOf } from "../../core/sampling/changed-service.ts";
import type { Baseline, Overlay, OverlayFile } from "../../core/sampling/environment.ts";
import type { LaneTarget } from "../../core/sampling/plan.ts";
import type { Probe } from "../../core/sampling/probe.ts";
import { type DriftSeen, readsOf } from "../../core/verdict/drift.ts";
import type { Judgement } from "./deps.ts";
import type { OverlayShape, ReleaseShape, ShadowShape } from "./shapes.ts";
import type { DeploymentShape } from "./shapes-deployment.ts";
import type { WritesShape } from "./shapes-lanes.ts";

/** Stands for the value of a header set on a lane, which is often a credential. */
export const HIDDEN = "(hidden)";

const hidden = (values: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.keys(values).map((name) => [name, HIDDEN]));

const withoutSecrets = <T extends Pick<LaneTarget, "setHeaders">>(target: T): T => ({
  ...target,
  setHeaders: hidden(target.setHeaders),
});

const probeView = (probe: Probe): Probe => ({
  ...probe,
  write: { ...probe.write, headers: hidden(probe.write.headers) },
  read: { ...probe.read, headers: hidden(probe.read.headers) },
});

const fileView = (file: OverlayFile): OverlayFile => ({
  ...file,
  ...(file.drift === undefined ? {} : { drift: { ...file.drift, headers: hidden(file.drift.headers) } }),
  services: Object.fromEntries(
    Object.entries(file.services).map(([name, { secondary, environment, probe, ...target }]) => [
      name,
      {
        ...withoutSecrets(target),
        ...(probe === undefined ? {} : { probe: probeView(probe) }),
        ...(environment === undefined ? {} : { environment: hidden(environment) }),
        secondary: typeof secondary === "object" ? withoutSecrets(secondary) : secondary,
      },
    ]),
  ),
});

export const overlayView = (overlay: Overlay): Overlay => ({ ...overlay, file: fileView(overlay.file) });

/** As the API shows it, beside what is deployed of it and what becomes of writes. */
export const deployedView = (
  overlay: Overlay,
  deployment: Deployment | undefined,
  writes: WritesShape[],
): OverlayShape => ({
  ...overlayView(overlay),
  deployment: deployment === undefined ? null : deploymentView(deployment, overlay),
  writes,
});

const deploymentView = (deployment: Deployment, { addresses }: Overlay): DeploymentShape => ({
  state: stateOf(deployment),
  reason: reasonOf(deployment),
  generation: deployment.generation,
  expiresAt: deployment.expiresAt,
  taskRole: taskRoleOf(deployment) ?? null,
  parts: deployment.parts
    .filter((part) => !isGone(part))
    .map((part) => ({
      service: part.service,
      lane: part.lane,
      phase: part.phase,
      name: part.name,
      cluster: part.source.cluster,
      image: part.change.image ?? null,
      url: (part.phase === "ready" ? addresses?.[part.service]?.[part.lane] : undefined) ?? null,
      progress: part.progress ?? null,
      failure: part.failure ?? null,
      note: part.note ?? null,
    })),
});

export const shadowView = ({ id, shadow, file, run }: Overlay): Omit<ShadowShape, "writes"> => ({
  env: id,
  enabled: shadow.enabled,
  percent: file.sampling.percent,
  run,
});

export const baselineRef = ({ id, file }: Baseline) => ({ id, name: file.name, version: file.version });

export const outcomesView = ({ accounting: { outcomes, inFlight, gap } }: Judgement) => ({
  ...outcomes,
  inFlight,
  gap: gap.pairs,
});

export const driftView = (seen: DriftSeen) =>
  readsOf(seen).map(({ read, looks, failed, lastFailure, agreed, streak }) => ({
    read,
    isVersion: seen.versions.includes(read),
    looks,
    failed,
    lastFailure,
    agreed,
    since: streak?.since ?? null,
    place: streak?.place ?? null,
  }));

/** Where the lanes of each overlay service answer; no address where one is deployed and not ready yet. */
export const lanesView = (overlay: Overlay, baseline: Baseline) =>
  Object.entries(overlay.file.services).map(([service, changed]) => {
    const primary = baseline.file.services[service]?.url ?? "";
    const at = overlay.addresses?.[service];
    const secondary = secondaryOf(changed);
    const urls = { control: at?.secondary ?? null, baseline: primary, none: null };
    return {
      service,
      primary: { url: primary },
      candidate: { url: changed.url ?? at?.candidate ?? "" },
      secondary:
        typeof secondary === "string"
          ? { control: secondary, url: urls[secondary] }
          : { control: "control" as const, url: secondary.url },
    };
  });

/** A rule that does nothing, or hides everything, is pointed out. */
export const rulesView = ({ rules, verdict, recomparing }: Pick<Judgement, "rules" | "verdict" | "recomparing">) =>
  rules.map(({ rule, hits, empties }) => {
    const pairs = recomparing === undefined ? verdict.pairs : 0;
    const note = noteOf(rule, { hits, empties, pairs });
    return { ...rule, hits, ...(note === undefined ? {} : { note }) };
  });

export const releaseView = (release: Release): ReleaseShape => {
  const { id, env, name, version, who, at, evidence, because } = release;
  return {
    id,
    env,
    name,
    outcome: outcomeOf(release),
    version,
    who,
    at,
    evidence,
    because,
    services: release.parts.map(({ service, phase, place, change, from, to, status, reason, note }) => ({
      service,
      phase,
      strategy: place.release.strategy,
      image: change.image ?? null,
      from: from ?? null,
      to: to ?? null,
      status: status ?? null,
      reason: reason ?? null,
      note: note ?? null,
    })),
  };
};
