import { align } from "./align.ts";
import type { Budget } from "./budget.ts";
import { ExactNumber, hashOf, isContainer, numberText, RepeatedKey, typeOf } from "./json-value.ts";

type Items = readonly unknown[];

/** `pairs`: indices left, right, left, right … of the items to compare with each other; items found equal may be left out. */
export interface ItemMatch {
  readonly pairs: readonly number[];
  /** Items that belong together stand in another order. */
  readonly isReordered: boolean;
}

const NOTHING: ItemMatch = { pairs: [], isReordered: false };

/**
 * Which items of two arrays belong together: those equal at both ends; between them those with the same id, else with the same content;
 * of the rest the first with the first, like with like. Of arrays of one length every item is either equal or in a pair, so
 * arrays that differ are never found equal.
 */
export const matchItems = (left: Items, right: Items, budget: Budget): ItemMatch => {
  const shorter = Math.min(left.length, right.length);
  if (left.length === 1 && right.length === 1) return { pairs: [0, 0], isReordered: false };
  let head = 0;
  while (head < shorter && isSame(left[head], right[head], budget, 0)) head++;
  let tail = 0;
  while (tail < shorter - head && isSame(left[left.length - 1 - tail], right[right.length - 1 - tail], budget, 0))
    tail++;
  const lefts = left.slice(head, left.length - tail);
  const rights = right.slice(head, right.length - tail);
  if (lefts.length === 0 || rights.length === 0) return NOTHING;
  if (lefts.length === 1 && rights.length === 1) return { pairs: [head, head], isReordered: false };
  if ((lefts.length + rights.length) * WORK_PER_ITEM > budget.left / 2) return inPosition(head, lefts, rights, budget);
  const { matches, isReordered } = align(...tokensOf(lefts, rights, budget), budget);
  const pairs = [...matches, ...pairRest(lefts, rights, matches, isReordered)];
  return { pairs: pairs.map((index) => index + head), isReordered };
};

/** To hash an item, to look it up and to pair it; measured. */
const WORK_PER_ITEM = 40;

/** What is left for arrays too long to look for what belongs together: the first with the first. */
const inPosition = (head: number, lefts: Items, rights: Items, budget: Budget): ItemMatch => {
  const pairs: number[] = [];
  const count = Math.min(lefts.length, rights.length);
  if (!budget.spend(count * 4)) return NOTHING;
  for (let index = head; index < head + count; index++) pairs.push(index, index);
  return { pairs, isReordered: false };
};

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

/** One number per item: equal numbers, same item. By id where one is unique on both sides, else by content. */
const tokensOf = (lefts: Items, rights: Items, budget: Budget): readonly [number[], number[]] => {
  for (const key of ID_KEYS) {
    const tokens = new Map<string, number>();
    const left = idsOf(lefts, key, tokens, budget);
    const right = left && idsOf(rights, key, tokens, budget);
    if (left && right) return [left, right];
  }
  const hash = (item: unknown): number => hashOf(item, budget);
  return [lefts.map(hash), rights.map(hash)];
};

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

/** Pairs what was not matched: between two matches first, then what is left over. */
const pairRest = (lefts: Items, rights: Items, matches: readonly number[], isReordered: boolean): number[] => {
  const pairs: number[] = [];
  const restLeft: number[] = [];
  const restRight: number[] = [];
  const zip = (a: readonly number[], b: readonly number[]): void => {
    const [left, right] = pairByType(lefts, rights, a, b, pairs);
    restLeft.push(...left);
    restRight.push(...right);
  };
  if (isReordered) {
    const taken = [new Set<number>(), new Set<number>()] as const;
    for (const [next, index] of matches.entries()) taken[next % 2 === 0 ? 0 : 1].add(index);
    zip(freeIndices(lefts.length, taken[0]), freeIndices(rights.length, taken[1]));
  } else {
    let [fromLeft, fromRight] = [0, 0];
    for (let next = 0; next <= matches.length; next += 2) {
      const [toLeft, toRight] = [matches[next] ?? lefts.length, matches[next + 1] ?? rights.length];
      if (toLeft > fromLeft || toRight > fromRight) zip(range(fromLeft, toLeft), range(fromRight, toRight));
      [fromLeft, fromRight] = [toLeft + 1, toRight + 1];
    }
  }
  const [left, right] = pairByType(lefts, rights, restLeft, restRight, pairs);
  for (let next = 0; next < Math.min(left.length, right.length); next++)
    pairs.push(left[next] as number, right[next] as number);
  return pairs;
};

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, index) => from + index);

const freeIndices = (count: number, taken: ReadonlySet<number>): number[] =>
  range(0, count).filter((index) => !taken.has(index));

/** Pairs items of one JSON type in order; gives back those left over. */
const pairByType = (
  lefts: Items,
  rights: Items,
  a: readonly number[],
  b: readonly number[],
  pairs: number[],
): readonly [number[], number[]] => {
  if (a.length === 0 || b.length === 0) return [[...a], [...b]];
  const byType = Map.groupBy(b, (index) => typeOf(rights[index]));
  const taken = new Set<number>();
  const used = new Map<string, number>();
  const rest: number[] = [];
  for (const index of a) {
    const type = typeOf(lefts[index]);
    const next = used.get(type) ?? 0;
    const partner = byType.get(type)?.[next];
    if (partner === undefined) {
      rest.push(index);
      continue;
    }
    used.set(type, next + 1);
    taken.add(partner);
    pairs.push(index, partner);
  }
  return [rest, b.filter((index) => !taken.has(index))];
};
