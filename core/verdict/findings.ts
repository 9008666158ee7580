import { createHash } from "node:crypto";
import { EXTRA, isWriteMissingOrExtra, MISSING } from "../diff/calls.ts";
import { BREAKING, type Kind, type Place } from "../diff/place.ts";
import type { EndpointFacts, Facts } from "../noise/facts.ts";
import { quantile } from "../noise/sketch.ts";
import { looksOf } from "../noise/volatile.ts";
import { alarmEvidence, alphaShare } from "./evidence.ts";
import type { VerdictSettings } from "./settings.ts";
import { gravityOf, runKey, type Tally, talliesOf } from "./tally.ts";
import { MIN_CONSTANT_PAIRS } from "./validity.ts";
import type { Finding } from "./verdict.ts";

/** With a control, latency gets this part of α, in equal shares for as many endpoints; places get the rest. */
const LATENCY_SHARE = 0.1;
const MAX_LATENCY_ENDPOINTS = 1_000;
/** What timers and schedulers do by themselves. */
const DEAD_BAND_MS = 1;

/** Places at which the candidate differs, most telling first: those that are confirmed to exceed noise, and those that may yet. */
export const findingsOf = (facts: Facts, settings: VerdictSettings): Finding[] => {
  const hasControl = facts.control === "control";
  const alpha = settings.alphaAlarm * (hasControl ? 1 - LATENCY_SHARE : 1);
  const tallies = talliesOf(facts).filter(({ kind }) => kind !== "latency");
  const context = contextOf(facts, tallies);
  const findings = tallies
    .map((tally, index) => findingOf(tally, context, Math.log(1 / alphaShare(alpha, index + 1))))
    .filter(({ count }) => count > 0);
  return [...findings, ...(hasControl ? latencyFindings(facts, settings) : [])].sort(mostTellingFirst);
};

/** Stable over time, runs and machines. */
export const findingId = (endpoint: string, place: Place, kind: Kind): string =>
  createHash("sha256").update(`${endpoint}\n${place}\n${kind}`).digest("hex").slice(0, 10);

/** Kind, then reach in requests, then in distinct signatures, then certainty. */
const mostTellingFirst = (a: Finding, b: Finding): number =>
  Number(b.confirmed) - Number(a.confirmed) ||
  Number(a.note !== null) - Number(b.note !== null) ||
  gravityOf(a.kind) - gravityOf(b.kind) ||
  b.count - a.count ||
  b.signatures - a.signatures ||
  b.evidence - a.evidence ||
  (a.id < b.id ? -1 : 1);

interface Context {
  readonly facts: Facts;
  readonly primaryFailed: number;
  /** Pairs without a secondary in which the candidate differs, for better or worse, by `runKey`. */
  readonly alone: ReadonlyMap<string, number>;
}

const contextOf = (facts: Facts, tallies: readonly Tally[]): Context => ({
  facts,
  primaryFailed: Object.values(facts.tees).reduce((sum, { outcomes }) => sum + outcomes.primaryFailed, 0),
  alone: new Map(tallies.map((tally) => [runKey(tally.endpoint, tally), tally.odds.unknown + tally.odds.reverse])),
});

/** Pairs in which one lane stands alone (b), and in which the lane it is exchangeable with does (c). */
interface Discordant {
  readonly b: number;
  readonly c: number;
}

/**
 * Without a secondary only what has a direction can be tested: primary and candidate are exchangeable if nothing changed, so
 * a field removed is as likely as one added, a worse status as a better one, a failing candidate as a failing primary, a call that
 * is missing as one that is new.
 * Requests whose primary failed are an outcome of their own and make no pair, so they are counted over the whole run.
 */
const directional = ({ endpoint, place, kind, odds }: Tally, { alone, primaryFailed }: Context): Discordant => {
  const countAt = (mirrored: Place) => alone.get(runKey(endpoint, { place: mirrored, kind })) ?? 0;
  const countOf = (mirrored: Kind) => alone.get(runKey(endpoint, { place, kind: mirrored })) ?? 0;
  const b = kind === "added" ? odds.unknown + odds.reverse : odds.unknown;
  if (b === 0) return { b, c: 0 };
  if (kind === "removed") return { b, c: countOf("added") };
  if (kind === "added") return { b, c: countOf("removed") };
  if (kind === "status" || kind === "schema") return { b, c: odds.reverse };
  if (kind === "failure") return { b, c: primaryFailed };
  if (place.startsWith(EXTRA)) return { b, c: countAt(MISSING + place.slice(EXTRA.length)) };
  if (place.startsWith(MISSING)) return { b, c: countAt(EXTRA + place.slice(MISSING.length)) };
  return { b: 0, c: 0 };
};

