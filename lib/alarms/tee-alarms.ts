import { MathExpression, Metric } from "aws-cdk-lib/aws-cloudwatch";
import { Duration } from "aws-cdk-lib/core";
import { Construct } from "constructs";
import type { AlarmsShape } from "../config/alarms-shape.ts";
import type { Watch } from "./alarm.ts";

export interface TeeAlarmsProps {
  readonly baseline: string;
  readonly service: string;
  /** Of a task, in MiB. */
  readonly memoryMiB: number;
  readonly watch: Watch;
  readonly thresholds: AlarmsShape;
}

const period = Duration.minutes(1);
/** Of fewer requests in a minute no share is taken. */
const LEAST_SAMPLED = 100;
const BYTES_PER_MIB = 1024 * 1024;

/** What the tees before one service cost its callers and its pairs. What harms callers is for the kill switch. */
export class TeeAlarms extends Construct {
  constructor(scope: Construct, id: string, props: TeeAlarmsProps) {
    super(scope, id);
    const { baseline, service, memoryMiB, watch, thresholds } = props;
    const { addedLatencyMs, dropPercent, loopDelayMs, teeMemoryPercent } = thresholds;
    const metric = (metricName: string, statistic: string) =>
      new Metric({
        namespace: "Shadowgraph/Tee",
        metricName,
        dimensionsMap: { Baseline: baseline, Service: service },
        statistic,
        period,
      });
    watch(this, {
      name: "AddedLatency",
      of: service,
      says: `The tees add over ${addedLatencyMs} ms to the slowest hundredth of requests`,
      effect: "Callers wait so much longer",
      // The mean of what each tee says: one with few requests has a slowest hundredth that is a single request.
      metric: metric("AddedLatencyP99", "Average"),
      threshold: addedLatencyMs,
      periods: [5, 5],
    });
    watch(this, {
      name: "TeeDrops",
      of: service,
      says: `The tees let go of over ${dropPercent} % of sampled requests`,
      metric: new MathExpression({
        expression: `IF(sampled >= ${LEAST_SAMPLED}, 100 * dropped / sampled, 0)`,
        label: "dropped in percent",
        usingMetrics: { sampled: metric("Sampled", "Sum"), dropped: metric("Dropped", "Sum") },
        period,
      }),
      threshold: dropPercent,
      periods: [5, 5],
    });
    watch(this, {
      name: "LoopDelay",
      of: service,
      says: `The event loop of a tee is late by over ${loopDelayMs} ms`,
      effect: "Callers wait so much longer",
      metric: metric("LoopDelayP99", "Maximum"),
      threshold: loopDelayMs,
      periods: [5, 5],
    });
    watch(this, {
      name: "TeeMemory",
      of: service,
      says: `A tee holds over ${teeMemoryPercent} % of its task's ${memoryMiB} MiB`,
      effect: "Callers lose a connection where the task is killed",
      metric: metric("ResidentBytes", "Maximum"),
      threshold: Math.round((teeMemoryPercent / 100) * memoryMiB * BYTES_PER_MIB),
      periods: [3, 3],
    });
  }
}
