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

/** Keys that name an item, the surest first. */
const ID_KEYS = ["id", "_id", "key", "uuid", "code", "name"] as const;

type Tokens = readonly [number[], number[]];

/**
 * One number per item: equal numbers, same item. By id where one is unique on both sides, else by content. Where one side lacks
 * items, and no item of the other has a partner, by the part of the content that is not new with every answer: which one is missing
 * is seen only so.
 */
const tokensOf = (lefts: Items, rights: Items, budget: Budget): Tokens => {
  const isEnough = (tokens: Tokens): boolean => lefts.length === rights.length || isAnyShared(tokens);
  const byId = tokensById(lefts, rights, budget);
  if (byId !== undefined && isEnough(byId)) return byId;
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

const tokensById = (lefts: Items, rights: Items, budget: Budget): Tokens | undefined => {
  for (const key of ID_KEYS) {
    const tokens = new Map<string, number>();
    const left = idsOf(lefts, key, tokens, budget);
    const right = left && idsOf(rights, key, tokens, budget);
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

/** A number per distinct id; undefined unless every item has an id of its own. */
const idsOf = (items: Items, key: string, tokens: Map<string, number>, budget: Budget): number[] | undefined => {
  const seen = new Set<number>();
  for (const item of items) {
    const id = idOf(item, key);
    if (id === undefined || !budget.spend(20)) return undefined;
    let token = tokens.get(id);
    if (token === undefined) tokens.set(id, (token = tokens.size));
    if (seen.has(token)) return undefined;
    seen.add(token);
  }
  return [...seen];
};

/** Of its type only the text counts: an id that became a string still names the same item. */
const idOf = (item: unknown, key: string): string | undefined => {
  if (!isContainer(item) || Array.isArray(item) || !Object.hasOwn(item, key)) return undefined;
  const id = (item as Record<string, unknown>)[key];
  if (typeof id === "string") return id;
  return typeOf(id) === "number" ? numberText(id) : undefined;
};

/** Items with the same id belong together, else those with the same content; of the rest those of one type. */
export const JSON_LIKENESS: Likeness<unknown> = {
  isSame: (left, right, budget) => isSame(left, right, budget, 0),
  tokensOf,
  groupOf: typeOf,
};
