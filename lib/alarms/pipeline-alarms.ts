import { ComparisonOperator, Metric, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import { Duration } from "aws-cdk-lib/core";
import { Construct } from "constructs";
import type { AlarmsShape } from "../config/alarms-shape.ts";
import type { Watch } from "./alarm.ts";

/** What is between the tees and the verdict, each by the name that its alarms bear. */
export interface Pipeline {
  /** Queues whose messages have to be worked on soon. */
  readonly queues: Readonly<Record<string, IQueue>>;
  /** Every queue for what failed for good. */
  readonly deadLetters: Readonly<Record<string, IQueue>>;
  readonly functions: Readonly<Record<string, IFunction>>;
}

export interface PipelineAlarmsProps extends Pipeline {
  readonly baseline: string;
  readonly watch: Watch;
  readonly thresholds: AlarmsShape;
}

const period = Duration.minutes(1);

/** Whether segments become facts, and facts a verdict. */
export class PipelineAlarms extends Construct {
  constructor(scope: Construct, id: string, props: PipelineAlarmsProps) {
    super(scope, id);
    const { baseline, watch, queues, deadLetters, functions, thresholds } = props;
    const { oldestMessageSeconds } = thresholds;
    watch(this, {
      name: "JudgeSilent",
      says: "Judge has not looked at all overlays for five minutes",
      metric: new Metric({
        namespace: "Shadowgraph/Shadow",
        metricName: "Alive",
        dimensionsMap: { Baseline: baseline },
        statistic: "Sum",
        period,
      }),
      threshold: 1,
      comparison: ComparisonOperator.LESS_THAN_THRESHOLD,
      periods: [5, 5],
      missing: TreatMissingData.BREACHING,
    });
    for (const [of, queue] of Object.entries(queues)) {
      watch(this, {
        name: "OldestMessage",
        of,
        says: `A message has waited for over ${oldestMessageSeconds} s`,
        metric: queue.metricApproximateAgeOfOldestMessage({ period, statistic: "Maximum" }),
        threshold: oldestMessageSeconds,
        periods: [3, 3],
      });
    }
    for (const [of, queue] of Object.entries(deadLetters)) {
      watch(this, {
        name: "DeadLetters",
        of,
        says: "Something failed for good and waits to be looked at",
        metric: queue.metricApproximateNumberOfMessagesVisible({ period, statistic: "Maximum" }),
        threshold: 0,
        periods: [1, 1],
      });
    }
    for (const [of, target] of Object.entries(functions)) {
      watch(this, {
        name: "FunctionErrors",
        of,
        says: "A function fails again and again",
        metric: target.metricErrors({ period, statistic: "Sum" }),
        threshold: 0,
        periods: [3, 5],
      });
      watch(this, {
        name: "FunctionThrottles",
        of,
        says: "A function is refused by Lambda again and again",
        metric: target.metricThrottles({ period, statistic: "Sum" }),
        threshold: 0,
        periods: [3, 5],
      });
    }
  }
}
