/** Of steps that hold no `/`, so that no two baselines of an account make the same. */
export const alarmName = (baseline: string, ...steps: readonly string[]): string =>
  ["shadowgraph", baseline, ...steps].join("/");

/** What the alarms of the function that turns the kill switch are about. */
export const bypassOf = (service: string): string => `bypass-${service}`;

const ACTING = ["TeeSilent", "TeeErrors", "TeeRefusals"] as const;
const OF_ITSELF = ["DeadLetters", "FunctionThrottles"] as const;
export type ActingAlarm = (typeof ACTING)[number];
export type OwnAlarm = (typeof OF_ITSELF)[number];

/** Names of all alarms of one kill switch: those that close the way, and those that say that it cannot be closed. */
export const killSwitchAlarms = (baseline: string, service: string): readonly string[] => [
  ...ACTING.map((name) => alarmName(baseline, service, name)),
  ...OF_ITSELF.map((name) => alarmName(baseline, bypassOf(service), name)),
];
