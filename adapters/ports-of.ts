import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { SQSClient } from "@aws-sdk/client-sqs";
import { createArchive } from "./archive.ts";
import { createAudit } from "./audit.ts";
import { createBucket } from "./bucket.ts";
import { createCatalog } from "./catalog.ts";
import { createDeployments, createDeployQueue } from "./deployments.ts";
import { createDrifts } from "./drifts.ts";
import { createEndpointMap } from "./endpoint-map.ts";
import type { AdaptersEnv } from "./env.ts";
import { createFactsStore } from "./facts.ts";
import { createLatest } from "./latest.ts";
import type { Ports, SegmentInbox } from "./ports.ts";
import { createProbes } from "./probes.ts";
import { createRecompares } from "./recompares.ts";
import { createReleases } from "./releases.ts";
import { requestHandler } from "./request-handler.ts";
import { createSchemasStore } from "./response-schemas.ts";
import { createRulesStore } from "./rules.ts";
import { createSegmentQueue } from "./segment-queue.ts";
import { createTable } from "./table.ts";
import { createTees } from "./tees.ts";
import { createVerdictLog } from "./verdicts.ts";
import { createWake } from "./wake.ts";

export interface Clients {
  readonly dynamodb: DynamoDBClient;
  readonly sqs: SQSClient;
  readonly s3: S3Client;
}

export interface ClientSettings {
  readonly region?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** URLs that stand in for the regional ones; `AWS_ENDPOINT_URL_*` does the same from outside. */
  readonly endpoints?: { readonly dynamodb: string; readonly sqs: string; readonly s3: string };
}

export const createClients = ({ endpoints, ...settings }: ClientSettings = {}): Clients => {
  const at = (endpoint: string | undefined) => (endpoint === undefined ? {} : { endpoint });
  return {
    dynamodb: new DynamoDBClient({ ...settings, requestHandler, ...at(endpoints?.dynamodb) }),
    // A long poll answers after up to 20 s.
    sqs: new SQSClient({
      ...settings,
      requestHandler: { ...requestHandler, requestTimeout: 30_000 },
      ...at(endpoints?.sqs),
    }),
    s3: new S3Client({
      ...settings,
      requestHandler: { ...requestHandler, requestTimeout: 30_000 },
      ...at(endpoints?.s3),
    }),
  };
};

/** Everything behind one table, one bucket and the queues. `now` is milliseconds since 1970. */
export const createPorts = (
  env: AdaptersEnv & { readonly DEPLOY_QUEUE_URL?: string | undefined },
  clients: Clients = createClients(),
  now: () => number = Date.now,
): Ports & { readonly inbox: SegmentInbox } => {
  const bucket = createBucket(clients.s3, env.BUCKET_NAME);
  const table = createTable(clients.dynamodb, env.TABLE_NAME, bucket);
  const segments = createSegmentQueue(clients.sqs, env.SEGMENT_QUEUE_URL, bucket);
  return {
    catalog: createCatalog(table),
    tees: createTees(table, env.FACTS_TTL_DAYS),
    probes: createProbes(table),
    drifts: createDrifts(table, env.FACTS_TTL_DAYS),
    segments,
    inbox: segments,
    archive: createArchive(bucket),
    facts: createFactsStore(table, { ttlDays: env.FACTS_TTL_DAYS, shards: env.FACT_SHARDS, now }),
    wake: createWake(table, clients.sqs, env.JUDGE_QUEUE_URL, { bucketMs: env.WAKE_BUCKET_MS, now }),
    recompares: createRecompares(table, clients.sqs, env.SEGMENT_QUEUE_URL),
    endpointMap: createEndpointMap(table),
    schemas: createSchemasStore(table),
    rules: createRulesStore(table),
    verdicts: createVerdictLog(table),
    audit: createAudit(table),
    deployments: createDeployments(table),
    releases: createReleases(table),
    replays: createLatest(table, "REPLAY", { ttlDays: env.FACTS_TTL_DAYS, now }),
    rechecks: createLatest(table, "RECHECK", { ttlDays: env.FACTS_TTL_DAYS, now }),
    deployQueue: env.DEPLOY_QUEUE_URL === undefined ? undefined : createDeployQueue(clients.sqs, env.DEPLOY_QUEUE_URL),
  };
};
