import type { ScheduledEvent, SQSBatchResponse, SQSEvent } from "aws-lambda";
import { parseEnv } from "../../adapters/env.ts";
import { createEvents } from "../../adapters/events.ts";
import { createPorts } from "../../adapters/ports-of.ts";
import { JudgeEnv } from "./env.ts";
import { judgeAll } from "./judge-run.ts";
import { processWakes } from "./process-wakes.ts";

const env = parseEnv(JudgeEnv, process.env);
const { BASELINE_ID: baseline, EVENT_BUS_NAME: bus, VERDICT_SETTINGS: settings } = env;
const ports = { ...createPorts(env), events: createEvents(bus, baseline) };
const judging = { ports, baseline, settings, now: Date.now };

/** Woken by the queue; by a schedule as the safety net. */
export const handler = (event: SQSEvent | ScheduledEvent): Promise<SQSBatchResponse | undefined> =>
  "Records" in event ? processWakes(event, judging) : judgeAll(judging);
