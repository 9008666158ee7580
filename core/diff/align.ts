import { create } from "jsondiffpatch";
import type { Budget } from "./budget.ts";
import { DIFF_LIMITS } from "./limits.ts";

/** `matches`: indices left, right, left, right … of equal tokens, by left index; every token that both sides hold is matched as often as it can be. */
export interface Alignment {
  readonly matches: readonly number[];
  /** Some matches cross each other. */
  readonly isReordered: boolean;
}

type Tokens = readonly number[];

/** Longest common subsequence and moves; past the size limit, in linear time, the n-th of a token with the n-th of it. */
export const align = (left: Tokens, right: Tokens, budget: Budget): Alignment => {
  const cells = left.length * right.length;
  const isSmall = cells <= DIFF_LIMITS.maxAlignmentCells && cells * WORK_PER_CELL <= budget.left / 16;
  budget.spend(isSmall ? cells * WORK_PER_CELL : (left.length + right.length) * WORK_PER_TOKEN);
  return ordered(isSmall ? matchByDelta(left, right) : matchByCount(left, right));
};

const WORK_PER_CELL = 5;
const WORK_PER_TOKEN = 20;

const ordered = (partners: ReadonlyMap<number, number>): Alignment => {
  const matches: number[] = [];
  let isReordered = false;
  let last = -1;
  for (const left of [...partners.keys()].sort((a, b) => a - b)) {
    const right = partners.get(left) as number;
    matches.push(left, right);
    if (right < last) isReordered = true;
    last = right;
  }
  return { matches, isReordered };
};

// Tokens are numbers, so that nothing of the user's reaches jsondiffpatch: a field called `_t` or `__proto__` would mislead it,
// and its array matching is quadratic. `matchByPosition: false` spares a quadratic search for equal references.
const patcher = create({ arrays: { detectMove: true }, matchByPosition: false });

/** jsondiffpatch's array delta: `_t: "a"`; key `_i` is left index i, removed as [value, 0, 0] or moved as ["", right index, 3]; key j, as [value], is right index j added. */
type ArrayDelta = Readonly<Record<string, readonly unknown[]>>;
const MOVED = 3;

const matchByDelta = (left: Tokens, right: Tokens): ReadonlyMap<number, number> => {
  const delta = (patcher.diff(left, right) ?? {}) as ArrayDelta;
  const partners = new Map<number, number>();
  const takenRight = new Set<number>();
  const isGone = (index: number): boolean => delta[`_${index}`] !== undefined;
  for (const [key, change] of Object.entries(delta)) {
    if (key === "_t" || !key.startsWith("_") || change[2] !== MOVED) continue;
    partners.set(Number(key.slice(1)), change[1] as number);
    takenRight.add(change[1] as number);
  }
  let next = 0;
  for (let index = 0; index < left.length; index++) {
    if (isGone(index)) continue;
    while (delta[next] !== undefined || takenRight.has(next)) next++;
    partners.set(index, next++);
  }
  return partners;
};

const matchByCount = (left: Tokens, right: Tokens): ReadonlyMap<number, number> => {
  const partners = new Map<number, number>();
  const places = Map.groupBy(right.keys(), (index) => right[index] as number);
  const used = new Map<number, number>();
  for (const [index, token] of left.entries()) {
    const nth = used.get(token) ?? 0;
    const partner = places.get(token)?.[nth];
    if (partner === undefined) continue;
    used.set(token, nth + 1);
    partners.set(index, partner);
  }
  return partners;
};
