import { BatchProcessor, EventType, processPartialResponse } from "@aws-lambda-powertools/batch";
import type { SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import { readDeployMessage } from "../../adapters/deployments.ts";
import { deployStep } from "./deploy-step.ts";
import { releaseStep } from "./release-step.ts";
import type { Sweeping } from "./sweep.ts";

/** All of an event together take no longer, so that it ends within its function's time-out. */
const WORK_MS = 40_000;

/** Goes on with each deployment and release that was asked for. Messages that failed are named, to come again. */
export const processDeploys = async (event: SQSEvent, sweeping: Sweeping): Promise<SQSBatchResponse> => {
  const deadline = sweeping.now() + WORK_MS;
  const handle = async (record: SQSRecord): Promise<void> => {
    const message = readDeployMessage(record.body);
    await ("deploy" in message
      ? deployStep(message.deploy, sweeping, deadline)
      : releaseStep(message.release, sweeping, deadline));
  };
  return processPartialResponse(event, handle, new BatchProcessor(EventType.SQS), { throwOnFullBatchFailure: false });
};
