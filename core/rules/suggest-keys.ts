import { EndpointRules } from "../diff/allowed.ts";
import { stepOf } from "../diff/json-place.ts";
import type { Rule } from "../diff/rules.ts";
import { marksOf } from "../noise/odd.ts";
import type { StoredCapture, StoredPair } from "../segment/segment.ts";
import { count, some } from "../verdict/sentences.ts";
import type { Suggestion } from "./suggest.ts";

/** Fewer pairs in which a key helps may be chance. */
const MIN_HELPED = 3;
/** Of one pair, and lists tried of one endpoint: looking for keys is bounded, and only a suggestion is at stake. */
const MAX_LISTS = 50;
const MAX_TRIED = 10;
const MAX_DEPTH = 6;

/**
 * Lists whose items belong together by a field that is not known as a key: matched by it, fewer places differ. Tried on the pairs
 * themselves, under the present rules of their endpoint.
 */
export const keySuggestions = (
  pairs: readonly StoredPair[],
  presentOf: (endpoint: string) => readonly Rule[],
): readonly Suggestion[] =>
  [...Map.groupBy(pairs, ({ endpoint }) => endpoint)].flatMap(([endpoint, own]) => {
    const tried = mostFrequent(own.flatMap(keyedLists)).slice(0, MAX_TRIED);
    const rules = tried.map(({ place, key }): Rule => ({ endpoint, keyedBy: place, key }));
    const helping = rules.flatMap((rule) => tryOn(own, rule, presentOf(endpoint)) ?? []);
    return [...Map.groupBy(helping, ({ rule }) => rule.keyedBy).values()].map(
      (same) => same.toSorted((a, b) => b.helped - a.helped)[0] as Helping,
    );
  });

interface Helping extends Suggestion {
  readonly helped: number;
}

const tryOn = (pairs: readonly StoredPair[], rule: Rule, present: readonly Rule[]): Helping | undefined => {
  const [without, with_] = [new EndpointRules(present), new EndpointRules([...present, rule])];
  const counted = pairs.map((pair) => [marksIn(pair, without), marksIn(pair, with_)] as const);
  const helped = counted.filter(([before, after]) => after < before).length;
  const harmed = counted.filter(([before, after]) => after > before).length;
  if (helped < MIN_HELPED || harmed > 0) return undefined;
  const [before, after] = [0, 1].map((side) => counted.reduce((sum, both) => sum + (both[side] as number), 0));
  const because = `each item has a ${[rule.key].flat().join(" + ")} of its own`;
  const evidence = `Items stand at other positions or are missing on one side; matched by ${rule.key}, which each item has for itself, ${some(helped, "pair")} of ${count(pairs.length)} looked at differ at fewer places (${count(after ?? 0)} instead of ${count(before ?? 0)}).`;
  return { rule: { ...rule, because }, evidence, pairs: helped, examples: [], helped };
};

const marksIn = ({ primary, candidate, secondary, at }: StoredPair, rules: EndpointRules): number =>
  marksOf(primary, candidate, secondary, at, { rules }).marks.length;

interface KeyedList {
  readonly place: string;
  readonly key: string;
}

const mostFrequent = (lists: readonly KeyedList[]): readonly KeyedList[] =>
  [...Map.groupBy(lists, ({ place, key }) => JSON.stringify([place, key])).values()]
    .toSorted((a, b) => b.length - a.length)
    .map(([first]) => first as KeyedList);

/** Fields that every item of a list has, each with another value, and of which both lanes share some. */
const keyedLists = ({ primary, candidate, secondary }: StoredPair): readonly KeyedList[] => {
  const left = jsonOf(primary);
  const other = [candidate, secondary].map((lane) => lane && jsonOf(lane)).find((value) => value !== undefined);
  if (left === undefined || other === undefined) return [];
  const rights = new Map(listsIn(other, "body", 0).map(({ place, items }) => [place, items]));
  return listsIn(left, "body", 0).flatMap(({ place, items }) => {
    const facing = rights.get(place);
    if (facing === undefined) return [];
    return fieldsOf(items[0]).flatMap((key) => {
      const [a, b] = [namesIn(items, key), namesIn(facing, key)];
      return a !== undefined && b !== undefined && [...a].some((name) => b.has(name)) ? [{ place, key }] : [];
    });
  });
};

const jsonOf = (capture: StoredCapture): unknown => {
  if (capture.outcome === "failed" || capture.body.kind !== "content" || capture.body.cut) return undefined;
  try {
    return JSON.parse(Buffer.from(capture.body.content).toString("utf8"));
  } catch {
    return undefined;
  }
};

type Item = Readonly<Record<string, unknown>>;

interface List {
  readonly place: string;
  readonly items: readonly Item[];
}

const isItem = (value: unknown): value is Item => typeof value === "object" && value !== null && !Array.isArray(value);

/** Lists of two and more objects; of those at one place the first. */
const listsIn = (value: unknown, place: string, depth: number): readonly List[] => {
  if (depth > MAX_DEPTH || typeof value !== "object" || value === null) return [];
  const isList = Array.isArray(value);
  const own = isList && value.length > 1 && value.every(isItem) ? [{ place, items: value }] : [];
  const inner = isList ? value.slice(0, 3).map((item) => ["*", item] as const) : Object.entries(value);
  const below = inner
    .slice(0, MAX_LISTS)
    .flatMap(([step, it]) => listsIn(it, `${place}/${stepOf(step, false)}`, depth + 1));
  return [...own, ...below].slice(0, MAX_LISTS);
};

/** RFC 6901, section 3. */
const escaped = (step: string): string => step.replaceAll("~", "~0").replaceAll("/", "~1");

const isName = (value: unknown): boolean => typeof value === "string" || typeof value === "number";

/** Paths of scalars in an item, at most two steps deep. */
const fieldsOf = (item: Item | undefined): readonly string[] =>
  Object.entries(item ?? {}).flatMap(([name, value]) => {
    if (isName(value)) return [escaped(name)];
    if (!isItem(value)) return [];
    const inner = Object.entries(value).filter(([, it]) => isName(it));
    return inner.map(([below]) => `${escaped(name)}/${escaped(below)}`);
  });

/** The value of the field in each item; undefined unless each has one for itself. */
const namesIn = (items: readonly Item[], key: string): ReadonlySet<string> | undefined => {
  const steps = key.split("/").map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
  const names = items.map((item) =>
    steps.reduce<unknown>((at, step) => (isItem(at) && Object.hasOwn(at, step) ? at[step] : undefined), item),
  );
  if (!names.every(isName)) return undefined;
  const distinct = new Set(names.map(String));
  return distinct.size === items.length ? distinct : undefined;
};
