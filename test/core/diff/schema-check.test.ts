import { Ajv } from "ajv";
import fc from "fast-check";
import { Budget } from "../../../core/diff/budget.ts";
import { readJson } from "../../../core/diff/json-read.ts";
import { violationsOf } from "../../../core/diff/schema-check.ts";
import { JsonSchema } from "../../../core/endpoints/json-schema.ts";

const answerOf = (text: string): unknown => {
  const read = readJson(text, new Budget());
  if (read.kind !== "json") throw new Error(text);
  return read.value;
};
const said = (schema: unknown, text: string, schemas: Record<string, unknown> = {}, work?: number) => {
  const parsed = Object.fromEntries(Object.entries(schemas).map(([ref, its]) => [ref, JsonSchema.parse(its)]));
  return violationsOf(answerOf(text), JsonSchema.parse(schema), parsed, new Budget(work))?.map(
    ({ place, keyword, asks }) => `${place} ${keyword}: ${asks}`,
  );
};

const ORDER = {
  type: "object",
  required: ["id", "items"],
  properties: {
    id: { type: "integer" },
    state: { enum: ["open", "paid"] },
    items: { type: "array", minItems: 1, items: { $ref: "#/components/schemas/Item" } },
    secret: { type: "string", writeOnly: true },
  },
};
const ITEM = {
  type: "object",
  required: ["sku"],
  properties: { sku: { type: "string" } },
  additionalProperties: false,
};
const SCHEMAS = { "#/components/schemas/Item": ITEM };

test.each<[title: string, schema: unknown, text: string, expected: string[]]>([
  ["what fits", ORDER, '{"id":1,"items":[{"sku":"a"}],"more":true}', []],
  [
    "each item at one place",
    ORDER,
    '{"id":1,"items":[{"sku":1},{"sku":2}]}',
    ["body/items/*/sku type: string", "body/items/*/sku type: string"],
  ],
  [
    "all that is wrong",
    ORDER,
    '{"id":"1","state":"x","items":[]}',
    ["body/items minItems: at least 1 items", "body/id type: integer", 'body/state enum: one of "open", "paid"'].sort(),
  ],
  ["what is missing", ORDER, '{"id":1,"items":[{}]}', ["body/items/*/sku required: it to be there"]],
  ["what must not be there", ORDER, '{"id":1,"items":[{"sku":"a","x":1}]}', ["body/items/*/x false: nothing here"]],
  ["not what is for requests only", { ...ORDER, required: ["secret"] }, "{}", []],
  ["a root of another type", ORDER, "[]", ["body type: object"]],
  ["null where it may be", { type: "string", nullable: true }, "null", []],
  ["null where it may not", { type: ["string", "integer"] }, "null", ["body type: string or integer"]],
  ["integers by value", { type: "integer" }, "1.0", []],
  [
    "integers past 2^53",
    { type: "integer", maximum: 10 },
    "123456789012345678901234567890",
    ["body maximum: at most 10"],
  ],
  ["17 digits are no integer", { type: "integer" }, "0.12345678901234567", ["body type: integer"]],
  ["an exclusive bound of its own", { exclusiveMinimum: 1 }, "1", ["body exclusiveMinimum: more than 1"]],
  ["an exclusive bound of older schemas", { minimum: 1, exclusiveMinimum: true }, "1", ["body minimum: at least 1"]],
  ["characters, not UTF-16 units", { maxLength: 2 }, '"\u{1F600}\u{1F600}"', []],
  ["the last of repeated keys", { properties: { a: { type: "string" } } }, '{"a":1,"a":"x"}', []],
  [
    "a key named like a method",
    { properties: {}, additionalProperties: false },
    '{"toString":1}',
    ["body/toString false: nothing here"],
  ],
  [
    "`__proto__`",
    { properties: { a: {} }, additionalProperties: false },
    '{"__proto__":1}',
    ["body/__proto__ false: nothing here"],
  ],
  ["keys that patterns may allow", { patternProperties: { "^x": {} }, additionalProperties: false }, '{"x":1}', []],
  [
    "items by position",
    { prefixItems: [{ type: "string" }], items: { type: "number" } },
    '["a",1,"b"]',
    ["body/* type: number"],
  ],
  ["items by position in older schemas", { items: [{ type: "string" }] }, "[1, 2]", ["body/* type: string"]],
  [
    "what fits no alternative",
    { anyOf: [{ type: "string" }, { type: "array" }] },
    "1",
    ["body anyOf: at least one of 2 alternatives"],
  ],
  [
    "what fits two of one",
    { oneOf: [{ type: "number" }, { type: "integer" }] },
    "1",
    ["body oneOf: exactly one of 2 alternatives"],
  ],
  [
    "the alternative that is meant, by type",
    { anyOf: [{ type: "null" }, ITEM] },
    '{"sku":1}',
    ["body/sku type: string"],
  ],
  [
    "the alternative that is meant, by its mark",
    {
      oneOf: ["cat", "dog"].map((kind) => ({
        type: "object",
        properties: { kind: { const: kind }, age: { type: kind === "cat" ? "integer" : "string" } },
      })),
    },
    '{"kind":"cat","age":"3"}',
    ["body/age type: integer"],
  ],
  [
    "all of all",
    { allOf: [{ required: ["a"] }, { required: ["b"] }] },
    "{}",
    ["body/a required: it to be there", "body/b required: it to be there"],
  ],
  ["what must not fit", { not: { type: "string" } }, '"a"', ["body not: something else"]],
  ["the type of what was redacted", { type: "integer", maximum: 3 }, '"~r:s:0123456789abcdef"', ["body type: integer"]],
  ["nothing else of what was redacted", { type: "integer", maximum: 3, enum: [1] }, '"~r:n:0123456789abcdef"', []],
  [
    "maps by `*`",
    { additionalProperties: { type: "string" } },
    JSON.stringify(Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`k${i}`, i === 7 ? 1 : "x"]))),
    ["body/* type: string"],
  ],
])("%s", (_title, schema, text, expected) => {
  expect(said(schema, text, SCHEMAS)?.toSorted()).toEqual(expected);
});

