import * as z from "zod";
import { createBypassLog } from "../../adapters/bypass-log.ts";
import { ShadowgraphError } from "../../core/errors.ts";
import { NOTHING, type Route, route } from "./route.ts";
import { BypassShape } from "./shapes-bypass.ts";

const ofService = z.strictObject({ service: z.string().min(1).max(100).optional() });

export const bypassRoutes: readonly Route[] = [
  route({
    method: "GET",
    path: "/bypass",
    summary: "Say whether callers reach the baseline through the tees or past them",
    params: NOTHING,
    query: ofService,
    body: null,
    status: 200,
    answer: BypassShape,
    errors: ["not-found", "not-allowed"],
    handle: async ({ query: { service } }, { bypass }) => ({ services: await bypass.states(service) }),
  }),
  route({
    method: "PUT",
    path: "/bypass",
    summary: "Take the tees out of the path of all requests, or put them back; the kill switch",
    params: NOTHING,
    query: NOTHING,
    body: z.strictObject({
      on: z.boolean(),
      ...ofService.shape,
      /** Opens the way although alarms of the kill switch may not close it again; `because` says why. */
      force: z.boolean().default(false),
      because: z.string().min(1).max(1_000).optional(),
    }),
    status: 200,
    answer: BypassShape,
    errors: ["not-found", "conflict", "not-allowed"],
    handle: async ({ body: { on, service, force, because } }, call) => {
      const isForced = force && !on;
      if (isForced && because === undefined) throw unexplained();
      const log = createBypassLog(call.ports, { ...call, because: isForced ? because : undefined });
      const changes = await call.bypass.set(on, service, { beforeTurning: log.begin, isForced });
      // It is done: that it could not be written must not look as if it were not.
      await log.end(changes).catch((error) => call.onFault?.(error));
      return { services: changes.map(({ after }) => after) };
    },
  }),
];

const unexplained = () =>
  new ShadowgraphError("invalid-input", "to open the way by force needs a reason", {
    faults: [{ field: "because", message: "must say why it is opened although an alarm is not OK; got nothing" }],
  });
