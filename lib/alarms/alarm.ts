import {
  Alarm,
  ComparisonOperator,
  type IAlarmAction,
  type IMetric,
  TreatMissingData,
} from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import type { Construct } from "constructs";
import { alarmName } from "../../adapters/alarm-names.ts";
import type { Notices } from "../notices.ts";

export interface Watched {
  /** What is told, and the section of docs/runbook.md about it. */
  readonly name: string;
  /**
   * Of which queue, function or service it is told.
   * @default - of the baseline
   */
  readonly of?: string;
  /** One sentence. */
  readonly says: string;
  /** @default "Callers are not affected" */
  readonly effect?: string;
  readonly metric: IMetric;
  readonly threshold: number;
  /** @default ComparisonOperator.GREATER_THAN_THRESHOLD */
  readonly comparison?: ComparisonOperator;
  /** In so many periods of the metric, out of so many, it is so. */
  readonly periods: readonly [bad: number, of: number];
  /** @default TreatMissingData.NOT_BREACHING */
  readonly missing?: TreatMissingData;
  /**
   * What is done when it begins, before people are told.
   * @default - nothing
   */
  readonly act?: IAlarmAction;
}

export type Watch = (scope: Construct, watched: Watched) => Alarm;

/** Makes alarms of one baseline: named by it, told where people are told of all else, each with its section of the runbook. */
export const watchOf =
  (baseline: string, { topic }: Notices, runbook = "docs/runbook.md"): Watch =>
  (
    scope,
    {
      name,
      of,
      says,
      effect = "Callers are not affected",
      metric,
      threshold,
      comparison,
      periods: [bad, periods],
      missing,
      act,
    },
  ) => {
    const alarm = new Alarm(scope, of === undefined ? name : `${name}-${of}`, {
      alarmName: alarmName(baseline, ...(of === undefined ? [] : [of]), name),
      alarmDescription: `${says}. ${effect}. ${runbook}#${name.toLowerCase()}`,
      metric,
      threshold,
      comparisonOperator: comparison ?? ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: periods,
      datapointsToAlarm: bad,
      treatMissingData: missing ?? TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(...(act === undefined ? [] : [act]), new SnsAction(topic));
    alarm.addOkAction(new SnsAction(topic));
    return alarm;
  };
