import type { Budget } from "./budget.ts";
import { formatOf } from "./formats.ts";
import type { Likeness } from "./items.ts";
import { ExactNumber, hashOf, isContainer, numberText, RepeatedKey, typeOf } from "./json-value.ts";

type Items = readonly unknown[];

/** Every level of nested arrays asks again for all levels below, so this is what they may cost more than once. */
const MAX_SAME_DEPTH = 8;

/** Certainly equal in value and form; false where finding out would go too deep or cost too much. */
const isSame = (left: unknown, right: unknown, budget: Budget, depth: number): boolean => {
  if (left === right) return true;
  if (left instanceof ExactNumber) return right instanceof ExactNumber && left.text === right.text;
  if (!isContainer(left) || !isContainer(right)) return false;
  if (depth > MAX_SAME_DEPTH || !budget.spend(10)) return false;
  if (left instanceof RepeatedKey || right instanceof RepeatedKey) return false;
  if (Array.isArray(left) !== Array.isArray(right)) return false;
  if (Array.isArray(left)) {
    const other = right as Items;
    return left.length === other.length && left.every((item, index) => isSame(item, other[index], budget, depth + 1));
  }
  const [a, b] = [left as Record<string, unknown>, right as Record<string, unknown>];
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length || !budget.spend(4 * keys.length)) return false;
  return keys.every((key) => Object.hasOwn(b, key) && isSame(a[key], b[key], budget, depth + 1));
};

type NameOf = (item: unknown) => string | undefined;

type Tokens = readonly [number[], number[]];

/**
 * One number per item: equal numbers, same item. By the first name that each item has for itself on both sides, else by content. Where one side lacks
 * items, and no item of the other has a partner, by the part of the content that is not new with every answer: which one is missing
 * is seen only so.
 */
const tokensOf = (names: readonly NameOf[], lefts: Items, rights: Items, budget: Budget): Tokens => {
  const isEnough = (tokens: Tokens): boolean => lefts.length === rights.length || isAnyShared(tokens);
  const byName = tokensByName(names, lefts, rights, budget);
  if (byName !== undefined && isEnough(byName)) return byName;
  const hash = (item: unknown): number => hashOf(item, budget);
  const byContent: Tokens = [lefts.map(hash), rights.map(hash)];
  if (isEnough(byContent) || !budget.spend((lefts.length + rights.length) * 20)) return byContent;
  const steadyHash = (item: unknown): number => hashOf(steady(item, budget, 0), budget);
  return [lefts.map(steadyHash), rights.map(steadyHash)];
};

const isAnyShared = ([lefts, rights]: Tokens): boolean => {
  const known = new Set(lefts);
  return rights.some((token) => known.has(token));
};

const tokensByName = (names: readonly NameOf[], lefts: Items, rights: Items, budget: Budget): Tokens | undefined => {
  for (const nameOf of names) {
    const tokens = new Map<string, number>();
    const left = namedItems(lefts, nameOf, tokens, budget);
    const right = left && namedItems(rights, nameOf, tokens, budget);
    if (left && right) return [left, right];
  }
  return undefined;
};

/** The value with the names of their formats in place of times and random ids. */
const steady = (value: unknown, budget: Budget, depth: number): unknown => {
  if (!budget.spend(WORK_PER_STEADY_VALUE) || depth > MAX_SAME_DEPTH) return null;
  if (!isContainer(value)) return formatOf(value, Number.NaN) ?? value;
  if (value instanceof RepeatedKey) return value;
  if (Array.isArray(value)) return value.map((item) => steady(item, budget, depth + 1));
  const entries = Object.entries(value);
  return Object.fromEntries(entries.map(([key, inner]) => [key, steady(inner, budget, depth + 1)]));
};

/** Measured. */
const WORK_PER_STEADY_VALUE = 40;

/** A number per distinct name; undefined unless every item has a name of its own. */
const namedItems = (
  items: Items,
  nameOf: NameOf,
  tokens: Map<string, number>,
  budget: Budget,
): number[] | undefined => {
  const seen = new Set<number>();
  for (const item of items) {
    const name = nameOf(item);
    if (name === undefined || !budget.spend(20)) return undefined;
    let token = tokens.get(name);
    if (token === undefined) tokens.set(name, (token = tokens.size));
    if (seen.has(token)) return undefined;
    seen.add(token);
  }
  return [...seen];
};

/** Of its type only the text counts: an id that became a string still names the same item. */
const idText = (id: unknown): string | undefined => {
  if (typeof id === "string") return id;
  return typeOf(id) === "number" ? numberText(id) : undefined;
};

const within = (item: unknown, key: string): unknown =>
  isContainer(item) && !Array.isArray(item) && Object.hasOwn(item, key)
    ? (item as Record<string, unknown>)[key]
    : undefined;

/** Keys that name an item, the surest first. */
const ID_KEYS = ["id", "_id", "key", "uuid", "code", "name"] as const;

const likeness = (names: readonly NameOf[]): Likeness<unknown> => ({
  isSame: (left, right, budget) => isSame(left, right, budget, 0),
  tokensOf: (lefts, rights, budget) => tokensOf(names, lefts, rights, budget),
  groupOf: typeOf,
});

/** Items with the same id belong together, else those with the same content; of the rest those of one type. */
export const JSON_LIKENESS = likeness(ID_KEYS.map((key) => (item) => idText(within(item, key))));

/** Items belong together where the values at all these paths are equal; where one lacks them, by content. */
export const keyedLikeness = (key: readonly string[]): Likeness<unknown> => {
  const paths = key.map((path) => path.split("/").map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~")));
  return likeness([
    (item) => {
      const parts = paths.map((path) => idText(path.reduce(within, item)));
      return parts.every((part) => part !== undefined) ? JSON.stringify(parts) : undefined;
    },
  ]);
};
