import { alarmEvidence, alphaShare } from "../../core/verdict/evidence.ts";
import { gap, randomFrom } from "./random.ts";

export interface Power {
  /** Pairs until the finding is confirmed, in a tenth, half and nine tenths of the runs; infinite beyond the limit. */
  readonly p10: number;
  readonly p50: number;
  readonly p90: number;
  /** Share of runs in which it is confirmed within the limit. */
  readonly found: number;
}

/** Candidate and secondary deviate in `noise` of the pairs each, the candidate in `excess` of them besides; a look after every pair. */
export const powerOf = (
  seed: number,
  setup: { runs: number; excess: number; noise: number; alpha: number; place: number; limitPairs: number },
): Power => {
  const random = randomFrom(seed);
  const threshold = Math.log(1 / alphaShare(setup.alpha, setup.place));
  const [up, any] = [setup.noise + setup.excess, 2 * setup.noise + setup.excess];
  const run = (): number => {
    let [b, c] = [0, 0];
    for (let at = gap(random, any); at <= setup.limitPairs; at += gap(random, any)) {
      if (random() * any < up) b += 1;
      else c += 1;
      if (b > c && alarmEvidence(b, c) >= threshold) return at;
    }
    return Number.POSITIVE_INFINITY;
  };
  const pairs = Array.from({ length: setup.runs }, run).sort((x, y) => (x < y ? -1 : Number(x > y)));
  const quantile = (q: number): number => pairs[Math.floor(q * (pairs.length - 1))]!;
  const found = pairs.filter((at) => at < Number.POSITIVE_INFINITY).length / pairs.length;
  return { p10: quantile(0.1), p50: quantile(0.5), p90: quantile(0.9), found };
};
