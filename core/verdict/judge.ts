import type { Facts } from "../noise/facts.ts";
import type { Accounting } from "./accounting.ts";
import { endpointVerdicts, uncoveredOf } from "./endpoints.ts";
import { clopperPearsonUpper } from "./evidence.ts";
import { findingsOf } from "./findings.ts";
import { isShownRare, type Safety, safetyOf } from "./safety.ts";
import { count, duration, findingSentence, percent, some } from "./sentences.ts";
import type { VerdictSettings } from "./settings.ts";
import { dropShareOf, faultsOf, maskedShareOf } from "./validity.ts";
import type { Finding, Verdict } from "./verdict.ts";

export interface Judged {
  readonly verdict: Verdict;
  readonly findings: readonly Finding[];
}

export interface JudgeInput {
  /** Of one run, ignore rules already applied. */
  readonly facts: Facts;
  readonly accounting: Accounting;
  readonly settings: VerdictSettings;
  readonly attempts: number;
  /** Pairs a second at present, for the forecast. */
  readonly ratePerSecond?: number;
  /** Objects of the archive that are compared under changed rules, while not all are: the facts are not whole. */
  readonly recomparing?: { readonly done: number; readonly total: number };
}

/** What the rules of the table see, and what the sentences are made from. */
interface Case extends JudgeInput {
  readonly findings: readonly Finding[];
  readonly blocking: readonly Finding[];
  readonly safety: Safety;
  readonly pairs: number;
}

interface Decision {
  readonly verdict: Verdict["verdict"];
  readonly reason: string;
  readonly more: readonly string[];
  readonly needed: number | null;
}

const MAX_FINDING_SENTENCES = 10;
const MAX_NAMED_PLACES = 5;
const BOUND_CONFIDENCE = 0.95;

/** The verdict on a run: a pure function of its facts, the same in whatever order they arrived. */
export const judge = (input: JudgeInput): Judged => {
  const { facts, settings, accounting } = input;
  const findings = findingsOf(facts, settings);
  const blocking = findings.filter((finding) => isBlocking(finding, facts, settings));
  const safety = safetyOf(facts, findings, settings);
  const pairs = Object.values(facts.endpoints).reduce((sum, its) => sum + its.pairs, 0);
  const it: Case = { ...input, findings, blocking, safety, pairs };
  const decision = decide(it);
  const { needed } = decision;
  // What is left out differs no more than the old version from itself; without a secondary evidence is 0, and nothing is left out.
  const telling = findings.filter(({ confirmed, evidence }) => confirmed || evidence >= 0);
  const verdict: Verdict = {
    verdict: decision.verdict,
    reason: decision.reason,
    reasons: [decision.reason, ...decision.more, ...remarksOf(it)],
    pairs,
    needed,
    forecastSeconds: forecastOf(needed, input.ratePerSecond),
    attempts: input.attempts,
    tolerance: settings.tolerance,
    diverging: safety.diverging,
    divergingBound: clopperPearsonUpper(safety.diverging, safety.tested, BOUND_CONFIDENCE),
    maskedShare: maskedShareOf(facts),
    dropShare: dropShareOf(accounting),
    control: facts.control,
    findings: { confirmed: findings.filter(({ confirmed }) => confirmed).length, total: telling.length },
    endpoints: input.recomparing === undefined ? endpointVerdicts(facts, findings, blocking, settings) : [],
  };
  return { verdict, findings: telling };
};

/** Confirmed and breaking at any rate, or confirmed and not shown to be rarer than the tolerance. Slowness has no rate. */
const isBlocking = (finding: Finding, facts: Facts, settings: VerdictSettings): boolean => {
  if (!finding.confirmed) return false;
  if (finding.breaking || finding.kind === "latency") return true;
  const its = facts.endpoints[finding.endpoint];
  const tested = its === undefined ? 0 : its.triples > 0 ? its.triples : its.pairs;
  return !isShownRare(finding, tested, settings);
};

type Row = (it: Case) => Decision | undefined;

