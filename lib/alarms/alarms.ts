import type { Alarm } from "aws-cdk-lib/aws-cloudwatch";
import { Construct } from "constructs";
import { AlarmsShape, type AlarmThresholds } from "../config/alarms-shape.ts";
import { refuse } from "../faults.ts";
import type { Watch } from "./alarm.ts";
import { CostAlarm } from "./cost-alarm.ts";
import { OverlayAlarms } from "./overlay-alarms.ts";
import { type Pipeline, PipelineAlarms } from "./pipeline-alarms.ts";
import { TeeAlarms, type TeeAlarmsProps } from "./tee-alarms.ts";

export interface AlarmsProps extends Pipeline {
  readonly baseline: string;
  /** Tells people. */
  readonly watch: Watch;
  /** The services that tees stand before, by name. */
  readonly services: Readonly<Record<string, Pick<TeeAlarmsProps, "memoryMiB">>>;
  /**
   * Units, defaults and bounds of each are beside it, in `AlarmsShape`.
   * @default - its defaults
   */
  readonly thresholds?: AlarmThresholds;
}

/** Everything that people are told of one baseline, beside what the kill switch does by itself. */
export class Alarms extends Construct {
  readonly alarms: readonly Alarm[];

  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    const { baseline, watch: make, services, thresholds: given = {}, ...pipeline } = props;
    const parsed = AlarmsShape.safeParse(given);
    refuse(
      id,
      (parsed.error?.issues ?? []).map(({ path, message }) => `${path.join(".")}: ${message}`),
    );
    const thresholds = parsed.data!;
    const made: Alarm[] = [];
    const watch: Watch = (...args) => {
      const alarm = make(...args);
      made.push(alarm);
      return alarm;
    };
    const shared = { baseline, watch, thresholds };
    new OverlayAlarms(this, "Overlays", shared);
    new PipelineAlarms(this, "Pipeline", { ...shared, ...pipeline });
    for (const [service, { memoryMiB }] of Object.entries(services))
      new TeeAlarms(this, `Tees-${service}`, { ...shared, service, memoryMiB });
    new CostAlarm(this, "Cost", shared);
    this.alarms = made;
  }
}
