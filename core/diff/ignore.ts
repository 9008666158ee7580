import type { Place } from "./place.ts";
import type { Rule, Rules } from "./rules.ts";

interface PreparedRule {
  readonly rule: Rule;
  readonly steps: readonly string[];
  /** The pattern ends in `**`: the place itself and everything below. */
  readonly isOpen: boolean;
}

/** The rules in a form that is quick to ask. */
export type PreparedRules = readonly PreparedRule[];

const prepared = new WeakMap<Rules, PreparedRules>();

/** Made once for each `Rules` value. */
export const prepareRules = (rules: Rules): PreparedRules => {
  const known = prepared.get(rules);
  if (known !== undefined) return known;
  const made = rules.rules.map(prepareRule);
  prepared.set(rules, made);
  return made;
};

const prepareRule = (rule: Rule): PreparedRule => {
  const steps = rule.ignore.split("/");
  const isOpen = steps.at(-1) === "**";
  return { rule, steps: isOpen ? steps.slice(0, -1) : steps, isOpen };
};

/** The first rule that says to ignore `place` at `endpoint`. */
export const isIgnored = (rules: Rules, endpoint: string, place: Place): Rule | undefined => {
  const steps = place.split("/");
  return prepareRules(rules).find(
    (candidate) => (candidate.rule.endpoint ?? endpoint) === endpoint && isMatch(candidate, steps),
  )?.rule;
};

const isMatch = (pattern: PreparedRule, steps: readonly string[]): boolean => {
  if (pattern.isOpen ? steps.length < pattern.steps.length : steps.length !== pattern.steps.length) return false;
  return pattern.steps.every((step, index) => step === "*" || step === steps[index]);
};
