import { percent } from "../../core/report/text.ts";
import { clopperPearsonUpper } from "../../core/verdict/evidence.ts";

/** A simulated share with its two-sided 95 % limits (Clopper & Pearson): `0.5 % (0.14 to 1.3 %)`. */
export const withLimits = (share: number, runs: number): string => {
  const hits = Math.round(share * runs);
  const low = 1 - clopperPearsonUpper(runs - hits, runs, 0.975);
  return `${percent(share)} (${percent(low).slice(0, -2)} to ${percent(clopperPearsonUpper(hits, runs, 0.975))})`;
};
