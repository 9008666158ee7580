import * as fc from "fast-check";
import { fitLaw, ofMinute, ofWake } from "../../../bench/cost/fold-law.ts";

test("a minute is the sum of its wakes, each of which reads what is there by then", () => {
  const law = { fixed: 3, perFact: 0.5 };
  const wakes = Array.from({ length: 60 }, (_, index) => ofWake(law, (120 * (index + 1)) / 60));
  expect(ofMinute(law, 120, 60)).toBeCloseTo(wakes.reduce((sum, cost) => sum + cost, 0));
});

test("fitted to a whole minute, the law gives what was measured, whatever the noise", () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 10, noNaN: true }), { minLength: 2, maxLength: 60 }), (noise) => {
      const points = noise.map((more, index) => ({ facts: 2 * (index + 1), cost: 5 + index + more }));
      const law = fitLaw(points);
      const sum = points.reduce((all, { cost }) => all + cost, 0);
      expect(ofMinute(law, 2 * noise.length, noise.length)).toBeCloseTo(sum, 6);
    }),
  );
});

test("costs never fall with facts", () => {
  expect(fitLaw([1, 2, 3].map((facts) => ({ facts, cost: 9 - facts }))).perFact).toBe(0);
});

test("ten times the facts at as many wakes cost ten times what grows with them", () => {
  const law = { fixed: 0, perFact: 2 };
  expect(ofMinute(law, 1_000, 60)).toBeCloseTo(10 * ofMinute(law, 100, 60));
});
