import { isIgnored } from "../diff/ignore.ts";
import type { Rule, Rules } from "../diff/rules.ts";
import type { EndpointFacts, Facts, Mark, PlaceFacts, SignatureCount } from "./facts.ts";
import { addSignature, isCandidates, signatureKey } from "./signature.ts";

export interface Applied {
  readonly facts: Facts;
  /** `hits[i]`: in how many pairs rule i of `rules.rules` was the first to take a mark away; a pair counts once for each mark. */
  readonly hits: readonly number[];
}

/**
 * The facts as if the ignored places had never differed: exact, because facts count whole signatures. Two figures stay as they
 * were where that cannot be known any more: `divergingClusters` (unless nothing diverges now) and what is in `…` under a cap.
 */
export const withoutIgnored = (facts: Facts, rules: Rules): Applied => {
  const hits: number[] = rules.rules.map(() => 0);
  if (hits.length === 0) return { facts, hits };
  const indexOf = new Map(rules.rules.map((rule, index) => [rule, index]));
  const count = (rule: Rule, pairs: number): void => {
    const index = indexOf.get(rule) as number;
    hits[index] = (hits[index] ?? 0) + pairs;
  };
  const endpoints = Object.entries(facts.endpoints).map(([endpoint, its]): [string, EndpointFacts] => [
    endpoint,
    endpointWithout(endpoint, its, rules, count),
  ]);
  return { facts: { ...facts, endpoints: Object.fromEntries(endpoints) }, hits };
};

const endpointWithout = (
  endpoint: string,
  facts: EndpointFacts,
  rules: Rules,
  count: (rule: Rule, pairs: number) => void,
): EndpointFacts => {
  const known = new Map<string, Rule | undefined>();
  const ruleFor = (place: string): Rule | undefined => {
    if (!known.has(place)) known.set(place, isIgnored(rules, endpoint, place));
    return known.get(place);
  };
  const signatures: Record<string, SignatureCount> = {};
  for (const [key, signature] of Object.entries(facts.signatures)) {
    const marks: Mark[] = [];
    for (const mark of signature.marks) {
      const rule = ruleFor(mark.place);
      if (rule === undefined) marks.push(mark);
      else count(rule, signature.n);
    }
    if (marks.length === 0) continue;
    const isWhole = marks.length === signature.marks.length;
    addSignature(signatures, isWhole ? key : signatureKey(marks), { ...signature, marks });
  }
  const places = Object.entries(facts.places).filter(([, { place }]) => ruleFor(place) === undefined);
  const isDiverging = Object.values(signatures).some(({ marks }) => marks.some(isCandidates));
  return {
    ...facts,
    signatures,
    places: Object.fromEntries<PlaceFacts>(places),
    divergingClusters: isDiverging ? facts.divergingClusters : [],
  };
};
