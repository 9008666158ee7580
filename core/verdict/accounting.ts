import type { Facts, TeeFacts } from "../noise/facts.ts";
import { sum } from "../noise/totals.ts";
import { addOutcomes, laterOutcomes, noOutcomes, type OutcomeCounts, sumOfOutcomes } from "../pair/outcome.ts";

/** What a tee process last said of itself, for one run. */
export interface RunHeartbeat {
  readonly tee: string;
  readonly epoch: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly state: "live" | "closed";
  readonly outcomes: OutcomeCounts;
}

/** Requests of one tee process that were sampled and whose end will not be known any more. */
export interface TeeGap {
  readonly tee: string;
  readonly epoch: string;
  readonly pairs: number;
  readonly segmentsMissing: number;
  readonly reason: string;
  /** The process ended without a last word: it may have lost more than its last heartbeat tells. */
  readonly isLowerBound: boolean;
}

/** Where the sampled requests of a run are: `outcomes.sampled` = sum of the outcomes + `inFlight` + `gap.pairs`. */
export interface Accounting {
  readonly outcomes: OutcomeCounts;
  /** Not ended yet, or on the way from a tee to the facts. */
  readonly inFlight: number;
  readonly gap: { readonly pairs: number; readonly segmentsMissing: number; readonly tees: readonly TeeGap[] };
}

/** A tee says something every few seconds: silence for longer is death. A closed one has so long for its last segments to arrive. */
const TEE_SILENT_MS = 15_000;
/** A segment that is missing in a sequence for so long does not come any more. */
const SEGMENT_LATE_MS = 60_000;

interface TeeAccount {
  readonly outcomes: OutcomeCounts;
  readonly inFlight: number;
  readonly gap: TeeGap;
}

/** @param now milliseconds since 1970 */
export const accountingOf = (tees: Facts["tees"], heartbeats: readonly RunHeartbeat[], now: number): Accounting => {
  const beats = new Map<string, RunHeartbeat>();
  for (const beat of heartbeats) {
    const key = `${beat.tee}.${beat.epoch}`;
    const other = beats.get(key);
    beats.set(key, other === undefined ? beat : laterBeat(beat, other));
  }
  const keys = [...new Set([...Object.keys(tees), ...beats.keys()])].sort();
  const accounts = keys.map((key) => accountOf(key, tees[key], beats.get(key), now));
  const gaps = accounts.map(({ gap }) => gap).filter(({ pairs, segmentsMissing }) => pairs > 0 || segmentsMissing > 0);
  return {
    outcomes: accounts.reduce((sum, { outcomes }) => addOutcomes(sum, outcomes), noOutcomes()),
    inFlight: sum(accounts.map(({ inFlight }) => inFlight)),
    gap: {
      pairs: sum(gaps.map(({ pairs }) => pairs)),
      segmentsMissing: sum(gaps.map(({ segmentsMissing }) => segmentsMissing)),
      tees: gaps,
    },
  };
};

const laterBeat = (a: RunHeartbeat, b: RunHeartbeat): RunHeartbeat => ({
  ...a,
  at: Math.max(a.at, b.at),
  state: a.state === "closed" || b.state === "closed" ? "closed" : "live",
  outcomes: laterOutcomes(a.outcomes, b.outcomes),
});

const accountOf = (
  key: string,
  facts: TeeFacts | undefined,
  beat: RunHeartbeat | undefined,
  now: number,
): TeeAccount => {
  const said = laterOutcomes(facts?.outcomes ?? noOutcomes(), beat?.outcomes ?? noOutcomes());
  // What arrived is the truth; what a tee says it sent is not.
  const known = { ...said, compared: facts?.compared ?? 0, candidateFailed: facts?.candidateFailed ?? 0 };
  const outcomes = { ...known, sampled: Math.max(said.sampled, sumOfOutcomes(known)) };
  const open = outcomes.sampled - sumOfOutcomes(known);

  const isLate = facts !== undefined && now - facts.lastAt > SEGMENT_LATE_MS;
  const segmentsMissing = isLate ? Math.max(0, facts.maxSeq + 1 - facts.segments) : 0;
  const ending = endOf(facts, beat, now);
  const pairs = ending === undefined ? Math.min(open, lostInside(facts, segmentsMissing)) : open;
  const [tee, epoch] = splitKey(key, beat);
  const isLowerBound = ending !== undefined && ending !== CLOSED;
  const reason = ending ?? "segments are missing in its sequence";
  return { outcomes, inFlight: open - pairs, gap: { tee, epoch, pairs, segmentsMissing, reason, isLowerBound } };
};

const CLOSED = "the tee closed, and not all it sampled has arrived";
const KILLED = "the tee ended without closing; it may have lost more than its last heartbeat tells";
const SILENT =
  "the tee sent segments, but no heartbeat of it is known; it may have lost more than its last segment tells";

/** Why nothing more can come from a tee; undefined while something may. */
const endOf = (facts: TeeFacts | undefined, beat: RunHeartbeat | undefined, now: number): string | undefined => {
  if (beat === undefined) return facts !== undefined && now - facts.lastAt > SEGMENT_LATE_MS ? SILENT : undefined;
  if (now - beat.at <= TEE_SILENT_MS) return undefined;
  return beat.state === "closed" ? CLOSED : KILLED;
};

/** Pairs of the missing segments: what the latest snapshot says was sent, less what arrived. */
const lostInside = (facts: TeeFacts | undefined, segmentsMissing: number): number => {
  if (facts === undefined || segmentsMissing === 0) return 0;
  const sent = facts.outcomes.compared + facts.outcomes.candidateFailed;
  return Math.max(0, sent - facts.compared - facts.candidateFailed);
};

/** Keys of `Facts.tees` are `tee.epoch`; a tee's name may hold dots itself. */
const splitKey = (key: string, beat: RunHeartbeat | undefined): readonly [tee: string, epoch: string] => {
  if (beat !== undefined) return [beat.tee, beat.epoch];
  const dot = key.lastIndexOf(".");
  return dot < 0 ? [key, ""] : [key.slice(0, dot), key.slice(dot + 1)];
};