const incomplete: Row = ({ recomparing }) => {
  if (recomparing === undefined) return undefined;
  const { done, total } = recomparing;
  const reason =
    total === 0
      ? "What is stored is about to be compared under the new rules"
      : `${count(done)} of ${some(total, "stored object")} are compared under the new rules`;
  return { verdict: "UNDECIDED", reason, more: ["Next: wait; no new traffic is needed."], needed: null };
};

const invalid: Row = ({ facts, accounting, settings }) => {
  const [reason, ...more] = faultsOf(facts, accounting, settings);
  return reason === undefined ? undefined : { verdict: "INVALID", reason, more, needed: null };
};

const regression: Row = (it) => {
  const [worst, ...others] = it.blocking;
  if (worst === undefined) return undefined;
  const more = others.slice(0, MAX_FINDING_SENTENCES - 1).map((finding) => sentenceOf(finding, it));
  const rest = others.length - more.length;
  if (rest > 0) more.push(`And ${some(rest, "more confirmed finding")}.`);
  more.push(
    "Next: look at the examples. Is a change meant, add an ignore rule for its place; otherwise mend the candidate.",
  );
  return { verdict: "REGRESSION", reason: sentenceOf(worst, it), more, needed: null };
};

const safe: Row = ({ safety, facts, settings, pairs }) => {
  if (pairs === 0 || safety.evidence < safety.threshold || uncoveredOf(facts, settings).length > 0) return undefined;
  const { diverging, tested } = safety;
  const reason = `Fewer than ${percent(settings.tolerance)} of requests diverge: ${count(diverging)} of ${some(tested, "pair")} did beyond noise (chance of being wrong at most ${percent(settings.alphaSafe)})`;
  return { verdict: "SAFE", reason, more: [], needed: 0 };
};

const undecided: Row = (it) => {
  const { safety, facts, settings, pairs } = it;
  if (pairs === 0) {
    const more = ["Next: send traffic through the tee, and look at whether sampling lets it be mirrored."];
    return { verdict: "UNDECIDED", reason: "no pairs yet", more, needed: safety.needed() };
  }
  const uncovered = uncoveredOf(facts, settings);
  const needed = neededOf(
    it,
    uncovered.map(([, its]) => its.pairs),
  );
  const more = uncovered
    .slice(0, MAX_FINDING_SENTENCES)
    .map(
      ([name, its]) => `${name} has ${count(its.pairs)} of the ${some(settings.minPairsPerEndpoint, "pair")} it needs`,
    );
  if (uncovered.length > more.length) more.push(`So have ${some(uncovered.length - more.length, "more endpoint")}.`);
  return { verdict: "UNDECIDED", reason: undecidedReason(it, needed, uncovered.length), more, needed };
};

const undecidedReason = (it: Case, needed: number | null, uncovered: number): string => {
  const { safety, settings, ratePerSecond } = it;
  const seconds = forecastOf(needed, ratePerSecond);
  const when = seconds === null ? "" : `, about ${duration(seconds)} at the present traffic`;
  const seen = `${count(safety.diverging)} of ${some(safety.tested, "pair")} diverge`;
  if (needed === null)
    return `Not decided: ${seen}, too many to show fewer than ${percent(settings.tolerance)}. Look at the findings, or allow more by a larger tolerance`;
  if (safety.evidence >= safety.threshold)
    return `Not decided: few enough diverge, but ${some(uncovered, "endpoint")} had too few pairs (about ${some(needed, "more pair")}${when})`;
  return `Not decided: ${seen}; ${some(needed, "more pair")} without another would show fewer than ${percent(settings.tolerance)}${when}`;
};

/** Pairs until the safe test passes and, at the present mix of traffic, each endpoint has its minimum. */
const neededOf = ({ safety, settings, pairs }: Case, short: readonly number[]): number | null => {
  const forSafety = safety.needed();
  if (forSafety === null) return null;
  const forCoverage = short.map((have) => ((settings.minPairsPerEndpoint - have) * pairs) / Math.max(1, have));
  return Math.ceil(Math.max(forSafety, ...forCoverage));
};

/** DESIGN's table: the first row that holds. */
const TABLE: readonly Row[] = [incomplete, invalid, regression, safe, undecided];

