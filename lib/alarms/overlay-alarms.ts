import { ComparisonOperator, MathExpression } from "aws-cdk-lib/aws-cloudwatch";
import { Duration } from "aws-cdk-lib/core";
import { Construct } from "constructs";
import type { AlarmsShape } from "../config/alarms-shape.ts";
import type { Watch } from "./alarm.ts";

export interface OverlayAlarmsProps {
  readonly baseline: string;
  readonly watch: Watch;
  readonly thresholds: AlarmsShape;
}

/** Judge tells about once a minute: now and then there is a minute without a figure, and it ends no alarm. */
const ONE = [1, 3] as const;
const THREE = [3, 5] as const;
/** Of `VerdictCode`: the worst of them. */
const REGRESSION = 3;

/**
 * What judge says of each overlay, and ECS of the services in their clusters. Overlays come and go, so that each alarm is a query by
 * name: what is above its threshold is told one by one, with its name, and is watched as soon as it has figures.
 */
export class OverlayAlarms extends Construct {
  constructor(scope: Construct, id: string, { baseline, watch, thresholds }: OverlayAlarmsProps) {
    super(scope, id);
    const { divergencePercent, gapPercent, candidateFailedPercent } = thresholds;
    const judged = (metric: string) =>
      byName("env", `MAX(${metric})`, `SCHEMA("Shadowgraph/Shadow", Baseline, env) WHERE Baseline = '${baseline}'`);
    watch(this, {
      name: "Regression",
      says: "The verdict of an overlay is REGRESSION",
      metric: judged("VerdictCode"),
      threshold: REGRESSION,
      comparison: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      periods: ONE,
    });
    watch(this, {
      name: "Divergence",
      says: `Over ${divergencePercent} % of an overlay's pairs diverge`,
      metric: judged("Divergence"),
      threshold: divergencePercent,
      periods: THREE,
    });
    watch(this, {
      name: "AccountingGap",
      says: `Of over ${gapPercent} % of an overlay's sampled requests nobody knows what became`,
      metric: judged("Gap"),
      threshold: gapPercent,
      periods: THREE,
    });
    watch(this, {
      name: "CandidateDown",
      says: `The candidate failed in over ${candidateFailedPercent} % of an overlay's latest pairs`,
      metric: judged("CandidateFailed"),
      threshold: candidateFailedPercent,
      periods: THREE,
    });
    for (const cluster of thresholds.overlayClusters) this.#watchTasks(cluster, watch, thresholds);
  }

  #watchTasks(cluster: string, watch: Watch, { overlayMemoryPercent, overlayCpuPercent }: AlarmsShape): void {
    const used = (metric: string) =>
      byName(
        "ServiceName",
        `AVG(${metric})`,
        `SCHEMA("AWS/ECS", ClusterName, ServiceName) WHERE ClusterName = '${cluster}'`,
      );
    watch(this, {
      name: "OverlayMemory",
      of: cluster,
      says: `A service in the cluster ${cluster} uses over ${overlayMemoryPercent} % of its memory`,
      metric: used("MemoryUtilization"),
      threshold: overlayMemoryPercent,
      periods: THREE,
    });
    watch(this, {
      name: "OverlayCpu",
      of: cluster,
      says: `A service in the cluster ${cluster} uses over ${overlayCpuPercent} % of its CPU`,
      metric: used("CPUUtilization"),
      threshold: overlayCpuPercent,
      periods: [10, 10],
    });
  }
}

/** An alarm on more than one series has to group and to order them. */
const byName = (dimension: string, value: string, from: string): MathExpression =>
  new MathExpression({
    expression: `SELECT ${value} FROM ${from} GROUP BY ${dimension} ORDER BY ${value.replace(/\(.*/, "()")} DESC`,
    usingMetrics: {},
    period: Duration.minutes(1),
  });
