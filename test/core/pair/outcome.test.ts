import fc from "fast-check";
import {
  addOutcomes,
  laterOutcomes,
  noOutcomes,
  OUTCOMES,
  OutcomeCounts,
  sumOfOutcomes,
} from "../../../core/pair/outcome.ts";

const counts = fc.record(
  Object.fromEntries(["sampled", ...OUTCOMES].map((name) => [name, fc.nat()])) as Record<
    keyof OutcomeCounts,
    fc.Arbitrary<number>
  >,
);

test("no outcomes are valid, and nothing", () => {
  expect(OutcomeCounts.parse(noOutcomes())).toEqual(noOutcomes());
  expect(sumOfOutcomes(noOutcomes())).toBe(0);
});

test("a count that is missing, negative, broken or unknown is refused", () => {
  const { tooLarge: _, ...lacking } = noOutcomes();
  for (const wrong of [
    lacking,
    { ...noOutcomes(), sampled: -1 },
    { ...noOutcomes(), sampled: 0.5 },
    { ...noOutcomes(), x: 1 },
  ])
    expect(OutcomeCounts.safeParse(wrong).success).toBe(false);
});

test("adding is commutative, adds the sums, and nothing changes nothing", () => {
  fc.assert(
    fc.property(counts, counts, (a, b) => {
      expect(addOutcomes(a, b)).toEqual(addOutcomes(b, a));
      expect(sumOfOutcomes(addOutcomes(a, b))).toBe(sumOfOutcomes(a) + sumOfOutcomes(b));
      expect(addOutcomes(a, noOutcomes())).toEqual(a);
    }),
  );
});

test("of two snapshots of one process, whatever their order, the later one holds", () => {
  fc.assert(
    fc.property(counts, counts, (before, since) => {
      const after = addOutcomes(before, since);
      expect(laterOutcomes(before, after)).toEqual(after);
      expect(laterOutcomes(after, before)).toEqual(after);
    }),
  );
});
