import { minuteOf } from "../../adapters/minute.ts";
import { readPlan } from "../../adapters/plan.ts";
import type { Facts } from "../../core/noise/facts.ts";
import { noOutcomes } from "../../core/pair/outcome.ts";
import { BaselineFile, OverlayFile } from "../../core/sampling/environment.ts";
import { DEFAULT_LIMITS } from "../../proxy/limits.ts";
import { ASSUMED } from "./assumptions.ts";
import { type Cloud, createCloud } from "./cloud/cloud.ts";
import { countsOf, type Tally } from "./cloud/meter.ts";
import { runDiffPairs, sendSegments, type Worked } from "./diff-stage.ts";
import { PAIR_SOURCE, type Polling, pollingOf } from "./event-source.ts";
import { FACTS_KEY, factsFor, type JudgedMinute, runJudge } from "./judge-stage.ts";
import { measureNaive, type NaivePair } from "./naive.ts";
import { type Fleet, fleetOf, teeMicrosOf } from "./tee-cpu.ts";
import { BASELINE, ENV, EPOCH, RUN, runTee, type SentSegment, type Slice, teeIdOf } from "./tees.ts";
import { createTraffic, type Traffic } from "./traffic.ts";

/** What is asked. */
export interface Load extends Traffic {
  /** Mirrored requests a second, all tees together. */
  readonly rps: number;
  /** CPU of a tee a mirrored request, instead of that of docs/performance.md. */
  readonly teeMicros: number | undefined;
}

/** How much of it is simulated. */
export interface Effort {
  /** Pairs whose bytes go through the pipeline; a minute of the load where that is less. */
  readonly maxPairs: number;
  /** Bytes of answers that go through. */
  readonly maxBytes: number;
  /** Facts in the minute that judge folds; above, its law goes on. */
  readonly maxFacts: number;
  /** Wakes of judge that are played of its minute. */
  readonly maxWakes: number;
  /** Pairs of the naive design. */
  readonly naivePairs: number;
}

export const EFFORT: Effort = { maxPairs: 40_000, maxBytes: 80e6, maxFacts: 120, maxWakes: 20, naivePairs: 400 };

export interface Measured {
  readonly load: Load;
  readonly fleet: Fleet;
  readonly teeMicros: number;
  /** On the wire, without TCP: a request and an answer. */
  readonly wire: { readonly request: number; readonly answer: number };
  /** In the slice. */
  readonly pairs: number;
  readonly segments: number;
  readonly segmentBytes: number;
  /** Bodies of messages: base64, or a claim check. */
  readonly messageBytes: number;
  readonly segmentsPerSecond: number;
  readonly polling: Polling;
  readonly sent: Tally;
  readonly diff: Worked;
  readonly judged: JudgedMinute;
  /** Facts in a minute of the whole load; `judged` may have fewer. */
  readonly factsPerMinute: number;
  readonly wakesPerMinute: number;
  /** Of one tee, a second: a heartbeat and a look at the plan. */
  readonly tick: Tally;
  readonly naive: NaivePair;
}

/** Begins a minute and an hour. */
const START = 29_454_720 * 60_000;

type Report = (what: string) => void;

/** Runs a slice of the load through tees, queue, diff-pairs and judge, and counts. */
export const measure = async (load: Load, effort: Effort = EFFORT, report: Report = () => {}): Promise<Measured> => {
  report("tees");
  const teeMicros = load.teeMicros ?? teeMicrosOf(load);
  const fleet = fleetOf(load.rps, teeMicros);
  const { segments, pairs } = await runTees(load, fleet.tasks, effort);
  const segmentsPerSecond = (load.rps * segments.length) / pairs;
  let clock = START;
  const cloud = createCloud(() => clock);
  const stage: Stage = { cloud, setClock: (at) => void (clock = at), segments, segmentsPerSecond, tasks: fleet.tasks };
  try {
    await createEnvironment(cloud, load);
    report("diff-pairs");
    const compared = await measureDiff(stage);
    report("judge");
    const judged = await measureJudge(stage, compared, effort);
    report("the naive design");
    const naivePairs = Math.min(effort.naivePairs, effort.maxBytes / 4 / load.bodyBytes);
    const naive = await measureNaive(load, Math.max(LEAST_NAIVE, naivePairs));
    const { bytes: wire } = createTraffic(load, 1);
    const segmentBytes = segments.reduce((sum, { bytes }) => sum + bytes.length, 0) / segments.length;
    const slice = { pairs, segments: segments.length, segmentBytes, segmentsPerSecond };
    return { load, fleet, teeMicros, wire, ...slice, ...compared, ...judged, naive };
  } finally {
    cloud.close();
  }
};

/** What the stages share. */
interface Stage {
  readonly cloud: Cloud;
  readonly segments: readonly SentSegment[];
  readonly segmentsPerSecond: number;
  readonly tasks: number;
  setClock(at: number): void;
}

type Compared = Pick<Measured, "sent" | "messageBytes" | "polling" | "diff">;

const measureDiff = async ({ cloud, segments, segmentsPerSecond, setClock }: Stage): Promise<Compared> => {
  const sent = await sendSegments(cloud, segments);
  const messages = countsOf(sent, "sqs.SendMessage");
  const messageBytes = messages.requestBytes / messages.calls;
  const polling = pollingOf(segmentsPerSecond, messageBytes, PAIR_SOURCE);
  const diff = await runDiffPairs(cloud, { ...polling, startAt: START, setClock });
  return { sent, messageBytes, polling, diff };
};

