import { type IEventBus, Rule, Schedule } from "aws-cdk-lib/aws-events";
import { LambdaFunction } from "aws-cdk-lib/aws-events-targets";
import { Grant } from "aws-cdk-lib/aws-iam";
import { Duration } from "aws-cdk-lib/core";
import { Construct } from "constructs";
import type { JudgeEnv } from "../lambdas/judge/env.ts";
import { acknowledgeFolders } from "./acknowledgements.ts";
import { NodeFunction } from "./node-function.ts";
import { adaptersEnvironment, type Storage } from "./storage.ts";
import { VERDICT_EVENT } from "./verdict-notice.ts";

/** What overrides the defaults of the verdict, as `core/verdict` names them. */
export type VerdictOverrides = Partial<JudgeEnv["VERDICT_SETTINGS"]>;

export interface JudgeProps {
  /** As metrics and events name it. */
  readonly baseline: string;
  /** Is told of changed verdicts. */
  readonly bus: IEventBus;
  readonly storage: Storage;
  /**
   * Error rates, tolerance and limits of the verdict.
   * @default - the defaults of core/verdict
   */
  readonly verdict?: VerdictOverrides;
  /**
   * How often every enabled run is looked at even if no message woke judge: the safety net, not the way. That it is silent is told
   * after five minutes.
   * @default 1 minute
   */
  readonly interval?: Duration;
}

/** Facts to roll-ups, findings and verdicts. */
export class Judge extends Construct {
  static readonly timeout = Duration.minutes(1);
  readonly program: NodeFunction;

  constructor(scope: Construct, id: string, props: JudgeProps) {
    super(scope, id);
    const { baseline, bus, storage, verdict = {}, interval = Duration.minutes(1) } = props;
    this.program = new NodeFunction(this, "Program", {
      program: "judge",
      key: storage.key,
      description: "Shadowgraph: folds facts into roll-ups, findings and the verdict",
      environment: {
        ...adaptersEnvironment(storage),
        VERDICT_SETTINGS: JSON.stringify(verdict),
        BASELINE_ID: baseline,
        EVENT_BUS_NAME: bus.eventBusName,
      } satisfies Record<keyof JudgeEnv, string>,
      timeout: Judge.timeout,
      isCalledAsync: true,
    });
    const target = this.program.function;
    storage.judgeQueue.feed(target, { batchSize: 10, maxConcurrency: 10, reportBatchItemFailures: true });
    new Rule(this, "Schedule", {
      description: "Shadowgraph: judge looks at every enabled run",
      schedule: Schedule.rate(interval),
      targets: [
        new LambdaFunction(target, {
          retryAttempts: 2,
          maxEventAge: interval,
          ...(this.program.failures && { deadLetterQueue: this.program.failures }),
        }),
      ],
    });
    storage.table.grantReadWrite(target);
    storage.bucket.grant(target, "spill", "read", "write", "delete");
    // Asks diff-pairs to compare the archive anew, such as after a deploy.
    storage.pairQueue.grantSend(target);
    Grant.addToPrincipal({
      grantee: target,
      actions: ["events:PutEvents"],
      resourceArns: [bus.eventBusArn],
      conditions: {
        "ForAllValues:StringEquals": {
          "events:source": VERDICT_EVENT.source,
          "events:detail-type": VERDICT_EVENT.detailType,
        },
      },
    });
    acknowledgeFolders(this.program, storage, "spill");
  }
}
