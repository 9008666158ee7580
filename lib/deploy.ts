import { Rule, Schedule } from "aws-cdk-lib/aws-events";
import { LambdaFunction } from "aws-cdk-lib/aws-events-targets";
import { Duration } from "aws-cdk-lib/core";
import { Construct } from "constructs";
import type { DeployEnv } from "../lambdas/deploy/env.ts";
import { acknowledgeFolders, acknowledgeRights } from "./acknowledgements.ts";
import type { DeployQueue } from "./deploy-queue.ts";
import { type BaselineCluster, deployRights } from "./deploy-rights.ts";
import { refuse } from "./faults.ts";
import type { GuardParts } from "./guard-parts.ts";
import { NodeFunction } from "./node-function.ts";
import { adaptersEnvironment, type Storage } from "./storage.ts";

export interface DeployProps {
  readonly storage: Storage;
  /** Made with `Deploy.timeout`; the API gets its URL as DEPLOY_QUEUE_URL, and may send to it. */
  readonly deployQueue: DeployQueue;
  /** A private DNS namespace of Cloud Map, for overlays alone, that the tees' VPC resolves. */
  readonly namespace: { readonly id: string; readonly name: string; readonly arn: string };
  /** Where tasks of overlays run: with a way to the image registry, the logs and the secrets. */
  readonly subnetIds: readonly string[];
  /** Lets the tees in at the services' ports; has no way to the baseline's data stores. */
  readonly securityGroupId: string;
  /** ARN of the role that tasks of overlays run under, or "baseline": that of the baseline's own tasks. */
  readonly taskRole: string;
  /** Of guards beside overlays that name collaborators. */
  readonly guard: GuardParts;
  /** At least one. */
  readonly clusters: readonly BaselineCluster[];
  /**
   * Between two looks at what is under way.
   * @default 5 seconds
   */
  readonly look?: Duration;
}

/** Makes, removes and releases overlays: woken by its queue, by a schedule as the safety net. */
export class Deploy extends Construct {
  static readonly timeout = Duration.minutes(1);
  readonly program: NodeFunction;

  constructor(scope: Construct, id: string, props: DeployProps) {
    super(scope, id);
    const {
      storage,
      deployQueue,
      namespace,
      subnetIds,
      securityGroupId,
      taskRole,
      guard,
      clusters,
      look = Duration.seconds(5),
    } = props;
    refuse(id, [
      subnetIds.length > 0 ? undefined : "subnetIds must hold at least one subnet",
      clusters.length > 0 ? undefined : "clusters must hold at least one cluster",
      clusters.every(({ executionRoleArns }) => executionRoleArns.length > 0)
        ? undefined
        : "executionRoleArns must name the execution role of the baseline's tasks: overlays cannot start without it",
    ]);
    this.program = new NodeFunction(this, "Program", {
      program: "deploy",
      key: storage.key,
      description: "Shadowgraph: makes, removes and releases overlays",
      environment: {
        ...adaptersEnvironment(storage),
        DEPLOY_QUEUE_URL: deployQueue.queue.queueUrl,
        OVERLAY_NAMESPACE_ID: namespace.id,
        OVERLAY_NAMESPACE_NAME: namespace.name,
        OVERLAY_SUBNETS: subnetIds.join(","),
        OVERLAY_SECURITY_GROUP: securityGroupId,
        OVERLAY_TASK_ROLE: taskRole,
        GUARD_IMAGE_ARM64: guard.images.arm64,
        GUARD_IMAGE_X86_64: guard.images.x86,
        GUARD_LOG_GROUP_ARN: guard.log.logGroupArn,
        DEPLOY_LOOK_SECONDS: String(look.toSeconds()),
      } satisfies Record<keyof DeployEnv, string>,
      timeout: Deploy.timeout,
      isCalledAsync: true,
    });
    const target = this.program.function;
    deployQueue.feed(target, { batchSize: 10, maxConcurrency: 10, reportBatchItemFailures: true });
    new Rule(this, "Schedule", {
      description: "Shadowgraph: overlays whose time is over, and what lost its message",
      schedule: Schedule.rate(Duration.minutes(1)),
      targets: [
        new LambdaFunction(target, {
          retryAttempts: 0,
          maxEventAge: Duration.minutes(1),
          ...(this.program.failures && { deadLetterQueue: this.program.failures }),
        }),
      ],
    });
    storage.table.grantReadWrite(target);
    storage.table.grantDelete(target);
    storage.bucket.grant(target, "spill", "read", "write", "delete");
    deployQueue.grantSend(target);
    const rights = deployRights(this, clusters, { namespaceArn: namespace.arn, taskRole });
    for (const { statement } of rights) target.addToRolePolicy(statement);
    acknowledgeFolders(this.program, storage, "spill");
    acknowledgeRights(this.program, rights);
  }
}
