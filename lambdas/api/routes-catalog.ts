import * as z from "zod";
import { ResponseSchemas } from "../../core/endpoints/response-schemas.ts";
import { ShadowgraphError } from "../../core/errors.ts";
import { type Baseline, BaselineFile, Name, type Overlay, OverlayFile } from "../../core/sampling/environment.ts";
import { audit } from "./audit.ts";
import { storeBaseline } from "./baselines.ts";
import type { Call } from "./deps.ts";
import { changeOverlay, firstRun, withFittingRun } from "./environments.ts";
import { checkOverlayFile } from "./overlay-checks.ts";
import { ById, NOTHING, type Route, route } from "./route.ts";
import { BaselineShape, BaselinesShape, NoShape, OverlayShape, OverlaysShape } from "./shapes.ts";
import { overlayView } from "./views.ts";

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
    handle: async ({ body: { file, schemas } }, call) => {
      const baseline = await storeBaseline(file, schemas, call);
      await audit(call, baseline.id, "baseline.create", null, baseline);
      return baseline;
    },
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
    }),
    status: 201,
    answer: OverlayShape,
    errors: ["not-found", "conflict", "not-allowed"],
    handle: async ({ body }, call) => {
      const baseline = await call.ports.catalog.baseline(body.baseline);
      const file = body.name === undefined ? body.file : { ...body.file, name: body.name };
      checkOverlayFile(file, baseline);
      const isThere = (await call.ports.catalog.overlays()).some((overlay) => overlay.file.name === file.name);
      return overlayView(
        body.replace && isThere ? await replace(file, baseline, call) : await create(file, baseline, call),
      );
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
    handle: async (_input, { ports }) => ({ overlays: (await ports.catalog.overlays()).map(overlayView) }),
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
    handle: async ({ params: { id } }, { ports }) => overlayView(await ports.catalog.overlay(id)),
  }),
  route({
    method: "DELETE",
    path: "/overlays/{id}",
    summary: "Delete an overlay: its mirroring ends; its audit stays",
    params: ById,
    query: NOTHING,
    body: null,
    status: 204,
    answer: NoShape,
    errors: ["not-found"],
    handle: async ({ params: { id } }, call) => {
      const overlay = await call.ports.catalog.overlay(id);
      await call.ports.catalog.deleteOverlay(overlay.id);
      await audit(call, overlay.id, "overlay.delete", overlayView(overlay), null);
      return undefined;
    },
  }),
];

const create = async (file: OverlayFile, baseline: Baseline, call: Call): Promise<Overlay> => {
  const now = call.now();
  const run = firstRun(baseline, file, { id: () => call.newId("run"), now });
  const id = call.newId(file.name);
  const overlay = { id, baseline: baseline.id, createdAt: now, file, shadow: { enabled: false }, run, revision: 0 };
  await call.ports.catalog.createOverlay(overlay);
  await call.ports.catalog.recordRun(id, run);
  await audit(call, id, "overlay.create", null, overlayView(overlay));
  return overlay;
};

const replace = async (file: OverlayFile, baseline: Baseline, call: Call): Promise<Overlay> => {
  const start = { newRun: false, id: () => call.newId("run"), now: call.now() };
  const { before, after } = await changeOverlay(call.ports.catalog, file.name, (overlay) => {
    if (overlay.baseline === baseline.id) return withFittingRun(overlay, { ...overlay, file }, baseline, start);
    throw new ShadowgraphError(
      "not-allowed",
      `overlay "${file.name}" belongs to another baseline, ${overlay.baseline}`,
    );
  });
  await audit(call, after.id, "overlay.replace", overlayView(before), overlayView(after));
  return after;
};
