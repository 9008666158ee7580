import { OUTCOMES } from "../core/pair/outcome.ts";
import type { LoopDelay } from "./loop-delay.ts";
import { each, families, known, type Labels, type MetricFamily, one, type Sample } from "./metrics-family.ts";
import type { PoolReading, Readings } from "./readings.ts";

export type Family = MetricFamily<Readings>;

export const PREFIX = "shadowgraph_tee_";
const SECOND_MS = 1_000;

const { counter, gauge } = families<Readings>();

const runOf = (key: string): Labels => {
  const cut = key.indexOf("/");
  return { env: key.slice(0, cut), run: key.slice(cut + 1) };
};

/** Pools whose addresses differ in their path alone are one here. */
const poolsOf = ({ pools }: Readings): PoolReading[] => {
  const sums = new Map<string, PoolReading>();
  for (const { target, busy, idle, isOpen } of pools) {
    const sum = sums.get(target) ?? { busy: 0, idle: 0, isOpen: false };
    sums.set(target, { target, busy: sum.busy + busy, idle: sum.idle + idle, isOpen: sum.isOpen || isOpen });
  }
  return [...sums.values()];
};

const delayOf = (thread: string, delay: LoopDelay | undefined): Sample[] =>
  delay === undefined
    ? []
    : [
        { labels: { thread, quantile: "0.5" }, value: delay.p50Ms / SECOND_MS },
        { labels: { thread, quantile: "0.99" }, value: delay.p99Ms / SECOND_MS },
        { labels: { thread, quantile: "1" }, value: delay.maxMs / SECOND_MS },
      ];

/** Everything that the tee tells of itself, in the order in which it is told. */
export const FAMILIES: readonly Family[] = [
  gauge("healthy", "1 while callers should be sent here, as /healthz says", (r) => one(Number(r.isHealthy))),
  gauge("draining", "1 after SIGTERM", (r) => one(Number(r.isDraining))),
  counter("requests_total", "Requests passed on to the primary", (r) => one(r.metrics.events.requests)),
  counter("answers_total", "Whole answers of the primary by class of status", (r) =>
    r.metrics.answers.flatMap((value, digit) =>
      digit === 0 || digit > 5 ? [] : [{ labels: { class: `${digit}xx` }, value }],
    ),
  ),
  counter("refusals_total", "Answers of the tee's own, by status", (r) => each("status", r.metrics.refusals)),
  counter("limit_hits_total", "How often a limit bit that has no outcome of its own", (r) =>
    each("limit", r.metrics.limits),
  ),
  counter("primary_failures_total", "Requests without a whole answer of the primary", (r) =>
    one(r.metrics.events.primaryFailed),
  ),
  counter("primary_invalid_total", "Answers of the primary that are no HTTP: passed through, not mirrored", (r) =>
    one(r.metrics.events.primaryInvalid),
  ),
  counter("aborted_total", "Requests whose caller left before the answer was whole", (r) =>
    one(r.metrics.events.aborted),
  ),
  counter("tunnels_total", "WebSocket connections passed through", (r) => one(r.metrics.events.tunnelled)),
  gauge("connections", "Connections of callers", (r) => one(r.connections)),
  {
    name: "added_seconds",
    help: "Time between bytes coming here and their being written on, by direction",
    type: "histogram",
    read: ({ metrics }) => [
      { labels: { direction: "request" }, histogram: metrics.requestAdded },
      { labels: { direction: "answer" }, histogram: metrics.answerAdded },
    ],
  },
  {
    name: "lane_seconds",
    help: "Time from sending a request to the last byte of a whole answer, by lane",
    type: "histogram",
    read: ({ metrics }) => Object.entries(metrics.lanes).map(([lane, histogram]) => ({ labels: { lane }, histogram })),
  },
  counter("mirror_failures_total", "Mirrors without a whole answer, by lane and reason", ({ metrics }) =>
    (["candidate", "secondary"] as const).flatMap((lane) =>
      Object.entries({ ...metrics.laneFailures[lane], tooLarge: metrics.laneTooLarge[lane] }).map(
        ([reason, value]) => ({ labels: { lane, reason }, value }),
      ),
    ),
  ),
  counter("not_mirrored_total", "Requests that an environment did not want, by reason", (r) =>
    each("reason", r.metrics.notMirrored),
  ),
  counter("sampled_total", "Requests sampled, by run; the sum of its outcomes once all have ended", (r) =>
    Object.entries(r.outcomes).map(([key, { sampled }]) => ({ labels: runOf(key), value: sampled })),
  ),
  counter("outcomes_total", "How sampled requests ended, by run", (r) =>
    Object.entries(r.outcomes).flatMap(([key, counts]) =>
      OUTCOMES.map((outcome) => ({ labels: { ...runOf(key), outcome }, value: counts[outcome] })),
    ),
  ),
  gauge("mirrors_in_flight", "Mirrors that have not ended", (r) => one(r.mirrorsInFlight)),
  gauge("mirrors_waiting", "Mirrors that wait for their turn (`orderBy`)", (r) => one(r.mirrorsWaiting)),
  gauge("mirror_connections", "Connections to mirror targets, by target and state", (r) =>
    poolsOf(r).flatMap(({ target, busy, idle }) => [
      { labels: { target, state: "busy" }, value: busy },
      { labels: { target, state: "idle" }, value: idle },
    ]),
  ),
  gauge("breaker_open", "1 while a mirror target that hung or flooded again and again is only probed, by target", (r) =>
    poolsOf(r).map(({ target, isOpen }) => ({ labels: { target }, value: Number(isOpen) })),
  ),
  gauge("copy_bytes", "Copies held, in flight and on their way to the shipper", (r) => one(r.copyBytes)),
  gauge("copy_budget_bytes", "What copies may hold", (r) => one(r.limits.maxCopyBytes)),
  gauge("plan_age_seconds", "Since the plan was last read; absent before the first", (r) =>
    r.planAgeMs === undefined ? [] : one(r.planAgeMs / SECOND_MS),
  ),
  gauge("loop_delay_seconds", "By how much the event loop was late over ten seconds, by thread", (r) => [
    ...delayOf("callers", r.loopDelay),
    ...delayOf("shipper", r.shipper?.loopDelay),
  ]),
  gauge("waiting_segments", "Segments that wait for their turn to be sent", (r) => known(r.shipper?.waitingSegments)),
  gauge("segments_in_flight", "Segments sent and not yet acknowledged", (r) => known(r.shipper?.segmentsInFlight)),
  counter("segments_total", "Segments delivered to the queue", (r) => known(r.shipper?.sentSegments)),
  counter("segment_bytes_total", "Bytes of the segments delivered", (r) => known(r.shipper?.sentBytes)),
  counter("shipper_deaths_total", "How often the shipper's thread died and was started again", (r) =>
    one(r.metrics.shipperDeaths),
  ),
  counter("faults_total", "Faults after which nothing is mirrored", (r) => one(r.metrics.faults)),
  gauge("resident_memory_bytes", "Memory of the process", (r) => one(r.residentBytes)),
];
