import * as z from "zod";
import { outcomeOf } from "../../core/release/release.ts";
import { type Baseline, Name, type Overlay, Version } from "../../core/sampling/environment.ts";
import { Percent } from "../../core/sampling/plan.ts";
import { audited } from "./audit.ts";
import { storeBaseline } from "./baselines.ts";
import { checkReady } from "./deploying.ts";
import type { Call } from "./deps.ts";
import { changeOverlay, environmentOf, overlayOf, withFittingRun } from "./environments.ts";
import { promote } from "./promote.ts";
import { ById, NOTHING, type Route, route } from "./route.ts";
import { BaselineShape, EnvironmentShape, EnvironmentsShape, ShadowShape } from "./shapes.ts";
import { baselineRef, driftView, lanesView, outcomesView, overlayView, shadowView } from "./views.ts";
import { deniedWrites, readWrites } from "./writes.ts";

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
      return audited(call, (note) =>
        storeBaseline(file, Object.fromEntries(unchanged), call, async (promoted) => {
          await note(overlay.id, "environment.promote", overlayView(overlay), promoted);
          await note(promoted.id, "baseline.create", null, promoted);
        }),
      );
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
    handle: async ({ params: { id } }, { ports }) => {
      const { overlay, baseline } = await overlayOf(ports.catalog, id);
      return { ...shadowView(overlay), writes: await readWrites(overlay, baseline, ports) };
    },
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
      const change = (overlay: Overlay, baseline: Baseline): Overlay => {
        const sampling = { ...overlay.file.sampling, percent: percent ?? overlay.file.sampling.percent };
        const wanted = { ...overlay, shadow: { enabled }, file: { ...overlay.file, sampling } };
        return enabled || newRun ? withFittingRun(overlay, wanted, baseline, start) : wanted;
      };
      return audited(call, async (note) => {
        const { after } = await changeOverlay(call.ports.catalog, id, change, (before, after) =>
          note(before.id, "environment.shadow", shadowView(before), shadowView(after)),
        );
        const { baseline } = await overlayOf(call.ports.catalog, after.id);
        return { ...shadowView(after), writes: await readWrites(after, baseline, call.ports) };
      });
    },
  }),
];

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
    ...(judgement.drift === undefined ? {} : { drift: driftView(judgement.drift) }),
  };
};
