import fc from "fast-check";
import { similarity } from "../../../core/diff/similarity.ts";

test.each([
  ["", "", 1],
  ["a", "", 0],
  ["The order is shipped.", "the ORDER is shipped", 1],
  ["alpha beta gamma", "delta epsilon zeta", 0],
  ["one two three four", "one two three five", (2 * 5) / 14],
  ["東京は晴れ", "東京は雨", (2 * 5) / 16],
  ["!", "?", 1],
])("%j and %j: %d", (left, right, expected) => {
  expect(similarity(left, right)).toBeCloseTo(expected, 10);
});

test("prose that says the same in other words is between", () => {
  const [a, b] = [
    "Your order has been shipped and will arrive on Monday. Thank you for your patience.",
    "Your order was shipped and should arrive on Monday. Thanks for your patience.",
  ];
  expect(similarity(a, b)).toBeGreaterThan(0.5);
  expect(similarity(a, "We could not find an account with that address.")).toBeLessThan(0.1);
});

test("0 to 1, symmetric, 1 for itself, less for other words and another order", () => {
  const words = fc.array(fc.constantFrom("a", "b", "c", "d"), { maxLength: 12 }).map((list) => list.join(" "));
  fc.assert(
    fc.property(words, words, (a, b) => {
      const value = similarity(a, b);
      expect(value).toBeGreaterThanOrEqual(0);
      expect(value).toBeLessThanOrEqual(1);
      expect(similarity(b, a)).toBe(value);
      expect(similarity(a, a)).toBe(1);
    }),
  );
  expect(similarity("a b c d", "d c b a")).toBeLessThan(1);
});

test("only the beginning of very long texts is looked at", () => {
  const long = "word ".repeat(1_000_000);
  expect(similarity(`${long}a`, `${long}b`)).toBe(1);
});
