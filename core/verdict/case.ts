import type { Facts } from "../noise/facts.ts";
import { totalOf } from "../noise/totals.ts";
import { withoutWarmUp } from "../noise/warm-up.ts";
import type { Accounting } from "./accounting.ts";
import { type Drifted, type DriftSeen, driftedOf } from "./drift.ts";
import { findingsOf } from "./findings.ts";
import { grouped } from "./groups.ts";
import { isShownRare, type Safety, safetyOf } from "./safety.ts";
import { findingSentence } from "./sentences.ts";
import type { VerdictSettings } from "./settings.ts";
import type { Finding, Verdict } from "./verdict.ts";

export interface JudgeInput {
  /** Of one run, ignore rules already applied. */
  readonly facts: Facts;
  readonly accounting: Accounting;
  readonly settings: VerdictSettings;
  readonly attempts: number;
  /** Endpoints that must be covered although nobody may have asked for them yet. */
  readonly declared?: readonly string[];
  /** Pairs a second at present, for the forecast. */
  readonly ratePerSecond?: number;
  /** Objects of the archive that are compared under changed rules, while not all are: the facts are not whole. */
  readonly recomparing?: { readonly done: number; readonly total: number };
  /** Where reads are declared that tell whether the lanes have the same data. */
  readonly drift?: DriftSeen;
}

/** What the rules of the table see, and what the sentences are made from. `facts` are without warm-up, `whole` with it. */
export interface Case extends JudgeInput {
  readonly whole: Facts;
  readonly findings: readonly Finding[];
  readonly blocking: readonly Finding[];
  readonly safety: Safety;
  readonly pairs: number;
  readonly drifted: readonly Drifted[];
}

export interface Decision {
  readonly verdict: Verdict["verdict"];
  readonly reason: string;
  readonly more: readonly string[];
  readonly needed: number | null;
}

export const caseOf = (input: JudgeInput): Case => {
  const { settings } = input;
  const facts = withoutWarmUp(input.facts);
  const findings = tellingFindings(facts, settings);
  const blocking = findings.filter((finding) => isBlocking(finding, facts, settings));
  const safety = safetyOf(facts, findings, settings);
  const pairs = totalOf(facts, "pairs");
  const drifted = input.drift === undefined ? [] : driftedOf(input.drift, settings.alphaAlarm);
  return { ...input, facts, whole: input.facts, findings, blocking, safety, pairs, drifted };
};

/** In groups, one of each cause. @param facts without warm-up */
export const tellingFindings = (facts: Facts, settings: VerdictSettings): Finding[] => {
  // What is left out differs no more than the old version from itself; without a secondary evidence is 0, and nothing is left out.
  const telling = findingsOf(facts, settings).filter(({ confirmed, evidence }) => confirmed || evidence >= 0);
  return grouped(telling, facts);
};

/** Confirmed and breaking at any rate, or confirmed and not shown to be rarer than the tolerance. Slowness has no rate. */
const isBlocking = (finding: Finding, facts: Facts, settings: VerdictSettings): boolean => {
  if (!finding.confirmed) return false;
  if (finding.breaking || finding.kind === "latency") return true;
  const its = facts.endpoints[finding.endpoint];
  const tested = its === undefined ? 0 : its.triples > 0 ? its.triples : its.pairs;
  return !isShownRare(finding, tested, settings);
};

/** Seconds; null where unknown. */
export const forecastOf = (needed: number | null, ratePerSecond: number | undefined): number | null =>
  needed === null || ratePerSecond === undefined || ratePerSecond <= 0 ? null : needed / ratePerSecond;

const DIRECTIONAL: ReadonlySet<string> = new Set(["removed", "added", "status", "schema", "failure"]);

export const sentenceOf = (finding: Finding, { facts }: Case): string => {
  const hasTriples = (facts.endpoints[finding.endpoint]?.triples ?? 0) > 0;
  return findingSentence(finding, hasTriples || DIRECTIONAL.has(finding.kind));
};
