import fc from "fast-check";
import {
  alarmEvidence,
  alphaShare,
  clopperPearsonUpper,
  pairsNeeded,
  safeEvidence,
  smallest,
} from "../../../core/verdict/evidence.ts";

test.each([
  [0, 9],
  [1, 13],
  [5, 22],
])(
  "at α = 1 % and %p of the secondary alone, %p of the candidate alone raise the alarm, one fewer does not",
  (c, b) => {
    expect(alarmEvidence(b, c)).toBeGreaterThanOrEqual(Math.log(100));
    expect(alarmEvidence(b - 1, c)).toBeLessThan(Math.log(100));
  },
);

test("nothing seen is no evidence", () => {
  expect(alarmEvidence(0, 0)).toBeCloseTo(0, 12);
  expect(safeEvidence(0, 0, 0.001)).toBeCloseTo(0, 12);
});

test("the alarm is a fair bet: its mean over one more discordant pair is what it was", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 0, max: 500 }), (b, c) => {
      const next = (Math.exp(alarmEvidence(b + 1, c)) + Math.exp(alarmEvidence(b, c + 1))) / 2;
      expect(next / Math.exp(alarmEvidence(b, c))).toBeCloseTo(1, 8);
    }),
  );
});

test.each([
  [0.01, 370],
  [0.001, 3_714],
  [0.0001, 37_149],
])("SAFE at tolerance %p needs %p pairs without a divergence", (tolerance, n) => {
  expect(pairsNeeded(0, tolerance, 0.05)).toBe(n);
});

test("more divergences need more pairs, and what is out of reach is null", () => {
  const needed = [0, 1, 2, 5, 20].map((b) => pairsNeeded(b, 0.001, 0.05) ?? Number.NaN);
  expect(needed).toEqual([...needed].sort((a, b) => a - b));
  expect(new Set(needed).size).toBe(needed.length);
  expect(pairsNeeded(0, 1e-9, 0.05)).toBeNull();
});

// Reference values: mpmath quadrature with 50 digits.
test.each([
  [0, 370, 0.01, 0, 2.9997972080663],
  [0, 3714, 0.001, 0, 2.99657068271629],
  [5, 10000, 0.001, 0, 0.138944165691128],
  [30, 20000, 0.001, 0, -2.09042799905182],
  [300, 10000, 0.01, 0, -3.89968092583963],
  [10, 20000, 0.001, 8, 4.75385054578457],
  [400, 30000, 0.001, 390, -1.82746796131425],
  [3, 5000, 0.01, 50, 70.5997539076673],
  [4000, 400000, 0.001, 4000, 6.32199797638701],
])("safeEvidence(%p, %p, %p, %p) = %p", (b, n, tolerance, credit, expected) => {
  expect(Math.abs(safeEvidence(b, n, tolerance, credit) - expected)).toBeLessThan(1e-6);
});

test("safe evidence is a fair bet at the tolerance: its mean over one more pair is what it was", () => {
  const counts = fc.record({
    b: fc.integer({ min: 0, max: 60 }),
    rest: fc.integer({ min: 0, max: 5_000 }),
    credit: fc.integer({ min: 1, max: 60 }),
    noise: fc.double({ min: 0.01, max: 0.4, noNaN: true }),
  });
  fc.assert(
    fc.property(counts, ({ b, rest, credit, noise }) => {
      const tolerance = 0.01;
      const at = (ups: number, downs: number, more: number) =>
        Math.exp(safeEvidence(b + ups, b + rest + credit + more, tolerance, credit + downs));
      const mean = (noise + tolerance) * at(1, 0, 1) + noise * at(0, 1, 1) + (1 - 2 * noise - tolerance) * at(0, 0, 1);
      expect(mean / at(0, 0, 0)).toBeCloseTo(1, 5);
    }),
  );
});

test("safe evidence falls with each divergence and grows with each equal pair, up to 1e8 pairs", () => {
  const n = fc.integer({ min: 1, max: 100_000_000 });
  fc.assert(
    fc.property(n, fc.nat(1_000), (pairs, b) => {
      const divergences = Math.min(b, pairs - 1);
      const evidence = safeEvidence(divergences, pairs, 0.001);
      expect(Number.isFinite(evidence)).toBe(true);
      expect(safeEvidence(divergences + 1, pairs, 0.001)).toBeLessThan(evidence);
      expect(safeEvidence(divergences, pairs * 2, 0.001)).toBeGreaterThan(evidence);
    }),
    { numRuns: 50 },
  );
  expect(Number.isFinite(safeEvidence(1e6, 1e8, 0.001))).toBe(true);
});

test("the shares of α sum to α", () => {
  let sum = 0;
  for (let i = 1; i <= 200_000; i += 1) sum += alphaShare(0.01, i);
  expect(sum).toBeLessThan(0.01);
  expect(sum).toBeGreaterThan(0.00999);
});

test.each([
  [0, 100, 0.029513],
  [5, 100, 0.102253],
  [0, 3_756, 0.00079726],
  [10, 10, 1],
])("Clopper-Pearson of %p in %p at 95 %%, one-sided: %p", (b, n, expected) => {
  expect(clopperPearsonUpper(b, n, 0.95)).toBeCloseTo(expected, 5);
});

test("smallest finds the turning point or nothing", () => {
  expect(smallest((n) => n >= 1_000, 3, 1e9)).toBe(1_000);
  expect(smallest((n) => n >= 3, 3, 1e9)).toBe(3);
  expect(smallest(() => false, 0, 1e6)).toBeNull();
});
