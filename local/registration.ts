import { isDeepStrictEqual } from "node:util";
import * as z from "zod";
import type { Ports } from "../adapters/ports.ts";
import { Rule } from "../core/diff/rules.ts";
import { NO_SCHEMAS, ResponseSchemas } from "../core/endpoints/response-schemas.ts";
import { ShadowgraphError } from "../core/errors.ts";
import { secondaryOf } from "../core/sampling/changed-service.ts";
import {
  type Baseline,
  BaselineFile,
  Name,
  type Overlay,
  OverlayFile,
  type Run,
  Version,
} from "../core/sampling/environment.ts";
import { OrderBy } from "../core/sampling/order-by.ts";
import { AskCalls, OriginUrl, Percent, TargetUrl } from "../core/sampling/plan.ts";
import { BaselineRedaction } from "../core/sampling/redaction.ts";
import { audited } from "../lambdas/api/audit.ts";
import { storeBaseline } from "../lambdas/api/baselines.ts";
import { overlayView } from "../lambdas/api/views.ts";

/** The one service that a local system stands before. */
export const SERVICE = "app";

export const Shadowed = z.object({
  /** Name of the overlay; the same name in the same data folder continues it. */
  name: Name.default("local"),
  primary: OriginUrl,
  candidate: TargetUrl,
  secondary: z.union([z.enum(["baseline", "none"]), TargetUrl]).default("baseline"),
  baselineVersion: Version.default("unversioned"),
  candidateVersion: Version.default("unversioned"),
  /** As stored before, else 100, where left out. */
  samplePercent: Percent.optional(),
  /** As stored before where left out; null: in no order. */
  orderBy: OrderBy.nullable().optional(),
  /** Where the tee asks what was called; another address with each start. */
  calls: AskCalls.optional(),
  /** As stored before where left out. */
  rules: z.array(Rule).optional(),
  newRun: z.boolean().default(false),
  /** What the primary answers, and how; as stored before where left out. */
  routes: z.array(z.string()).optional(),
  schemas: ResponseSchemas.optional(),
  /** What of the primary's data is secret beyond the defaults; as stored before where left out. */
  redact: BaselineRedaction.optional(),
});
export type Shadowed = z.infer<typeof Shadowed>;

interface Means {
  readonly ports: Pick<Ports, "catalog" | "rules" | "schemas" | "audit">;
  /** For the audit. */
  readonly who: string;
  /** Milliseconds since 1970. */
  now(): number;
  newId(prefix: string): string;
}

/** @throws ShadowgraphError "invalid-input" that names each option at fault */
export const parseShadowed = (options: z.input<typeof Shadowed>): Shadowed => {
  const parsed = Shadowed.safeParse(options);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => ({ field: path.join("."), message }));
  const list = faults.map(({ field, message }) => `${field} ${message}`).join("; ");
  throw new ShadowgraphError("invalid-input", list, { faults });
};

/**
 * Makes the overlay, or finds the one of that name and continues its run. Other addresses or versions are another
 * comparison: they begin a new run. What the user has set since (shadow off, sampling, rules) stays as it is.
 */
export const register = async (wanted: Shadowed, means: Means): Promise<Overlay> => {
  const stored = (await means.ports.catalog.overlays()).find(({ file }) => file.name === wanted.name);
  const overlay = stored === undefined ? await create(wanted, means) : await resume(stored, wanted, means);
  await means.ports.catalog.recordRun(overlay.id, overlay.run);
  if (wanted.rules !== undefined) await setRules(overlay.id, wanted.rules, means);
  return overlay;
};

const create = async (wanted: Shadowed, means: Means): Promise<Overlay> => {
  const baseline = await baselineFor(wanted, means);
  const overlay: Overlay = {
    id: means.newId("ov"),
    baseline: baseline.id,
    createdAt: means.now(),
    file: OverlayFile.parse({
      name: wanted.name,
      version: wanted.candidateVersion,
      services: { [SERVICE]: targetOf(wanted) },
      sampling: { percent: wanted.samplePercent ?? 100 },
      ...orderOf(wanted),
      calls: wanted.calls,
    }),
    shadow: { enabled: true },
    run: runOf(wanted, 1, means),
    revision: 0,
  };
  return audited(means, async (note) => {
    await note(overlay.id, "overlay.create", null, overlayView(overlay));
    await means.ports.catalog.createOverlay(overlay);
    return overlay;
  });
};

