import { decimalForm } from "../capture/decimal.ts";
import type { Budget } from "./budget.ts";
import { DIFF_LIMITS } from "./limits.ts";

/** A number whose text is not what a double prints: too long, or written in another form. */
export class ExactNumber {
  readonly text: string;
  #decimal: string | undefined;
  constructor(text: string) {
    this.text = text;
  }
  /** One form for all texts of a number. */
  get decimal(): string {
    this.#decimal ??= decimalForm(this.text);
    return this.#decimal;
  }
}

/** The values of a key that one object holds more than once, in order. Which of them counts depends on the reader (RFC 8259, 4). */
export class RepeatedKey {
  readonly values: unknown[];
  constructor(values: unknown[]) {
    this.values = values;
  }
}

/** A key that is set again keeps all its values. */
export const setKey = (object: Record<string, unknown>, key: string, value: unknown): void => {
  const values = Object.hasOwn(object, key) ? object[key] : undefined;
  if (values instanceof RepeatedKey) {
    values.values.push(value);
    return;
  }
  const held = Object.hasOwn(object, key) ? new RepeatedKey([values, value]) : value;
  // An assignment to `__proto__` would set the prototype and leave no key behind.
  if (key === "__proto__")
    Object.defineProperty(object, key, { value: held, enumerable: true, configurable: true, writable: true });
  else object[key] = held;
};

export type JsonType = "null" | "boolean" | "number" | "string" | "array" | "object" | "repeated";

const TILDE = 126;
const REDACTED = /^~r:([snbzao]):[0-9a-f]{16}$/;
const REDACTED_TYPES: Readonly<Record<string, JsonType>> = {
  s: "string",
  n: "number",
  b: "boolean",
  z: "null",
  a: "array",
  o: "object",
};

/** Whether a redaction marker stands here (`~r:<type>:<hash>`), and for which type of value. */
const redactedType = (text: string): JsonType | undefined => {
  if (text.charCodeAt(0) !== TILDE) return undefined;
  const letter = REDACTED.exec(text)?.[1];
  return letter === undefined ? undefined : REDACTED_TYPES[letter];
};

export const isRedacted = (value: unknown): boolean => typeof value === "string" && redactedType(value) !== undefined;

/** Markers of redacted values have the type of what they stand for. */
export const typeOf = (value: unknown): JsonType => {
  switch (typeof value) {
    case "string":
      return redactedType(value) ?? "string";
    case "number":
      return "number";
    case "boolean":
      return "boolean";
  }
  if (value === null || value === undefined) return "null";
  if (Array.isArray(value)) return "array";
  if (value instanceof ExactNumber) return "number";
  return value instanceof RepeatedKey ? "repeated" : "object";
};

/** Whether it holds values of its own (a marker of a redacted container does not). */
export const isContainer = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !(value instanceof ExactNumber);

/** The text a number was written as. */
export const numberText = (value: unknown): string => (value instanceof ExactNumber ? value.text : String(value));

/** Equal by value; both are of one type and hold no values of their own. A redacted number only equals itself. */
export const isSameScalar = (left: unknown, right: unknown): boolean => {
  if (left === right) return true;
  if (!(left instanceof ExactNumber) && !(right instanceof ExactNumber)) return false;
  if (left instanceof ExactNumber && right instanceof ExactNumber && left.text === right.text) return true;
  if (typeof left === "string" || typeof right === "string") return false;
  return decimalOf(left) === decimalOf(right);
};

const decimalOf = (value: unknown): string =>
  value instanceof ExactNumber ? value.decimal : decimalForm(String(value));

/** A hash that also stands for another 32 bits. */
export const mix = (hash: number, value: number): number => {
  const product = Math.imul(hash ^ value, 0x9e3779b1);
  return product ^ (product >>> 15);
};

/** FNV-1a, 32 bits. */
export const hashText = (text: string, seed = 0x811c9dc5): number => {
  let hash = seed;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash;
};

/**
 * 32 bits of content: equal values have equal hashes (key order and number form aside), and nothing may be concluded from
 * equal hashes. Past the depth limit or the budget all content counts as the same.
 */
export const hashOf = (value: unknown, budget: Budget, depth = 0): number => {
  if (typeof value === "string") return budget.spend(value.length >> 2) ? hashText(value) : 11;
  if (typeof value === "number") return hashNumber(value);
  if (value instanceof ExactNumber) return hashNumber(Number(value.text));
  if (!isContainer(value)) return value === true ? 3 : value === false ? 5 : 7;
  if (depth >= DIFF_LIMITS.maxHashDepth || !budget.spend(10)) return 11;
  if (Array.isArray(value)) return hashItems(value, 13, budget, depth);
  if (value instanceof RepeatedKey) return hashItems(value.values, 17, budget, depth);
  let sum = 19;
  for (const key of Object.keys(value)) {
    budget.spend(8);
    sum = (sum + mix(hashText(key), hashOf((value as Record<string, unknown>)[key], budget, depth + 1))) | 0;
  }
  return sum;
};

const hashItems = (items: readonly unknown[], seed: number, budget: Budget, depth: number): number => {
  let hash = seed;
  for (const item of items) {
    if (!budget.spend(2)) return hash;
    hash = mix(hash, hashOf(item, budget, depth + 1));
  }
  return hash;
};

const hashNumber = (value: number): number =>
  (value | 0) === value ? mix(23, value | 0) : hashText(Object.is(value, -0) ? "0" : String(value));
