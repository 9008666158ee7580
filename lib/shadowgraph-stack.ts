import { CfnOutput, Stack, type StackProps } from "aws-cdk-lib/core";
import type { Construct } from "constructs";
import { Api } from "./api.ts";
import { ArchiveBucket } from "./archive-bucket.ts";
import { DiffPairs } from "./diff-pairs.ts";
import { FactsTable } from "./facts-table.ts";
import { Judge, type VerdictOverrides } from "./judge.ts";
import { JudgeQueue } from "./judge-queue.ts";
import { PairQueue } from "./pair-queue.ts";
import type { Storage } from "./storage.ts";
import { TeeAccess } from "./tee-access.ts";

export interface ShadowgraphStackProps extends StackProps {
  /**
   * Days that redacted segments are kept; not fewer than `factsDays`.
   * @default 30
   */
  readonly archiveDays?: number;
  /**
   * Days that the facts of single segments are kept; roll-ups and verdicts stay.
   * @default 14
   */
  readonly factsDays?: number;
  /**
   * Batches of segments compared at the same time, 2 to 1000.
   * @default 20
   */
  readonly maxDiffConcurrency?: number;
  /**
   * Error rates, tolerance and limits of the verdict.
   * @default - the defaults of core/verdict
   */
  readonly verdict?: VerdictOverrides;
}

const isWhole = (value: number, min: number, max: number): boolean =>
  Number.isInteger(value) && value >= min && value <= max;

/**
 * Where segments become facts and facts a verdict. The tees are not in it yet: run them where the traffic is, with the
 * policy `TeePolicy` and the variables that the outputs name.
 */
export class ShadowgraphStack extends Stack {
  constructor(scope: Construct, id: string, props: ShadowgraphStackProps = {}) {
    const { archiveDays = 30, factsDays = 14, maxDiffConcurrency = 20, verdict = {}, ...stackProps } = props;
    const faults = [
      isWhole(factsDays, 1, 3650) || `factsDays must be a whole number of 1 to 3650; got ${factsDays}`,
      isWhole(archiveDays, 1, 3650) || `archiveDays must be a whole number of 1 to 3650; got ${archiveDays}`,
      !(archiveDays < factsDays) || `archiveDays must not be below factsDays (${factsDays}); got ${archiveDays}`,
      isWhole(maxDiffConcurrency, 2, 1000) ||
        `maxDiffConcurrency must be a whole number of 2 to 1000; got ${maxDiffConcurrency}`,
    ].filter((fault) => typeof fault === "string");
    if (faults.length > 0) throw new Error(`${id}: ${faults.join("; ")}`);
    super(scope, id, { description: "Shadowgraph: is the overlay safe to release?", ...stackProps });

    const storage: Storage = {
      table: new FactsTable(this, "FactsTable"),
      bucket: new ArchiveBucket(this, "ArchiveBucket", { archiveDays, factsDays }),
      pairQueue: new PairQueue(this, "PairQueue", { consumerTimeout: DiffPairs.timeout }),
      judgeQueue: new JudgeQueue(this, "JudgeQueue", { consumerTimeout: Judge.timeout }),
      factsDays,
    };
    new DiffPairs(this, "DiffPairs", { storage, maxConcurrency: maxDiffConcurrency });
    new Judge(this, "Judge", { storage, verdict });
    const api = new Api(this, "Api", { storage, verdict });
    const teeAccess = new TeeAccess(this, "TeeAccess", { storage });

    const output = (name: string, description: string, value: string) =>
      new CfnOutput(this, name, { description, value });
    output("ApiUrl", "SHADOWGRAPH_API of the CLI", api.url);
    output("TeePolicy", "Policy for the role of a tee", teeAccess.policy.managedPolicyArn);
    output("TableName", "TABLE_NAME of a tee", storage.table.table.tableName);
    output("BucketName", "BUCKET_NAME of a tee", storage.bucket.bucket.bucketName);
    output("SegmentQueueUrl", "SEGMENT_QUEUE_URL of a tee", storage.pairQueue.queue.queueUrl);
    output("JudgeQueueUrl", "JUDGE_QUEUE_URL of a tee", storage.judgeQueue.queue.queueUrl);
  }
}
