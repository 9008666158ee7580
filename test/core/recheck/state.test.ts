import type { Kind, Place } from "../../../core/diff/place.ts";
import { leftOf } from "../../../core/recheck/recheck.ts";
import { type State, toldOf } from "../../../core/recheck/state.ts";
import { isSameQuestion, NO_TALLY, type Tally } from "../../../core/recheck/tally.ts";
import { answer, failed, json, stub } from "../diff/captures.ts";

const always = { count: 400, noise: 0, pairs: 400 };
const rare = { count: 4, noise: 0, pairs: 400 };
const noisy = { count: 60, noise: 40, pairs: 400 };

test.each<[state: State, finding: typeof always, tally: Partial<Tally>, left: number]>([
  ["stillThere", always, { shown: 1, agreed: 29 }, 0],
  ["stillThere", always, { shown: 1 }, 29],
  ["pending", always, { agreed: 20 }, 1],
  ["fixed", always, { agreed: 1 }, 0],
  ["fixed", always, { agreed: 2, gone: 9, unanswered: 3 }, 0],
  ["unseen", rare, { agreed: 30 }, 0],
  ["fixed", rare, { agreed: 300 }, 0],
  ["goneOnBoth", always, { gone: 3 }, 0],
  ["goneOnBoth", always, { gone: 3, unanswered: 1 }, 0],
  ["unclear", always, { unanswered: 3 }, 0],
  ["unclear", noisy, { shown: 2, noisy: 2, agreed: 26 }, 0],
  ["unclear", noisy, { shown: 1, agreed: 29 }, 0],
  ["stillThere", noisy, { shown: 15, agreed: 15 }, 0],
])("%s", (state, finding, tally, left) => {
  expect(toldOf(finding, { ...NO_TALLY, ...tally }, left).state).toBe(state);
});

test("confidence is the chance that the run's rate would have shown it; the bound is of Clopper and Pearson", () => {
  const told = toldOf({ count: 40, noise: 0, pairs: 400 }, { ...NO_TALLY, agreed: 30 }, 0);
  expect(told.state).toBe("fixed");
  expect(told.confidence).toBeCloseTo(1 - 0.9 ** 30, 10);
  // Rule of three: about 3/n.
  expect(told.atMost).toBeCloseTo(1 - 0.05 ** (1 / 30), 6);
  expect(toldOf(rare, { ...NO_TALLY, agreed: 30 }, 0).reason).toContain("299 are needed");
});

test("repetitions that are still to come are those of the finding's own requests", () => {
  const recheck = { requests: 3, times: 2, next: 4 };
  expect([[0], [1], [2], [0, 1, 2], []].map((of) => leftOf(recheck, of))).toEqual([0, 1, 1, 2, 0]);
});

const before = answer({
  headers: [
    ["content-type", "application/json"],
    ["x-a", "1"],
  ],
  body: '{"a":{"b":1},"l":[{"c":1}]}',
});
const now = (body: string, headers: readonly (readonly [string, string])[] = [["x-a", "1"]]) =>
  answer({ headers: [["content-type", "application/json"], ...headers], body });

test.each<[is: boolean, place: Place, kind: Kind, now: Parameters<typeof isSameQuestion>[1]]>([
  [true, "body/a/b", "removed", now('{"a":{"b":2},"l":[]}')],
  [false, "body/a/b", "removed", now('{"a":{},"l":[]}')],
  [false, "body/a/b", "value", now('{"l":[]}')],
  [false, "body/a/b", "value", now('{"a":{"b":"2"}}')],
  [true, "body/a/b", "value", now('{"a":{"b":1,"new":1}}')],
  [false, "body/a/n", "added", now('{"a":{"b":1,"n":1}}')],
  [false, "status", "status", answer({ status: 404 })],
  [true, "status", "status", now("{}")],
  [false, "body/a/b", "value", failed("refused")],
  [false, "header/x-a", "header", now('{"a":{"b":1}}', [])],
  [true, "header/x-a", "header", now('{"a":{"b":1}}', [["x-a", "2"]])],
])("is it the same question? %s at %s (%s)", (is, place, kind, answered) => {
  expect(isSameQuestion(before, answered, { place, kind })).toBe(is);
});

test("of a body that was the same in all lanes nothing is kept to hold it against", () => {
  expect(isSameQuestion(stub(), json("{}"), { place: "body/a", kind: "value" })).toBe(true);
});
