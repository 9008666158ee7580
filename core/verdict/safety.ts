import type { EndpointFacts, Facts } from "../noise/facts.ts";
import { sum } from "../noise/totals.ts";
import { MAX_PAIRS, safeEvidence, smallest } from "./evidence.ts";
import type { VerdictSettings } from "./settings.ts";
import { isCandidateApart, runKey, talliesOf } from "./tally.ts";
import type { Finding } from "./verdict.ts";

/** The counts on which the safe test rests. */
export interface SafeCounts {
  readonly n: number;
  /** Pairs in which the candidate differs, or whose comparison was cut short. */
  readonly apart: number;
  /** Of those, at most so many are offset: at the same noisy place the secondary alone differed as often. */
  readonly credit: number;
}

export interface Safety {
  /** ln of the e-value against "as many pairs as the tolerance diverge". */
  readonly evidence: number;
  readonly threshold: number;
  /** Pairs of `tested` that diverge beyond noise, and what they were counted in. */
  readonly diverging: number;
  readonly tested: number;
  /** Further pairs until the threshold if nothing more diverges and noise goes on; null beyond any forecast. Costly: ask once. */
  needed(): number | null;
}

/** `endpoint`, place and kind of the findings that noise does not explain. */
const confirmedKeys = (findings: readonly Finding[]): ReadonlySet<string> =>
  new Set(findings.filter(({ confirmed }) => confirmed).map((it) => runKey(it.endpoint, it)));

/** A place is noise if a lane other than the candidate was seen apart there and the alarm has not confirmed it. */
const noisyKeys = (facts: Facts, findings: readonly Finding[]): ReadonlySet<string> => {
  const confirmed = confirmedKeys(findings);
  return new Set(
    talliesOf(facts)
      .filter(({ odds }) => odds.secondary + odds.primary + odds.all + odds.format > 0)
      .map((tally) => runKey(tally.endpoint, tally))
      .filter((key) => !confirmed.has(key)),
  );
};

/**
 * A pair in which the candidate differs at any place that is not noise counts in full. One in which it differs only at noisy
 * places is charged to the first of them by name, and one in which the secondary does is credited likewise: never more than was
 * charged to the same place, so that no noisy place can hide a divergence of another.
 */
const countsOf = (facts: Facts, noisy: ReadonlySet<string>, only: "pairs" | "triples"): SafeCounts => {
  let n = 0;
  let apart = 0;
  let credit = 0;
  for (const [endpoint, its] of Object.entries(facts.endpoints)) {
    const [charged, credited] = [new Map<string, number>(), new Map<string, number>()];
    let whole = its.undecided;
    for (const { marks, n: times } of Object.values(its.signatures)) {
      if (only === "triples" && marks.some(({ odd }) => odd === "unknown" || odd === "reverse")) continue;
      const keysOf = (some: typeof marks) => some.map((mark) => runKey(endpoint, mark)).sort();
      const own = marks.filter(isCandidateApart);
      const keys = keysOf(own);
      const isWhole = own.some(({ odd }) => odd !== "candidate") || keys.some((key) => !noisy.has(key));
      if (isWhole) whole += times;
      else if (keys[0] !== undefined) charged.set(keys[0], (charged.get(keys[0]) ?? 0) + times);
      const noise = keysOf(marks.filter(({ odd }) => odd === "secondary"))[0];
      if (noise !== undefined && noisy.has(noise)) credited.set(noise, (credited.get(noise) ?? 0) + times);
    }
    const size = Math.min(its[only], its.pairs);
    n += size;
    apart += Math.min(size, whole + sum(charged.values()));
    credit += sum([...charged].map(([key, times]) => Math.min(times, credited.get(key) ?? 0)));
  }
  return { n, apart, credit: Math.min(credit, apart, n - apart) };
};

/** Of any part of a run: pairs that diverge beyond noise, where noise is what is noise in the whole run. Both without warm-up. */
export const createDiverging = (run: Facts, findings: readonly Finding[]): ((part: Facts) => number) => {
  const noisy = noisyKeys(run, findings);
  return (part) => {
    const { apart, credit } = countsOf(part, noisy, "pairs");
    return apart - credit;
  };
};

/** ln((eᵃ + eᵇ)/2): the mean of two e-values is one. */
const lnMean = (a: number, b: number): number => {
  const top = Math.max(a, b);
  return top === Number.NEGATIVE_INFINITY ? top : top + Math.log((Math.exp(a - top) + Math.exp(b - top)) / 2);
};

const isCovered = (its: EndpointFacts, settings: VerdictSettings): boolean =>
  its.triples >= Math.min(its.pairs, settings.minPairsPerEndpoint);

/**
 * The safe test. Where a secondary is planned, the bet is laid half on all pairs (in those without it every difference
 * counts) and half on the triples alone; the second half counts only if no endpoint goes without triples.
 */
export const safetyOf = (facts: Facts, findings: readonly Finding[], settings: VerdictSettings): Safety => {
  const noisy = noisyKeys(facts, findings);
  const threshold = Math.log(1 / settings.alphaSafe);
  const all = countsOf(facts, noisy, "pairs");
  const triples = countsOf(facts, noisy, "triples");
  const hasTriples =
    facts.control !== "none" && Object.values(facts.endpoints).every((its) => isCovered(its, settings));
  const ofTriples = (more: number): number =>
    hasTriples ? evidenceAfter(triples, (more * triples.n) / Math.max(1, all.n), settings) : Number.NEGATIVE_INFINITY;
  const isSame = triples.n === all.n;
  const evidenceAt = (more: number): number => {
    const ofAll = evidenceAfter(all, more, settings);
    return facts.control === "none" || isSame ? ofAll : lnMean(ofAll, ofTriples(more));
  };
  const evidence = evidenceAt(0);
  const shown = !isSame && ofTriples(0) > evidenceAfter(all, 0, settings) ? triples : all;
  return {
    evidence,
    threshold,
    diverging: shown.apart - shown.credit,
    tested: shown.n,
    needed: () => smallest((more) => evidenceAt(more) >= threshold, 0, MAX_PAIRS),
  };
};

/** After `more` pairs in which nothing new diverges, but noise goes on as it was. */
const evidenceAfter = ({ n, apart, credit }: SafeCounts, more: number, settings: VerdictSettings): number => {
  const noise = n === 0 ? 0 : (credit / n) * more;
  return safeEvidence(apart + noise, n + more, settings.tolerance, credit + noise);
};

/** Whether the share of pairs with this finding is shown to be below the tolerance. */
export const isShownRare = (finding: Finding, tested: number, settings: VerdictSettings): boolean =>
  safeEvidence(finding.count, tested, settings.tolerance, Math.min(finding.count, finding.noise)) >=
  Math.log(1 / settings.alphaSafe);
