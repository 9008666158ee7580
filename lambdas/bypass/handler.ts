import { setTimeout } from "node:timers/promises";
import { createBypass } from "../../adapters/bypass.ts";
import { createBypassLog } from "../../adapters/bypass-log.ts";
import { parseEnv } from "../../adapters/env.ts";
import { createKillSwitchAlarms } from "../../adapters/kill-switch-alarms.ts";
import { createPorts } from "../../adapters/ports-of.ts";
import { createWeightedRules } from "../../adapters/weighted-rule.ts";
import { newId } from "../api/new-id.ts";
import { answerTo } from "./answer.ts";
import { BypassEnv } from "./env.ts";
import { type Acting, processEvent } from "./process-event.ts";

const { TEE_ROUTE: route, ...env } = parseEnv(BypassEnv, process.env);
const ports = createPorts(env);
const rules = createWeightedRules();
const acting: Acting = {
  route,
  rules,
  bypass: createBypass([route], rules, createKillSwitchAlarms()),
  log: (who) => createBypassLog(ports, { who, now: Date.now, newId, onFault: console.error }),
  now: Date.now,
  wait: async (ms) => void (await setTimeout(ms)),
  onFault: console.error,
  answer: answerTo,
};

export const handler = (event: unknown): Promise<void> => processEvent(event, acting);
