import { GRAIN_MS, type Grain } from "../../adapters/minute.ts";
import { readRunFacts } from "../../adapters/run-facts.ts";
import { withoutIgnored } from "../../core/noise/apply.ts";
import type { Facts, TeeFacts } from "../../core/noise/facts.ts";
import { pairsWith, sum, totalOf } from "../../core/noise/totals.ts";
import { withoutWarmUp } from "../../core/noise/warm-up.ts";
import { noOutcomes, OUTCOMES, type Outcome, type OutcomeCounts } from "../../core/pair/outcome.ts";
import type { Overlay, Run } from "../../core/sampling/environment.ts";
import { createDiverging } from "../../core/verdict/safety.ts";
import type { Call } from "./deps.ts";
import { runsOf } from "./runs.ts";
import type { TimelineShape } from "./shapes-runs.ts";
import { marksOf } from "./timeline-marks.ts";

/** API Gateway waits 29 s; the roll-up that is under way comes on top. */
const READ_MS = 5_000;
/** The clock of a tee may be ahead; nothing is of later. */
const AHEAD_MS = 3_600_000;
/** In a longer time hours are told apart, not minutes. */
const MAX_MINUTES_MS = 6 * 3_600_000;

export interface Asked {
  /** Milliseconds since 1970. */
  readonly from: number;
  readonly to: number;
  readonly grain?: Grain | undefined;
  /** Buckets. */
  readonly limit: number;
}

type Bucket = TimelineShape["buckets"][number];

/** What became of the pairs, minute by minute or hour by hour, from as many roll-ups as are asked for and time allows. */
export const timelineOf = async (overlay: Overlay, asked: Asked, call: Call): Promise<TimelineShape> => {
  const { from, to } = asked;
  const grain = asked.grain ?? (to - from > MAX_MINUTES_MS ? "hour" : "minute");
  const runs = await runsOf(overlay, call.ports.catalog);
  const { buckets, next } = await bucketsOf(overlay, runs, { ...asked, grain }, call);
  const marks = await marksOf(overlay, runs, { from, to: next === null ? to : next - 1 }, call.ports);
  return { env: overlay.id, grain, from, to, buckets, marks, next };
};

const bucketsOf = async (
  overlay: Overlay,
  runs: readonly Run[],
  { from, to, grain, limit }: Asked & { readonly grain: Grain },
  { ports, settings, now }: Call,
): Promise<Pick<TimelineShape, "buckets" | "next">> => {
  const end = now() + READ_MS;
  const terms = { rules: await ports.rules.rules(overlay.id), settings };
  const buckets: Bucket[] = [];
  const until = Math.min(to, now() + AHEAD_MS);
  for (const { run, first, last } of partsOf(runs, { from, to: until, grain })) {
    if (now() >= end) return { buckets, next: Math.max(from, first * GRAIN_MS[grain]) };
    const { key, facts: whole, findings } = await readRunFacts(ports, overlay, run, terms);
    if (totalOf(whole, "pairs") === 0) continue;
    const divergingIn = createDiverging(withoutWarmUp(whole), findings);
    const account = createAccount();
    // One more before: what its tees had counted by then.
    for await (const { number, facts } of ports.facts.spans(key, grain, first - 1, last)) {
      const outcomes = account(facts.tees);
      if (number < first) continue;
      const at = number * GRAIN_MS[grain];
      if (buckets.length === limit || (buckets.length > 0 && now() >= end))
        return { buckets, next: Math.max(from, at) };
      const { facts: applied } = withoutIgnored(facts, terms.rules);
      const part = withoutWarmUp({ ...applied, candidateAnswered: whole.candidateAnswered });
      buckets.push({ at, run: run.id, ...countsOf(part), diverging: divergingIn(part), outcomes });
    }
  }
  return { buckets, next: null };
};

interface Part {
  readonly run: Run;
  /** Numbers of minutes, or hours. */
  readonly first: number;
  readonly last: number;
}

/** Of each run what lies in the time asked for; in the one after its last, pairs still arrive that began before. */
const partsOf = (runs: readonly Run[], { from, to, grain }: { from: number; to: number; grain: Grain }): Part[] => {
  const numberOf = (at: number): number => Math.floor(at / GRAIN_MS[grain]);
  return runs
    .map((run, i) => {
      const ended = runs[i + 1]?.startedAt ?? Number.POSITIVE_INFINITY;
      return { run, first: numberOf(Math.max(from, run.startedAt)), last: Math.min(numberOf(to), numberOf(ended) + 1) };
    })
    .filter(({ first, last }) => first <= last);
};

const countsOf = (part: Facts) => {
  const each = Object.values(part.endpoints);
  return {
    pairs: totalOf(part, "pairs"),
    noise: sum(each.map((its) => pairsWith(its, "secondary"))),
    masked: sum(each.map((its) => pairsWith(its, "all"))),
    undecided: totalOf(part, "undecided"),
  };
};

/**
 * Tees count from their start: what was added is the difference to the roll-up before. Of a tee that was not in it, and had sent segments
 * before, only the pairs that arrived are known to be of this time.
 */
const createAccount = (): ((tees: Facts["tees"]) => OutcomeCounts) => {
  const known = new Map<string, OutcomeCounts>();
  return (tees) => {
    const added = Object.entries(tees).map(([tee, its]) => {
      const before = known.get(tee) ?? (its.segments > its.maxSeq ? noOutcomes() : undefined);
      known.set(tee, its.outcomes);
      return addedBy(its, before);
    });
    const counts = { ...noOutcomes() };
    for (const name of OUTCOMES) counts[name] = sum(added.map((its) => its[name]));
    counts.sampled = sum(OUTCOMES.map((name) => counts[name]));
    return counts;
  };
};

/** Those that made pairs are counted as they arrived: that is the truth. */
const addedBy = ({ outcomes, compared, candidateFailed }: TeeFacts, before: OutcomeCounts | undefined) => {
  const counts = { ...noOutcomes() };
  // What was stored before an outcome came to be has no count of it.
  const countOf = (stored: Partial<OutcomeCounts>, name: Outcome): number => stored[name] ?? 0;
  if (before !== undefined)
    for (const name of OUTCOMES) counts[name] = Math.max(0, countOf(outcomes, name) - countOf(before, name));
  return { ...counts, compared, candidateFailed };
};