test("a schema that contains itself is asked as deep as the value goes", () => {
  const schemas = { "#/n": { type: "object", properties: { v: { type: "integer" }, next: { $ref: "#/n" } } } };
  expect(said({ $ref: "#/n" }, '{"v":1,"next":{"v":2,"next":{"v":"3"}}}', schemas)).toEqual([
    "body/next/next/v type: integer",
  ]);
});

test("a schema that is nothing but itself asks for nothing", () => {
  expect(said({ $ref: "#/a" }, "{}", { "#/a": { allOf: [{ $ref: "#/a" }, { $ref: "#/a" }] } })).toEqual([]);
});

test("alternatives inside of alternatives do not multiply", () => {
  const schemas = Object.fromEntries(
    ["a", "b"].map((kind) => [
      `#/${kind}`,
      { type: "object", properties: { next: { oneOf: [{ $ref: "#/a" }, { $ref: "#/b" }] } }, required: [kind] },
    ]),
  );
  const deep = `${'{"a":1,"next":'.repeat(60)}{"c":1}${"}".repeat(60)}`;
  expect(said({ $ref: "#/a" }, deep, schemas)).not.toBeUndefined();
});

test("past the budget it is not known", () => {
  expect(said({ items: { type: "string" } }, "[1,2,3]", {}, 40)).toBeUndefined();
});

describe("as Ajv says", () => {
  const ajv = new Ajv({ strict: false, validateSchema: false });
  const scalar = fc.constantFrom<unknown>(null, true, false, 0, 1, 1.5, -2, "", "a", "bcd");
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      scalar,
      fc.array(tie("value"), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom("a", "b", "c"), tie("value"), { maxKeys: 3 }),
    ),
  }));
  const part = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 2 });
  const type = fc.constantFrom("null", "boolean", "number", "integer", "string", "array", "object");
  const { schema } = fc.letrec((tie) => {
    const some = fc.array(tie("schema"), { minLength: 1, maxLength: 3 });
    return {
      schema: fc.oneof(
        { maxDepth: 3 },
        fc.boolean(),
        fc.record({
          type: part(fc.oneof(type, fc.uniqueArray(type, { minLength: 1, maxLength: 3 }))),
          enum: part(fc.array(scalar, { minLength: 1, maxLength: 3 })),
          const: part(scalar.filter((one) => one !== undefined)),
          minimum: part(fc.integer({ min: -3, max: 3 })),
          exclusiveMaximum: part(fc.integer({ min: -3, max: 3 })),
          minLength: part(fc.nat(3)),
          maxLength: part(fc.nat(3)),
          minItems: part(fc.nat(3)),
          maxItems: part(fc.nat(3)),
          minProperties: part(fc.nat(3)),
          maxProperties: part(fc.nat(3)),
          required: part(fc.uniqueArray(fc.constantFrom("a", "b", "c"))),
          properties: part(fc.dictionary(fc.constantFrom("a", "b", "c"), tie("schema"))),
          additionalProperties: part(tie("schema")),
          items: part(tie("schema")),
          allOf: part(some),
          anyOf: part(some),
          oneOf: part(some),
          not: part(tie("schema")),
        }),
      ),
    };
  });

  test("of any schema and any value, whether it fits", () => {
    fc.assert(
      fc.property(schema, value, (given, one) => {
        const asked = JSON.parse(JSON.stringify(given));
        const text = JSON.stringify(one);
        expect(said(asked, text)?.length === 0).toBe(ajv.validate(asked, JSON.parse(text)));
      }),
      { numRuns: 1_000 },
    );
  });
});
