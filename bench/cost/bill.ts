import { ASSUMED } from "./assumptions.ts";
import { countsOf, unitsOf } from "./cloud/meter.ts";
import { JUDGE_SOURCE, pollingOf } from "./event-source.ts";
import { type JudgeRates, judgeRatesOf } from "./judge-law.ts";
import { inOrder, type Line, line, monthly } from "./line.ts";
import type { Measured } from "./measure.ts";
import { GB, gbMonthsOf, MONTH_SECONDS, PRICES } from "./prices.ts";

/** Bytes of an item that are stored beside its names and values. */
const ITEM_OVERHEAD_BYTES = 100;
const WAKE_BYTES = 100;

/** What one invocation or one segment costs, as measured in the slice, brought to a second of the whole load. */
export interface Rates {
  readonly segments: number;
  readonly diffInvocations: number;
  readonly diffCpuMs: number;
  readonly diffWaitedMs: number;
  readonly factWrites: number;
  readonly factBytes: number;
  readonly wakes: number;
  readonly archivePuts: number;
  readonly archiveBytes: number;
  readonly claims: number;
  readonly judge: JudgeRates;
}

export const ratesOf = (measured: Measured): Rates => {
  const { segments: measuredSegments, segmentsPerSecond: segments, polling, diff, sent, wakesPerMinute } = measured;
  const perSegment = (name: string, of: "calls" | "units" | "itemBytes" = "units"): number =>
    (countsOf(diff.tally, name)[of] * segments) / measuredSegments;
  const perEvent = (amount: number): number => (amount * polling.invocationsPerSecond) / diff.invocations;
  return {
    segments,
    diffInvocations: polling.invocationsPerSecond,
    diffCpuMs: (diff.cpuMs * segments) / measuredSegments,
    diffWaitedMs: perEvent(diff.waitedMs),
    factWrites: perSegment("dynamodb.PutItem FACTS"),
    factBytes: perSegment("dynamodb.PutItem FACTS", "itemBytes"),
    wakes: wakesPerMinute / 60,
    archivePuts: perEvent(countsOf(diff.tally, "s3.PutObject archive").calls),
    archiveBytes: measured.segmentBytes * segments,
    claims: (countsOf(sent, "s3.PutObject claims").calls * segments) / measuredSegments,
    judge: judgeRatesOf(measured),
  };
};

/** Billed milliseconds to GB-seconds. */
const gbSecondsOf = (ms: number): number => (ms / 1_000) * ASSUMED.lambdaOverhead * (ASSUMED.lambdaMiB / 1_024);

export const tracesOf = (invocations: number): number => {
  const first = Math.min(invocations, ASSUMED.tracesPerSecond);
  return first + (invocations - first) * ASSUMED.traceShare;
};

const { lambdaGbSecond, lambdaRequest, sqsRequest, dynamodbReadUnit, dynamodbWriteUnit } = PRICES;

const teeLines = ({ fleet: { tasks, vcpu, gb } }: Measured): readonly Line[] => [
  line("tees", `${tasks} tasks of ${vcpu} vCPU`, "vCPU-hours", (tasks * vcpu) / 3_600, PRICES.fargateVcpuHour),
  line("tees", `${tasks} tasks of ${gb} GB`, "GB-hours", (tasks * gb) / 3_600, PRICES.fargateGbHour),
];

/** Between the lanes, and through the endpoints: `queueBytes` a second go to the queue. */
const networkLines = ({ load, wire, fleet }: Measured, queueBytes: number): readonly Line[] => {
  const lanes = load.hasSecondary ? 3 : 2;
  const laneBytes = load.rps * lanes * (wire.request + wire.answer) * ASSUMED.otherZoneShare;
  const endpointHours = (ASSUMED.interfaceEndpoints * ASSUMED.zones) / 3_600;
  const endpointBytes = queueBytes + (fleet.tasks * ASSUMED.teeLogBytes) / ASSUMED.teeLogSeconds;
  return [
    line("network", "lanes in another zone", "GB", laneBytes / GB, PRICES.betweenZonesGb),
    line("network", "interface endpoints", "hours", endpointHours, PRICES.endpointHour),
    line("network", "through the endpoints", "GB", endpointBytes / GB, PRICES.endpointGb),
  ];
};

