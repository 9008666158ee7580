import { createRulesOf } from "../../../core/diff/allowed.ts";
import type { Rule } from "../../../core/diff/rules.ts";
import { RulesFile } from "../../../core/diff/rules.ts";
import type { Facts } from "../../../core/noise/facts.ts";
import { factsOf } from "../../../core/noise/facts-of.ts";
import { suggestionsOf } from "../../../core/rules/suggest.ts";
import { keySuggestions } from "../../../core/rules/suggest-keys.ts";
import type { StoredPair } from "../../../core/segment/segment.ts";
import { findingsOf } from "../../../core/verdict/findings.ts";
import { VerdictSettings } from "../../../core/verdict/settings.ts";
import { answer, json } from "../diff/captures.ts";
import { pairOf, segmentOf } from "../noise/segments.ts";

type Values = Readonly<Record<"primary" | "candidate" | "secondary", unknown>>;
const AT = 1_700_000_000_000;

const bodies = (count: number, value: (index: number) => Partial<Values>): StoredPair[] =>
  Array.from({ length: count }, (_, index) => {
    const { primary, candidate, secondary } = value(index);
    const capture = (it: unknown) => json(JSON.stringify({ v: it, k: 0 }));
    return pairOf({
      id: `p-${index}`,
      at: AT + index,
      primary: capture(primary),
      candidate: capture(candidate),
      ...(secondary === undefined ? {} : { secondary: capture(secondary) }),
    });
  });

const suggested = (pairs: readonly StoredPair[], control: Facts["control"] = "control") => {
  const facts: Facts = { ...factsOf(segmentOf(pairs)), control };
  return suggestionsOf(facts, findingsOf(facts, VerdictSettings.parse({})));
};
const lanes = (make: (lane: number, index: number) => unknown) => (index: number) => ({
  primary: make(1, index),
  candidate: make(2, index),
  secondary: make(3, index),
});

test.each<[string, (lane: number, index: number) => unknown, Partial<Rule>]>([
  ["hashes", (lane, i) => `${lane}abc${i}def0`, { format: "body/v", is: "hash" }],
  ["URLs but for their host", (lane) => `http://host-${lane}.example/a`, { format: "body/v", is: "url-host" }],
  ["numbers that wobble", (lane, i) => 100 + 0.2 * lane + i, { tolerance: "body/v", relative: 0.008 }],
  [
    "prose",
    (lane) => `the quick brown fox jumps over the lazy dog number ${lane}`,
    { similar: "body/v", atLeast: 0.9 },
  ],
  ["anything", (lane, i) => `x${lane * 7 + i}`, { ignore: "body/v" }],
])("where all lanes differ, %s get the narrowest rule, which then lets them pass", (_name, value, rule) => {
  const pairs = bodies(12, lanes(value));
  const [only, ...more] = suggested(pairs);
  expect(more).toEqual([]);
  expect(only).toMatchObject({ rule: { endpoint: "GET /a", ...rule }, pairs: 12 });
  expect(only?.evidence).toMatch(/^The old version differs from itself here: in 12 of 12 pairs/);
  const rules = RulesFile.parse({ rules: [only?.rule] });
  const signatures = factsOf(segmentOf(pairs), createRulesOf(rules)).endpoints["GET /a"]?.signatures;
  if (only?.rule.ignore === undefined) expect(signatures).toEqual({});
});

test("where the secondary alone differs, too; the candidate's own change gets no rule", () => {
  const noisy = bodies(12, (i) => ({ primary: "a", candidate: "a", secondary: `b${i}` }));
  expect(suggested(noisy)).toMatchObject([{ rule: { ignore: "body/v" } }]);
  const changed = bodies(30, (i) => ({ primary: `a${i}`, candidate: `b${i}`, secondary: `a${i}` }));
  expect(suggested(changed)).toEqual([]);
});

test("a list in any order is free of order", () => {
  const pairs = bodies(8, () => ({ primary: ["a", "b", "c"], candidate: ["a", "b", "c"], secondary: ["c", "a", "b"] }));
  expect(suggested(pairs)).toMatchObject([{ rule: { orderFree: "body/v" } }]);
});

test("without a secondary only a value that shows its form gets a rule", () => {
  const without = (value: (lane: number, index: number) => unknown) =>
    suggested(bodies(8, (i) => ({ primary: value(1, i), candidate: value(2, i) })));
  const hash = (lane: number, index: number) => `${lane}abc${index}def0`;
  expect(without(hash)).toMatchObject([{ rule: { format: "body/v", is: "hash" }, pairs: 8 }]);
  expect(without((lane, i) => `x${lane * 10 + i}`)).toEqual([]);
});

test("a value that is constant in each lane is suggested with a warning", () => {
  const pairs = bodies(12, () => ({ primary: "host-1", candidate: "host-2", secondary: "host-1" }));
  expect(suggested(pairs, "baseline")).toMatchObject([
    { rule: { ignore: "body/v" }, warning: expect.stringContaining("if it is a change of yours") },
  ]);
  expect(suggested(pairs, "control")).toEqual([]);
});

test("status, failures and latency never get a rule", () => {
  const pairs = Array.from({ length: 12 }, (_, i) =>
    pairOf({ id: `p-${i}`, primary: answer({}), candidate: answer({}), secondary: answer({ status: 500 }) }),
  );
  expect(suggested(pairs).filter(({ rule }) => rule.ignore === "status")).toEqual([]);
});

test("a header that wobbles at several endpoints gets one rule for all", () => {
  const pairs = ["GET /a", "GET /b", "GET /c"].flatMap((endpoint) =>
    Array.from({ length: 5 }, (_, i) => {
      const lane = (value: string) => answer({ body: "x", headers: [["X-Served-By", value]] });
      const [primary, candidate, secondary] = [lane("one"), lane("one"), lane(`two ${i}`)];
      return pairOf({ id: `${endpoint}-${i}`, endpoint, primary, candidate, secondary });
    }),
  );
  const [only, ...more] = suggested(pairs);
  expect(more).toEqual([]);
  expect(only?.rule).toEqual({ ignore: "header/x-served-by", because: expect.any(String) });
  expect(only).toMatchObject({ pairs: 15, evidence: expect.stringMatching(/^At 3 endpoints/) });
});

describe("keys of lists", () => {
  const listed = (count: number) =>
    bodies(count, (i) => {
      const items = (lane: string, skus: readonly string[]) =>
        skus.map((sku) => ({ id: `${lane}-${i}-${sku}`, meta: { sku }, price: sku.charCodeAt(0) }));
      return { primary: items("p", ["a", "b", "c"]), candidate: items("c", ["b", "c", "a"]) };
    });

  test("a field that names the items is found, however deep, where matching by it leaves fewer differences", () => {
    expect(keySuggestions(listed(6), () => [])).toMatchObject([
      {
        rule: { endpoint: "GET /a", keyedBy: "body/v", key: "meta/sku" },
        evidence: expect.stringContaining("6 pairs of 6"),
      },
    ]);
  });

  test("chance, and lists that are matched already, give none", () => {
    expect(keySuggestions(listed(2), () => [])).toEqual([]);
    const present: Rule = { keyedBy: "body/v", key: "meta/sku" };
    expect(keySuggestions(listed(6), () => [present])).toEqual([]);
  });
});
