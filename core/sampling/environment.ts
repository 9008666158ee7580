import * as z from "zod";
import type { Routing } from "../endpoints/naming.ts";
import { MAX_ROUTES, Route } from "../endpoints/routes.ts";
import { ChangedService, isDeployed, secondaryOf } from "./changed-service.ts";
import { Collaborators } from "./collaborators.ts";
import { DriftFile, type DriftReads } from "./drift-reads.ts";
import { EcsPlace } from "./ecs-place.ts";
import { OrderBy } from "./order-by.ts";
import { AskCalls, LaneTarget, type Plan, Sampling, SIDE_EFFECTS, TargetUrl } from "./plan.ts";
import { BaselineRedaction, OverlayRedaction, redactionOf } from "./redaction.ts";
import { type ProbeRecord, type WantedProbe, type WriteCase, wantedProbe, writesOf } from "./writes.ts";

export const Name = z
  .string()
  .regex(
    /^[a-z][a-z0-9-]{0,38}[a-z0-9]$|^[a-z]$/,
    "must be 1-40 of a-z, 0-9 and -, begin with a letter, not end with -",
  );

export const Version = z.string().min(1).max(200);

/** By name; at least one. */
export const servicesOf = <T extends z.ZodType>(service: T) =>
  z.record(Name, service).refine((services) => Object.keys(services).length > 0, "must name at least one service");

/** baseline.yaml: the known-good environment. A service is where the tee finds its primary; one tee fleet stands before one service. */
export const BaselineFile = z.strictObject({
  name: Name,
  version: Version.default("unversioned"),
  services: servicesOf(
    z.strictObject({
      url: LaneTarget.shape.url,
      /** What the service answers; a request that fits none of them is `{unrouted}`. */
      routes: z.array(Route).min(1).max(MAX_ROUTES).optional(),
      /** Where it runs; overlays that are deployed are made from it. */
      ecs: EcsPlace.optional(),
    }),
  ),
  /** What of its data is secret beyond the defaults. */
  redact: BaselineRedaction.optional(),
});
export type BaselineFile = z.infer<typeof BaselineFile>;

/** overlay.yaml: only the changed services; all else is the baseline's. */
export const OverlayFile = z.strictObject({
  name: Name,
  version: Version.default("unversioned"),
  /** By the name that the baseline gives them. */
  services: servicesOf(ChangedService),
  sideEffects: z.enum(SIDE_EFFECTS).default("none"),
  secondaryPercent: z.number().min(0).max(100).multipleOf(0.01).default(100),
  /** What is deployed is shut down so long after it was made. */
  ttlHours: z.number().min(0.1).max(2_160).default(72),
  /** Endpoints that are called safe without pairs of their own, as findings show them: `DELETE /orders/{id}`. */
  accepted: z.array(z.string().min(1).max(2_000)).max(1_000).optional(),
  sampling: Sampling.prefault({}),
  /** Mirrors of one session, or of one thing, reach the lanes in the order of their requests. */
  orderBy: OrderBy.optional(),
  /** What is secret beyond what the baseline declares. */
  redact: OverlayRedaction.optional(),
  /** Reads that tell whether the overlay has the baseline's data. */
  drift: DriftFile.optional(),
  /** What services that are deployed call: a guard stands between, beside each. */
  collaborators: Collaborators.optional(),
  /** Outgoing calls are compared as well. */
  calls: AskCalls.optional(),
});
export type OverlayFile = z.infer<typeof OverlayFile>;

/** One bounded comparison of fixed versions. */
export const Run = z.strictObject({
  id: z.string().min(1),
  /** From 1: how many runs this environment has had, this one included. */
  attempt: z.int().min(1),
  startedAt: z.int(),
  baselineVersion: Version,
  candidateVersion: Version,
});
export type Run = z.infer<typeof Run>;

export const Baseline = z.strictObject({
  id: z.string().min(1),
  createdAt: z.int(),
  file: BaselineFile,
  /** Answers of each service whose schema is known; absent where none are. */
  schemas: z.record(Name, z.int().min(1)).optional(),
});
export type Baseline = z.infer<typeof Baseline>;

/** Where the lanes of a deployed service answer. */
export const Address = z.strictObject({ candidate: TargetUrl.optional(), secondary: TargetUrl.optional() });
export type Address = z.infer<typeof Address>;

export const Overlay = z.strictObject({
  id: z.string().min(1),
  baseline: z.string().min(1),
  createdAt: z.int(),
  file: OverlayFile,
  shadow: z.strictObject({ enabled: z.boolean() }),
  run: Run,
  /** Of the services that are deployed; there once all of them are ready. */
  addresses: z.record(Name, Address).optional(),
  /** Grows by one at each change; a change names the revision it read. */
  revision: z.int().min(0),
});
export type Overlay = z.infer<typeof Overlay>;