const watchingLines = ({ fleet }: Measured, invocations: readonly number[], judgeLogBytes: number): readonly Line[] => {
  const lambdaLogs = invocations.reduce((sum, rate) => sum + rate, 0) * ASSUMED.lambdaLogBytes;
  const logBytes = (fleet.tasks * ASSUMED.teeLogBytes) / ASSUMED.teeLogSeconds + lambdaLogs + judgeLogBytes;
  const traces = invocations.reduce((sum, rate) => sum + tracesOf(rate), 0);
  return [
    line("watching", "logs", "GB", logBytes / GB, PRICES.logsGb),
    line("watching", "traces", "traces", traces, PRICES.xrayTrace),
    monthly("watching", "metrics", "metric-months", ASSUMED.customMetrics, PRICES.metricMonth),
    monthly("watching", "alarms", "alarm-months", ASSUMED.alarms, PRICES.alarmMonth),
    monthly(
      "watching",
      "alarms, high resolution",
      "alarm-months",
      ASSUMED.highResolutionAlarms,
      PRICES.alarmHighResolutionMonth,
    ),
    monthly("watching", "dashboard", "months", ASSUMED.dashboards, PRICES.dashboardMonth),
  ];
};

/** Judge with its queue, and what a tee asks and tells each second: the same in both designs. */
const judgeLines = ({ fleet, tick }: Measured, { judge, wakes }: Rates): readonly Line[] => {
  const polling = pollingOf(wakes, WAKE_BYTES, JUDGE_SOURCE);
  const requests = wakes + polling.receiveRequestsPerSecond + polling.deletesPerSecond;
  const beats = fleet.tasks * unitsOf(tick, "dynamodb.PutItem");
  const polls = fleet.tasks * unitsOf(tick, "dynamodb.GetItem", "dynamodb.Query");
  return [
    line("queue", "wakes of judge: sent, received, deleted", "requests", requests, sqsRequest),
    line("table", "roll-ups written by judge", "WRU", judge.writes, dynamodbWriteUnit),
    line("table", "facts read by judge", "RRU", judge.factReads, dynamodbReadUnit),
    line("table", "roll-ups and the rest read by judge", "RRU", judge.otherReads, dynamodbReadUnit),
    line("table", "heartbeats", "WRU", beats, dynamodbWriteUnit),
    line("table", "looks at the plan", "RRU", polls, dynamodbReadUnit),
    line("functions", "judge invoked", "invocations", judge.invocations, lambdaRequest),
    line("functions", "judge", "GB-seconds", gbSecondsOf(judge.cpuMs + judge.waitedMs), lambdaGbSecond),
  ];
};

