import { createRulesOf } from "../../../core/diff/allowed.ts";
import { compare } from "../../../core/diff/compare.ts";
import { comparisonKey, type Rule, RulesFile, ruleKey } from "../../../core/diff/rules.ts";
import { factsOf } from "../../../core/noise/facts-of.ts";
import { marksOf } from "../../../core/noise/odd.ts";
import { answer, json as jsonText } from "./captures.ts";

const ENDPOINT = "GET /a";
const json = (value: unknown) => jsonText(JSON.stringify(value));
const placesUnder = (rules: readonly Rule[], left: unknown, right: unknown): string[] =>
  compare(json(left), json(right), { rules: createRulesOf({ rules: [...rules] })(ENDPOINT) }).divergences.map(
    ({ kind, place }) => `${kind} ${place}`,
  );

test.each([
  ["within an absolute bound", { absolute: 0.01 }, 1.1, 1.11, true],
  ["beyond it", { absolute: 0.01 }, 1.1, 1.12, false],
  ["within a relative bound", { relative: 0.01 }, 1_000, 1_009, true],
  ["beyond it", { relative: 0.01 }, 1_000, 1_011, false],
  ["one step of doubles", { ulp: 1 }, 0.1 + 0.2, 0.3, true],
  ["four steps where one is allowed", { ulp: 1 }, 1, 1 + 4 * Number.EPSILON, false],
  ["money as text", { absolute: 0.05 }, "19.90", "19.95", true],
  ["text that is no number", { absolute: 5 }, "a", "b", false],
  ["a number and the same as text", { absolute: 5 }, 1, "1", false],
])("tolerance, %s", (_, bound, left, right, isAllowed) => {
  expect(placesUnder([{ tolerance: "body/n", ...bound }], { n: left }, { n: right }).length === 0).toBe(isAllowed);
});

test("integers beyond 2^53 are told apart under a tolerance", () => {
  const terms = { rules: createRulesOf({ rules: [{ tolerance: "body/n", absolute: 0.5 }] })(ENDPOINT) };
  const found = compare(jsonText('{"n":9007199254740992}'), jsonText('{"n":9007199254740993}'), terms);
  expect(found.divergences).toHaveLength(1);
});

test("a list that is free of order may be reordered, but must hold the same", () => {
  const rule = { orderFree: "body/tags" };
  expect(placesUnder([], { tags: ["a", "b", "c"] }, { tags: ["c", "a", "b"] })).toEqual(["order body/tags"]);
  expect(placesUnder([rule], { tags: ["a", "b", "c"] }, { tags: ["c", "a", "b"] })).toEqual([]);
  expect(placesUnder([rule], { tags: ["a", "b", "c"] }, { tags: ["c", "a", "d"] })).not.toEqual([]);
  expect(placesUnder([rule], { tags: ["a", "b"] }, { tags: ["b", "a", "a"] })).toContain("length body/tags");
});

test("items are matched by the key that the rule names, also by one that lies deeper, and by several", () => {
  const item = (sku: string, price: number) => ({ meta: { sku }, region: "eu", price });
  const left = { items: [item("a", 1), item("b", 2), item("c", 3)] };
  const right = { items: [item("b", 2), item("c", 3), item("a", 9)] };
  const keyed = { keyedBy: "body/items", key: "meta/sku" };
  expect(placesUnder([keyed, { orderFree: "body/items" }], left, right)).toEqual(["value body/items/*/price"]);
  const both = { keyedBy: "body/items", key: ["region", "meta/sku"] };
  expect(placesUnder([both], left, right).sort()).toEqual(["order body/items", "value body/items/*/price"]);
});

test("a key that names no item is left aside", () => {
  const rules = [{ keyedBy: "body", key: "none" }];
  expect(placesUnder(rules, [{ a: 1 }, { a: 2 }], [{ a: 1 }, { a: 3 }])).toEqual(["value body/*/a"]);
});

const UUIDS = ["6f1b0c1e-7a55-4b7b-9d3c-2f0f7d6a1b22", "0d4e3a11-1111-4c4c-8888-aaaaaaaaaaaa"] as const;
test.each([
  ["uuid", {}, UUIDS[0], UUIDS[1], true],
  ["uuid", {}, UUIDS[0], "gone", false],
  ["date-time", { withinMs: 5_000 }, "2026-01-01T00:00:00Z", "2026-01-01T00:00:04Z", true],
  ["date-time", { withinMs: 5_000 }, "2026-01-01T00:00:00Z", "2026-01-01T00:00:06Z", false],
  ["date-time", {}, "2026-01-01T00:00:00Z", "2020-01-01T00:00:00Z", true],
  ["epoch", { withinMs: 1_000 }, 1_700_000_000, 1_700_000_001, true],
  ["epoch", { withinMs: 1_000 }, 1_700_000_000, 1_700_000_002, false],
  ["hash", {}, "9f86d081884c7d65", "2c26b46b68ffc68f", true],
  ["url-host", {}, "https://a.example/x?y=1", "http://b.example:81/x?y=1", true],
  ["url-host", {}, "https://a.example/x", "https://b.example/z", false],
] as const)("format %s %j: %s and %s: %s", (is, more, left, right, isAllowed) => {
  expect(placesUnder([{ format: "body/v", is, ...more }], { v: left }, { v: right }).length === 0).toBe(isAllowed);
});

