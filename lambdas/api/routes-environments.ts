import * as z from "zod";
import { outcomeOf } from "../../core/release/release.ts";
import { type Baseline, Name, type Overlay, Version } from "../../core/sampling/environment.ts";
import { Percent } from "../../core/sampling/plan.ts";
import { audit } from "./audit.ts";
import { storeBaseline } from "./baselines.ts";
import { checkReady } from "./deploying.ts";
import type { Call } from "./deps.ts";
import { changeOverlay, environmentOf, overlayOf, withFittingRun } from "./environments.ts";
import { promote } from "./promote.ts";
import { ById, NOTHING, queryInt, type Route, route } from "./route.ts";
import { AuditShape, BaselineShape, EnvironmentShape, EnvironmentsShape, ShadowShape } from "./shapes.ts";
import { baselineRef, lanesView, outcomesView, overlayView, shadowView } from "./views.ts";
import { auditEntries, deniedWrites, readWrites } from "./writes.ts";

export const environmentRoutes: readonly Route[] = [
  route({
    method: "GET",
    path: "/environments",
    summary: "List baselines and overlays",
    params: NOTHING,
    query: NOTHING,
    body: null,
    status: 200,
    answer: EnvironmentsShape,
    errors: [],
    handle: async (_input, call) => {
      const [baselines, overlays] = await Promise.all([call.ports.catalog.baselines(), call.ports.catalog.overlays()]);
      const rows = await Promise.all(overlays.map((overlay) => overlayRow(overlay, call)));
      return { environments: [...baselines.map(baselineRow), ...rows] };
    },
  }),
  route({
    method: "GET",
    path: "/environments/{id}",
    summary: "Show an environment: of an overlay its run, attempts, lanes and the outcome of every sampled request",
    params: ById,
    query: NOTHING,
    body: null,
    status: 200,
    answer: EnvironmentShape,
    errors: ["not-found"],
    handle: async ({ params: { id } }, call) => {
      const environment = await environmentOf(call.ports.catalog, id);
      return environment.kind === "baseline"
        ? showBaseline(environment.baseline, call)
        : showOverlay(environment.overlay, environment.baseline, call);
    },
  }),
  route({
    method: "POST",
    path: "/environments/{id}/promote",
    summary: "Make a new baseline of an overlay: its services where it changed them, its baseline's for the rest",
    params: ById,
    query: NOTHING,
    body: z.strictObject({
      /** `<overlay>-baseline` where left out. */
      name: Name.optional(),
      /** The overlay's where left out. */
      version: Version.optional(),
    }),
    status: 201,
    answer: BaselineShape,
    errors: ["not-found", "conflict", "not-allowed"],
    handle: async ({ params: { id }, body }, call) => {
      const { overlay, baseline } = await overlayOf(call.ports.catalog, id);
      const release = await call.ports.releases.latest(overlay.id);
      const isReleased = release?.evidence.run.id === overlay.run.id && outcomeOf(release) === "released";
      const schemas = Object.entries(await call.ports.schemas.of(baseline.id));
      const unchanged = schemas.filter(([service]) => !Object.hasOwn(overlay.file.services, service));
      const file = promote(overlay, baseline, body, isReleased);
      const promoted = await storeBaseline(file, Object.fromEntries(unchanged), call);
      await audit(call, overlay.id, "environment.promote", overlayView(overlay), promoted);
      await audit(call, promoted.id, "baseline.create", null, promoted);
      return promoted;
    },
  }),
  route({
    method: "GET",
    path: "/environments/{id}/shadow",
    summary: "Show whether an overlay is mirrored to, and how much",
    params: ById,
    query: NOTHING,
    body: null,
    status: 200,
    answer: ShadowShape,
    errors: ["not-found", "not-allowed"],
    handle: async ({ params: { id } }, { ports }) => shadowView((await overlayOf(ports.catalog, id)).overlay),
  }),
  route({
    method: "PUT",
    path: "/environments/{id}/shadow",
    summary: "Switch mirroring on or off; the run goes on unless `newRun` is set or a version changed",
    params: ById,
    query: NOTHING,
    body: z.strictObject({ enabled: z.boolean(), percent: Percent.optional(), newRun: z.boolean().default(false) }),
    status: 200,
    answer: ShadowShape,
    errors: ["not-found", "conflict", "not-allowed"],
    handle: async ({ params: { id }, body: { enabled, percent, newRun } }, call) => {
      const start = { newRun, id: () => call.newId("run"), now: call.now() };
      if (enabled) await checkReady((await overlayOf(call.ports.catalog, id)).overlay, call);
      const { before, after } = await changeOverlay(call.ports.catalog, id, (overlay, baseline) => {
        const sampling = { ...overlay.file.sampling, percent: percent ?? overlay.file.sampling.percent };
        const wanted = { ...overlay, shadow: { enabled }, file: { ...overlay.file, sampling } };
        return enabled || newRun ? withFittingRun(overlay, wanted, baseline, start) : wanted;
      });
      await audit(call, after.id, "environment.shadow", shadowView(before), shadowView(after));
      return shadowView(after);
    },
  }),
  route({
    method: "GET",
    path: "/environments/{id}/audit",
    summary: "List who changed what, latest first; of a deleted environment by its id",
    params: ById,
    query: z.strictObject({ limit: queryInt(1, 1_000, 100), offset: queryInt(0, 1_000_000, 0) }),
    body: null,
    status: 200,
    answer: AuditShape,
    errors: ["not-found"],
    handle: async ({ params: { id }, query: { limit, offset } }, { ports }) => {
      const deleted = await auditEntries(id, ports);
      const entries = deleted.length > 0 ? deleted : await auditEntries(await idOf(id, ports.catalog), ports);
      const latestFirst = [...entries].reverse();
      return { entries: latestFirst.slice(offset, offset + limit), total: entries.length };
    },
  }),
];