/** The lanes of a changed service; undefined while one that is deployed does not answer yet. */
export const lanesOf = (baseline: Baseline, overlay: Overlay, service: string) => {
  const changed = overlay.file.services[service];
  const at = overlay.addresses?.[service];
  const url = changed?.url ?? at?.candidate;
  if (changed === undefined || url === undefined) return undefined;
  const { host, setHeaders, removeHeaders } = changed;
  const candidate: LaneTarget = { url, host, setHeaders, removeHeaders };
  const secondary = secondaryOf(changed);
  if (secondary === "none") return { candidate, control: "none" as const };
  if (secondary === "baseline")
    return { candidate, secondary: itself(baseline, service), control: "baseline" as const };
  if (secondary !== "control") return { candidate, secondary, control: "control" as const };
  if (at?.secondary === undefined) return undefined;
  return { candidate, secondary: { ...candidate, url: at.secondary }, control: "control" as const };
};

/** Is there anything that Shadowgraph itself runs for it? */
export const hasDeployed = ({ services }: OverlayFile): boolean => Object.values(services).some(isDeployed);

/** What of an overlay decides on the writes to one of its services; undefined while that does not answer yet. */
export const writeCaseOf = (baseline: Baseline, overlay: Overlay, service: string): WriteCase | undefined => {
  const lanes = lanesOf(baseline, overlay, service);
  if (lanes === undefined) return undefined;
  const { id: env, run, file } = overlay;
  const probe = file.services[service]?.probe;
  const readUrl = probe?.read.service === undefined ? undefined : baseline.file.services[probe.read.service]?.url;
  const { sideEffects, sampling } = file;
  return { env, run: run.id, service, ...lanes, secondary: lanes.secondary, sideEffects, sampling, probe, readUrl };
};

const isMirroredTo = (baseline: Baseline, { baseline: of, shadow }: Overlay): boolean =>
  of === baseline.id && shadow.enabled;

/**
 * What the tees before `service` of `baseline` must do: a view of the overlays and of what was probed, never stored, so it cannot
 * be out of step with them.
 */
export const planOf = (
  baseline: Baseline,
  overlays: readonly Overlay[],
  service: string,
  records: readonly ProbeRecord[] = [],
): Plan => {
  const entries: Plan["entries"] = [];
  for (const overlay of overlays) {
    if (!isMirroredTo(baseline, overlay)) continue;
    const { file, id, run } = overlay;
    const lanes = lanesOf(baseline, overlay, service);
    const writes = writeCaseOf(baseline, overlay, service);
    if (lanes === undefined || writes === undefined) continue;
    const redact = redactionOf(baseline.file.redact, file.redact);
    entries.push({
      env: id,
      run: run.id,
      ...lanes,
      secondaryPercent: file.secondaryPercent,
      sampling: file.sampling,
      sideEffects: file.sideEffects,
      ...(file.orderBy === undefined ? {} : { orderBy: file.orderBy }),
      ...(redact === undefined ? {} : { redact }),
      writes: writesOf(writes, records),
      ...driftOf(file, service),
      ...(file.calls === undefined ? {} : { calls: file.calls }),
    });
  }
  return { baseline: baseline.id, entries };
};

/** What the tees before `service` must find out before they mirror writes. */
export const probesOf = (baseline: Baseline, overlays: readonly Overlay[], service: string): readonly WantedProbe[] =>
  overlays.flatMap((overlay) => {
    const writes = isMirroredTo(baseline, overlay) ? writeCaseOf(baseline, overlay, service) : undefined;
    return (writes === undefined ? undefined : wantedProbe(writes)) ?? [];
  });

/** The tees of one service look; which one is said where several are changed. */
const driftOf = ({ drift, services }: OverlayFile, service: string): { drift?: DriftReads } => {
  if (drift === undefined || (drift.service ?? Object.keys(services)[0]) !== service) return {};
  const { service: _, ...reads } = drift;
  return { drift: reads };
};

/** The routes of the services that an overlay changes. */
export const routingOf = ({ file }: Baseline, overlay: Overlay): Routing => {
  const lists = Object.keys(overlay.file.services).map((service) => file.services[service]?.routes);
  return { routes: lists.flatMap((routes) => routes ?? []), isWhole: lists.every((routes) => routes !== undefined) };
};

/** Those of which an overlay can get pairs, as far as method and path tell. */
export const mirroredRoutes = (routes: readonly string[], { file: { sampling } }: Overlay): readonly string[] => {
  const { methods, includePaths, excludePaths } = sampling.match;
  return routes.filter((route) => {
    const [method = "", path = ""] = route.split(" ");
    const isUnder = (prefix: string): boolean => path.startsWith(prefix);
    const isIncluded = includePaths.length === 0 || includePaths.some(isUnder);
    return methods.some((one) => one === method) && isIncluded && !excludePaths.some(isUnder);
  });
};

const itself = (baseline: Baseline, service: string): LaneTarget =>
  LaneTarget.parse({ url: baseline.file.services[service]?.url, host: "keep" });
