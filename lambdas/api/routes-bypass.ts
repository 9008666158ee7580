import * as z from "zod";
import { createBypassLog } from "../../adapters/bypass-log.ts";
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
    body: z.strictObject({ on: z.boolean(), ...ofService.shape }),
    status: 200,
    answer: BypassShape,
    errors: ["not-found", "not-allowed"],
    handle: async ({ body: { on, service } }, call) => {
      const log = createBypassLog(call.ports, call);
      const changes = await call.bypass.set(on, service, log.begin);
      // It is done: that it could not be written must not look as if it were not.
      await log.end(changes).catch((error) => call.onFault?.(error));
      return { services: changes.map(({ after }) => after) };
    },
  }),
];