test("prose may be worded otherwise, as far as the rule says", () => {
  const rule = { similar: "body/text", atLeast: 0.6 };
  const left = { text: "The quick brown fox jumps over the lazy dog today" };
  expect(placesUnder([rule], left, { text: "The quick brown fox jumped over the lazy dog today" })).toEqual([]);
  expect(placesUnder([rule], left, { text: "An error occurred" })).toEqual(["value body/text"]);
});

test("a header that is a set may name its members in any order", () => {
  const terms = (rules: Rule[]) => ({ rules: createRulesOf({ rules })(ENDPOINT) });
  const [left, right] = ["a, b", "b,a"].map((value) => answer({ body: "x", headers: [["X-Features", value]] }));
  expect(compare(left!, right!, terms([])).divergences).toHaveLength(1);
  expect(compare(left!, right!, terms([{ set: "header/x-features" }])).divergences).toEqual([]);
  const other = answer({ body: "x", headers: [["X-Features", "a"]] });
  expect(compare(left!, other, terms([{ set: "header/x-features" }])).divergences).toHaveLength(1);
});

test("a rule is for its endpoint, and is counted where it was needed", () => {
  const rule = { endpoint: ENDPOINT, tolerance: "body/n", absolute: 1 };
  const rulesOf = createRulesOf({ rules: [rule] });
  expect(rulesOf("GET /b")).toBeUndefined();
  const marks = marksOf(json({ n: 1 }), json({ n: 2 }), undefined, 0, { rules: rulesOf(ENDPOINT) });
  expect([marks.marks, [...marks.used]]).toEqual([[], [ruleKey(rule)]]);
  expect([...marksOf(json({ m: 1 }), json({ m: 2 }), undefined, 0, { rules: rulesOf(ENDPOINT) }).used]).toEqual([]);
});

test("a difference that is allowed is no mark of the secondary either", () => {
  const rulesOf = createRulesOf({ rules: [{ tolerance: "body/n", absolute: 1 }] });
  const marks = marksOf(json({ n: 1, k: 1 }), json({ n: 2, k: 2 }), json({ n: 1.5, k: 1 }), 0, {
    rules: rulesOf(ENDPOINT),
  });
  expect(marks.marks).toEqual([{ place: "body/k", kind: "value", odd: "candidate" }]);
});

test("facts name the rules that were needed", () => {
  const pair = (id: string, n: number) => ({
    id,
    at: 1,
    endpoint: ENDPOINT,
    cluster: "c",
    primary: json({ n: 1 }),
    candidate: json({ n }),
  });
  const segment = {
    id: "s",
    env: "e",
    run: "r",
    stamp: { tee: "t", epoch: "e", seq: 0 },
    openedAt: 1,
    closedAt: 2,
    control: "none",
    outcomes: {},
    pairs: [pair("1", 1), pair("2", 2), pair("3", 3)],
  } as unknown as Parameters<typeof factsOf>[0];
  const rule = { tolerance: "body/n", absolute: 1 };
  expect(factsOf(segment, createRulesOf({ rules: [rule] })).hits).toEqual({ [ruleKey(rule)]: 1 });
});

test("comparisons have a name under rules, which what is only ignored and said of them does not change", () => {
  const rule = { tolerance: "body/n", absolute: 1 };
  expect(comparisonKey({ rules: [] })).toBe("");
  expect(comparisonKey({ rules: [{ ignore: "body/x" }] })).toBe("");
  const key = comparisonKey({ rules: [rule] });
  expect(key).toMatch(/^[\w-]{12}$/);
  expect(comparisonKey({ rules: [{ ignore: "body/x" }, { ...rule, because: "rounding" }] })).toBe(key);
  expect(comparisonKey({ rules: [{ ...rule, absolute: 2 }] })).not.toBe(key);
});

test.each([
  [{}, "", 'must have one of "ignore"'],
  [{ ignore: "body/a", tolerance: "body/b", absolute: 1 }, "tolerance", "must be a rule of its own"],
  [{ ignore: "body/a", absolute: 1 }, "absolute", 'it belongs to "tolerance"'],
  [{ tolerance: "body/a" }, "", "must say how much"],
  [{ keyedBy: "body/a" }, "key", "is missing"],
  [{ format: "body/a" }, "is", "is missing"],
  [{ format: "body/a", is: "uuid", withinMs: 1 }, "withinMs", "date-time"],
  [{ similar: "body/a" }, "atLeast", "is missing"],
  [{ set: "body/a" }, "set", "header/<name>"],
])("%j is no rule", (rule, field, message) => {
  const parsed = RulesFile.safeParse({ rules: [rule] });
  const [issue] = parsed.error?.issues ?? [];
  expect(issue?.path.slice(2).join(".")).toBe(field);
  expect(issue?.message).toContain(message);
});
