import { Duration } from "aws-cdk-lib/core";
import { Construct } from "constructs";
import type { DiffPairsEnv } from "../lambdas/diff-pairs/env.ts";
import { acknowledgeFolders } from "./acknowledgements.ts";
import { NodeFunction } from "./node-function.ts";
import { adaptersEnvironment, type Storage } from "./storage.ts";

export interface DiffPairsProps {
  readonly storage: Storage;
  /**
   * Batches compared at the same time; what is over it waits in the queue.
   * @default 20
   */
  readonly maxConcurrency?: number;
}

/** Segments to archive and facts. */
export class DiffPairs extends Construct {
  static readonly timeout = Duration.minutes(1);
  readonly program: NodeFunction;

  constructor(scope: Construct, id: string, props: DiffPairsProps) {
    super(scope, id);
    const { storage, maxConcurrency = 20 } = props;
    this.program = new NodeFunction(this, "Program", {
      program: "diff-pairs",
      key: storage.key,
      description: "Shadowgraph: compares the pairs of segments, writes archive and facts",
      environment: adaptersEnvironment(storage) satisfies Record<keyof DiffPairsEnv, string>,
      timeout: DiffPairs.timeout,
    });
    const target = this.program.function;
    storage.pairQueue.feed(target, {
      batchSize: 100,
      maxBatchingWindow: Duration.seconds(2),
      maxConcurrency,
      reportBatchItemFailures: true,
    });
    storage.table.grantReadWrite(target);
    // Under changed rules it reads the archive again, folds what it finds, and asks itself for the next step.
    storage.bucket.grant(target, "archive", "read", "write");
    storage.bucket.grant(target, "claims", "read");
    storage.bucket.grant(target, "spill", "read", "write", "delete");
    storage.pairQueue.grantSend(target);
    storage.judgeQueue.grantSend(target);
    acknowledgeFolders(this.program, storage, "archive", "claims", "spill");
  }
}
