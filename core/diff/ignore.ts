import type { Place } from "./place.ts";
import { isMatch, type PlacePattern, placePattern } from "./place-pattern.ts";
import type { Rule, Rules } from "./rules.ts";

interface PreparedRule {
  readonly rule: Rule;
  readonly pattern: PlacePattern;
}

const prepared = new WeakMap<Rules, readonly PreparedRule[]>();

/** Made once for each `Rules` value. */
const prepareRules = (rules: Rules): readonly PreparedRule[] => {
  const known = prepared.get(rules);
  if (known !== undefined) return known;
  const made = rules.rules.flatMap((rule) =>
    rule.ignore === undefined ? [] : [{ rule, pattern: placePattern(rule.ignore) }],
  );
  prepared.set(rules, made);
  return made;
};

/** The first rule that says to ignore `place` at `endpoint`. */
export const isIgnored = (rules: Rules, endpoint: string, place: Place): Rule | undefined =>
  prepareRules(rules).find(({ rule, pattern }) => (rule.endpoint ?? endpoint) === endpoint && isMatch(pattern, place))
    ?.rule;
