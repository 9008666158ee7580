import { isFlagged } from "../../bench/scenarios/diffy.ts";
import { compareLifted } from "../../bench/scenarios/diffy-compare.ts";
import { liftText } from "../../bench/scenarios/diffy-lift.ts";

// Diffy's rule as it is published, so that the table beside ours is fair.
test.each([
  [1, 0, 1, true],
  [0, 0, 1_000, false],
  [15, 10, 1_000, false],
  [16, 10, 1_000, true],
  [10, 16, 1_000, false],
  [3, 0, 10_000, false],
  [4, 0, 10_000, true],
])("%i raw and %i noise differences in %i requests: %s", (raw, noise, total, flagged) => {
  expect(isFlagged(raw, noise, total)).toBe(flagged);
});

test.each([
  ["numbers are equal in any notation", "1", "1.0", []],
  ["a long against a double is another type", "1", "1.5", ["type"]],
  ["longs are exact", "9007199254740993", "9007199254740992", ["value"]],
  ["a field is missing", '{"a":1,"b":2}', '{"a":1}', ["b removed"]],
  ["a field is extra", '{"a":1}', '{"a":1,"b":2}', ["b added"]],
  ["scalars in another order", "[1,2]", "[2,1]", ["order"]],
  ["a list of another size", "[1,2]", "[1]", ["length"]],
  ["objects in another order are other values", '[{"a":1},{"a":2}]', '[{"a":2},{"a":1}]', ["*/a value"]],
  ["keys that are no names are no part of a path", '{"1":{"a":1}}', '{"1":{"a":2}}', ["*/a value"]],
  ["of lines of JSON only the first is read", '{"a":1}\n{"a":2}', '{"a":1}\n{"a":3}', []],
  ["numbers in strings are numbers", '{"a":"1"}', '{"a":"1.0"}', []],
  ["markup is compared as a tree", "<p>a</p>", "<p>b</p>", ["children/*/text value"]],
  ["text is one value", "one", "two", ["value"]],
])("%s", (_name, left, right, expected) => {
  const found = compareLifted(liftText(left), liftText(right), []).map(({ path, kind }) =>
    [path.join("/"), kind].filter((part) => part !== "").join(" "),
  );
  expect([...new Set(found)]).toEqual(expected);
});
