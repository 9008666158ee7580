import { createEvents } from "../../adapters/events.ts";
import { factsKeyOf } from "../../adapters/judgement.ts";
import { hourOf, minuteOf, spanOfHour, spanOfMinute } from "../../adapters/minute.ts";
import { NO_RULES } from "../../core/diff/rules.ts";
import type { Facts } from "../../core/noise/facts.ts";
import { foldFacts } from "../../core/noise/merge.ts";
import { asMinute } from "../../core/noise/minute.ts";
import { VerdictSettings } from "../../core/verdict/settings.ts";
import { processWakes } from "../../lambdas/judge/process-wakes.ts";
import { ASSUMED } from "./assumptions.ts";
import type { Cloud } from "./cloud/cloud.ts";
import { eventOf, invoke, type Worked } from "./diff-stage.ts";
import { heapOf } from "./heap.ts";
import { BASELINE, ENV, EPOCH, RUN, teeIdOf } from "./tees.ts";

export const FACTS_KEY = factsKeyOf(ENV, RUN, NO_RULES);

/** A wake of judge, with so many facts in its minute. */
export interface Wake {
  readonly facts: number;
  readonly work: Worked;
  /** Of its line of metrics. */
  readonly logBytes: number;
}

export interface JudgedMinute {
  readonly wakes: readonly Wake[];
  readonly facts: number;
  /** Heap that the facts of a segment take once they are read, bytes. */
  readonly heapBytesPerFact: number;
}

/** So many facts as a minute has, of so many tees: those there are, again and again under other names. */
export const factsFor = (measured: readonly Facts[], count: number, tees: number): readonly Facts[] =>
  Array.from({ length: count }, (_, index) => {
    const facts = measured[index % measured.length]!;
    const [its] = Object.values(facts.tees);
    return { ...facts, tees: { [`${teeIdOf(index % tees)}.${EPOCH}`]: { ...its!, maxSeq: Math.floor(index / tees) } } };
  });

/** What a run has stored in its middle. */
const seed = async ({ ports }: Cloud, facts: readonly Facts[], minute: number): Promise<void> => {
  const whole = asMinute(foldFacts(facts));
  for (let earlier = 1; earlier <= ASSUMED.minutesOfHour; earlier++)
    await ports.facts.putRollup(FACTS_KEY, spanOfMinute(minute - earlier), whole);
  for (let earlier = 1; earlier <= ASSUMED.runHours; earlier++)
    await ports.facts.putRollup(FACTS_KEY, spanOfHour(hourOf(minute) - earlier), whole);
};

/** The minute before whose fold so much of its hour is rolled up. */
const minuteIn = (at: number): number => hourOf(minuteOf(at)) * 60 + ASSUMED.minutesOfHour;

export interface JudgeStage {
  readonly wakes: number;
  /** Of these so many are played, evenly spread. */
  readonly maxWakes: number;
  readonly facts: readonly Facts[];
  readonly at: number;
  setClock(at: number): void;
}

/** One minute: facts come evenly, each wake finds those that came before it. */
export const runJudge = async (
  cloud: Cloud,
  { wakes: all, maxWakes, facts, at, setClock }: JudgeStage,
): Promise<JudgedMinute> => {
  const minute = minuteIn(at);
  await seed(cloud, facts, minute);
  const judging = {
    ports: { ...cloud.ports, events: createEvents(undefined, BASELINE) },
    baseline: BASELINE,
    settings: VerdictSettings.parse({}),
    now: () => minute * 60_000,
  };
  const body = JSON.stringify({ ...FACTS_KEY, minute });
  const wakes: Wake[] = [];
  const count = Math.min(all, maxWakes);
  for (let wake = 1, stored = 0; wake <= count; wake++) {
    const now = minute * 60_000 + (wake * 60_000) / count;
    setClock(now);
    for (const until = Math.round((facts.length * wake) / count); stored < until; stored++)
      await cloud.ports.facts.put(FACTS_KEY, minute, `${RUN}.${stored}`, facts[stored]!);
    const event = eventOf([{ id: `wake-${wake}`, body }]);
    const { result: work, bytes: logBytes } = await withoutStdout(() =>
      invoke(cloud, () => processWakes(event, { ...judging, now: () => now })),
    );
    wakes.push({ facts: stored, work, logBytes });
  }
  const heapBytes = await heapOf(() => cloud.ports.facts.ofMinute(FACTS_KEY, minute));
  return { wakes, facts: facts.length, heapBytesPerFact: heapBytes / facts.length };
};

/** Judge writes its metrics there; here they are counted. */
const withoutStdout = async <T>(work: () => Promise<T>): Promise<{ readonly result: T; readonly bytes: number }> => {
  const { write } = process.stdout;
  let bytes = 0;
  process.stdout.write = (line: string | Uint8Array): boolean => {
    bytes += Buffer.byteLength(line);
    return true;
  };
  try {
    return { result: await work(), bytes };
  } finally {
    process.stdout.write = write;
  }
};
