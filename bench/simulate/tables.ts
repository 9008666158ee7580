import { percent } from "../../core/report/text.ts";
import { falseAlarms } from "./false-alarms.ts";
import { withLimits } from "./limits.ts";
import { methodsAt } from "./needed.ts";
import { powerOf } from "./power.ts";
import { judgedRuns } from "./whole-judge.ts";
import { noisyWrongSafe, wrongSafe } from "./wrong-safe.ts";

export interface Size {
  readonly seed: number;
  readonly runs: number;
}

export interface Table {
  readonly title: string;
  readonly rows: readonly Readonly<Record<string, string | number>>[];
}

const falseRegression = ({ seed, runs }: Size): Table => {
  const [pairs, alpha] = [2_000, 0.01];
  const rows = [0.001, 0.01, 0.1, 0.3].flatMap((noise) =>
    [1, 10, 50, 200].map((places) => {
      const rates = falseAlarms(seed + places, { runs, pairs, alpha, noise, places });
      return {
        "noise of a lane": percent(noise),
        places,
        "false REGRESSION, any look": withLimits(rates.shadowgraph, runs),
        "Diffy, any look": percent(rates.diffyAnyLook),
        "Diffy, at the end": percent(rates.diffyEnd),
      };
    }),
  );
  return { title: `Two identical versions, ${runs} runs of ${pairs} pairs, a look after each; α = 1 %`, rows };
};

const TOLERANCES = [0.01, 0.001, 0.0001] as const;

const wrongSafes = ({ seed, runs }: Size): Table => {
  const all = runs * 10;
  const rows = TOLERANCES.map((tolerance) => {
    const { shadowgraph, clopperPearson, wilson } = methodsAt(tolerance);
    const horizonPairs = shadowgraph(0) * 30;
    const rateOf = (needed: typeof wilson) => wrongSafe(seed, { runs: all, tolerance, horizonPairs, needed });
    return {
      tolerance: percent(tolerance),
      "wrong SAFE, any look": withLimits(rateOf(shadowgraph), all),
      "by Clopper-Pearson's bound": percent(rateOf(clopperPearson)),
      "by Wilson's bound": percent(rateOf(wilson)),
    };
  });
  return { title: `Exactly the tolerance diverges, ${all} runs up to 30 times the pairs of SAFE; α = 5 %`, rows };
};

const neededPairs = (): Table => {
  const rows = TOLERANCES.flatMap((tolerance) => {
    const methods = methodsAt(tolerance);
    return [0, 1, 2, 5, 10].map((b) => ({
      tolerance: percent(tolerance),
      diverging: b,
      "pairs to SAFE, any look": methods.shadowgraph(b),
      "Clopper-Pearson, one look": methods.clopperPearson(b),
      "Wilson, one look": methods.wilson(b),
    }));
  });
  return { title: "Pairs needed to show fewer than the tolerance, at 95 %", rows };
};

const wrongSafesInNoise = ({ seed, runs }: Size): Table => {
  const pairs = 400_000;
  const rows = [0.001, 0.01, 0.05].map((noise) => {
    const rates = noisyWrongSafe(seed, { runs, pairs, noise, tolerance: 0.001, alpha: 0.05, looks: 40 });
    return {
      "noise of a lane": percent(noise),
      "wrong SAFE, 40 looks": withLimits(rates.shadowgraph, runs),
      "if b − c were a count": percent(rates.plainDifference),
      "SAFE where nothing diverges": withLimits(rates.power, runs),
    };
  });
  return {
    title: `A noisy place and exactly 0.1 % beyond its noise, ${runs} runs up to ${pairs} pairs; α = 5 %`,
    rows,
  };
};

const detection = ({ seed, runs }: Size): Table => {
  const limitPairs = 2_000_000;
  const rows = [0.001, 0.005, 0.01].flatMap((excess) =>
    [0, 0.001, 0.01].flatMap((noise) =>
      [1, 20].map((place) => {
        const power = powerOf(seed, { runs, excess, noise, alpha: 0.01, place, limitPairs });
        return {
          excess: percent(excess),
          "noise of a lane": percent(noise),
          "place to appear": place,
          "pairs, 10 %": power.p10,
          "pairs, median": power.p50,
          "pairs, 90 %": power.p90,
          confirmed: withLimits(power.found, runs),
        };
      }),
    ),
  );
  return { title: `Pairs until an excess is confirmed, ${runs} runs up to ${limitPairs} pairs; α = 1 %`, rows };
};

const LOOKS = [250, 400, 600, 900, 1_300, 2_000, 3_000, 4_500, 7_000, 10_000, 15_000, 20_000];

const wholeJudge = ({ seed, runs: all }: Size): Table => {
  const [runs, tolerance] = [Math.ceil(all / 5), 0.01];
  const cases = [
    { divergence: 0, planted: "own place" },
    { divergence: tolerance, planted: "own place" },
    { divergence: tolerance, planted: "noisy places" },
    { divergence: 3 * tolerance, planted: "noisy places" },
  ] as const;
  const rows = cases.map((it) => {
    const ends = judgedRuns(seed, { runs, looks: LOOKS, places: 20, noise: 0.002, tolerance, ...it });
    return {
      "really diverging": it.divergence === 0 ? "nothing" : `${percent(it.divergence)} of pairs, at ${it.planted}`,
      SAFE: withLimits(ends.safe, runs),
      REGRESSION: withLimits(ends.regression, runs),
    };
  });
  const title = `The whole judge, 20 places of 0.2 % noise a lane, tolerance 1 %, ${runs} runs of ${LOOKS.length} looks up to 20000 pairs`;
  return { title, rows };
};

/** Every number is a share of simulated runs in which something was said at any look, or a count of pairs. */
export const TABLES: readonly ((size: Size) => Table)[] = [
  falseRegression,
  wrongSafes,
  neededPairs,
  wrongSafesInNoise,
  detection,
  wholeJudge,
];
