import * as z from "zod";
import { ShadowgraphError } from "../../core/errors.ts";
import { overlayOf } from "./environments.ts";
import { ById, NOTHING, queryInt, queryTime, type Route, route } from "./route.ts";
import { compareRuns, runsOf, runsView } from "./runs.ts";
import { RunsComparedShape, RunsShape, TimelineShape } from "./shapes-runs.ts";
import { timelineOf } from "./timeline.ts";

const HOUR_MS = 3_600_000;
const oneRun = z.string().min(1).max(100).optional();

export const runRoutes: readonly Route[] = [
  route({
    method: "GET",
    path: "/environments/{id}/timeline",
    summary: "Show minute by minute, or hour by hour, what became of the pairs, and when something changed",
    params: ById,
    query: z.strictObject({
      /** An hour before `to` where left out. */
      from: queryTime.optional(),
      to: queryTime.optional(),
      /** Minutes of at most six hours, else hours, where left out. */
      grain: z.enum(["minute", "hour"]).optional(),
      limit: queryInt(1, 400, 360),
    }),
    body: null,
    status: 200,
    answer: TimelineShape,
    errors: ["not-found", "not-allowed"],
    handle: async ({ params: { id }, query: { from, to, grain, limit } }, call) => {
      const { overlay } = await overlayOf(call.ports.catalog, id);
      const until = to ?? call.now();
      const since = from ?? until - HOUR_MS;
      if (since > until) throw turnedAround(since, until);
      return timelineOf(overlay, { from: since, to: until, grain, limit }, call);
    },
  }),
  route({
    method: "GET",
    path: "/environments/{id}/runs",
    summary:
      "List the runs of an overlay, each with every change of its verdict and its release; of a deleted one by its id",
    params: ById,
    query: NOTHING,
    body: null,
    status: 200,
    answer: RunsShape,
    errors: ["not-found", "not-allowed"],
    handle: async ({ params: { id } }, call) => {
      const { catalog } = call.ports;
      const deleted = await catalog.runs(id);
      const isThere = (await catalog.overlays()).some((overlay) => overlay.id === id);
      if (deleted.length > 0 && !isThere)
        return runsView(
          id,
          deleted.toSorted((a, b) => a.attempt - b.attempt),
          undefined,
          call,
        );
      const { overlay } = await overlayOf(catalog, id);
      return runsView(overlay.id, await runsOf(overlay, catalog), overlay.run.id, call);
    },
  }),
  route({
    method: "GET",
    path: "/environments/{id}/runs/compare",
    summary: "Set the findings of two runs against each other: which appeared, which vanished, which stayed",
    params: ById,
    /** Runs by id or by attempt: `b` is the present one, `a` the one before it where left out. */
    query: z.strictObject({ a: oneRun, b: oneRun }),
    body: null,
    status: 200,
    answer: RunsComparedShape,
    errors: ["not-found", "not-allowed"],
    handle: async ({ params: { id }, query }, call) =>
      compareRuns((await overlayOf(call.ports.catalog, id)).overlay, query, call),
  }),
];

const turnedAround = (from: number, to: number) =>
  new ShadowgraphError("invalid-input", "the time asked for ends before it begins", {
    faults: [
      {
        field: "from",
        message: `must not be after \`to\`, ${new Date(to).toISOString()}; got ${new Date(from).toISOString()}`,
      },
    ],
  });
