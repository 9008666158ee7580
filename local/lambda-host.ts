import { setPriority } from "node:os";
import type { SQSEvent } from "aws-lambda";
import { createBucket } from "../adapters/bucket.ts";
import { DeployPlace } from "../adapters/deploy-env.ts";
import { AdaptersEnv, parseEnv } from "../adapters/env.ts";
import { createClients } from "../adapters/ports-of.ts";
import { handler as deploy } from "../lambdas/deploy/handler.ts";
import { handler as diffPairs } from "../lambdas/diff-pairs/handler.ts";
import { handler as judge } from "../lambdas/judge/handler.ts";
import { startEventSource } from "./event-source.ts";
import { sweep } from "./sweep.ts";

const judgeEveryMs = 60_000;
const deployEveryMs = 60_000;
const sweepEveryMs = 10 * 60_000;
/** Below the tee's and everybody's: comparing can wait, a caller cannot. */
const niceness = 10;

const env = parseEnv(AdaptersEnv, process.env);
const { DEPLOY_QUEUE_URL } = parseEnv(DeployPlace, process.env);
const clients = createClients();
const bucket = createBucket(clients.s3, env.BUCKET_NAME);
const log = (message: string, fault: unknown) =>
  console.error(JSON.stringify({ level: "error", message, fault: String(fault) }));

/** Now and then from now on, never two at once; a fault is told and ends nothing. */
const every = (ms: number, what: string, act: () => Promise<unknown>) => {
  const next = async () => {
    await act().catch((fault) => log(`${what} failed`, fault));
    setTimeout(next, ms).unref();
  };
  void next();
};

const handlerOfSegments = async (event: SQSEvent) =>
  (await diffPairs(event, undefined as never, () => {})) ?? undefined;

/** The Lambda functions of this machine: each real handler under an event source, the schedules, the sweep. */
const main = async () => {
  try {
    setPriority(niceness);
  } catch (fault) {
    log("the priority could not be lowered", fault);
  }
  const { sqs } = clients;
  const sources = [
    startEventSource({
      sqs,
      queueUrl: env.SEGMENT_QUEUE_URL,
      handler: handlerOfSegments,
      batchSize: 10,
      windowMs: 0,
      concurrency: 2,
      log,
    }),
    startEventSource({
      sqs,
      queueUrl: env.JUDGE_QUEUE_URL,
      handler: judge,
      batchSize: 10,
      windowMs: 0,
      concurrency: 1,
      log,
    }),
    startEventSource({
      sqs,
      queueUrl: DEPLOY_QUEUE_URL,
      handler: deploy,
      batchSize: 10,
      windowMs: 0,
      concurrency: 1,
      log,
    }),
  ];
  every(judgeEveryMs, "the judging of all runs", () => judge({ source: "aws.events" } as never));
  every(deployEveryMs, "looking after all deployments", () => deploy({ source: "aws.events" } as never));
  every(sweepEveryMs, "the sweep", () => sweep(clients.dynamodb, env.TABLE_NAME, bucket, Date.now()));

  // What is at hand is finished first; were it not, it would only be delivered again.
  const end = () => void Promise.all(sources.map((source) => source.stop())).then(() => process.exit(0));
  process.on("SIGTERM", end);
  // The parent is gone: nobody would ever stop this process.
  process.on("disconnect", end);
  process.send?.({ type: "ready" });
};

void main();