const findingOf = (tally: Tally, context: Context, threshold: number): Finding => {
  const { endpoint, place, kind, odds } = tally;
  const its = context.facts.endpoints[endpoint]!;
  const alone = directional(tally, context);
  const b = odds.candidate + alone.b;
  const c = odds.secondary + alone.c;
  const evidence = alarmEvidence(b, c);
  // An answer that is as its schema says again is no finding.
  const better = kind === "schema" ? 0 : odds.reverse;
  const differing = odds.candidate + (its.triples === 0 ? odds.unknown + better : alone.b);
  const isSelfEvident = differing === 0 && its.triples === 0 && odds.format > 0;
  const count = isSelfEvident ? odds.format : differing;
  const id = findingId(endpoint, place, kind);
  return {
    id,
    endpoint,
    place,
    kind,
    count,
    noise: c,
    masked: odds.all,
    pairs: its.pairs,
    evidence,
    threshold,
    // Where all three differ more often than the candidate alone, two agree by chance, and which two depends on timing.
    confirmed: evidence >= threshold && odds.all <= b,
    constantPerLane: isConstantPerLane(tally, its, count),
    breaking: BREAKING.has(kind) || (kind === "call" && isWriteMissingOrExtra(place)),
    note: isSelfEvident
      ? `looks like ${looksOf(tally.facts?.examples[0]?.candidate ?? "")}, new with every answer`
      : null,
    group: id,
    signatures: tally.signatures,
    firstAt: tally.facts?.firstAt ?? context.facts.firstAt,
    lastAt: tally.facts?.lastAt ?? context.facts.lastAt,
    examples: tally.facts?.examples ?? [],
  };
};

/** Each lane had one value of its own here, in every pair that could show it. */
const isConstantPerLane = ({ facts }: Tally, its: EndpointFacts, count: number): boolean => {
  const could = (its.triples > 0 ? Math.min(its.triples, its.pairs) : its.pairs) - its.candidateFailed;
  return facts?.constant != null && count >= MIN_CONSTANT_PAIRS && count >= could;
};

/**
 * Slower than the control by more than the dead band, in the median and in more pairs than faster; confirmed by minutes, for pairs
 * of one minute share whatever burdens the machine. The first minute, in which lanes are cold, is no witness.
 */
const latencyFindings = (facts: Facts, settings: VerdictSettings): Finding[] => {
  const threshold = Math.log(MAX_LATENCY_ENDPOINTS / (settings.alphaAlarm * LATENCY_SHARE));
  return Object.entries(facts.endpoints).flatMap(([endpoint, { latency, triples, pairs, places }]): Finding[] => {
    const { slower, faster, minutesSlower, minutesFaster, warmUp } = latency;
    const [candidate, secondary] = [quantile(latency.candidate, 0.5), quantile(latency.secondary, 0.5)];
    if (slower <= faster || !candidate || !secondary) return [];
    if (candidate - secondary <= Math.max(DEAD_BAND_MS, settings.latencyDeadBand * secondary)) return [];
    const evidence = alarmEvidence(minutesSlower - (warmUp?.slower ?? 0), minutesFaster - (warmUp?.faster ?? 0));
    const seen = Object.values(places).find(({ kind }) => kind === "latency");
    const id = findingId(endpoint, "latency", "latency");
    return [
      {
        id,
        endpoint,
        place: "latency",
        kind: "latency",
        count: slower,
        noise: faster,
        masked: 0,
        pairs: Math.max(triples, Math.min(pairs, slower + faster)),
        evidence,
        threshold,
        confirmed: evidence >= threshold,
        constantPerLane: false,
        breaking: false,
        note: null,
        group: id,
        signatures: 0,
        firstAt: seen?.firstAt ?? facts.firstAt,
        lastAt: seen?.lastAt ?? facts.lastAt,
        examples: seen?.examples ?? [],
      },
    ];
  });
};
