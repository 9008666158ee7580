import { asObject, followed, objectIn } from "./json-pointer.ts";

/** Schemas may contain themselves; below this only what may be left out is. */
const MAX_DEPTH = 8;
/** Of one sample. */
const MAX_VALUES = 2_000;

/** A value that the schema allows, always the same: its example, default or first choice, else the least of its type. */
export const sampleOf = (file: unknown, schema: unknown): unknown => new Sampler(file).sample(schema, 0);

class Sampler {
  readonly #file: unknown;
  #left = MAX_VALUES;

  constructor(file: unknown) {
    this.#file = file;
  }

  sample(given: unknown, depth: number): unknown {
    const schema = this.#resolved(given);
    if (--this.#left < 0 || depth > MAX_DEPTH) return null;
    for (const [name, pick] of SAID) if (Object.hasOwn(schema, name)) return pick(schema[name]);
    const [first] = listIn(schema, "oneOf").concat(listIn(schema, "anyOf"));
    if (first !== undefined) return this.sample(first, depth + 1);
    const all = listIn(schema, "allOf");
    return all.length > 0 ? this.#all(schema, all, depth) : this.#ofType(schema, depth);
  }

  /** What it refers to. */
  #resolved(given: unknown): Fields {
    const schema = asObject(given) as Fields;
    return typeof schema.$ref === "string" ? (followed(this.#file, schema.$ref)[1] as Fields) : schema;
  }

  #all(schema: Fields, all: readonly unknown[], depth: number): unknown {
    const { allOf: _, ...own } = schema;
    const parts = [...all, own].map((part) => this.sample(part, depth + 1));
    const objects = parts.filter((part) => typeof part === "object" && part !== null && !Array.isArray(part));
    return objects.length > 0 ? Object.assign({}, ...objects) : parts.find((part) => part !== null);
  }

  #ofType(schema: Fields, depth: number): unknown {
    const type = typeOf(schema);
    if (type === "object") return this.#object(schema, depth);
    if (type === "array") return this.#array(schema, depth);
    if (type === "string") return textOf(schema);
    if (type === "boolean") return true;
    return type === "null" ? null : numberOf(schema, type === "integer");
  }

  #object(schema: Fields, depth: number): Record<string, unknown> {
    const required = new Set(listIn(schema, "required"));
    const entries = Object.entries(objectIn(schema, "properties")).filter(
      ([name, its]) =>
        (asObject(its) as Fields).writeOnly !== true && (depth < MAX_DEPTH - 2 || required.has(name)) && this.#left > 0,
    );
    return Object.fromEntries(entries.map(([name, its]) => [name, this.sample(its, depth + 1)]));
  }

  #array(schema: Fields, depth: number): unknown[] {
    const { items, minItems } = schema;
    if (items === undefined || depth >= MAX_DEPTH) return [];
    const count = typeof minItems === "number" ? Math.min(Math.max(minItems, 1), this.#left) : 1;
    return Array.from({ length: Math.max(0, count) }, () =>
      this.sample(Array.isArray(items) ? items[0] : items, depth + 1),
    );
  }
}

type Fields = Readonly<Record<string, unknown>>;

/** What says a value itself. */
const SAID: readonly (readonly [name: string, pick: (value: unknown) => unknown])[] = [
  ["example", (value) => value],
  ["examples", (value) => (Array.isArray(value) ? value[0] : value)],
  ["const", (value) => value],
  ["default", (value) => value],
  ["enum", (value) => (Array.isArray(value) ? value[0] : null)],
];

const listIn = (schema: Fields, name: string): readonly unknown[] => {
  const value = schema[name];
  return Array.isArray(value) ? value : [];
};

const typeOf = (schema: Fields): unknown => {
  const { type } = schema;
  if (Array.isArray(type)) return type.find((one) => one !== "null") ?? "null";
  if (type !== undefined) return type;
  if ("properties" in schema || "additionalProperties" in schema) return "object";
  return "items" in schema ? "array" : "object";
};

const BY_FORMAT: Readonly<Record<string, string>> = {
  "date-time": "2000-01-01T00:00:00Z",
  date: "2000-01-01",
  time: "00:00:00Z",
  uuid: "00000000-0000-4000-8000-000000000000",
  email: "someone@example.com",
  uri: "https://example.com/",
  url: "https://example.com/",
  hostname: "example.com",
  ipv4: "192.0.2.1",
  ipv6: "2001:db8::1",
  byte: "AA==",
};

const MAX_TEXT_CHARS = 1_000;

const textOf = ({ format, minLength, maxLength }: Fields): string => {
  const text = (typeof format === "string" ? BY_FORMAT[format] : undefined) ?? "text";
  const least = Math.min(typeof minLength === "number" ? minLength : 0, MAX_TEXT_CHARS);
  return text.padEnd(least, "x").slice(0, typeof maxLength === "number" ? Math.max(least, maxLength) : undefined);
};

/** The least that is allowed, or nearest to 0. */
const numberOf = ({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: Fields, isWhole: boolean): number => {
  const step = isWhole ? 1 : 0.5;
  const bound = (value: unknown): number | undefined => (typeof value === "number" ? value : undefined);
  const least = bound(exclusiveMinimum) === undefined ? bound(minimum) : (bound(exclusiveMinimum) as number) + step;
  const most = bound(exclusiveMaximum) === undefined ? bound(maximum) : (bound(exclusiveMaximum) as number) - step;
  const from = least !== undefined && exclusiveMinimum === true ? least + step : least;
  const to = most !== undefined && exclusiveMaximum === true ? most - step : most;
  const value = Math.min(Math.max(0, from ?? 0), to ?? Number.MAX_SAFE_INTEGER);
  return isWhole ? Math.ceil(value) : value;
};
