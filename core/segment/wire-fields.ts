import { ShadowgraphError } from "../errors.ts";

/** @throws ShadowgraphError "invalid-input" that names the field. */
export const refuse = (field: string, message: string, cause?: unknown): never => {
  throw new ShadowgraphError("invalid-input", `the segment cannot be read: ${field} ${message}`, {
    cause,
    faults: [{ field, message }],
  });
};

/** Short, and never the inside of what may be too deep to be written. */
const shown = (value: unknown): string => {
  if (value === undefined) return "nothing";
  if (typeof value === "object" && value !== null) return Array.isArray(value) ? "a list" : "an object";
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
};

export type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isHex = (text: string, digits: number): boolean => {
  if (text.length !== digits) return false;
  for (let i = 0; i < digits; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x30 || code > 0x66 || (code > 0x39 && code < 0x61)) return false;
  }
  return true;
};

const isLine = (line: unknown): boolean =>
  Array.isArray(line) && line.length === 2 && typeof line[0] === "string" && typeof line[1] === "string";

/**
 * Checks fields of one pair, or of a part of it. By hand, since a schema takes several times as long as all the rest of the reading;
 * a field's full name is put together only when it is wrong.
 */
export class Reader {
  readonly #where: string | number;

  /** `where` is the number of a pair, or the path of a part of it. */
  constructor(where: string | number) {
    this.#where = where;
  }

  get path(): string {
    return typeof this.#where === "number" ? `pairs[${this.#where}]` : this.#where;
  }

  below(step: string): Reader {
    return new Reader(`${this.path}.${step}`);
  }

  fail(field: string, must: string, value: unknown): never {
    return refuse(`${this.path}.${field}`, `must be ${must}; got ${shown(value)}`);
  }

  fields(field: string, value: unknown): Fields {
    return isFields(value) ? value : this.fail(field, "an object", value);
  }

  text(field: string, value: unknown): string {
    return typeof value === "string" ? value : this.fail(field, "text", value);
  }

  hex(field: string, value: unknown, digits: number): string {
    return typeof value === "string" && isHex(value, digits) ? value : this.fail(field, `${digits} hex digits`, value);
  }

  integer(field: string, value: unknown): number {
    return Number.isSafeInteger(value) ? (value as number) : this.fail(field, "a whole number", value);
  }

  count(field: string, value: unknown): number {
    const is = Number.isSafeInteger(value) && (value as number) >= 0;
    return is ? (value as number) : this.fail(field, "a whole number from 0", value);
  }

  status(field: string, value: unknown): number {
    const is = Number.isInteger(value) && (value as number) >= 100 && (value as number) <= 999;
    return is ? (value as number) : this.fail(field, "100 to 999", value);
  }

  /** Milliseconds, from hundredths of them. */
  ms(field: string, value: unknown): number {
    return this.count(field, value) / 100;
  }

  flag(field: string, value: unknown): boolean {
    return value === undefined || value === 1 ? value === 1 : this.fail(field, "1 or left out", value);
  }

  headers(field: string, value: unknown): readonly [string, string][] {
    return Array.isArray(value) && value.every(isLine) ? value : this.fail(field, "a list of names with values", value);
  }
}
