import { join } from "node:path";
import { CreateTableCommand, DescribeTableCommand } from "@aws-sdk/client-dynamodb";
import { CreateBucketCommand } from "@aws-sdk/client-s3";
import { CreateQueueCommand, GetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import * as z from "zod";
import { DeployPlace } from "../adapters/deploy-env.ts";
import { type AdaptersEnv, parseEnv, AdaptersEnv as Schema } from "../adapters/env.ts";
import { isNamed } from "../adapters/fault.ts";
import { type Clients, createClients } from "../adapters/ports-of.ts";
import { ShadowgraphError } from "../core/errors.ts";
import { startCloud } from "./cloud/server.ts";
import { startDynalite } from "./dynalite.ts";
import { startFauxqs } from "./fauxqs.ts";

const TABLE_NAME = "shadowgraph";
const BUCKET_NAME = "shadowgraph";
/** Any will do: the emulators check none. */
const REGION = "us-east-1";
const CREDENTIALS = { accessKeyId: "local", secretAccessKey: "local" };

export interface LocalAws {
  /** For programs in other processes: where all is, dummy credentials included. */
  readonly env: Readonly<Record<string, string>>;
  readonly adaptersEnv: AdaptersEnv & Pick<DeployPlace, "DEPLOY_QUEUE_URL">;
  readonly clients: Clients;
  readonly deadLetterQueueUrl: string;
  /** Of ECS and Cloud Map. */
  readonly cloudUrl: string;
  close(): Promise<void>;
}

export interface LocalAwsOptions {
  /** Holds the table (`table/`), the objects (`objects/`) and what ECS and Cloud Map know (`cloud.json`). */
  readonly dataDir: string;
  /** How long a message in work stays hidden: what a killed worker had is delivered again after it. */
  readonly visibilitySeconds?: number;
  readonly maxReceiveCount?: number;
}

/** The table, the bucket and the queues, each in its emulator, on free ports of 127.0.0.1. */
export const startAws = async ({
  dataDir,
  visibilitySeconds = 6,
  maxReceiveCount = 5,
}: LocalAwsOptions): Promise<LocalAws> => {
  const dynamodb = await startDynalite(join(dataDir, "table"));
  const fauxqs = await startFauxqs(join(dataDir, "objects"));
  const cloud = await startCloud(join(dataDir, "cloud.json"));
  const endpoints = { dynamodb: dynamodb.url, sqs: fauxqs.url, s3: fauxqs.url, cloud: cloud.url };
  const clients = createClients({ region: REGION, credentials: CREDENTIALS, endpoints });
  const close = async () => {
    for (const client of [clients.dynamodb, clients.sqs, clients.s3]) client.destroy();
    await cloud.close();
    await fauxqs.close();
    await dynamodb.close();
  };
  try {
    await Promise.all([createTable(clients), createBucket(clients)]);
    const queues = await createQueues(clients, fauxqs.url, { visibilitySeconds, maxReceiveCount });
    const variables = {
      TABLE_NAME,
      BUCKET_NAME,
      SEGMENT_QUEUE_URL: queues.segments,
      JUDGE_QUEUE_URL: queues.judge,
      DEPLOY_QUEUE_URL: queues.deploy,
      ...cloud.place,
    };
    return {
      env: { ...variables, ...sdkEnv(endpoints) },
      adaptersEnv: parseEnv(
        z.object({ ...Schema.shape, ...DeployPlace.pick({ DEPLOY_QUEUE_URL: true }).shape }),
        variables,
      ),
      clients,
      deadLetterQueueUrl: queues.dead,
      cloudUrl: cloud.url,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
};

const sdkEnv = (endpoints: { dynamodb: string; sqs: string; s3: string; cloud: string }) => ({
  AWS_ENDPOINT_URL_DYNAMODB: endpoints.dynamodb,
  AWS_ENDPOINT_URL_SQS: endpoints.sqs,
  AWS_ENDPOINT_URL_S3: endpoints.s3,
  AWS_ENDPOINT_URL_ECS: endpoints.cloud,
  AWS_ENDPOINT_URL_SERVICEDISCOVERY: endpoints.cloud,
  AWS_REGION: REGION,
  AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
  AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
});

const createTable = async ({ dynamodb }: Clients) => {
  const command = new CreateTableCommand({
    TableName: TABLE_NAME,
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: [
      { AttributeName: "pk", AttributeType: "S" },
      { AttributeName: "sk", AttributeType: "S" },
    ],
    KeySchema: [
      { AttributeName: "pk", KeyType: "HASH" },
      { AttributeName: "sk", KeyType: "RANGE" },
    ],
  });
  await dynamodb.send(command).catch((error) => {
    if (isNamed(error, "ResourceInUseException")) return;
    throw new ShadowgraphError("unavailable", `the local table cannot be opened: ${error.message}`, { cause: error });
  });
  for (;;) {
    const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName: TABLE_NAME }));
    if (Table?.TableStatus === "ACTIVE") return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};

const createBucket = async ({ s3 }: Clients) => {
  await s3.send(new CreateBucketCommand({ Bucket: BUCKET_NAME })).catch((error) => {
    if (!isNamed(error, "BucketAlreadyOwnedByYou", "BucketAlreadyExists")) throw error;
  });
};

const createQueues = async (
  { sqs }: Clients,
  at: string,
  limits: { visibilitySeconds: number; maxReceiveCount: number },
) => {
  const create = async (QueueName: string, Attributes: Record<string, string>) => {
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName, Attributes }));
    // Its host is `sqs.us-east-1.localhost`, which not every resolver knows.
    return new URL(new URL(QueueUrl!).pathname, at).href;
  };
  const longest = { MessageRetentionPeriod: "1209600", MaximumMessageSize: "1048576" };
  const dead = await create("shadowgraph-dead-letters", longest);
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: dead, AttributeNames: ["QueueArn"] }),
  );
  const RedrivePolicy = JSON.stringify({
    deadLetterTargetArn: Attributes?.QueueArn,
    maxReceiveCount: limits.maxReceiveCount,
  });
  const work = { ...longest, RedrivePolicy, VisibilityTimeout: String(limits.visibilitySeconds) };
  return {
    dead,
    segments: await create("shadowgraph-segments", work),
    judge: await create("shadowgraph-judge", work),
    deploy: await create("shadowgraph-deploy", work),
  };
};
