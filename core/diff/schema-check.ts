import type { JsonSchema } from "../endpoints/json-schema.ts";
import type { Budget } from "./budget.ts";
import { below, isMapLike, type Position, placeOf, ROOT, stepOf } from "./json-place.ts";
import { isContainer, isRedacted, isSameScalar, numberText, RepeatedKey, typeOf } from "./json-value.ts";
import type { Place } from "./place.ts";
import { type Bound, CHARS, charsOf, hasType, ITEMS, MEMBERS, RANGE } from "./schema-bounds.ts";
import { clip, previewOf } from "./text.ts";

/** Where an answer is not as its schema says. */
export interface Violation {
  readonly place: Place;
  /** The word of the schema that it breaks. */
  readonly keyword: string;
  /** What the schema asks for, in words. */
  readonly asks: string;
  /** undefined: it is missing. */
  readonly value: unknown;
}

type Rules = Exclude<JsonSchema, boolean>;
type JsonObject = Readonly<Record<string, unknown>>;

/** Steps into schemas inside of schemas; deeper, as in one that contains itself, nothing is asked. */
const MAX_DEPTH = 256;
const MAX_VIOLATIONS = 1_000;
/** Items of a list and fields of an object that are asked; the rest is compared, but not against the schema. */
const MAX_ASKED = 1_000;
const WORK = 20;

/**
 * Every place at which a JSON value breaks a schema. Of a redacted value only its type is known, so nothing else of it is a violation.
 * @param schemas by `$ref`
 * @returns undefined where that would take more work than the budget has
 */
export const violationsOf = (
  value: unknown,
  schema: JsonSchema,
  schemas: Readonly<Record<string, JsonSchema>>,
  budget: Budget,
): readonly Violation[] | undefined => {
  const check = new Check(schemas, budget);
  check.fits(schema, value, { position: ROOT, found: check.found, depth: 0 });
  return budget.isSpent ? undefined : check.found;
};

interface At {
  readonly position: Position;
  /** undefined: it is only asked whether it fits. */
  readonly found: Violation[] | undefined;
  readonly depth: number;
}

class Check {
  readonly found: Violation[] = [];
  readonly #schemas: Readonly<Record<string, JsonSchema>>;
  readonly #budget: Budget;
  /** Whether a container fits a schema; alternatives ask again and again. */
  readonly #known = new Map<Rules, Map<object, boolean>>();
  /** Where a schema is being asked; one that comes back to itself there asks for nothing more. */
  readonly #open = new Map<Rules, { readonly position: Position; readonly value: unknown }>();

  constructor(schemas: Readonly<Record<string, JsonSchema>>, budget: Budget) {
    this.#schemas = schemas;
    this.#budget = budget;
  }

  /** All that breaks it goes to `at.found`; without, the first fault ends the look. */
  fits(schema: JsonSchema, given: unknown, at: At): boolean {
    const value = given instanceof RepeatedKey ? given.values.at(-1) : given;
    if (schema === true || at.depth > MAX_DEPTH || !this.#budget.spend(WORK)) return true;
    if (schema === false) return this.#breaks(at, "false", "nothing here", value);
    if (at.found !== undefined || !isContainer(value)) return this.#lookOnce(schema, value, at);
    let known = this.#known.get(schema);
    if (known === undefined) this.#known.set(schema, (known = new Map()));
    const before = known.get(value);
    if (before !== undefined) return before;
    const fits = this.#lookOnce(schema, value, at);
    known.set(value, fits);
    return fits;
  }

  #lookOnce(schema: Rules, value: unknown, at: At): boolean {
    const open = this.#open.get(schema);
    if (open?.position === at.position && open.value === value) return true;
    this.#open.set(schema, { position: at.position, value });
    const fits = this.#look(schema, value, at);
    if (open === undefined) this.#open.delete(schema);
    else this.#open.set(schema, open);
    return fits;
  }

  #look(schema: Rules, value: unknown, at: At): boolean {
    if (value === null && schema.nullable === true) return true;
    if (!hasType(schema, value)) return this.#breaks(at, "type", [schema.type].flat().join(" or "), value);
    const inner = { ...at, depth: at.depth + 1 };
    const isReferred = schema.$ref === undefined || this.fits(this.#schemas[schema.$ref] ?? true, value, inner);
    if (!isReferred && at.found === undefined) return false;
    const isRight = isRedacted(value) || this.#own(schema, value, at, inner);
    if (!isRight && at.found === undefined) return false;
    return this.#combined(schema, value, inner) && isReferred && isRight;
  }

