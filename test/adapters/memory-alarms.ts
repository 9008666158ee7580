import type { KillSwitchAlarms, UnreadyAlarm } from "../../adapters/kill-switch-alarms.ts";

export const SILENT: UnreadyAlarm = {
  name: "shadowgraph/shop/web/TeeSilent",
  says: "is in ALARM since 2026-01-01T00:00:00.000Z",
};

/** What each look finds, in this order; from the last one on nothing changes. */
export const memoryAlarms = (...looks: readonly (readonly UnreadyAlarm[])[]): KillSwitchAlarms => {
  let count = 0;
  return { unready: async () => looks[Math.min(count++, looks.length - 1)] ?? [] };
};
