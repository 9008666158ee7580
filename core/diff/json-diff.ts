import type { Budget } from "./budget.ts";
import type { Differences } from "./differences.ts";
import { type Likeness, matchItems } from "./items.ts";
import { JSON_LIKENESS, keyedLikeness } from "./json-items.ts";
import { below, isMapLike, type Position, placeOf, ROOT, stepOf } from "./json-place.ts";
import { isContainer, isSameScalar, numberText, RepeatedKey, typeOf } from "./json-value.ts";

type JsonObject = Readonly<Record<string, unknown>>;

/** Measured: what it costs to visit two values, to open two containers, and to add a key that one side lacks. */
const WORK = { value: 4, container: 20, presence: 20 } as const;

/** Adds every place at which two JSON values differ. Breadth first with an own queue: depth costs no stack. */
export const diffJson = (left: unknown, right: unknown, found: Differences, budget: Budget): void => {
  const walk = new Walk(found, budget);
  walk.visit(left, right, ROOT);
  walk.run();
};

class Walk {
  readonly #found: Differences;
  readonly #budget: Budget;
  readonly #lefts: unknown[] = [];
  readonly #rights: unknown[] = [];
  readonly #positions: Position[] = [];

  constructor(found: Differences, budget: Budget) {
    this.#found = found;
    this.#budget = budget;
  }

  run(): void {
    for (let next = 0; next < this.#lefts.length; next++) {
      if (!this.#budget.spend(WORK.container)) break;
      this.#open(this.#lefts[next], this.#rights[next], this.#positions[next] as Position);
    }
    if (this.#budget.isSpent) this.#found.leaveUndecided("comparing took too much work");
  }

  /** Compares two values that stand at `position`; containers are queued. */
  visit(left: unknown, right: unknown, position: Position): void {
    if (left === right) return;
    if (isContainer(left) && isContainer(right)) {
      this.#lefts.push(left);
      this.#rights.push(right);
      this.#positions.push(position);
      return;
    }
    if (left instanceof RepeatedKey || right instanceof RepeatedKey) return this.#add("value", left, right, position);
    const type = typeOf(left);
    if (type !== typeOf(right)) return this.#add("type", left, right, position);
    if (!isSameScalar(left, right)) return this.#add("value", left, right, position);
    if (type === "number" && numberText(left) !== numberText(right))
      this.#found.notes.add("numbers written in another form (1, 1.0, 1e0)");
  }

  #add(kind: "value" | "type" | "length" | "order", left: unknown, right: unknown, position: Position): void {
    this.#found.add(placeOf(position), kind, left, right);
  }

  #open(left: unknown, right: unknown, position: Position): void {
    if (left instanceof RepeatedKey || right instanceof RepeatedKey) return this.#openRepeated(left, right, position);
    const isList = Array.isArray(left);
    if (isList !== Array.isArray(right)) return this.#add("type", left, right, position);
    if (isList) return this.#openArrays(left, right as unknown[], position);
    this.#openObjects(left as JsonObject, right as JsonObject, position);
  }

  #openRepeated(left: unknown, right: unknown, position: Position): void {
    const lefts = left instanceof RepeatedKey ? left.values : [left];
    const rights = right instanceof RepeatedKey ? right.values : [right];
    if (lefts.length !== rights.length) return this.#add("value", left, right, position);
    if (!this.#budget.spend(lefts.length * WORK.value)) return;
    for (const [index, value] of lefts.entries()) this.visit(value, rights[index], position);
  }

  #openArrays(left: readonly unknown[], right: readonly unknown[], position: Position): void {
    if (left.length !== right.length) this.#add("length", left.length, right.length, position);
    if (left.length === 0 || right.length === 0) return;
    const { pairs, isReordered } = matchItems(left, right, this.#likenessAt(position), this.#budget);
    if (isReordered) this.#add("order", left, right, position);
    if (!this.#budget.spend(pairs.length * WORK.value)) return;
    const item = below(position, "*");
    for (let next = 0; next < pairs.length; next += 2)
      this.visit(left[pairs[next] as number], right[pairs[next + 1] as number], item);
  }

  #likenessAt(position: Position): Likeness<unknown> {
    const key = this.#found.allowed?.keyOf(placeOf(position));
    return key === undefined ? JSON_LIKENESS : keyedLikeness(key);
  }

  #openObjects(left: JsonObject, right: JsonObject, position: Position): void {
    const keys = Object.keys(left);
    if (!this.#budget.spend(keys.length * WORK.value)) return;
    const isMap = isMapLike(keys);
    const entry = isMap ? below(position, "*") : undefined;
    const at = (key: string): Position => entry ?? below(position, stepOf(key, isMap));
    let shared = 0;
    for (const key of keys) {
      const value = left[key];
      if (!Object.hasOwn(right, key)) {
        this.#budget.spend(WORK.presence);
        this.#found.add(placeOf(at(key)), "removed", value, undefined);
        continue;
      }
      shared++;
      if (value !== right[key]) this.visit(value, right[key], at(key));
    }
    const others = Object.keys(right);
    if (others.length === shared || !this.#budget.spend(others.length * WORK.presence)) return;
    for (const key of others)
      if (!Object.hasOwn(left, key)) this.#found.add(placeOf(at(key)), "added", undefined, right[key]);
  }
}
