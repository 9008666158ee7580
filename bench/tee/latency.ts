import { setTimeout as sleep } from "node:timers/promises";
import { median, quantile, tableOf } from "./figures.ts";
import type { Seen } from "./generator.ts";
import { LATENCY } from "./scenarios.ts";
import { describeLoad, describeMachine, judged, judgeFaults, play, progress, type Stage, say } from "./stage.ts";
import { directly, directlyAgain, type Subject, tee, teeMirrorOff } from "./subjects.ts";

export interface LatencyBench {
  /** Without it, half of what the slowest subject can do. */
  readonly requestsPerSecond: number | undefined;
  readonly rounds: number;
  readonly roundSeconds: number;
}

type Figure = "p50Ms" | "p99Ms";
const FIGURES = ["p50Ms", "p99Ms"] as const;
const NAMES: Readonly<Record<Figure, string>> = { p50Ms: "p50", p99Ms: "p99" };
const ADDED_BUDGET: Readonly<Record<Figure, number>> = { p50Ms: 0.15, p99Ms: 1 };

const SATURATION_SECONDS = 2;
const WARM_UP_SECONDS = 0.25;
/** What a tee does after the last answer must not be the next subject's burden. */
const SETTLE_MS = 300;
const SATURATION_SETTLE_MS = 1_500;

const halfOfSlowest = async ({ running, call }: Stage): Promise<number> => {
  const saturations: number[] = [];
  for (const [{ name }, { port }] of running) {
    progress(`latency: how much can it do: ${name}`);
    const job = { loop: "closed", port, maxRequests: Number.MAX_SAFE_INTEGER, maxSeconds: SATURATION_SECONDS } as const;
    await call(job); // warms up
    const { answered, seconds } = await call(job);
    saturations.push(answered / seconds);
    await sleep(SATURATION_SETTLE_MS);
  }
  return Math.round(Math.min(...saturations) / 2);
};

/** What was seen of each subject, round by round. */
type Rounds = ReadonlyMap<Subject, readonly Seen[]>;

const apart = (rounds: Rounds, a: Subject, b: Subject, figure: Figure): readonly number[] =>
  rounds.get(a)!.map((seen, round) => seen[figure] - rounds.get(b)![round]![figure]);

const signed = (ms: number): string => `${ms < 0 ? "−" : "+"}${Math.abs(ms).toFixed(3)}`;

const tableFor = (rounds: Rounds): string => {
  const rows = [...rounds].map(([subject, list]) => [
    subject.name,
    ...FIGURES.flatMap((figure) => {
      const values = list.map((seen) => seen[figure]);
      const quartiles = [0.25, 0.75].map((share) => quantile(values, share).toFixed(3));
      return [median(values).toFixed(3), quartiles.join("–")];
    }),
    ...FIGURES.map((figure) => (subject === directly ? "-" : signed(median(apart(rounds, subject, directly, figure))))),
  ]);
  return tableOf(["", "p50 ms", "25–75 %", "p99 ms", "25–75 %", "added p50", "added p99"], rows);
};

const sentencesOn = (rounds: Rounds, figure: Figure): readonly string[] => {
  const name = NAMES[figure];
  const floor = median(apart(rounds, directlyAgain, directly, figure).map(Math.abs));
  const added = median(apart(rounds, tee, directly, figure));
  const mirroring = median(apart(rounds, tee, teeMirrorOff, figure));
  const isWithin = Math.abs(mirroring) <= floor;
  return [
    `${name}: noise floor ${floor.toFixed(3)} ms`,
    `${name}: the tee adds ${signed(added)} ms; ${judged(added, ADDED_BUDGET[figure], (most) => `+${most} ms`)}`,
    `${name}: mirror on − mirror off ${signed(mirroring)} ms: ${isWithin ? "within" : "beyond"} the noise floor`,
  ];
};

const measure = async (stage: Stage, { requestsPerSecond, rounds: count, roundSeconds }: LatencyBench) => {
  const rate = requestsPerSecond ?? (await halfOfSlowest(stage));
  const subjects = [...stage.running];
  const rounds = new Map<Subject, Seen[]>(subjects.map(([subject]) => [subject, []]));
  for (let round = 0; round < count; round += 1) {
    progress(`latency: round ${round + 1} of ${count} at ${rate} requests/s`);
    for (let turn = 0; turn < subjects.length; turn += 1) {
      // Each comes first as often as the others.
      const [subject, { port }] = subjects[(round + turn) % subjects.length]!;
      const job = { loop: "open", port, requestsPerSecond: rate, warmUpSeconds: WARM_UP_SECONDS } as const;
      rounds.get(subject)!.push(await stage.call({ ...job, seconds: roundSeconds }));
      await sleep(SETTLE_MS);
    }
  }

  say(`\nlatency: open loop at ${rate} requests/s\n`);
  say(tableFor(rounds));
  say("");
  for (const figure of FIGURES) for (const sentence of sentencesOn(rounds, figure)) say(sentence);
  say(
    `\n${count} interleaved rounds of ${roundSeconds} s, each after ${WARM_UP_SECONDS} s that do not count; medians over rounds. ${describeLoad(stage.scenario.load)}.`,
  );
  say(
    "Latency counts from when a request was due. Added: against direct in the same round. Noise floor: by how much direct and direct once more are apart in a round, the median.",
  );
  say(`${describeMachine()}\n`);
  judgeFaults([...rounds.values()].flat().reduce((sum, { faults }) => sum + faults, 0));
};

/** What callers wait longer through each subject, at a rate that all can serve. */
export const benchLatency = (bench: LatencyBench): Promise<void> => play(LATENCY, (stage) => measure(stage, bench));
