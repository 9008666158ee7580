import { decimalForm } from "../capture/decimal.ts";
import type { JsonSchema } from "../endpoints/json-schema.ts";
import { ExactNumber, isRedacted, numberText, typeOf } from "./json-value.ts";

type Rules = Exclude<JsonSchema, boolean>;

/** A bound that a schema can set on the size of a value. */
export interface Bound {
  readonly keyword: keyof Rules;
  holds(size: number, bound: unknown, schema: Rules): boolean;
  /** In words. */
  asks(bound: number): string;
}

const least = (keyword: keyof Rules, of: string): Bound => ({
  keyword,
  holds: (size, bound) => size >= Number(bound),
  asks: (bound) => `at least ${bound} ${of}`.trim(),
});
const most = (keyword: keyof Rules, of: string): Bound => ({
  keyword,
  holds: (size, bound) => size <= Number(bound),
  asks: (bound) => `at most ${bound} ${of}`.trim(),
});

export const CHARS: readonly Bound[] = [least("minLength", "characters"), most("maxLength", "characters")];
export const ITEMS: readonly Bound[] = [least("minItems", "items"), most("maxItems", "items")];
export const MEMBERS: readonly Bound[] = [least("minProperties", "fields"), most("maxProperties", "fields")];
/** `exclusiveMinimum` is a bound of its own, or (Swagger 2, OpenAPI 3.0) says that `minimum` itself is not allowed. */
export const RANGE: readonly Bound[] = [
  {
    ...least("minimum", ""),
    holds: (size, bound, { exclusiveMinimum }) =>
      exclusiveMinimum === true ? size > Number(bound) : size >= Number(bound),
  },
  {
    ...most("maximum", ""),
    holds: (size, bound, { exclusiveMaximum }) =>
      exclusiveMaximum === true ? size < Number(bound) : size <= Number(bound),
  },
  {
    keyword: "exclusiveMinimum",
    holds: (size, bound) => typeof bound === "boolean" || size > Number(bound),
    asks: (bound) => `more than ${bound}`,
  },
  {
    keyword: "exclusiveMaximum",
    holds: (size, bound) => typeof bound === "boolean" || size < Number(bound),
    asks: (bound) => `less than ${bound}`,
  },
];

/** In characters as people count them (RFC 8259: code points). */
export const charsOf = (text: string): number => {
  let chars = text.length;
  for (let index = 0; index < text.length; index++) if ((text.charCodeAt(index) & 0xfc00) === 0xdc00) chars--;
  return chars;
};

export const hasType = ({ type }: Rules, value: unknown): boolean => {
  if (type === undefined) return true;
  const own = typeOf(value);
  return [type].flat().some((asked) => asked === own || (asked === "integer" && own === "number" && isInteger(value)));
};

/** By value: 1.0 and 1e3 are integers. Of a redacted number it is not known, and taken to be so. */
const isInteger = (value: unknown): boolean => {
  if (typeof value === "number") return Number.isInteger(value);
  return isRedacted(value) || (value instanceof ExactNumber && /^0$|e\d+$/.test(decimalForm(numberText(value))));
};
