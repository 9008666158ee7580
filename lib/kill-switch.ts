import {
  type Alarm,
  ComparisonOperator,
  MathExpression,
  Metric,
  type MetricProps,
  TreatMissingData,
} from "aws-cdk-lib/aws-cloudwatch";
import { LambdaAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import { Duration } from "aws-cdk-lib/core";
import { Construct } from "constructs";
import { type ActingAlarm, bypassOf, type OwnAlarm } from "../adapters/alarm-names.ts";
import type { Watch } from "./alarms/alarm.ts";
import { refuse, wholeFault } from "./faults.ts";
import type { NodeFunction } from "./node-function.ts";

export interface KillSwitchProps {
  readonly baseline: string;
  readonly service: string;
  /** Takes the tees out of the path. */
  readonly bypass: NodeFunction;
  /** Tells people. */
  readonly watch: Watch;
  /**
   * Spans of 10 s in a row that have to be bad, 1 to 30.
   * @default 3
   */
  readonly periods?: number;
  /**
   * Percent of requests without a whole answer of the baseline, 1 to 100. They may be the baseline's own: then bypassing changes nothing for callers.
   * @default 5
   */
  readonly errorPercent?: number;
  /**
   * Percent of requests that the tee itself refuses, 1 to 100. Scanners are refused as well: a low bound hands them the switch.
   * @default 20
   */
  readonly refusalPercent?: number;
}

const PERIOD = Duration.seconds(10);
/** Of fewer requests in a span no share is taken. */
const LEAST_REQUESTS = 20;

/** What the tees say of themselves every ten seconds, and what follows when it is bad or not said: their weight becomes 0. */
export class KillSwitch extends Construct {
  readonly alarms: readonly Alarm[];

  constructor(scope: Construct, id: string, props: KillSwitchProps) {
    super(scope, id);
    const { baseline, service, bypass, watch, periods = 3, errorPercent = 5, refusalPercent = 20 } = props;
    refuse(id, [
      wholeFault("periods", periods, 1, 30),
      wholeFault("errorPercent", errorPercent, 1, 100),
      wholeFault("refusalPercent", refusalPercent, 1, 100),
    ]);
    const dimensionsMap = { Baseline: baseline, Service: service };
    const metric = (metricName: string, more: Partial<MetricProps> = {}) =>
      new Metric({
        namespace: "Shadowgraph/Tee",
        metricName,
        dimensionsMap,
        statistic: "Sum",
        period: PERIOD,
        ...more,
      });
    const share = (of: string) =>
      new MathExpression({
        expression: `IF(requests + refusals >= ${LEAST_REQUESTS}, 100 * ${of} / (requests + refusals), 0)`,
        label: `${of} in percent`,
        usingMetrics: {
          requests: metric("Requests"),
          refusals: metric("Refusals"),
          ...(of === "errors" ? { errors: metric("PrimaryErrors") } : {}),
        },
        period: PERIOD,
      });
    const span = [periods, periods] as const;
    const acting = { of: service, effect: "The tees are bypassed", periods: span };
    const act = () => new LambdaAction(bypass.function, { useUniquePermissionId: true });
    this.alarms = [
      watch(this, {
        ...acting,
        name: "TeeSilent" satisfies ActingAlarm,
        says: "No tee has said that it lives",
        metric: metric("Alive"),
        threshold: 1,
        comparison: ComparisonOperator.LESS_THAN_THRESHOLD,
        missing: TreatMissingData.BREACHING,
        act: act(),
      }),
      watch(this, {
        ...acting,
        name: "TeeErrors" satisfies ActingAlarm,
        says: `Over ${errorPercent} % of requests got no whole answer`,
        metric: share("errors"),
        threshold: errorPercent,
        act: act(),
      }),
      watch(this, {
        ...acting,
        name: "TeeRefusals" satisfies ActingAlarm,
        says: `The tees refused over ${refusalPercent} % of requests`,
        metric: share("refusals"),
        threshold: refusalPercent,
        act: act(),
      }),
      ...this.#watchItself(props),
    ];
  }

  #watchItself({ service, bypass, watch }: KillSwitchProps): readonly Alarm[] {
    const period = Duration.minutes(1);
    const about = {
      of: bypassOf(service),
      effect: "Tees that harm callers may still be in the path",
      threshold: 0,
      periods: [1, 1],
    } as const;
    return [
      watch(this, {
        ...about,
        name: "DeadLetters" satisfies OwnAlarm,
        says: "The kill switch could not act",
        metric: bypass.failures!.metricApproximateNumberOfMessagesVisible({ period, statistic: "Maximum" }),
      }),
      watch(this, {
        ...about,
        name: "FunctionThrottles" satisfies OwnAlarm,
        says: "The kill switch waits for Lambda to start it",
        metric: bypass.function.metricThrottles({ period, statistic: "Sum" }),
      }),
    ];
  }
}
