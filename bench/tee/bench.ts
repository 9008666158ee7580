import { setTimeout as sleep } from "node:timers/promises";
import { median, spread, tableOf } from "./figures.ts";
import { cpuSecondsOf, rssBytesOf } from "./process.ts";
import type { Scenario } from "./scenarios.ts";
import { describeLoad, describeMachine, judged, judgeFaults, play, progress, type Stage, say } from "./stage.ts";
import { nginxMirror, type Running, type Subject, tee } from "./subjects.ts";

export interface TeeBench {
  readonly scenarios: readonly Scenario[];
  /** Requests of each subject in each run, where they are of the usual size. */
  readonly requests: number;
  readonly runs: number;
  /** What a tee does after the last answer (compare, compress, send) is its cost too: it has so long to end. */
  readonly settleMs: number;
}

interface Sample {
  readonly cpuMicros: number;
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly rssBytes: number;
  /** Mirrors answered per request and lane. */
  readonly mirrored: number;
  readonly faults: number;
}
type Samples = ReadonlyMap<Subject, readonly Sample[]>;

const WARM_UP_REQUESTS = 20_000;
const MAX_RUN_SECONDS = 600;

const cpuOf = (samples: Samples, subject: Subject): number | undefined => {
  const list = samples.get(subject);
  return list && median(list.map(({ cpuMicros }) => cpuMicros));
};

const HEADS = [
  "",
  "CPU µs/request",
  "min–max",
  "÷ nginx mirror",
  "requests/s",
  "p50 ms",
  "p99 ms",
  "memory MB",
  "mirrored",
];

const tableFor = (samples: Samples): string => {
  const peerCpu = cpuOf(samples, nginxMirror);
  const rows = [...samples].map(([{ name, mirrors }, list]) => {
    const each = (pick: keyof Sample): number[] => list.map((sample) => sample[pick]);
    const cpu = median(each("cpuMicros"));
    return [
      name,
      cpu.toFixed(1),
      spread(each("cpuMicros"), 1),
      peerCpu ? (cpu / peerCpu).toFixed(2) : "-",
      median(each("requestsPerSecond")).toFixed(0),
      median(each("p50Ms")).toFixed(2),
      median(each("p99Ms")).toFixed(2),
      (Math.max(...each("rssBytes")) / 1e6).toFixed(0),
      mirrors ? `${(median(each("mirrored")) * 100).toFixed(1)} %` : "-",
    ];
  });
  return tableOf(HEADS, rows);
};

const verdictOn = ({ budget }: Scenario, samples: Samples): string => {
  const [own, peer] = [cpuOf(samples, tee), cpuOf(samples, nginxMirror)];
  if (own === undefined || !peer) return "Without a figure of nginx's mirror there is nothing to judge the tee by.";
  const ratio = own / peer;
  const judgement = budget === undefined ? "stated, no budget" : judged(ratio, budget, (most) => `${most} ×`);
  return `shadowgraph tee: ${ratio.toFixed(2)} × nginx mirror; ${judgement}`;
};

const compare = async (stage: Stage, { requests, runs, settleMs }: TeeBench): Promise<void> => {
  const { scenario, targets, running } = stage;
  const perRun = Math.max(scenario.load.connections, Math.round(requests * scenario.requestsShare));
  const lanes = scenario.hasSecondary ? 2 : 1;

  const measure = async ({ port, child }: Running, maxRequests: number): Promise<Sample> => {
    const pid = child!.pid!;
    const cpuBefore = cpuSecondsOf(pid);
    const mirroredBefore = await targets.mirrored();
    const { answered, seconds, p50Ms, p99Ms, faults } = await stage.call({
      loop: "closed",
      port,
      maxRequests,
      maxSeconds: MAX_RUN_SECONDS,
    });
    await sleep(settleMs);
    return {
      cpuMicros: ((cpuSecondsOf(pid) - cpuBefore) * 1e6) / answered,
      requestsPerSecond: answered / seconds,
      p50Ms,
      p99Ms,
      rssBytes: rssBytesOf(pid),
      mirrored: ((await targets.mirrored()) - mirroredBefore) / (answered * lanes),
      faults,
    };
  };

  const samples = new Map<Subject, Sample[]>([...running.keys()].map((subject) => [subject, []]));
  for (const process of running.values()) await measure(process, Math.min(perRun, WARM_UP_REQUESTS));
  for (let run = 1; run <= runs; run += 1) {
    progress(`${scenario.name}: run ${run} of ${runs}`);
    for (const [subject, process] of running) samples.get(subject)!.push(await measure(process, perRun));
  }

  say(`\n${scenario.name}: ${scenario.title}\n`);
  say(tableFor(samples));
  say(`\n${verdictOn(scenario, samples)}`);
  say(`${runs} interleaved runs of ${perRun} requests: ${describeLoad(scenario.load)}.`);
  judgeFaults([...samples.values()].flat().reduce((sum, { faults }) => sum + faults, 0));
};

/** CPU per mirrored and captured request: every subject in turn, run by run, so that what drifts drifts for all. */
export const benchTee = async (bench: TeeBench): Promise<void> => {
  for (const scenario of bench.scenarios) await play(scenario, (stage) => compare(stage, bench));
  say(
    `\nOf the proxy's processes alone: CPU time, user and system, all threads, up to ${bench.settleMs / 1000} s after the last answer; resident memory then, the largest of all runs.`,
  );
  say(describeMachine());
};
