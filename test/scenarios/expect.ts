import type { Kind, Place } from "../../core/diff/place.ts";
import type { Judged } from "../../core/verdict/judge.ts";
import type { VerdictName } from "../../core/verdict/verdict.ts";
import type { Expectation, Scenario } from "./scenario.ts";

/** A difference that is called real. */
export interface Accusation {
  readonly endpoint: string;
  readonly place: Place;
  readonly kind: Kind;
}

const isAt = (place: Place, pattern: string): boolean => {
  if (!pattern.endsWith("/**")) return place === pattern;
  const above = pattern.slice(0, -3);
  return place === above || place.startsWith(`${above}/`);
};

export const isExpected = (it: Accusation, [endpoint, place, kinds]: Expectation): boolean =>
  (endpoint === "*" || endpoint === it.endpoint) &&
  isAt(it.place, place) &&
  (kinds === "any" || kinds.split("|").includes(it.kind));

const show = ({ endpoint, place, kind }: Accusation): string => `${endpoint} ${place} (${kind})`;

/** Expected and not among these, and the other way round: a sentence each. */
const misses = (expected: readonly Expectation[], found: readonly Accusation[]): string[] =>
  expected.filter((one) => !found.some((it) => isExpected(it, one))).map((one) => `missed: ${one.join(" ")}`);

const surplus = ({ findings, mustNotFind }: Scenario["expected"], found: readonly Accusation[]): string[] =>
  found
    .filter((it) => !findings.some((one) => isExpected(it, one)) || mustNotFind.some((place) => isAt(it.place, place)))
    .map((it) => `accused: ${show(it)}`);

/** What is confirmed; an invalid run says nothing of the candidate. */
export const accusationsOf = ({ verdict, findings }: Judged): readonly Accusation[] =>
  verdict.verdict === "INVALID" ? [] : findings.filter(({ confirmed }) => confirmed);

const verdictFault = (expected: VerdictName, { verdict }: Judged): string[] =>
  verdict.verdict === expected ? [] : [`${verdict.verdict} instead of ${expected}: ${verdict.reason}`];

/** Where a judgement departs from its label; nothing if it is right. */
export const faultsOf = ({ expected }: Scenario, judged: Judged): readonly string[] => {
  const found = accusationsOf(judged);
  const reasons = judged.verdict.reasons.join("\n");
  const isSaid = expected.because === undefined || new RegExp(expected.because).test(reasons);
  return [
    ...verdictFault(expected.verdict, judged),
    ...misses(expected.findings, found),
    ...misses(expected.shown, judged.findings),
    ...surplus(expected, found),
    ...(isSaid ? [] : [`no reason says ${expected.because}: ${reasons}`]),
  ];
};
