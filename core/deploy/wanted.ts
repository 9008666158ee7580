import { createHash } from "node:crypto";
import { type ChangedService, secondaryOf } from "../sampling/changed-service.ts";
import type { Baseline, Overlay } from "../sampling/environment.ts";
import { peersIn } from "../sampling/peers.ts";
import { type DEPLOYED_LANES, type Deployment, isGone, isRemoved, type Part } from "./deployment.ts";

const HOUR_MS = 3_600_000;
const DEFAULT_COUNT = 1;

type Spec = Pick<
  Part,
  "service" | "lane" | "source" | "change" | "desiredCount" | "allowSecurityGroups" | "collaborators"
>;
type Peers = Part["peers"];

/** @returns all that must be deployed for the overlay. A service whose baseline says no `ecs` is refused before. */
const specsOf = (baseline: Baseline, overlay: Overlay): readonly Spec[] =>
  Object.entries(overlay.file.services).flatMap(([service, changed]) => {
    const source = baseline.file.services[service]?.ecs;
    if (source === undefined) return [];
    return lanesToDeploy(changed).map((lane) => ({
      service,
      lane,
      source,
      change: changeOf(changed, lane),
      desiredCount: changed.desiredCount ?? DEFAULT_COUNT,
      allowSecurityGroups: changed.allowSecurityGroups ?? [],
      // A control overlay writes as much as a candidate does.
      ...(overlay.file.collaborators && { collaborators: overlay.file.collaborators }),
    }));
  });

const lanesToDeploy = (changed: ChangedService): readonly (typeof DEPLOYED_LANES)[number][] => [
  ...(changed.image === undefined ? [] : (["candidate"] as const)),
  ...(secondaryOf(changed) === "control" ? (["secondary"] as const) : []),
];

/** The control overlay has the size of the candidate and is in all else as the baseline. */
const changeOf = ({ image, command, environment, cpu, memoryMiB }: ChangedService, lane: Part["lane"]) => ({
  ...(lane === "candidate" ? { image, command, environment } : {}),
  cpu,
  memoryMiB,
});

const hash = (text: string): string => createHash("sha256").update(text).digest("hex");

const partOf = (spec: Spec, env: string, generation: number, now: number): Part => {
  const { service, lane } = spec;
  const name = `shadowgraph-${env}-${service}-${lane}-${generation}`;
  // RFC 1035 2.3.4: 63 characters; a service has up to 40, a lane up to 9.
  const label = `${service}-${lane}-${hash(name).slice(0, 8)}`;
  return { ...spec, name, label, peers: {}, phase: "registry", since: now };
};

/** Changed services find each other; all else is the baseline's, where it answers. */
const withPeers = (parts: readonly Part[], overlay: Overlay, baseline: Baseline): Part[] => {
  const peerOf = (service: string): Peers[string] => {
    const made = parts.find((part) => part.service === service && part.lane === "candidate");
    if (made !== undefined) return { label: made.label, port: made.source.port };
    return { url: overlay.file.services[service]?.url ?? baseline.file.services[service]?.url ?? "" };
  };
  return parts.map((part) => {
    const named = peersIn(part.change.environment);
    return { ...part, peers: Object.fromEntries(named.map((service) => [service, peerOf(service)])) };
  });
};

/** At most 36 characters, the same for the same service however often it is asked for. */
export const tokenOf = ({ name }: Part): string => hash(name).slice(0, 32);

/** The version as well: the same tag may name another image by then. */
const fingerprintOf = (overlay: Overlay, specs: readonly Spec[]): string =>
  hash(JSON.stringify([overlay.file.version, specs]));

/** Is it this overlay, as it is now, that was deployed? */
export const isOf = ({ goal, fingerprint }: Deployment, overlay: Overlay, baseline: Baseline): boolean =>
  goal === "running" && fingerprint === fingerprintOf(overlay, specsOf(baseline, overlay));

export interface Wish {
  /** Undefined once it is deleted. */
  readonly overlay: Overlay | undefined;
  readonly baseline: Baseline | undefined;
  readonly stored: Deployment | undefined;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Make it anew even where nothing changed: after a failure, or once it has expired. */
  readonly again?: boolean;
}

/** The deployment as it must become, not written yet; undefined where the stored one is right. Whoever died before, this catches up. */
export const reconcile = ({ overlay, baseline, stored, now, again = false }: Wish): Deployment | undefined => {
  if (overlay === undefined || baseline === undefined) return leave(stored, "deleted", now);
  if (stored?.goal === "deleted") return undefined;
  const specs = specsOf(baseline, overlay);
  const fingerprint = fingerprintOf(overlay, specs);
  if (stored === undefined && specs.length === 0) return undefined;
  if (stored?.fingerprint === fingerprint && !again) return asItStands(stored, overlay, now);
  const generation = (stored?.generation ?? 0) + 1;
  const parts = specs.map((spec) => partOf(spec, overlay.id, generation, now));
  const before = (stored?.parts ?? []).filter((part) => !isGone(part)).map((part) => withoutUse(part, now));
  return {
    env: overlay.id,
    name: overlay.file.name,
    generation,
    goal: "running",
    expiresAt: now + Math.round(overlay.file.ttlHours * HOUR_MS),
    parts: [...before, ...withPeers(parts, overlay, baseline)],
    fingerprint,
    published: stored?.published ?? false,
    step: (stored?.step ?? 0) + 1,
    at: now,
  };
};

const asItStands = (stored: Deployment, overlay: Overlay, now: number): Deployment | undefined => {
  if (stored.goal !== "running") return undefined;
  if (now >= stored.expiresAt) return leave(stored, "expired", now);
  const hasLostAddresses = stored.published && overlay.addresses === undefined;
  return hasLostAddresses ? { ...stored, published: false, step: stored.step + 1, at: now } : undefined;
};

const leave = (stored: Deployment | undefined, goal: Deployment["goal"], now: number): Deployment | undefined => {
  if (stored === undefined || stored.goal === goal) return undefined;
  const parts = stored.parts.map((part) => withoutUse(part, now));
  return { ...stored, goal, parts, step: stored.step + 1, at: now };
};

/** To be removed, from wherever it was: what was never made is found missing. */
const withoutUse = (part: Part, now: number): Part => {
  if (isRemoved(part)) return part;
  const { note: _note, ...rest } = part;
  return { ...rest, phase: "scaleDown", since: now };
};