  /** Does each hold? All are asked where faults are collected. */
  #all<Item>(items: Iterable<Item>, { found }: At, holds: (item: Item) => boolean): boolean {
    let all = true;
    for (const item of items) {
      if (holds(item)) continue;
      if (found === undefined) return false;
      all = false;
    }
    return all;
  }

  #breaks({ position, found }: At, keyword: string, asks: string, value: unknown): false {
    if (found !== undefined && found.length < MAX_VIOLATIONS)
      found.push({ place: placeOf(position), keyword, asks, value });
    return false;
  }

  #own(schema: Rules, value: unknown, at: At, inner: At): boolean {
    const { enum: among } = schema;
    if (among !== undefined && !among.some((one) => this.#isSame(one, value)))
      return this.#breaks(at, "enum", `one of ${clip(among.map(previewOf).join(", "), 200)}`, value);
    if (schema.const !== undefined && !this.#isSame(schema.const, value))
      return this.#breaks(at, "const", previewOf(schema.const), value);
    if (Array.isArray(value)) return this.#items(schema, value, at, inner);
    if (isContainer(value)) return this.#members(schema, value as JsonObject, at, inner);
    if (typeof value === "string") return this.#text(schema, value, at);
    return typeOf(value) !== "number" || this.#within(RANGE, schema, Number(numberText(value)), value, at);
  }

  #within(bounds: readonly Bound[], schema: Rules, size: number, value: unknown, at: At): boolean {
    const broken = bounds.find(({ keyword, holds }) => {
      const bound = schema[keyword];
      return bound !== undefined && !holds(size, bound, schema);
    });
    return broken === undefined || this.#breaks(at, broken.keyword, broken.asks(Number(schema[broken.keyword])), value);
  }

  #text(schema: Rules, value: string, at: At): boolean {
    if (schema.minLength === undefined && schema.maxLength === undefined) return true;
    this.#budget.spend(value.length / 16);
    return this.#within(CHARS, schema, charsOf(value), value, at);
  }

  #items(schema: Rules, value: readonly unknown[], at: At, inner: At): boolean {
    const position = below(at.position, "*");
    const tuple = schema.prefixItems ?? (Array.isArray(schema.items) ? schema.items : []);
    const rest = Array.isArray(schema.items) ? true : (schema.items ?? true);
    const isRight = this.#within(ITEMS, schema, value.length, value, at);
    if (!isRight && at.found === undefined) return false;
    const asked = value.slice(0, rest === true ? tuple.length : MAX_ASKED);
    const fit = this.#all(asked.entries(), at, ([index, item]) =>
      this.fits(tuple[index] ?? rest, item, { ...inner, position }),
    );
    return isRight && fit;
  }

  #members(schema: Rules, value: JsonObject, at: At, inner: At): boolean {
    const keys = Object.keys(value);
    const isMap = isMapLike(keys);
    const under = (key: string): At => ({ ...inner, position: below(at.position, stepOf(key, isMap)) });
    const { properties = {}, required = [], additionalProperties = true } = schema;
    const propertyOf = (key: string) => (Object.hasOwn(properties, key) ? properties[key] : undefined);
    const others = schema.patternProperties === undefined ? additionalProperties : true;
    const isSized = this.#within(MEMBERS, schema, keys.length, value, at);
    if (!isSized && at.found === undefined) return false;
    const isWhole = this.#all(required, at, (key) => {
      const property = propertyOf(key);
      if (Object.hasOwn(value, key) || (typeof property === "object" && property.writeOnly === true)) return true;
      return this.#breaks(under(key), "required", "it to be there", undefined);
    });
    if (!isWhole && at.found === undefined) return false;
    const asked = (others === true ? Object.keys(properties) : keys).slice(0, MAX_ASKED);
    const fit = this.#all(
      asked,
      at,
      (key) => !Object.hasOwn(value, key) || this.fits(propertyOf(key) ?? others, value[key], under(key)),
    );
    return isSized && isWhole && fit;
  }

  #combined(schema: Rules, value: unknown, at: At): boolean {
    const { allOf, anyOf, oneOf, not } = schema;
    if (allOf === undefined && anyOf === undefined && oneOf === undefined && not === undefined) return true;
    const parts: readonly (() => boolean)[] = [
      () => allOf === undefined || this.#all(allOf, at, (part) => this.fits(part, value, at)),
      () => anyOf === undefined || this.#oneOf("anyOf", anyOf, value, at),
      () => oneOf === undefined || this.#oneOf("oneOf", oneOf, value, at),
      () =>
        not === undefined ||
        isRedacted(value) ||
        !this.fits(not, value, { ...at, found: undefined }) ||
        this.#breaks(at, "not", "something else", value),
    ];
    return this.#all(parts, at, (part) => part());
  }

  /** Where only one of the alternatives can be meant, what is wrong is said by that one. */
  #oneOf(keyword: "anyOf" | "oneOf", alternatives: readonly JsonSchema[], value: unknown, at: At): boolean {
    const asking = { ...at, found: undefined };
    const fitting = alternatives.filter((one) => this.fits(one, value, asking)).length;
    if (fitting === 1 || (fitting > 1 && (keyword === "anyOf" || isRedacted(value)))) return true;
    const meant = fitting > 1 ? [] : alternatives.filter((one) => this.#canBeMeant(one, value));
    if (meant.length === 1 && at.found !== undefined) return this.fits(meant[0] as JsonSchema, value, at);
    const asks = `${keyword === "anyOf" ? "at least" : "exactly"} one of ${alternatives.length} alternatives`;
    return this.#breaks(at, keyword, asks, value);
  }

  /** By its type, and by the fields that have one value in it. */
  #canBeMeant(schema: JsonSchema, value: unknown): boolean {
    if (typeof schema === "boolean") return schema;
    const resolved = schema.$ref === undefined ? schema : (this.#schemas[schema.$ref] ?? true);
    if (typeof resolved === "boolean") return resolved;
    if (!hasType(resolved, value)) return false;
    if (!isContainer(value) || Array.isArray(value)) return true;
    return Object.entries(resolved.properties ?? {}).every(([key, property]) => {
      if (typeof property === "boolean" || !Object.hasOwn(value, key)) return true;
      const fixed = property.const === undefined ? property.enum : [property.const];
      return fixed === undefined || fixed.some((one) => this.#isSame(one, (value as JsonObject)[key]));
    });
  }

  /** Of a value in the schema and one in the answer. */
  #isSame(asked: unknown, value: unknown): boolean {
    if (!this.#budget.spend(1) || typeOf(asked) !== typeOf(value)) return false;
    if (!isContainer(asked) || !isContainer(value)) return isSameScalar(asked, value);
    const keys = Object.keys(asked);
    return (
      keys.length === Object.keys(value).length &&
      keys.every((key) => Object.hasOwn(value, key) && this.#isSame(at(asked, key), at(value, key)))
    );
  }
}

const at = (container: object, key: string): unknown => (container as JsonObject)[key];
