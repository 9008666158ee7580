import { Metric } from "aws-cdk-lib/aws-cloudwatch";
import { Duration } from "aws-cdk-lib/core";
import { Construct } from "constructs";
import type { AlarmsShape } from "../config/alarms-shape.ts";
import type { Watch } from "./alarm.ts";

export interface CostAlarmProps {
  readonly baseline: string;
  readonly watch: Watch;
  readonly thresholds: AlarmsShape;
}

/** Cost follows mirrored requests, so they are what is guarded: those of the last 24 hours, of all services, told by the minute. */
export class CostAlarm extends Construct {
  constructor(scope: Construct, id: string, { baseline, watch, thresholds: { requestsPerDay } }: CostAlarmProps) {
    super(scope, id);
    watch(this, {
      name: "MirroredRequests",
      says: `Over ${requestsPerDay} requests were mirrored within 24 hours`,
      metric: new Metric({
        namespace: "Shadowgraph/Tee",
        metricName: "Sampled",
        dimensionsMap: { Baseline: baseline },
        statistic: "Sum",
        period: Duration.days(1),
      }),
      threshold: requestsPerDay,
      periods: [1, 1],
    });
  }
}