const idOf = async (idOrName: string, catalog: Call["ports"]["catalog"]): Promise<string> => {
  const environment = await environmentOf(catalog, idOrName);
  return environment.kind === "overlay" ? environment.overlay.id : environment.baseline.id;
};

const baselineRow = ({ id, file }: Baseline) =>
  ({ kind: "baseline", id, name: file.name, version: file.version }) as const;

const overlayRow = async ({ id, file, baseline, shadow, run }: Overlay, { ports }: Call) => ({
  kind: "overlay" as const,
  id,
  name: file.name,
  version: file.version,
  baseline,
  enabled: shadow.enabled,
  attempts: run.attempt,
  verdict: (await ports.verdicts.latest(id, run.id))?.verdict ?? null,
});

const showBaseline = async ({ id, createdAt, file }: Baseline, { ports }: Call) => ({
  kind: "baseline" as const,
  id,
  name: file.name,
  createdAt,
  file,
  overlays: (await ports.catalog.overlays())
    .filter(({ baseline }) => baseline === id)
    .map((overlay) => ({ id: overlay.id, name: overlay.file.name })),
});

const showOverlay = async (overlay: Overlay, baseline: Baseline, call: Call) => {
  const judgement = await call.readJudgement(call.ports, overlay, { settings: call.settings, now: call.now() });
  const { id, createdAt, file, run } = overlayView(overlay);
  return {
    kind: "overlay" as const,
    id,
    name: file.name,
    baseline: baselineRef(baseline),
    createdAt,
    file,
    shadow: { enabled: overlay.shadow.enabled, percent: file.sampling.percent },
    run,
    attempts: run.attempt,
    lanes: lanesView(overlay, baseline),
    outcomes: outcomesView(judgement),
    gaps: judgement.accounting.gap.tees,
    writes: await readWrites(overlay, baseline, call.ports),
    deniedWrites: await deniedWrites(overlay, call.ports),
  };
};
