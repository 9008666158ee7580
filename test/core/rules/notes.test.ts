import type { Rule } from "../../../core/diff/rules.ts";
import { emptiedBy, noteOf } from "../../../core/rules/notes.ts";
import { factsOf } from "../verdict/planted.ts";

const seen = { hits: 4, empties: [], pairs: 100 };

test.each(["**", "body/**", "header/**", "header/*"])("a rule that ignores %s hides a whole part", (ignore) => {
  expect(noteOf({ ignore }, seen)).toMatch(/hides a whole part/);
});

test("a rule that never hit is pointed out once there are pairs", () => {
  expect(noteOf({ ignore: "body/a" }, { ...seen, hits: 0 })).toMatch(/never hit/);
  expect(noteOf({ tolerance: "body/a", ulp: 1 }, { ...seen, hits: 0 })).toMatch(/never hit/);
  expect(noteOf({ ignore: "body/a" }, { ...seen, hits: 0, pairs: 0 })).toBeUndefined();
  expect(noteOf({ tolerance: "body/**", ulp: 1 }, seen)).toBeUndefined();
});

const FACTS = factsOf({
  "GET /all": {
    pairs: 100,
    seen: { "body/debug/a value candidate": 20, "body/debug/a value candidate, body/debug/b value all": 5 },
  },
  "GET /some": { pairs: 100, seen: { "body/debug/a value candidate": 20, "body/x value candidate": 5 } },
  "GET /few": { pairs: 100, seen: { "body/debug/a value candidate": 2, "body/debug/b value candidate": 2 } },
});

test.each<[Rule, readonly string[]]>([
  [{ ignore: "body/debug/**" }, ["GET /all"]],
  [{ endpoint: "GET /some", ignore: "body/debug/**" }, []],
  [{ ignore: "body/debug/a" }, []],
  [{ tolerance: "body/debug/**", ulp: 1 }, []],
])("%j hides all that differs at %j", (rule, endpoints) => {
  const empties = emptiedBy(FACTS, rule);
  expect(empties).toEqual(endpoints);
  if (endpoints.length > 0) expect(noteOf(rule, { ...seen, empties })).toContain("hides all that differs at GET /all");
});
