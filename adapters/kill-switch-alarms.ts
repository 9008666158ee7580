import { CloudWatchClient, DescribeAlarmsCommand, type MetricAlarm } from "@aws-sdk/client-cloudwatch";
import { killSwitchAlarms } from "./alarm-names.ts";
import { calling } from "./fault.ts";
import { requestHandler } from "./request-handler.ts";
import type { TeeRoute } from "./tee-route.ts";

/** An alarm that may not close the way. */
export interface UnreadyAlarm {
  readonly name: string;
  /** A sentence without its subject, such as "is in ALARM since 2026-01-01T00:00:00.000Z". */
  readonly says: string;
}

/** The alarms of the kill switch before one service. An alarm acts when it becomes one: one that is on already does nothing. */
export interface KillSwitchAlarms {
  /** Those that are not OK, are not there, or may not act; none where the way can be opened. */
  unready(route: TeeRoute): Promise<readonly UnreadyAlarm[]>;
}

const createCloudWatch = (): CloudWatchClient => new CloudWatchClient({ requestHandler });

export const createKillSwitchAlarms = (cloudWatch: CloudWatchClient = createCloudWatch()): KillSwitchAlarms => ({
  async unready({ baseline, service }) {
    const names = killSwitchAlarms(baseline, service);
    const found = new Map<string | undefined, MetricAlarm>();
    let from: string | undefined;
    do {
      const page = await calling(`read the alarms of the kill switch before ${service}`, () =>
        cloudWatch.send(
          new DescribeAlarmsCommand({ AlarmNames: [...names], AlarmTypes: ["MetricAlarm"], NextToken: from }),
        ),
      );
      for (const alarm of page.MetricAlarms ?? []) found.set(alarm.AlarmName, alarm);
      from = page.NextToken;
    } while (from !== undefined);
    return names.flatMap((name) => {
      const says = faultOf(found.get(name));
      return says === undefined ? [] : [{ name, says }];
    });
  },
});

const faultOf = (alarm: MetricAlarm | undefined): string | undefined => {
  if (alarm === undefined) return "is not there: somebody deleted it";
  const { StateValue, ActionsEnabled, StateTransitionedTimestamp, StateUpdatedTimestamp } = alarm;
  const since = (StateTransitionedTimestamp ?? StateUpdatedTimestamp)?.toISOString() ?? "a time that is not known";
  if (StateValue !== "OK") return `is in ${StateValue} since ${since}`;
  return ActionsEnabled === false ? "is OK, but its actions are switched off" : undefined;
};
