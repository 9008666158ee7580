import { SketchBuilder } from "../../../core/noise/sketch.ts";
import { ratioIntervals, upperRank } from "../../../core/verdict/latency.ts";
import { randomOf } from "../../scenarios/random.ts";

const sketchOf = (values: readonly number[]) => {
  const builder = new SketchBuilder();
  for (const value of values) builder.add(value);
  return builder.build();
};

/** P(B ≥ u), term by term. */
const binomialAtLeast = (u: number, n: number, q: number): number => {
  let sum = 0;
  for (let k = u; k <= n; k++) {
    let term = 1;
    for (let i = 0; i < k; i++) term *= ((n - i) / (k - i)) * q;
    sum += term * (1 - q) ** (n - k);
  }
  return sum;
};

test.each([
  [1, 0.5, 0.0125],
  [20, 0.5, 0.0125],
  [40, 0.95, 0.0125],
  [100, 0.99, 0.0125],
  [137, 0.05, 0.025],
])("of %d values the rank above the quantile %d is the first that is wrong with at most %d", (n, q, tail) => {
  const rank = upperRank(n, q, tail);
  if (rank <= n) expect(binomialAtLeast(rank, n, q)).toBeLessThanOrEqual(tail);
  expect(binomialAtLeast(rank - 1, n, q)).toBeGreaterThan(tail);
});

test("ranks of a hundred million values are known at once", () => {
  const rank = upperRank(1e8, 0.99, 0.0125);
  // 2.2414 standard deviations of √(n·q·(1−q)) = 995 above n·q.
  expect(Math.abs(rank - (99_000_000 + 2.2414 * 995))).toBeLessThan(5);
});

describe("the interval of a ratio", () => {
  const lognormal = (name: string, n: number, median: number) => {
    const random = randomOf(name);
    const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    return sketchOf(Array.from({ length: n }, () => median * Math.exp(0.5 * normal())));
  };

  test("holds the true ratio at least as often as it says, in 400 runs of 300 pairs each", () => {
    const isIn = { p50: 0, p95: 0, p99: 0 };
    for (let run = 0; run < 400; run++) {
      const found = ratioIntervals({
        primary: sketchOf([]),
        candidate: lognormal(`candidate ${run}`, 300, 13),
        secondary: lognormal(`secondary ${run}`, 300, 10),
      });
      for (const name of ["p50", "p95", "p99"] as const) {
        const { low, high } = found[name];
        isIn[name] += Number(low <= 1.3 && (high === null || high >= 1.3));
      }
    }
    for (const times of Object.values(isIn)) expect(times / 400).toBeGreaterThanOrEqual(0.95);
  });

  test("closes around the true ratio with more pairs", () => {
    const widthOf = (n: number): number => {
      const lanes = { primary: sketchOf([]), candidate: lognormal("a", n, 13), secondary: lognormal("b", n, 10) };
      const { low, high } = ratioIntervals(lanes).p50;
      return high! / low;
    };
    expect(widthOf(100)).toBeGreaterThan(1.3);
    expect(widthOf(100_000)).toBeLessThan(1.08);
  });

  test("is open above where so few pairs say nothing of a tail, and empty lanes say nothing at all", () => {
    const few = { primary: sketchOf([]), candidate: lognormal("a", 100, 10), secondary: lognormal("b", 100, 10) };
    expect(ratioIntervals(few).p99.high).toBeNull();
    expect(ratioIntervals(few).p50.high).not.toBeNull();
    const none = sketchOf([]);
    const open = { low: 0, high: null };
    expect(ratioIntervals({ primary: none, candidate: none, secondary: none })).toEqual({
      p50: open,
      p95: open,
      p99: open,
    });
  });
});
