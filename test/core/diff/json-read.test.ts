import fc from "fast-check";
import { decimalForm } from "../../../core/capture/decimal.ts";
import { Budget } from "../../../core/diff/budget.ts";
import { readExact } from "../../../core/diff/json-exact.ts";
import { readJson } from "../../../core/diff/json-read.ts";
import { survey } from "../../../core/diff/json-survey.ts";
import { ExactNumber, RepeatedKey } from "../../../core/diff/json-value.ts";

const read = (text: string) => readJson(text, new Budget());

test("the exact reader reads what JSON.parse reads, however the text is spaced", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5, noUnicodeString: false }), fc.constantFrom(0, 1, "\t"), (value, space) => {
      const text = JSON.stringify(value, null, space);
      const plain = JSON.parse(text, (_, it) => (Object.is(it, -0) ? 0 : it));
      const asPlain = (it: unknown): unknown => {
        if (it instanceof ExactNumber) return Number(it.text);
        if (Array.isArray(it)) return it.map(asPlain);
        if (typeof it !== "object" || it === null) return it;
        return Object.fromEntries(Object.entries(it).map(([key, inner]) => [key, asPlain(inner)]));
      };
      expect(asPlain(readExact(text))).toEqual(plain);
    }),
  );
});

test("the survey counts keys, also repeated ones, and nothing inside strings", () => {
  expect(survey('{"a":[1,{"b":":,{["}],"a":"\\":"}')).toMatchObject({ members: 3, containers: 3, commas: 2 });
});

test.each([
  ["[1,23,4.5,-6,0,0.05,100,-10,1.05]", false],
  ["[1.0]", true],
  ["[-0]", true],
  ["[-0.5]", false],
  ["[1e5]", true],
  ["[123456789012345]", false],
  ["[1234567890123456]", true],
  ['["1234567890123456","1e5"]', false],
])("%s needs the exact reader: %s", (text, expected) => {
  expect(survey(text).hasExactNumbers).toBe(expected);
});

test("every number text keeps its value", () => {
  const digits = fc.stringMatching(/^-?(0|[1-9]\d{0,20})(\.\d{1,20})?([eE][+-]?\d{1,3})?$/);
  const exact = (text: string): bigint => {
    const [, sign, int = "", fraction = "", exponent = "0"] = /^(-?)(\d+)(?:\.(\d+))?(?:[eE](.+))?$/.exec(text) ?? [];
    const scaled = BigInt(int + fraction) * 10n ** BigInt(1_100 + Number(exponent) - fraction.length);
    return sign === "-" ? -scaled : scaled;
  };
  const decimal = (text: string): string => {
    const [value] = (read(`[${text}]`) as { value: unknown[] }).value;
    return value instanceof ExactNumber ? value.decimal : decimalForm(String(value));
  };
  fc.assert(
    fc.property(digits, digits, (a, b) => {
      expect(decimal(a)).toBe(decimalForm(a));
      expect(decimal(a) === decimal(b)).toBe(exact(a) === exact(b));
    }),
  );
});

test("repeated keys keep all values, in order", () => {
  expect(read('{"a":1,"b":2,"a":3,"a":{}}')).toEqual({ kind: "json", value: { a: new RepeatedKey([1, 3, {}]), b: 2 } });
});

test("an own __proto__ is a key", () => {
  const { value } = read('{"__proto__":1.0,"a":2}') as { value: object };
  expect(Object.keys(value)).toEqual(["__proto__", "a"]);
  expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
});

test.each(["", "{", "[1,]", "nul", '{"a" 1}', "01", "[1 2]", '"a'])("%j is no JSON", (text) => {
  expect(read(text)).toEqual({ kind: "notJson" });
});

test("what costs too much is not read", () => {
  expect(readJson("[1,2,3]", new Budget(3))).toEqual({ kind: "tooCostly" });
});
