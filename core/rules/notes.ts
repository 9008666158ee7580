import { isMatch, placePattern } from "../diff/place-pattern.ts";
import type { Rule } from "../diff/rules.ts";
import type { Facts } from "../noise/facts.ts";

/** Fewer pairs that differ do not show what a rule hides. */
const MIN_PAIRS = 10;

/** Patterns that leave nothing of a part to be compared. */
const WHOLE: ReadonlySet<string> = new Set(["**", "*", "*/**", "body/**", "header/**", "header/*"]);

/**
 * Endpoints at which the rule, of all that ignore by a wildcard, takes away every difference of every pair, at several places: it
 * hides more than a place that is known to differ.
 * @param facts before any rule ignored something
 */
export const emptiedBy = (facts: Facts, rule: Rule): readonly string[] => {
  if (rule.ignore === undefined || !rule.ignore.includes("*")) return [];
  const pattern = placePattern(rule.ignore);
  return Object.entries(facts.endpoints)
    .filter(([endpoint]) => (rule.endpoint ?? endpoint) === endpoint)
    .filter(([, { signatures }]) => {
      const all = Object.values(signatures);
      const places = new Set(all.flatMap(({ marks }) => marks.map(({ place }) => place)));
      const pairs = all.reduce((sum, { n }) => sum + n, 0);
      return pairs >= MIN_PAIRS && places.size > 1 && [...places].every((place) => isMatch(pattern, place));
    })
    .map(([endpoint]) => endpoint);
};

export interface Seen {
  readonly hits: number;
  readonly empties: readonly string[];
  /** Of the run, compared so far. */
  readonly pairs: number;
}

/** What a reader should know of a rule: that it hides too much, or does nothing. */
export const noteOf = (rule: Rule, { hits, empties, pairs }: Seen): string | undefined => {
  if (rule.ignore !== undefined && WHOLE.has(rule.ignore))
    return "hides a whole part of every answer: name the places that may differ instead";
  if (empties.length > 0)
    return `hides all that differs at ${empties.slice(0, 3).join(", ")}${empties.length > 3 ? ` and ${empties.length - 3} more` : ""}: a real change there would not show`;
  if (hits === 0 && pairs > 0)
    return "never hit in this run: compare its place and endpoint with those that the findings show";
  return undefined;
};