const resume = async (stored: Overlay, given: Shadowed, means: Means): Promise<Overlay> => {
  const { catalog } = means.ports;
  const baseline = await catalog.baseline(stored.baseline);
  // Another version must not make known what was secret.
  const wanted = { ...given, redact: given.redact ?? baseline.file.redact };
  const isSame =
    !wanted.newRun && (await isSameBaseline(baseline, wanted, means)) && isSameCandidate(stored.file, wanted);
  const attempt = stored.run.attempt + 1;
  const service = { ...stored.file.services[SERVICE], ...targetOf(wanted) };
  const sampling = { ...stored.file.sampling, percent: wanted.samplePercent ?? stored.file.sampling.percent };
  const order = orderOf(wanted, stored.file.orderBy);
  const next: Overlay = {
    ...stored,
    baseline: isSame ? baseline.id : (await baselineFor(wanted, means)).id,
    file: OverlayFile.parse({
      ...stored.file,
      ...order,
      calls: wanted.calls,
      version: wanted.candidateVersion,
      services: { [SERVICE]: service },
      sampling,
    }),
    run: isSame ? stored.run : runOf(wanted, attempt, means),
  };
  const isUnchanged =
    sampling.percent === stored.file.sampling.percent &&
    isDeepStrictEqual(order.orderBy, stored.file.orderBy) &&
    isDeepStrictEqual(wanted.calls, stored.file.calls);
  if (isSame && isUnchanged) return stored;
  return audited(means, async (note) => {
    await note(stored.id, "overlay.replace", overlayView(stored), overlayView(next));
    return catalog.putOverlay(next);
  });
};

const orderOf = ({ orderBy }: Shadowed, before?: OrderBy): { orderBy: OrderBy | undefined } => ({
  orderBy: orderBy === undefined ? before : (orderBy ?? undefined),
});

/** Baselines never change: another address or version is another baseline. The one of an earlier run may serve again. */
const baselineFor = async (wanted: Shadowed, means: Means): Promise<Baseline> => {
  const stem = wanted.name.slice(0, 24);
  const ours = (await means.ports.catalog.baselines()).filter(({ file }) => file.name.startsWith(`${stem}-baseline`));
  for (const baseline of ours) if (await isSameBaseline(baseline, wanted, means)) return baseline;
  const name = ours.length === 0 ? `${stem}-baseline` : `${stem}-baseline-${ours.length + 1}`;
  const { primary: url, routes, schemas, redact } = wanted;
  const services = { [SERVICE]: { url, ...(routes === undefined ? {} : { routes }) } };
  const file = BaselineFile.parse({ name, version: wanted.baselineVersion, services, redact });
  return audited(means, (note) =>
    storeBaseline(file, schemas === undefined ? {} : { [SERVICE]: schemas }, means, (baseline) =>
      note(baseline.id, "baseline.create", null, baseline),
    ),
  );
};

const targetOf = ({ candidate, secondary }: Shadowed) => ({
  url: candidate,
  secondary: secondary === "baseline" || secondary === "none" ? secondary : { url: secondary },
});

/** Routes, schemas and redaction that are not given now are as they were. */
const isSameBaseline = async (
  { id, file }: Baseline,
  { baselineVersion, primary, routes, schemas, redact }: Shadowed,
  { ports }: Means,
): Promise<boolean> => {
  const service = file.services[SERVICE];
  if (file.version !== baselineVersion || service?.url !== primary) return false;
  if (routes !== undefined && !isDeepStrictEqual(service.routes, routes)) return false;
  if (redact !== undefined && !isDeepStrictEqual(file.redact, redact)) return false;
  return schemas === undefined || isDeepStrictEqual((await ports.schemas.of(id))[SERVICE] ?? NO_SCHEMAS, schemas);
};

const isSameCandidate = (file: OverlayFile, wanted: Shadowed): boolean => {
  const service = file.services[SERVICE];
  if (service === undefined || service.url !== wanted.candidate || file.version !== wanted.candidateVersion)
    return false;
  const secondary = secondaryOf(service);
  return (typeof secondary === "string" ? secondary : secondary.url) === wanted.secondary;
};

const runOf = (wanted: Shadowed, attempt: number, { now, newId }: Means): Run => ({
  id: newId("run"),
  attempt,
  startedAt: now(),
  baselineVersion: wanted.baselineVersion,
  candidateVersion: wanted.candidateVersion,
});

const setRules = async (env: string, rules: readonly Rule[], means: Means): Promise<void> => {
  const stored = await means.ports.rules.rules(env);
  if (JSON.stringify(stored.rules) === JSON.stringify(rules)) return;
  const next = { version: stored.version + 1, rules: [...rules] };
  await audited(means, async (note) => {
    await note(env, "environment.rules", stored, next);
    await means.ports.rules.putRules(env, next);
  });
};
