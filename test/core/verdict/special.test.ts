import fc from "fast-check";
import { lnBeta, lnBetaTails, lnGamma } from "../../../core/verdict/special.ts";

// Reference values: mpmath 1.3 with 40 to 50 digits.
test.each([
  [0.5, 0.5723649429247001],
  [3, Math.LN2],
  [10, 12.80182748008147],
  [100.5, 361.4355404677776],
  [1e8, 1742068066.1038346],
])("lnGamma(%p) = %p", (z, expected) => {
  expect(Math.abs(lnGamma(z) / expected - 1)).toBeLessThan(1e-14);
});

test.each([
  [1, 1, 0],
  [2, 3, -2.484906649788],
  [0.5, 0.5, 1.1447298858494002],
  [10, 1, -Math.LN10],
  [1, 3000, -8.006367567650248],
  [7, 1e8, -122.36551420565645],
  [1e6, 1e8, -5610159.585999564],
  [12.5, 4e5, -142.50607999989319],
])("lnBeta(%p, %p) = %p, either way round", (a, b, expected) => {
  expect(Math.abs(lnBeta(a, b) - expected)).toBeLessThan(1e-12 + 1e-14 * Math.abs(expected));
  expect(lnBeta(b, a)).toBe(lnBeta(a, b));
});

test.each([
  [2, 3, 0.4, -0.6447380413522578, -0.7440195109337019],
  [10, 1, 0.5, -6.931471805599453, -0.0009770396478266127],
  [1, 10, 0.5, -0.0009770396478266127, -6.931471805599453],
  [1, 3000, 0.001, -0.05099059704505214, -3.001501000750601],
  [6, 6750, 0.001, -0.404914128691271, -1.09971515907403],
  [50, 99951, 0.0001, -43.13922814770957, -1.840226421433795e-19],
  [0.5, 0.5, 0.3, -0.9969312110207781, -0.4604654539158712],
])("both tails of I at a=%p, b=%p, x=%p", (a, b, x, lower, upper) => {
  const tails = lnBetaTails(a, b, x);
  expect(Math.abs(tails.lower - lower)).toBeLessThan(1e-12);
  expect(Math.abs(tails.upper - upper)).toBeLessThan(1e-12);
});

test("far tails keep their digits at a = 1e6, b = 1e8", () => {
  expect(lnBetaTails(1e6, 1e8, 0.0098).lower).toBeCloseTo(-56.15213787225559, 7);
  expect(lnBetaTails(1e6, 1e8, 0.01).upper).toBeCloseTo(-53.40544051358329, 7);
  expect(lnBetaTails(200, 1e6, 0.00025).upper).toBeCloseTo(-7.64933528685777, 9);
  expect(lnBetaTails(200, 1e6, 0.00015).lower).toBeCloseTo(-9.761571425624437, 9);
});

test("the ends of the interval", () => {
  expect(lnBetaTails(3, 4, 0)).toEqual({ lower: Number.NEGATIVE_INFINITY, upper: 0 });
  expect(lnBetaTails(3, 4, 1)).toEqual({ lower: 0, upper: Number.NEGATIVE_INFINITY });
});

const shape = fc.integer({ min: 1, max: 400 });
const share = fc.double({ min: 0.001, max: 0.999, noNaN: true });

test("I_x(a,b) and its complement sum to one, and mirror each other", () => {
  fc.assert(
    fc.property(shape, shape, share, (a, b, x) => {
      const { lower, upper } = lnBetaTails(a, b, x);
      expect(Math.abs(Math.exp(lower) + Math.exp(upper) - 1)).toBeLessThan(1e-11);
      const mirrored = lnBetaTails(b, a, 1 - x);
      expect(Math.abs(Math.exp(mirrored.upper) - Math.exp(lower))).toBeLessThan(1e-10);
    }),
  );
});

test("I_p(k, n−k+1) is the binomial chance of at least k in n", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 0, max: 60 }), share, (k, more, p) => {
      const n = k + more;
      let tail = 0;
      for (let i = k; i <= n; i += 1)
        tail += Math.exp(-Math.log(n + 1) - lnBeta(i + 1, n - i + 1) + i * Math.log(p) + (n - i) * Math.log1p(-p));
      expect(Math.abs(Math.exp(lnBetaTails(k, n - k + 1, p).lower) - tail)).toBeLessThan(1e-10);
    }),
  );
});
