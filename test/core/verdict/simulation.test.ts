import { falseAlarms, judgedRuns, noisyWrongSafe, wrongSafe } from "../../../bench/simulate.ts";

/** Three standard errors of a share of `alpha` in so many runs. */
const slack = (alpha: number, runs: number): number => alpha + 3 * Math.sqrt((alpha * (1 - alpha)) / runs);

test.each([
  [0.01, 1, 1_000],
  [0.1, 20, 500],
  [0.3, 50, 150],
])(
  "two identical versions with noise %p at %p places are accused in at most α of the runs, at any look",
  (noise, places, pairs) => {
    const rates = falseAlarms(7, { runs: 300, pairs, places, noise, alpha: 0.01 });
    expect(rates.shadowgraph).toBeLessThanOrEqual(slack(0.01, 300));
    expect(rates.diffyAnyLook).toBeGreaterThan(0.5);
  },
);

test.each([0.01, 0.001])("at a true rate of the tolerance %p at most α of the runs are called safe", (tolerance) => {
  const rate = wrongSafe(7, { runs: 2_000, tolerance, alpha: 0.05, span: 10 });
  expect(rate).toBeLessThanOrEqual(slack(0.05, 2_000));
  expect(rate).toBeGreaterThan(0.005);
});

test("noise on both sides does not make a divergence of the tolerance safe", () => {
  const rates = noisyWrongSafe(7, { runs: 100, pairs: 60_000, noise: 0.02, tolerance: 0.01, alpha: 0.05, looks: 8 });
  expect(rates.shadowgraph).toBeLessThanOrEqual(slack(0.05, 100));
  expect(rates.power).toBeGreaterThan(0.9);
});

test("the whole judge: noise alone is never accused and ends SAFE, a divergence of the tolerance is not called SAFE", () => {
  const setup = { runs: 40, looks: [400, 2_000, 8_000], places: 5, noise: 0.002, tolerance: 0.01 };
  const nothing = judgedRuns(7, { ...setup, divergence: 0, planted: "own place" });
  expect(nothing).toEqual({ safe: 1, regression: 0 });
  const planted = judgedRuns(7, { ...setup, divergence: 0.01, planted: "noisy places" });
  expect(planted.safe).toBeLessThanOrEqual(slack(0.05, 40));
  const many = judgedRuns(7, { ...setup, divergence: 0.05, planted: "own place" });
  expect(many).toEqual({ safe: 0, regression: 1 });
});