const decide = (it: Case): Decision => {
  for (const row of TABLE) {
    const decision = row(it);
    if (decision !== undefined) return decision;
  }
  throw new Error("the last row of the table always holds");
};

const forecastOf = (needed: number | null, ratePerSecond: number | undefined): number | null =>
  needed === null || ratePerSecond === undefined || ratePerSecond <= 0 ? null : needed / ratePerSecond;

const DIRECTIONAL: ReadonlySet<string> = new Set(["removed", "added", "status", "failure"]);

const sentenceOf = (finding: Finding, { facts }: Case): string => {
  const hasTriples = (facts.endpoints[finding.endpoint]?.triples ?? 0) > 0;
  return findingSentence(finding, hasTriples || DIRECTIONAL.has(finding.kind));
};

type Remark = (it: Case) => readonly string[];

const tolerated: Remark = ({ findings, blocking, settings }) => {
  const known = new Set(blocking.map(({ id }) => id));
  return findings
    .filter(({ confirmed, id }) => confirmed && !known.has(id))
    .slice(0, MAX_FINDING_SENTENCES)
    .map(
      ({ endpoint, place }) => `${endpoint} ${place}: real, but shown to be rarer than ${percent(settings.tolerance)}`,
    );
};

const unconfirmed: Remark = (it) => {
  const open = it.findings.filter(({ confirmed, count: b, noise: c }) => !confirmed && b > c);
  return open.slice(0, 3).map((finding) => sentenceOf(finding, it));
};

const withoutControl: Remark = ({ facts, findings, pairs }) => {
  if (facts.control === "control" || pairs === 0) return [];
  const constant = constantPlaces(findings);
  const [none, other] = [
    "No secondary: noise is unknown, so other values cannot be confirmed.",
    "Latency is not judged without a control overlay.",
  ];
  return facts.control === "none" ? [...constant, none, other] : [...constant, other];
};

/** Breaking kinds are left out: a status or a missing field belongs to no instance. */
const constantPlaces = (findings: readonly Finding[]): string[] => {
  const places = findings.filter(({ constantPerLane, breaking }) => constantPerLane && !breaking);
  if (places.length === 0) return [];
  const named = places.slice(0, MAX_NAMED_PLACES).map(({ endpoint, place }) => `${endpoint} ${place}`);
  const rest = places.length - named.length;
  const which = rest > 0 ? `${named.join(", ")} and ${some(rest, "more place")}` : named.join(", ");
  const verb = places.length === 1 ? "always has one value" : "always have one value each";
  return [
    `${which} ${verb} in each lane: your change, or a value of the instance (host name, start time); a control overlay tells which.`,
  ];
};

const witnesses: Remark = ({ blocking, facts }) =>
  [...new Set(blocking.map(({ endpoint }) => endpoint))].flatMap((endpoint) => {
    const its = facts.endpoints[endpoint];
    if (its?.divergingClusters.length !== 1 || its.clusters.length < 5) return [];
    return [
      `${endpoint}: only one caller of ${count(its.clusters.length)} saw a divergence; it counts as one witness.`,
    ];
  });

const limits: Remark = ({ accounting, attempts, facts, settings }) => {
  const { gap } = accounting;
  const remarks: string[] = [];
  if (gap.pairs > 0) remarks.push(`${some(gap.pairs, "sampled request")} lost on the way.`);
  const undecidedPairs = Object.values(facts.endpoints).reduce((sum, its) => sum + its.undecided, 0);
  if (undecidedPairs > 0) remarks.push(`${some(undecidedPairs, "comparison")} cut short: counted as diverging.`);
  if (attempts > 1)
    remarks.push(
      `This is attempt ${count(attempts)}: each attempt has its own chance of ${percent(settings.alphaSafe)} of a wrong SAFE.`,
    );
  return remarks;
};

const REMARKS: readonly Remark[] = [tolerated, unconfirmed, withoutControl, witnesses, limits];
const remarksOf = (it: Case): string[] => REMARKS.flatMap((remark) => remark(it));
