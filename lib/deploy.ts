import { Rule, Schedule } from "aws-cdk-lib/aws-events";
import { LambdaFunction } from "aws-cdk-lib/aws-events-targets";
import { Duration, Validations } from "aws-cdk-lib/core";
import { Construct } from "constructs";
import type { DeployEnv } from "../lambdas/deploy/env.ts";
import { acknowledgeFolders } from "./acknowledgements.ts";
import type { DeployQueue } from "./deploy-queue.ts";
import { type BaselineCluster, deployStatements } from "./deploy-rights.ts";
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
    const { storage, deployQueue, namespace, subnetIds, securityGroupId, clusters, look = Duration.seconds(5) } = props;
    const faults = [
      subnetIds.length > 0 || "subnetIds must hold at least one subnet",
      clusters.length > 0 || "clusters must hold at least one cluster",
      clusters.every(({ roleArns }) => roleArns.length > 0) ||
        "roleArns must name the execution role of the baseline's tasks: overlays cannot start without it",
    ].filter((fault) => typeof fault === "string");
    if (faults.length > 0) throw new Error(`${id}: ${faults.join("; ")}`);
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
    for (const statement of deployStatements(this, clusters, namespace.arn)) target.addToRolePolicy(statement);
    acknowledgeFolders(this.program, storage, "spill");
    Validations.of(this.program).acknowledge({
      id: "AwsSolutions-IAM5",
      reason:
        "Names of overlays are made at run time: rights on them are bound by prefix, cluster and tag. What is * knows no resources.",
    });
  }
}
