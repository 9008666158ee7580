import { falseAlarms, noisyWrongSafe, wrongSafe } from "../../../bench/simulate.ts";

/** Three standard errors of a share of `alpha` in so many runs. */
const slack = (alpha: number, runs: number): number => alpha + 3 * Math.sqrt((alpha * (1 - alpha)) / runs);

test.each([
  [0.01, 1],
  [0.1, 20],
  [0.3, 50],
])(
  "two identical versions with noise %p at %p places are accused in at most α of the runs, at any look",
  (noise, places) => {
    const rates = falseAlarms(7, { runs: 300, pairs: 1_000, places, noise, alpha: 0.01 });
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
  const rates = noisyWrongSafe(7, { runs: 200, pairs: 60_000, noise: 0.02, tolerance: 0.01, alpha: 0.05, looks: 10 });
  expect(rates.shadowgraph).toBeLessThanOrEqual(slack(0.05, 200));
  expect(rates.power).toBeGreaterThan(0.9);
});
