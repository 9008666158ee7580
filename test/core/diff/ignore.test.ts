import { isIgnored } from "../../../core/diff/ignore.ts";

test.each([
  ["body/a", "body/a", true],
  ["body/a", "body/a/b", false],
  ["body/*", "body/a", true],
  ["body/*", "body", false],
  ["body/*", "body/a/b", false],
  ["body/*/b", "body/*/b", true],
  ["body/items/3", "body/items/*", false],
  ["body/a/**", "body/a", true],
  ["body/a/**", "body/a/b/c", true],
  ["body/a/**", "body/ab", false],
  ["body/*/b/**", "body/x/b/c", true],
  ["header/*", "header/etag", true],
  ["**", "status", true],
  ["body/**", "body/…", true],
  ["body/a~1b", "body/a~1b", true],
  ["body/**/c", "body/a/b/c", false],
])("%s and %s: %s", (ignore, place, expected) => {
  expect(isIgnored({ version: 1, rules: [{ ignore }] }, "GET /a", place) !== undefined).toBe(expected);
});

test("a rule of one endpoint is for that endpoint, and the first rule that matches is the answer", () => {
  const rules = {
    version: 1,
    rules: [
      { endpoint: "GET /b", ignore: "body/a" },
      { ignore: "body/*", because: "noise" },
    ],
  };
  expect(isIgnored(rules, "GET /b", "body/a")).toBe(rules.rules[0]);
  expect(isIgnored(rules, "GET /a", "body/a")).toBe(rules.rules[1]);
});
