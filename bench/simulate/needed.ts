import { clopperPearsonUpper, pairsNeeded, smallest } from "../../core/verdict/evidence.ts";
import type { Needed } from "./wrong-safe.ts";

const LIMIT = 1e9;

/** Upper bound of a rate by Wilson's score (1927), one-sided. `z`: 1.645 for 95 %. */
const wilsonUpper = (b: number, n: number, z: number): number => {
  const [rate, zz] = [b / n, z * z];
  const middle = rate + zz / (2 * n);
  const half = z * Math.sqrt((rate * (1 - rate)) / n + zz / (4 * n * n));
  return (middle + half) / (1 + zz / n);
};

const Z95 = 1.644_853_626_951_472_2;

/** When each method, at 95 %, says "fewer than the tolerance". The last two are made for one look, chosen beforehand. */
export const methodsAt = (tolerance: number): Readonly<Record<"shadowgraph" | "clopperPearson" | "wilson", Needed>> => {
  const first = (isBelow: (b: number, n: number) => boolean): Needed => {
    return (b) => smallest((n) => isBelow(b, n), b + 1, LIMIT) ?? Number.POSITIVE_INFINITY;
  };
  return {
    shadowgraph: (b) => pairsNeeded(b, tolerance, 0.05) ?? Number.POSITIVE_INFINITY,
    clopperPearson: first((b, n) => clopperPearsonUpper(b, n, 0.95) <= tolerance),
    wilson: first((b, n) => wilsonUpper(b, n, Z95) <= tolerance),
  };
};
