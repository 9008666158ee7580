import type { AdaptersEnv } from "../adapters/env.ts";
import type { ArchiveBucket } from "./archive-bucket.ts";
import type { EncryptionKey } from "./encryption-key.ts";
import type { FactsTable } from "./facts-table.ts";
import type { JudgeQueue } from "./judge-queue.ts";
import type { PairQueue } from "./pair-queue.ts";

/** Everything that outlives a request: one table, one bucket, two queues, and the key of all of them. */
export interface Storage {
  readonly key: EncryptionKey;
  readonly table: FactsTable;
  readonly bucket: ArchiveBucket;
  readonly pairQueue: PairQueue;
  readonly judgeQueue: JudgeQueue;
  readonly factsDays: number;
  /** Partitions that the facts of one minute are spread over; only ever more, or the facts of the last minutes are not found. */
  readonly factShards: number;
}

/** What adapters/ asks of the environment of every program. */
export const adaptersEnvironment = ({ table, bucket, pairQueue, judgeQueue, factsDays, factShards }: Storage) =>
  ({
    TABLE_NAME: table.table.tableName,
    BUCKET_NAME: bucket.bucket.bucketName,
    SEGMENT_QUEUE_URL: pairQueue.queue.queueUrl,
    JUDGE_QUEUE_URL: judgeQueue.queue.queueUrl,
    FACTS_TTL_DAYS: String(factsDays),
    FACT_SHARDS: String(factShards),
    // A finding shows within some ten seconds; each wake folds and judges anew, the dearest part of a run.
    WAKE_BUCKET_MS: "5000",
  }) satisfies Record<keyof AdaptersEnv, string>;
