import { pairsNeeded, safeEvidence } from "../../core/verdict/evidence.ts";
import { gap, randomFrom } from "./random.ts";

/** Pairs without another divergence after which `b` of them are called rarer than the tolerance; never falls with b. */
export type Needed = (b: number) => number;

/** Share of runs called safe at any look while exactly `tolerance` of the pairs diverge. `horizonPairs`: none goes further. */
export const wrongSafe = (
  seed: number,
  setup: { runs: number; tolerance: number; horizonPairs: number; needed: Needed },
): number => {
  const random = randomFrom(seed);
  const known: number[] = [];
  const neededAt = (b: number): number => (known[b] ??= setup.needed(b));
  let wrong = 0;
  for (let run = 0; run < setup.runs; run += 1) {
    let b = 0;
    // Between two divergences evidence only grows, so the last pair before each of them is the look that decides.
    for (let at = gap(random, setup.tolerance); ; at += gap(random, setup.tolerance)) {
      const last = Math.min(at - 1, setup.horizonPairs);
      if (last >= neededAt(b)) wrong += 1;
      if (last >= neededAt(b) || at > setup.horizonPairs) break;
      b += 1;
    }
  }
  return wrong / setup.runs;
};

export interface NoisyWrongSafe {
  readonly shadowgraph: number;
  /** The same test on max(0, b − c), as if the difference of two noisy counts were a count. */
  readonly plainDifference: number;
  /** Share of runs without any real divergence that are called safe by the last look. */
  readonly power: number;
}

/** Candidate and secondary both deviate at one place in `noise` of the pairs, the candidate in `tolerance` of them besides. */
export const noisyWrongSafe = (
  seed: number,
  setup: { runs: number; tolerance: number; noise: number; alpha: number; pairs: number; looks: number },
): NoisyWrongSafe => {
  const random = randomFrom(seed);
  const threshold = Math.log(1 / setup.alpha);
  const first = (pairsNeeded(0, setup.tolerance, setup.alpha) ?? 1) / setup.pairs;
  const looks = Array.from({ length: setup.looks }, (_, i) =>
    Math.ceil(setup.pairs * first ** (1 - (i + 1) / setup.looks)),
  );
  const run = (excess: number): { test: boolean; plain: boolean } => {
    const [up, any] = [setup.noise + excess, 2 * setup.noise + excess];
    let [b, c, test, plain] = [0, 0, false, false];
    let at = gap(random, any);
    for (const n of looks) {
      for (; at <= n; at += gap(random, any)) random() * any < up ? (b += 1) : (c += 1);
      test ||= safeEvidence(b, n, setup.tolerance, Math.min(b, c)) >= threshold;
      plain ||= safeEvidence(Math.max(0, b - c), n, setup.tolerance) >= threshold;
    }
    return { test, plain };
  };
  const wrong = Array.from({ length: setup.runs }, () => run(setup.tolerance));
  const right = Array.from({ length: setup.runs }, () => run(0));
  const share = (them: readonly { test: boolean; plain: boolean }[], which: "test" | "plain") =>
    them.filter((it) => it[which]).length / them.length;
  return { shadowgraph: share(wrong, "test"), plainDifference: share(wrong, "plain"), power: share(right, "test") };
};
