import * as z from "zod";
import { ResponseSchemas } from "../../core/endpoints/response-schemas.ts";
import { ShadowgraphError } from "../../core/errors.ts";
import { type Baseline, BaselineFile, Name, type Overlay, OverlayFile } from "../../core/sampling/environment.ts";
import { audited } from "./audit.ts";
import { storeBaseline } from "./baselines.ts";
import { checkNotRemoved, deploy } from "./deploying.ts";
import type { Call } from "./deps.ts";
import { changeOverlay, firstRun, withFittingRun } from "./environments.ts";
import { checkOverlayFile } from "./overlay-checks.ts";
import { Accepted, ById, NOTHING, type Route, route } from "./route.ts";
import { BaselineShape, BaselinesShape, NoShape, OverlayShape, OverlaysShape } from "./shapes.ts";
import { deployedView, overlayView } from "./views.ts";
import { readWrites } from "./writes.ts";

export const catalogRoutes: readonly Route[] = [
  route({
    method: "POST",
    path: "/baselines",
    summary: "Register a baseline: the known-good environment",
    params: NOTHING,
    query: NOTHING,
    body: z.strictObject({
      file: BaselineFile,
      /** What the JSON answers of services must look like, by service. */
      schemas: z.record(Name, ResponseSchemas).default({}),
    }),
    status: 201,
    answer: BaselineShape,
    errors: ["conflict"],
    handle: async ({ body: { file, schemas } }, call) =>
      audited(call, (note) =>
        storeBaseline(file, schemas, call, (baseline) => note(baseline.id, "baseline.create", null, baseline)),
      ),
  }),
  route({
    method: "GET",
    path: "/baselines",
    summary: "List the baselines",
    params: NOTHING,
    query: NOTHING,
    body: null,
    status: 200,
    answer: BaselinesShape,
    errors: [],
    handle: async (_input, { ports }) => ({ baselines: await ports.catalog.baselines() }),
  }),
  route({
    method: "GET",
    path: "/baselines/{id}",
    summary: "Show a baseline",
    params: ById,
    query: NOTHING,
    body: null,
    status: 200,
    answer: BaselineShape,
    errors: ["not-found"],
    handle: ({ params: { id } }, { ports }) => ports.catalog.baseline(id),
  }),
  route({
    method: "POST",
    path: "/overlays",
    summary:
      "Register an overlay; with `replace`, one of that name takes the new file and, where it is another version, a new run",
    params: NOTHING,
    query: NOTHING,
    body: z.strictObject({
      /** Id or name of the baseline. */
      baseline: z.string().min(1).max(100),
      /** In place of the file's. */
      name: Name.optional(),
      file: OverlayFile,
      replace: z.boolean().default(false),
      /** A control overlay for every service: the baseline's own image, deployed beside it, as the secondary. */
      control: z.boolean().default(false),
    }),
    status: 201,
    answer: OverlayShape,
    accepted: OverlayShape,
    errors: ["not-found", "conflict", "not-allowed"],
    handle: async ({ body }, call) => {
      const baseline = await call.ports.catalog.baseline(body.baseline);
      const named = body.name === undefined ? body.file : { ...body.file, name: body.name };
      const file = body.control ? withControl(named) : named;
      checkOverlayFile(file, baseline, {
        canDeploy: call.ports.deployQueue !== undefined,
        securityGroups: call.allowSecurityGroups,
      });
      const there = (await call.ports.catalog.overlays()).find((overlay) => overlay.file.name === file.name);
      if (body.replace && there !== undefined) await checkNotRemoved(there, call);
      const isReplaced = body.replace && there !== undefined;
      const overlay = await (isReplaced ? replace(file, baseline, call) : create(file, baseline, call));
      const deployment = await deploy(overlay, baseline, call, isReplaced ? "again" : "as wanted");
      const answer = deployedView(overlay, deployment, await readWrites(overlay, baseline, call.ports));
      return deployment === undefined ? answer : new Accepted(answer);
    },
  }),
  route({
    method: "GET",
    path: "/overlays",
    summary: "List the overlays",
    params: NOTHING,
    query: NOTHING,
    body: null,
    status: 200,
    answer: OverlaysShape,
    errors: [],
    handle: async (_input, { ports }) => {
      const [overlays, deployments, baselines] = await Promise.all([
        ports.catalog.overlays(),
        ports.deployments.all(),
        ports.catalog.baselines(),
      ]);
      const deployed = new Map(deployments.map((deployment) => [deployment.env, deployment]));
      const views = overlays.map(async (overlay) => {
        const baseline = baselines.find(({ id }) => id === overlay.baseline);
        const writes = baseline === undefined ? [] : await readWrites(overlay, baseline, ports);
        return deployedView(overlay, deployed.get(overlay.id), writes);
      });
      return { overlays: await Promise.all(views) };
    },
  }),
  route({
    method: "GET",
    path: "/overlays/{id}",
    summary: "Show an overlay",
    params: ById,
    query: NOTHING,
    body: null,
    status: 200,
    answer: OverlayShape,
    errors: ["not-found"],
    handle: async ({ params: { id } }, { ports }) => {
      const overlay = await ports.catalog.overlay(id);
      const baseline = await ports.catalog.baseline(overlay.baseline);
      const writes = await readWrites(overlay, baseline, ports);
      return deployedView(overlay, await ports.deployments.of(overlay.id), writes);
    },
  }),
  route({
    method: "DELETE",
    path: "/overlays/{id}",
    summary: "Delete an overlay: its mirroring ends, what is deployed of it is removed; its audit stays",
    params: ById,
    query: NOTHING,
    body: null,
    status: 204,
    answer: NoShape,
    accepted: OverlayShape,
    errors: ["not-found", "conflict"],
    handle: async ({ params: { id } }, call) => {
      const overlay = await call.ports.catalog.overlay(id);
      if ((await call.ports.deployments.of(overlay.id)) !== undefined) return new Accepted(await remove(overlay, call));
      return audited(call, async (note) => {
        await note(overlay.id, "overlay.delete", overlayView(overlay), null);
        await call.ports.catalog.deleteOverlay(overlay.id);
        return undefined;
      });
    },
  }),
];

