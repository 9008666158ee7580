import { handle } from "hono/aws-lambda";
import { parseEnv } from "../../adapters/env.ts";
import { readJudgement } from "../../adapters/judgement.ts";
import { createPorts } from "../../adapters/ports-of.ts";
import { createApi } from "./app.ts";
import { callerOf } from "./caller.ts";
import { ApiDeploying, ApiEnv, ApiSettings } from "./env.ts";
import { newId } from "./new-id.ts";

const ports = createPorts({ ...parseEnv(ApiEnv, process.env), ...parseEnv(ApiDeploying, process.env) });
const settings = parseEnv(ApiSettings, process.env).VERDICT_SETTINGS;

export const handler = handle(
  createApi({ ports, settings, now: Date.now, newId, who: callerOf, readJudgement, onFault: console.error }),
);
