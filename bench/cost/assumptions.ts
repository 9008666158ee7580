import { LATENCY_MS } from "./cloud/latency.ts";
import { LEAST_POLLERS } from "./event-source.ts";
import { PRICES_AS_OF } from "./prices.ts";

/** What is neither measured nor read from the code. Each is said beneath the table. */
export const ASSUMED = {
  /** CPU of a task at which the fleet is held. */
  utilisation: 0.5,
  leastTasks: 2,
  zones: 2,
  /** Of the bytes between tee and lanes: with two zones and no preference, half of them go to the other one. */
  otherZoneShare: 0.5,
  /** Interface endpoints that tees need where there is no NAT gateway: SQS and CloudWatch Logs, in each zone. */
  interfaceEndpoints: 2,
  archiveDays: 30,
  factsDays: 14,
  /** A run in its middle: roll-ups of so many hours, and of so many minutes of the present hour, are there. */
  runHours: 12,
  minutesOfHour: 30,
  /** Billed time beside the handler's: cold starts, rounding up to 1 ms, the runtime's own work. */
  lambdaOverhead: 1.1,
  /** Lines of Lambda's own for an invocation, in JSON: start, report. */
  lambdaLogBytes: 900,
  /** A line of metrics of a tee, every ten seconds. */
  teeLogBytes: 1_100,
  teeLogSeconds: 10,
  /** 11 of a baseline and service and one of the baseline alone from tees, 5 of an environment and a sign of life from judge. */
  customMetrics: 18,
  alarms: 24,
  highResolutionAlarms: 3,
  dashboards: 1,
  /** X-Ray's default rule with active tracing: the first each second, then 5 %, of each function. */
  tracesPerSecond: 1,
  traceShare: 0.05,
  /** Between two wakes of judge for a minute, as lib/storage.ts sets it. */
  wakeSeconds: 5,
  /** How often judge looks at every run without being woken. */
  judgeEverySeconds: 60,
  /** And at how many minutes that may hold facts: the last ones up to the present. */
  judgeMinutes: 5.5,
  lambdaMiB: 1_769,
} as const;

const ms = Object.entries(LATENCY_MS).map(([service, each]) => `${service} ${each} ms`);

export const ASSUMPTIONS: readonly string[] = [
  `Prices: ${PRICES_AS_OF}. A month has 730 hours of this rate without a pause.`,
  "All traffic that the tees take is mirrored to one overlay of one service. Not counted: the load balancer before the tees, the tasks of the overlay and of the control, the API.",
  `Tees: Fargate on ARM, its vCPU taken as a core of docs/performance.md (measured at 800 bytes and at 16 KiB, a straight line elsewhere), at ${100 * ASSUMED.utilisation} % CPU, at least ${ASSUMED.leastTasks} tasks: the smallest size that carries the rate with two, else 1 vCPU and 2 GB each.`,
  "Traffic: GET with the usual headers, JSON of varied orders over 10 endpoints and 2 000 sessions, requests at random times; answers that do not differ are equal to the byte.",
  `SQS pollers: ${LEAST_POLLERS} a queue and one more for each further MB/s; an event holds 1 + 2 s × messages/s ÷ pollers, at most 100 and 6 MB; a message is a receive of its own until a poller has more than 10 a second.`,
  `Lambda: ARM, ${ASSUMED.lambdaMiB} MB; the CPU measured here plus waiting (${ms.join(", ")} a call, 50 MB/s), × ${ASSUMED.lambdaOverhead} for cold starts, rounding and the runtime.`,
  `Judge: a run in its middle, ${ASSUMED.runHours} hours and ${ASSUMED.minutesOfHour} minutes of the present one rolled up; woken every ${ASSUMED.wakeSeconds} seconds at most, every minute once more unasked.`,
  `Between zones: ${100 * ASSUMED.otherZoneShare} % of the bytes to and from primary, candidate and secondary; ${ASSUMED.interfaceEndpoints} interface endpoints in ${ASSUMED.zones} zones.`,
  `Kept: archive ${ASSUMED.archiveDays} days, facts ${ASSUMED.factsDays} days with point-in-time recovery.`,
  `Watched: ${ASSUMED.customMetrics} metrics, ${ASSUMED.alarms} alarms and ${ASSUMED.highResolutionAlarms} of high resolution, ${ASSUMED.dashboards} dashboard; traces of the first invocation each second of a function and 5 % of the rest.`,
];
