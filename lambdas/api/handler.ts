import { handle } from "hono/aws-lambda";
import { createBypass } from "../../adapters/bypass.ts";
import { parseEnv } from "../../adapters/env.ts";
import { readJudgement } from "../../adapters/judgement.ts";
import { createPorts } from "../../adapters/ports-of.ts";
import { createWeightedRules } from "../../adapters/weighted-rule.ts";
import { createApi } from "./app.ts";
import { callerOf } from "./caller.ts";
import { ApiDeploying, ApiEnv, ApiSettings } from "./env.ts";
import { newId } from "./new-id.ts";

const env = parseEnv(ApiEnv, process.env);
const ports = createPorts({ ...env, ...parseEnv(ApiDeploying, process.env) });
const bypass = createBypass(env.TEE_ROUTES, createWeightedRules());
const settings = parseEnv(ApiSettings, process.env).VERDICT_SETTINGS;

export const handler = handle(
  createApi({ ports, bypass, settings, now: Date.now, newId, who: callerOf, readJudgement, onFault: console.error }),
);