const create = async (file: OverlayFile, baseline: Baseline, call: Call): Promise<Overlay> => {
  const now = call.now();
  const run = firstRun(baseline, file, { id: () => call.newId("run"), now });
  const id = call.newId(file.name);
  const overlay = { id, baseline: baseline.id, createdAt: now, file, shadow: { enabled: false }, run, revision: 0 };
  return audited(call, async (note) => {
    await note(id, "overlay.create", null, overlayView(overlay));
    await call.ports.catalog.createOverlay(overlay);
    await call.ports.catalog.recordRun(id, run);
    return overlay;
  });
};

/** Switched off at once; it is forgotten when all of it is removed. */
const remove = (overlay: Overlay, call: Call): Promise<OverlayShape> =>
  audited(call, async (note) => {
    const { after } = await changeOverlay(
      call.ports.catalog,
      overlay.id,
      (present) => ({ ...present, shadow: { enabled: false } }),
      (before) => note(overlay.id, "overlay.delete", overlayView(before), null),
    );
    const baseline = await call.ports.catalog.baseline(after.baseline);
    const deployment = await deploy(after, baseline, call, "remove");
    return deployedView(after, deployment, await readWrites(after, baseline, call.ports));
  });

const withControl = (file: OverlayFile): OverlayFile => ({
  ...file,
  services: Object.fromEntries(
    Object.entries(file.services).map(([name, service]) => [name, { ...service, secondary: "control" as const }]),
  ),
});

const replace = async (file: OverlayFile, baseline: Baseline, call: Call): Promise<Overlay> => {
  const start = { newRun: false, id: () => call.newId("run"), now: call.now() };
  const change = (overlay: Overlay): Overlay => {
    if (overlay.baseline === baseline.id) {
      const next = withFittingRun(overlay, { ...overlay, file }, baseline, start);
      // No pair of the new run may come from what was deployed before.
      const { addresses: _addresses, ...unaddressed } = next;
      return next.run.id === overlay.run.id ? next : unaddressed;
    }
    throw new ShadowgraphError(
      "not-allowed",
      `overlay "${file.name}" belongs to another baseline, ${overlay.baseline}`,
    );
  };
  return audited(call, async (note) => {
    const { after } = await changeOverlay(call.ports.catalog, file.name, change, (before, after) =>
      note(before.id, "overlay.replace", overlayView(before), overlayView(after)),
    );
    return after;
  });
};
