import { handle } from "hono/aws-lambda";
import { createBypass } from "../../adapters/bypass.ts";
import { parseEnv } from "../../adapters/env.ts";
import { readJudgement } from "../../adapters/judgement.ts";
import { createKillSwitchAlarms } from "../../adapters/kill-switch-alarms.ts";
import { createPorts } from "../../adapters/ports-of.ts";
import { createFunctionResender, type ResendTask } from "../../adapters/resender.ts";
import { createWeightedRules } from "../../adapters/weighted-rule.ts";
import { resend } from "../resend/resend.ts";
import { createApi } from "./app.ts";
import { callerOf } from "./caller.ts";
import { ApiDeploying, ApiEnv, ApiResending, ApiSettings } from "./env.ts";
import { newId } from "./new-id.ts";

const env = parseEnv(ApiEnv, process.env);
const deploying = parseEnv(ApiDeploying, process.env);
const ports = createPorts({ ...env, ...deploying });
const bypass = createBypass(env.TEE_ROUTES, createWeightedRules(), createKillSwitchAlarms());
const { RESEND_FUNCTION: name, AWS_REGION: region } = parseEnv(ApiResending, process.env);
const resender =
  name === undefined
    ? { signsAsTees: false, send: (task: ResendTask) => resend(task) }
    : createFunctionResender({ name, region });
const settings = parseEnv(ApiSettings, process.env).VERDICT_SETTINGS;
const allowSecurityGroups = deploying.OVERLAY_ALLOWED_GROUPS;

export const handler = handle(
  createApi({
    ports,
    bypass,
    resender,
    settings,
    allowSecurityGroups,
    now: Date.now,
    newId,
    who: callerOf,
    readJudgement,
    onFault: console.error,
  }),
);
