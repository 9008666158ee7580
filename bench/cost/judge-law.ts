import { ASSUMED } from "./assumptions.ts";
import { unitsOf } from "./cloud/meter.ts";
import { type FoldLaw, fitLaw, ofMinute, ofWake } from "./fold-law.ts";
import type { Wake } from "./judge-stage.ts";
import type { Measured } from "./measure.ts";

/** What judge does in a second of the whole load, woken and by its schedule. */
export interface JudgeRates {
  readonly invocations: number;
  readonly cpuMs: number;
  readonly waitedMs: number;
  /** RRU: of facts, and of everything else (roll-ups, heartbeats, catalog). */
  readonly factReads: number;
  readonly otherReads: number;
  /** WRU: roll-ups, and now and then a verdict. */
  readonly writes: number;
  readonly logBytes: number;
  /** The last fold of a minute, which reads all of its facts. */
  readonly lastFold: { readonly cpuMs: number; readonly waitedMs: number; readonly factReads: number };
}

const READS = ["dynamodb.GetItem", "dynamodb.Query"] as const;
const FACTS = "dynamodb.Query FACTS";
/** Minute, hour and run are written by a wake; by the schedule six minutes, the hour and the run. */
const WRITES_BY_SCHEDULE = 8 / 3;

export const judgeRatesOf = ({ judged: { wakes }, factsPerMinute, wakesPerMinute }: Measured): JudgeRates => {
  const lawOf = (of: (wake: Wake) => number): FoldLaw =>
    fitLaw(wakes.map((wake) => ({ facts: wake.facts, cost: of(wake) })));
  const mean = (of: (wake: Wake) => number): number => wakes.reduce((sum, wake) => sum + of(wake), 0) / wakes.length;
  const cpu = lawOf(({ work }) => work.cpuMs);
  const waited = lawOf(({ work }) => work.waitedMs);
  const facts = lawOf(({ work }) => unitsOf(work.tally, FACTS));
  const others = mean(({ work }) => unitsOf(work.tally, ...READS) - unitsOf(work.tally, FACTS));
  const writes = mean(({ work }) => unitsOf(work.tally, "dynamodb.PutItem"));
  const unasked = 1 / ASSUMED.judgeEverySeconds;
  const unaskedFacts = ASSUMED.judgeMinutes * factsPerMinute;
  const perSecond = (law: FoldLaw): number =>
    ofMinute(law, factsPerMinute, wakesPerMinute) / 60 + unasked * ofWake(law, unaskedFacts);
  return {
    invocations: wakesPerMinute / 60 + unasked,
    cpuMs: perSecond(cpu),
    waitedMs: perSecond(waited),
    factReads: perSecond(facts),
    otherReads: others * (wakesPerMinute / 60 + unasked),
    writes: writes * (wakesPerMinute / 60 + unasked * WRITES_BY_SCHEDULE),
    logBytes: mean((wake) => wake.logBytes) * (wakesPerMinute / 60 + unasked),
    lastFold: {
      cpuMs: ofWake(cpu, factsPerMinute),
      waitedMs: ofWake(waited, factsPerMinute),
      factReads: ofWake(facts, factsPerMinute),
    },
  };
};
