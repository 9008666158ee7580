import { NOTHING, type Route, route } from "./route.ts";
import { auditRoutes } from "./routes-audit.ts";
import { bypassRoutes } from "./routes-bypass.ts";
import { catalogRoutes } from "./routes-catalog.ts";
import { environmentRoutes } from "./routes-environments.ts";
import { findingRoutes } from "./routes-findings.ts";
import { recheckRoutes } from "./routes-recheck.ts";
import { releaseRoutes } from "./routes-release.ts";
import { replayRoutes } from "./routes-replay.ts";
import { ruleRoutes } from "./routes-rules.ts";
import { runRoutes } from "./routes-runs.ts";
import { HealthShape } from "./shapes.ts";

/** The whole HTTP API. */
export const ROUTES: readonly Route[] = [
  ...catalogRoutes,
  ...releaseRoutes,
  ...environmentRoutes,
  ...auditRoutes,
  ...runRoutes,
  ...ruleRoutes,
  ...findingRoutes,
  ...recheckRoutes,
  ...replayRoutes,
  ...bypassRoutes,
  route({
    method: "GET",
    path: "/healthz",
    summary: "Say that the API answers",
    params: NOTHING,
    query: NOTHING,
    body: null,
    status: 200,
    answer: HealthShape,
    errors: [],
    handle: async () => ({ status: "ok" as const }),
  }),
];
