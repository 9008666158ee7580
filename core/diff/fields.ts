import type { Budget } from "./budget.ts";
import type { Data } from "./content.ts";
import { setKey } from "./json-value.ts";

/** Collects the fields of a form; one that is there more than once keeps all its values, in order. */
export class Fields {
  readonly #value: Record<string, unknown> = {};
  readonly #names: string[] = [];
  readonly #budget: Budget;

  constructor(budget: Budget) {
    this.#budget = budget;
  }

  /** False once there are more than the budget allows. */
  add(name: string, value: unknown): boolean {
    if (!this.#budget.spend(WORK_PER_FIELD)) return false;
    if (!Object.hasOwn(this.#value, name)) this.#names.push(name);
    setKey(this.#value, name, value);
    return true;
  }

  data(format: Data["format"]): Data {
    return { kind: "data", format, value: this.#value, names: this.#names };
  }
}

/** Measured: mostly the key. */
const WORK_PER_FIELD = 50;

/** Fields that both forms have stand in another order. The order of a form is the order on the page: it says something (RFC 7578, 5.2). */
export const isOrderOther = (left: readonly string[], right: readonly string[], budget: Budget): boolean => {
  if (!budget.spend((left.length + right.length) * WORK_PER_NAME)) return false;
  const [lefts, rights] = [new Set(left), new Set(right)];
  const shared = right.filter((name) => lefts.has(name));
  return left.filter((name) => rights.has(name)).some((name, index) => name !== shared[index]);
};

const WORK_PER_NAME = 20;
