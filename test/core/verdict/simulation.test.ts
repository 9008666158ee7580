import { falseAlarms } from "../../../bench/simulate/false-alarms.ts";
import { methodsAt } from "../../../bench/simulate/needed.ts";
import { powerOf } from "../../../bench/simulate/power.ts";
import { judgedRuns } from "../../../bench/simulate/whole-judge.ts";
import { noisyWrongSafe, wrongSafe } from "../../../bench/simulate/wrong-safe.ts";

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
  const { shadowgraph, clopperPearson } = methodsAt(tolerance);
  const setup = { runs: 2_000, tolerance, horizonPairs: shadowgraph(0) * 10 };
  const rate = wrongSafe(7, { ...setup, needed: shadowgraph });
  expect(rate).toBeLessThanOrEqual(slack(0.05, 2_000));
  expect(rate).toBeGreaterThan(0.005);
  // A bound for one look is wrong more often the more often one looks.
  expect(wrongSafe(7, { ...setup, needed: clopperPearson })).toBeGreaterThan(slack(0.05, 2_000));
});

test("SAFE at any look needs little more than bounds that are made for one look", () => {
  const { shadowgraph, clopperPearson, wilson } = methodsAt(0.001);
  expect([shadowgraph(0), clopperPearson(0), wilson(0)]).toEqual([3_714, 2_995, 2_703]);
  for (const b of [1, 2, 5, 10]) expect(shadowgraph(b)).toBeLessThan(1.5 * clopperPearson(b));
});

test("a divergence is confirmed the sooner the more often it shows", () => {
  const at = (excess: number) =>
    powerOf(7, { runs: 200, excess, noise: 0.001, alpha: 0.01, place: 1, limitPairs: 200_000 });
  const [rare, often] = [at(0.001), at(0.01)];
  expect([rare.found, often.found]).toEqual([1, 1]);
  expect(rare.p50).toBeLessThan(40_000);
  expect(often.p50).toBeLessThan(2_000);
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