export const billOf = (measured: Measured): readonly Line[] => {
  const rates = ratesOf(measured);
  const { polling, sent, diff, segments: measuredSegments, messageBytes } = measured;
  const sends = (unitsOf(sent, "sqs.SendMessage segments") * rates.segments) / measuredSegments;
  const diffReads =
    (unitsOf(diff.tally, "dynamodb.GetItem", "dynamodb.Query") * polling.invocationsPerSecond) / diff.invocations;
  const markers = (unitsOf(diff.tally, "dynamodb.PutItem WAKE") * polling.invocationsPerSecond) / diff.invocations;
  const tableBytes = rates.factBytes + rates.segments * ITEM_OVERHEAD_BYTES;
  const factGbMonths = gbMonthsOf(tableBytes * MONTH_SECONDS, ASSUMED.factsDays) / MONTH_SECONDS;
  const archiveGbMonths = gbMonthsOf(rates.archiveBytes * MONTH_SECONDS, ASSUMED.archiveDays) / MONTH_SECONDS;
  return inOrder([
    ...teeLines(measured),
    line("queue", "segments sent", "requests", sends, sqsRequest),
    line("queue", "segments received", "requests", polling.receiveRequestsPerSecond, sqsRequest),
    line("queue", "segments deleted", "requests", polling.deletesPerSecond, sqsRequest),
    line("table", "facts written", "WRU", rates.factWrites, dynamodbWriteUnit),
    line("table", "markers of wakes", "WRU", markers, dynamodbWriteUnit),
    line("table", "rules and catalog read by diff-pairs", "RRU", diffReads, dynamodbReadUnit),
    line("table", `facts kept ${ASSUMED.factsDays} days`, "GB-months", factGbMonths, PRICES.dynamodbGbMonth),
    line("table", "their continuous backup", "GB-months", factGbMonths, PRICES.dynamodbPitrGbMonth),
    line("bucket", "archive and claim checks written", "PUT", rates.archivePuts + rates.claims, PRICES.s3Put),
    line("bucket", "claim checks read", "GET", rates.claims, PRICES.s3Get),
    line("bucket", `archive kept ${ASSUMED.archiveDays} days`, "GB-months", archiveGbMonths, PRICES.s3GbMonth),
    line("functions", "diff-pairs invoked", "invocations", rates.diffInvocations, lambdaRequest),
    line("functions", "diff-pairs", "GB-seconds", gbSecondsOf(rates.diffCpuMs + rates.diffWaitedMs), lambdaGbSecond),
    ...judgeLines(measured, rates),
    ...networkLines(measured, rates.segments * messageBytes),
    ...watchingLines(measured, [rates.diffInvocations, rates.judge.invocations], rates.judge.logBytes),
  ]);
};

/** Messages that a careful program sends, receives and deletes in one call. */
const PER_CALL = 10;
/** Puts of an event go out together. */
const NAIVE_WAIT_MS = 10;

/**
 * One message and one item a pair, of the same bytes, made as cheap as it can be: messages sent, received and deleted by tens, one write of
 * the item and nothing else, no archive beside the table. Tees, judge, network and watching are ours, as if judge could read as little.
 */
export const naiveBillOf = (measured: Measured): readonly Line[] => {
  const rates = ratesOf(measured);
  const { load, naive } = measured;
  const { rps } = load;
  const perCall = Math.max(1, Math.min(PER_CALL, Math.floor(rps)));
  const requests = (rps / perCall) * Math.max(1, Math.ceil((perCall * naive.messageBytes) / 65_536));
  const polling = pollingOf(rps, naive.messageBytes, { windowSeconds: 2, maxMessages: 100 });
  const ms = rps * naive.cpuMs + polling.invocationsPerSecond * NAIVE_WAIT_MS;
  const itemBytes = rps * (naive.itemBytes + ITEM_OVERHEAD_BYTES);
  const gbMonths = gbMonthsOf(itemBytes * MONTH_SECONDS, ASSUMED.archiveDays) / MONTH_SECONDS;
  return inOrder([
    ...teeLines(measured),
    line("queue", "pairs sent, received, deleted", "requests", requests * 2 + rps / perCall, sqsRequest),
    line("table", "pairs written", "WRU", rps * naive.writeUnits, dynamodbWriteUnit),
    line("table", `pairs kept ${ASSUMED.archiveDays} days`, "GB-months", gbMonths, PRICES.dynamodbGbMonth),
    line("functions", "pairs compared, invoked", "invocations", polling.invocationsPerSecond, lambdaRequest),
    line("functions", "pairs compared", "GB-seconds", gbSecondsOf(ms), lambdaGbSecond),
    ...judgeLines(measured, rates),
    ...networkLines(measured, rps * naive.messageBytes),
    ...watchingLines(measured, [polling.invocationsPerSecond, rates.judge.invocations], rates.judge.logBytes),
  ]);
};
