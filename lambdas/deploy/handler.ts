import type { ScheduledEvent, SQSBatchResponse, SQSEvent } from "aws-lambda";
import { parseEnv } from "../../adapters/env.ts";
import { createPorts } from "../../adapters/ports-of.ts";
import { sweepingOf } from "./deps.ts";
import { DeployEnv } from "./env.ts";
import { processDeploys } from "./process-deploys.ts";
import { sweepDeployments } from "./sweep.ts";

const env = parseEnv(DeployEnv, process.env);
const sweeping = sweepingOf(env, createPorts(env), Date.now);

/** Woken by the queue; by a schedule as the safety net. */
export const handler = (event: SQSEvent | ScheduledEvent): Promise<SQSBatchResponse | undefined> =>
  "Records" in event ? processDeploys(event, sweeping) : sweepDeployments(sweeping);
