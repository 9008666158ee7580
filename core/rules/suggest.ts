import { patternOf, type Rule } from "../diff/rules.ts";
import type { EndpointFacts, Example, Facts } from "../noise/facts.ts";
import { count, some } from "../verdict/sentences.ts";
import { runKey, type Tally, talliesOf } from "../verdict/tally.ts";
import type { Finding } from "../verdict/verdict.ts";
import { sharedForm } from "./shared-form.ts";

/** A rule that the user may want, and what was seen that speaks for it. Never applied by itself. */
export interface Suggestion {
  readonly rule: Rule;
  /** A plain sentence. */
  readonly evidence: string;
  /** What the rule might hide. */
  readonly warning?: string;
  /** In how many pairs the place differed. */
  readonly pairs: number;
  readonly examples: readonly Example[];
}

/** Fewer differences may be chance. */
const MIN_SEEN = 3;
const MAX_SUGGESTIONS = 100;

/** What does not belong to an answer's content is never to be let pass. */
const NEVER: ReadonlySet<string> = new Set(["status", "failure", "latency"]);

/**
 * From what is left once the present rules are applied: places at which the old version differs from itself, and those at which each
 * lane always has a value of its own. Those without a warning first, the most frequent of them before all.
 */
export const suggestionsOf = (facts: Facts, findings: readonly Finding[]): readonly Suggestion[] => {
  const known = new Map(findings.map((finding) => [runKey(finding.endpoint, finding), finding]));
  const all = talliesOf(facts)
    .filter(({ kind, place }) => !NEVER.has(kind) && place !== "…")
    .flatMap((tally) => {
      const its = facts.endpoints[tally.endpoint] as EndpointFacts;
      const finding = known.get(runKey(tally.endpoint, tally));
      const found = [volatile, selfEvident, constant].map((find) => find(tally, its, finding, facts.control));
      return found.find((one) => one !== undefined) ?? [];
    });
  return forManyEndpoints(widestAtEachPlace(all))
    .toSorted((a, b) => Number(a.warning !== undefined) - Number(b.warning !== undefined) || b.pairs - a.pairs)
    .slice(0, MAX_SUGGESTIONS);
};

type Find = (
  tally: Tally,
  its: EndpointFacts,
  finding: Finding | undefined,
  control: Facts["control"],
) => Suggestion | undefined;

/** The old version differs from itself here, and the candidate no more than that. */
const volatile: Find = (tally, its, finding) => {
  const { secondary, all, primary } = tally.odds;
  const seen = secondary + all + primary;
  if (seen < MIN_SEEN || finding?.confirmed === true) return undefined;
  const pairs = seen + tally.odds.candidate;
  const parts = [
    secondary > 0 ? `in ${count(secondary)} the secondary alone` : "",
    all > 0 ? `in ${count(all)} all lanes differ` : "",
  ].filter((part) => part !== "");
  const where = parts.length === 0 ? "" : ` (${parts.join(", ")})`;
  const evidence = `The old version differs from itself here: in ${count(seen)} of ${some(its.triples, "pair")} with a secondary${where}`;
  return suggested(tally, pairs, evidence);
};

/** Without a secondary, only values that show their form can be told from a change. */
const selfEvident: Find = (tally, its) => {
  if (its.triples > 0 || tally.odds.unknown < MIN_SEEN) return undefined;
  const made = suggested(
    tally,
    tally.odds.unknown,
    `Differs in ${count(tally.odds.unknown)} of ${some(its.pairs, "pair")}`,
  );
  return made.rule.format === undefined ? undefined : made;
};

/**
 * A value of the instance, perhaps. Not where one lane has none, nor where a control overlay, an instance of its own, agrees with the
 * primary: that is a change.
 */
const constant: Find = (tally, _its, finding, control) => {
  if (finding === undefined || !finding.constantPerLane || finding.breaking || control === "control") return undefined;
  if (finding.examples.some(({ primary, candidate }) => primary === "" || candidate === "")) return undefined;
  const { endpoint, place, count: seen, pairs, examples } = finding;
  const because = "each lane always has one value of its own here";
  return {
    rule: { endpoint, ignore: place, because },
    evidence: `In ${count(seen)} of ${some(pairs, "pair")} the candidate has another value than the primary, and each lane always the same one.`,
    warning: "if it is a change of yours and no value of the instance (host name, start time), this rule hides it",
    pairs: tally.odds.candidate + tally.odds.unknown,
    examples,
  };
};

const suggested = ({ endpoint, place, kind, facts }: Tally, pairs: number, seen: string): Suggestion => {
  const examples = facts?.examples ?? [];
  if (kind === "order") {
    const because = "the old version gives the items in any order";
    return { rule: { endpoint, orderFree: place, because }, evidence: `${seen}; only the order.`, pairs, examples };
  }
  const form = kind === "value" || kind === "header" ? sharedForm(place, examples) : undefined;
  if (form === undefined) {
    const because = "the old version differs from itself here";
    return { rule: { endpoint, ignore: place, because }, evidence: `${seen}.`, pairs, examples };
  }
  const evidence = `${seen}; in ${some(examples.length, "example")} ${form.why}.`;
  return { rule: { endpoint, [form.verb]: place, ...form.says, because: form.why }, evidence, pairs, examples };
};

const placeOf = (rule: Rule): string => JSON.stringify([rule.endpoint, patternOf(rule)]);

/** One rule a place: where it differs in several ways, the one that ignores them all. */
const widestAtEachPlace = (all: readonly Suggestion[]): readonly Suggestion[] =>
  [...Map.groupBy(all, ({ rule }) => placeOf(rule)).values()].flatMap((same) => {
    const ignoring = same.find(({ rule }) => rule.ignore !== undefined);
    return ignoring === undefined ? same : [ignoring];
  });

/** A header that wobbles at several endpoints does so at all of them. */
const forManyEndpoints = (all: readonly Suggestion[]): readonly Suggestion[] => {
  const says = ({ rule: { endpoint: _, ...rest } }: Suggestion): string => JSON.stringify(rest);
  return [...Map.groupBy(all, says).values()].flatMap((same) => {
    const [first] = same as [Suggestion, ...Suggestion[]];
    const { endpoint: _, ...rule } = first.rule;
    if (same.length === 1 || !patternOf(rule).startsWith("header/")) return same;
    const pairs = same.reduce((sum, one) => sum + one.pairs, 0);
    return [{ ...first, rule, pairs, evidence: `At ${same.length} endpoints; of the first: ${first.evidence}` }];
  });
};
