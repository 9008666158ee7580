import type { Naming } from "../endpoints/naming.ts";
import { isNameOf } from "../endpoints/slugs.ts";
import { type Kind, OF_VALUES, type Place } from "./place.ts";
import { isMatch, type PlacePattern, placePattern } from "./place-pattern.ts";
import { areOfFormat } from "./rule-formats.ts";
import { comparisonRules, patternOf, type Rule, type Rules, ruleKey, type Verb, verbOf } from "./rules.ts";
import { similarity } from "./similarity.ts";
import { isWithin } from "./tolerance.ts";

interface Prepared {
  readonly rule: Rule;
  readonly verb: Verb;
  readonly key: string;
  readonly pattern: PlacePattern;
}

/** Places remembered of one endpoint; hostile bodies can have any number. */
const MAX_REMEMBERED = 10_000;

/** The comparison rules of one endpoint, by place. */
export class EndpointRules {
  readonly #rules: readonly Prepared[];
  readonly #byPlace = new Map<Place, readonly Prepared[]>();

  constructor(rules: readonly Rule[]) {
    this.#rules = rules.map((rule) => ({
      rule,
      verb: verbOf(rule),
      key: ruleKey(rule),
      pattern: placePattern(patternOf(rule)),
    }));
  }

  at(place: Place): readonly Prepared[] {
    const known = this.#byPlace.get(place);
    if (known !== undefined) return known;
    const found = this.#rules.filter(({ pattern }) => isMatch(pattern, place));
    if (this.#byPlace.size >= MAX_REMEMBERED) this.#byPlace.clear();
    this.#byPlace.set(place, found);
    return found;
  }
}

/** Gives the comparison rules of an endpoint as tees name it; undefined where there are none. */
export type RulesOf = (endpoint: string) => EndpointRules | undefined;

export const createRulesOf = (rules: Pick<Rules, "rules">, naming: Naming = (endpoint) => endpoint): RulesOf => {
  const all = comparisonRules(rules);
  if (all.length === 0) return () => undefined;
  const byEndpoint = new Map<string, EndpointRules | undefined>();
  return (endpoint) => {
    if (byEndpoint.has(endpoint)) return byEndpoint.get(endpoint);
    const name = naming(endpoint);
    const own = all.filter((rule) => rule.endpoint === undefined || isNameOf(rule.endpoint, name));
    const made = own.length === 0 ? undefined : new EndpointRules(own);
    if (byEndpoint.size >= MAX_REMEMBERED) byEndpoint.clear();
    byEndpoint.set(endpoint, made);
    return made;
  };
};

/** What the rules allow in one pair; knows which of them were needed. Symmetric in the lanes. */
export class Allowed {
  readonly #rules: EndpointRules;
  /** Keys of the rules without which the pair would differ more. */
  readonly used = new Set<string>();

  constructor(rules: EndpointRules) {
    this.#rules = rules;
  }

  /** May these values differ so at this place? */
  difference(place: Place, kind: Kind, left: unknown, right: unknown): boolean {
    for (const { rule, verb, key } of this.#rules.at(place)) {
      if (!DIFFERENCES[verb](rule, kind, left, right)) continue;
      this.used.add(key);
      return true;
    }
    return false;
  }

  /** Paths in an item of the list there, whose values name the item. */
  keyOf(place: Place): readonly string[] | undefined {
    const keyed = this.#rules.at(place).find(({ verb }) => verb === "keyedBy");
    if (keyed === undefined) return undefined;
    this.used.add(keyed.key);
    const { key } = keyed.rule;
    return typeof key === "string" ? [key] : key;
  }
}

type Excuse = (rule: Rule, kind: Kind, left: unknown, right: unknown) => boolean;

const never: Excuse = () => false;
const isValue = (kind: Kind): boolean => OF_VALUES.has(kind);

/** Comma-separated, without order; case may matter. */
const setOf = (lines: unknown): string =>
  [
    ...new Set(
      String(lines)
        .split(/[,\n]/)
        .map((item) => item.trim()),
    ),
  ]
    .sort()
    .join();

const DIFFERENCES: Readonly<Record<Verb, Excuse>> = {
  ignore: never,
  keyedBy: never,
  tolerance: (rule, kind, left, right) => isValue(kind) && isWithin(left, right, rule),
  orderFree: (_, kind) => kind === "order",
  format: (rule, kind, left, right) =>
    isValue(kind) && rule.is !== undefined && areOfFormat(rule.is, left, right, rule.withinMs),
  similar: (rule, kind, left, right) =>
    isValue(kind) &&
    typeof left === "string" &&
    typeof right === "string" &&
    similarity(left, right) >= (rule.atLeast ?? 1),
  set: (_, kind, left, right) =>
    kind === "header" && left !== undefined && right !== undefined && setOf(left) === setOf(right),
};
