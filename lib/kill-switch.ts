import {
  Alarm,
  ComparisonOperator,
  MathExpression,
  Metric,
  type MetricProps,
  TreatMissingData,
} from "aws-cdk-lib/aws-cloudwatch";
import { LambdaAction, SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import { Duration } from "aws-cdk-lib/core";
import { Construct } from "constructs";
import { refuse, wholeFault } from "./faults.ts";
import type { Notices } from "./notices.ts";

export interface KillSwitchProps {
  readonly baseline: string;
  readonly service: string;
  /** Takes the tees out of the path. */
  readonly bypass: IFunction;
  readonly notices: Notices;
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
    const { baseline, service, bypass, notices, periods = 3, errorPercent = 5, refusalPercent = 20 } = props;
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
    const alarm = (
      name: string,
      what: string,
      settings: Pick<
        ConstructorParameters<typeof Alarm>[2],
        "metric" | "threshold" | "comparisonOperator" | "treatMissingData"
      >,
    ) =>
      new Alarm(this, name, {
        alarmName: `shadowgraph-${baseline}-${service}-${name}`,
        alarmDescription: `${what}. The tees are bypassed. docs/runbook.md#${name.toLowerCase()}`,
        evaluationPeriods: periods,
        datapointsToAlarm: periods,
        ...settings,
      });
    const { GREATER_THAN_THRESHOLD, LESS_THAN_THRESHOLD } = ComparisonOperator;
    const { BREACHING, NOT_BREACHING } = TreatMissingData;
    this.alarms = [
      alarm("TeeSilent", "No tee has said that it lives", {
        metric: metric("Alive"),
        threshold: 1,
        comparisonOperator: LESS_THAN_THRESHOLD,
        treatMissingData: BREACHING,
      }),
      alarm("TeeErrors", `Over ${errorPercent} % of requests got no whole answer`, {
        metric: share("errors"),
        threshold: errorPercent,
        comparisonOperator: GREATER_THAN_THRESHOLD,
        treatMissingData: NOT_BREACHING,
      }),
      alarm("TeeRefusals", `The tees refused over ${refusalPercent} % of requests`, {
        metric: share("refusals"),
        threshold: refusalPercent,
        comparisonOperator: GREATER_THAN_THRESHOLD,
        treatMissingData: NOT_BREACHING,
      }),
    ];
    for (const one of this.alarms) {
      one.addAlarmAction(new LambdaAction(bypass, { useUniquePermissionId: true }), new SnsAction(notices.topic));
      one.addOkAction(new SnsAction(notices.topic));
    }
  }
}