type Judged = Pick<Measured, "tick" | "judged" | "factsPerMinute" | "wakesPerMinute">;

const measureJudge = async (stage: Stage, { diff, polling }: Compared, effort: Effort): Promise<Judged> => {
  const { cloud, segments, segmentsPerSecond, tasks, setClock } = stage;
  const perEvent = countsOf(diff.tally, "sqs.SendMessage judge").calls / diff.invocations;
  // By the marker at most one in so many seconds.
  const wakesPerSecond = Math.min(1 / ASSUMED.wakeSeconds, perEvent * polling.invocationsPerSecond);
  const wakesPerMinute = Math.max(1, Math.round(60 * wakesPerSecond));
  const factsPerMinute = Math.max(1, Math.round(segmentsPerSecond * 60));
  const tick = await tickOf(cloud, tasks);
  const facts = factsFor(await factsIn(cloud, segments), Math.min(factsPerMinute, effort.maxFacts), tasks);
  const { maxWakes } = effort;
  const judged = await runJudge(cloud, { wakes: wakesPerMinute, maxWakes, facts, at: START, setClock });
  return { tick, judged, factsPerMinute, wakesPerMinute };
};

const LEAST_NAIVE = 8;
/** A slice has at least so much of a tee, that some segments are closed: by their age, or full. */
const LEAST_SECONDS = 2.5;
const LEAST_FULL_SEGMENTS = 3;
const USUAL_SECONDS = 10;

/** All tees for a minute, or as much as `effort` allows: then fewer of them, each at its full rate. */
const runTees = async ({ rps, ...traffic }: Load, tasks: number, { maxPairs, maxBytes }: Effort): Promise<Slice> => {
  const most = Math.min(maxPairs, maxBytes / traffic.bodyBytes);
  const each = rps / tasks;
  const isWhole = rps * 60 <= most;
  const tees = isWhole ? tasks : Math.min(tasks, Math.max(1, Math.floor(most / (each * USUAL_SECONDS))));
  const least = LEAST_FULL_SEGMENTS * DEFAULT_LIMITS.maxSegmentPairs;
  // Less than one request a second takes more than a minute to show anything.
  const seconds = isWhole
    ? 60 * Math.max(1, Math.ceil(1 / rps))
    : Math.min(60, Math.max(Math.min(LEAST_SECONDS, least / each), most / (each * tees)));
  const slices: Slice[] = [];
  for (let tee = 0; tee < tees; tee++) slices.push(await runTee(tee, { rps: each, seconds, startAt: START, traffic }));
  return {
    segments: slices.flatMap((slice) => slice.segments).sort((a, b) => a.at - b.at),
    pairs: slices.reduce((sum, slice) => sum + slice.pairs, 0),
  };
};

const SERVICE = "orders";

/** One baseline with one service, one overlay that mirrors it. */
const createEnvironment = async ({ ports }: Cloud, { hasSecondary }: Traffic): Promise<void> => {
  const version = "sha256:9f2d1c7be04a55d1";
  const target = {
    url: "http://orders.candidate.internal:8080",
    secondary: hasSecondary ? CONTROL : ("none" as const),
  };
  const run = { id: RUN, attempt: 1, startedAt: START, baselineVersion: version, candidateVersion: version };
  const file = OverlayFile.parse({ name: "checkout", version, services: { [SERVICE]: target } });
  await ports.catalog.createBaseline({
    id: BASELINE,
    createdAt: START,
    file: BaselineFile.parse({
      name: "prod",
      version,
      services: { [SERVICE]: { url: "http://orders.internal:8080" } },
    }),
  });
  const shadow = { enabled: true };
  await ports.catalog.createOverlay({ id: ENV, baseline: BASELINE, createdAt: START, file, shadow, run, revision: 0 });
  await ports.catalog.recordRun(ENV, run);
};

const CONTROL = { url: "http://orders.control.internal:8080" };

/** The second heartbeat of a tee and its look at the plan; the others' heartbeats are written for judge to read. */
const tickOf = async ({ ports, meter }: Cloud, tees: number): Promise<Tally> => {
  const outcomes = { [`${ENV}/${RUN}`]: { ...noOutcomes(), sampled: 1_234_567, compared: 1_234_001 } };
  const beat = (tee: number, at: number) =>
    ports.tees.beat({ tee: teeIdOf(tee), epoch: EPOCH, baseline: BASELINE, at, state: "live", outcomes });
  for (let tee = 0; tee < tees; tee++) await beat(tee, START);
  meter.take();
  await beat(0, START + 1_000);
  await readPlan(ports, BASELINE, SERVICE);
  return meter.take();
};

const factsIn = async ({ ports }: Cloud, segments: readonly SentSegment[]): Promise<readonly Facts[]> => {
  const found: Facts[] = [];
  const last = minuteOf(segments.at(-1)?.at ?? START);
  for (let minute = minuteOf(START); minute <= last; minute++)
    found.push(...(await ports.facts.ofMinute(FACTS_KEY, minute)));
  return found;
};
