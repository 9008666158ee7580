import { align } from "./align.ts";
import type { Budget } from "./budget.ts";

/** How the items of one kind of list are told apart. */
export interface Likeness<T> {
  /** Certainly equal in value and form; false where finding out would cost too much. */
  readonly isSame: (left: T, right: T, budget: Budget) => boolean;
  /** One number per item: equal numbers, same item. Nothing may be concluded about what the items hold. */
  readonly tokensOf: (lefts: readonly T[], rights: readonly T[], budget: Budget) => readonly [number[], number[]];
  /** Items of one group are like each other. */
  readonly groupOf: (item: T) => string;
}

/** Items found equal may be left out of all of these. */
export interface ItemMatch {
  /** Indices left, right, left, right … of the items to compare with each other. */
  readonly pairs: readonly number[];
  /** Indices of the items without a partner; there are some on one side at most. */
  readonly restLeft: readonly number[];
  readonly restRight: readonly number[];
  /** Items that belong together stand in another order. */
  readonly isReordered: boolean;
}

/**
 * Which items of two lists belong together: those equal at both ends; between them those with the same token; of what remains the
 * first with the first, like with like. Every item is equal to its partner, in a pair, or in a rest, so that lists that differ are
 * never found equal.
 */
export const matchItems = <T>(
  left: readonly T[],
  right: readonly T[],
  likeness: Likeness<T>,
  budget: Budget,
): ItemMatch => {
  if (left.length === 1 && right.length === 1) return { ...NOTHING, pairs: [0, 0] };
  const [head, tail] = equalEnds(left, right, likeness, budget);
  const lefts = left.slice(head, left.length - tail);
  const rights = right.slice(head, right.length - tail);
  if (lefts.length === 0 || rights.length === 0)
    return { ...NOTHING, restLeft: range(head, head + lefts.length), restRight: range(head, head + rights.length) };
  if (lefts.length === 1 && rights.length === 1) return { ...NOTHING, pairs: [head, head] };
  if ((lefts.length + rights.length) * WORK_PER_ITEM > budget.left / 2)
    return inPosition(head, lefts.length, rights.length, budget);
  const { matches, isReordered } = align(...likeness.tokensOf(lefts, rights, budget), budget);
  const { pairs, restLeft, restRight } = pairRest(lefts, rights, likeness, matches, isReordered);
  const shift = (indices: readonly number[]): readonly number[] =>
    head === 0 ? indices : indices.map((index) => index + head);
  return { pairs: shift([...matches, ...pairs]), restLeft: shift(restLeft), restRight: shift(restRight), isReordered };
};

const NOTHING: ItemMatch = { pairs: [], restLeft: [], restRight: [], isReordered: false };

const equalEnds = <T>(left: readonly T[], right: readonly T[], { isSame }: Likeness<T>, budget: Budget) => {
  const shorter = Math.min(left.length, right.length);
  let head = 0;
  while (head < shorter && isSame(left[head] as T, right[head] as T, budget)) head++;
  let tail = 0;
  while (
    tail < shorter - head &&
    isSame(left[left.length - 1 - tail] as T, right[right.length - 1 - tail] as T, budget)
  )
    tail++;
  return [head, tail] as const;
};

/** To hash an item, to look it up and to pair it; measured. */
const WORK_PER_ITEM = 40;

/** What is left for lists too long to look for what belongs together: the first with the first. */
const inPosition = (head: number, lefts: number, rights: number, budget: Budget): ItemMatch => {
  const count = Math.min(lefts, rights);
  if (!budget.spend(count * 4)) return NOTHING;
  const pairs: number[] = [];
  for (let index = head; index < head + count; index++) pairs.push(index, index);
  return {
    pairs,
    restLeft: range(head + count, head + lefts),
    restRight: range(head + count, head + rights),
    isReordered: false,
  };
};

interface Paired {
  readonly pairs: number[];
  readonly restLeft: readonly number[];
  readonly restRight: readonly number[];
}

/** Pairs what was not matched: between two matches first, then what is left over. */
const pairRest = <T>(
  lefts: readonly T[],
  rights: readonly T[],
  { groupOf }: Likeness<T>,
  matches: readonly number[],
  isReordered: boolean,
): Paired => {
  const pairs: number[] = [];
  const restLeft: number[] = [];
  const restRight: number[] = [];
  const groups = [
    (index: number) => groupOf(lefts[index] as T),
    (index: number) => groupOf(rights[index] as T),
  ] as const;
  for (const [a, b] of gapsOf(lefts.length, rights.length, matches, isReordered)) {
    const zipped = pairByGroup(a, b, ...groups, pairs);
    for (const index of zipped.restLeft) restLeft.push(index);
    for (const index of zipped.restRight) restRight.push(index);
  }
  const { restLeft: left, restRight: right } = pairByGroup(restLeft, restRight, ...groups, pairs);
  const count = Math.min(left.length, right.length);
  for (let next = 0; next < count; next++) pairs.push(left[next] as number, right[next] as number);
  return { pairs, restLeft: left.slice(count), restRight: right.slice(count) };
};

/** Unmatched indices of both sides that lie between the same two matches; all in one where matches cross. */
function* gapsOf(
  lefts: number,
  rights: number,
  matches: readonly number[],
  isReordered: boolean,
): Iterable<readonly [readonly number[], readonly number[]]> {
  if (isReordered) {
    const taken = [new Set<number>(), new Set<number>()] as const;
    for (const [next, index] of matches.entries()) taken[next % 2 === 0 ? 0 : 1].add(index);
    const [left, right] = [range(0, lefts), range(0, rights)];
    yield [left.filter((index) => !taken[0].has(index)), right.filter((index) => !taken[1].has(index))];
    return;
  }
  let [fromLeft, fromRight] = [0, 0];
  for (let next = 0; next <= matches.length; next += 2) {
    const [toLeft, toRight] = [matches[next] ?? lefts, matches[next + 1] ?? rights];
    if (toLeft > fromLeft || toRight > fromRight) yield [range(fromLeft, toLeft), range(fromRight, toRight)];
    [fromLeft, fromRight] = [toLeft + 1, toRight + 1];
  }
}

const range = (from: number, to: number): number[] =>
  Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index);

/** Adds pairs of one group in their order; gives back what is left over. */
const pairByGroup = (
  a: readonly number[],
  b: readonly number[],
  groupOfLeft: (index: number) => string,
  groupOfRight: (index: number) => string,
  pairs: number[],
): Omit<Paired, "pairs"> => {
  if (a.length === 0 || b.length === 0) return { restLeft: a, restRight: b };
  const candidates = Map.groupBy(b, groupOfRight);
  const taken = new Set<number>();
  const used = new Map<string, number>();
  const restLeft: number[] = [];
  for (const index of a) {
    const group = groupOfLeft(index);
    const next = used.get(group) ?? 0;
    const partner = candidates.get(group)?.[next];
    if (partner === undefined) {
      restLeft.push(index);
      continue;
    }
    used.set(group, next + 1);
    taken.add(partner);
    pairs.push(index, partner);
  }
  return { restLeft, restRight: b.filter((index) => !taken.has(index)) };
};
