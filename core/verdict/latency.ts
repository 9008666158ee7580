import type { LatencyFacts } from "../noise/facts.ts";
import { binAt, edgesOf, quantile, type Sketch, sketchCount } from "../noise/sketch.ts";
import { smallest } from "./evidence.ts";
import { lnBetaTails } from "./special.ts";
import type { LatencySummary, Quantiles } from "./verdict.ts";

const SHARES = { p50: 0.5, p95: 0.95, p99: 0.99 } as const;

/** Of the interval of a ratio. */
export const RATIO_CONFIDENCE = 0.95;

type Lanes = Pick<LatencyFacts, "primary" | "candidate" | "secondary">;

/** @param hasControl whether the secondary is a control overlay: only then is it a measure of the candidate's speed */
export const latencyOf = (lanes: Lanes, hasControl: boolean): LatencySummary => {
  const { primary, candidate, secondary } = lanes;
  const [a, b] = [quantilesOf(candidate), quantilesOf(secondary)];
  return {
    primary: quantilesOf(primary),
    candidate: a,
    secondary: b,
    ratio: hasControl && a && b ? ratioOf(a, b) : null,
  };
};

const quantilesOf = (sketch: Sketch): Quantiles | null => {
  const [p50, p95, p99] = Object.values(SHARES).map((q) => quantile(sketch, q));
  return p50 == null || p95 == null || p99 == null ? null : { p50, p95, p99 };
};

const ratioOf = (a: Quantiles, b: Quantiles): Quantiles | null =>
  Math.min(b.p50, b.p95, b.p99) > 0 ? { p50: a.p50 / b.p50, p95: a.p95 / b.p95, p99: a.p99 / b.p99 } : null;

/** `high` is null where so few values bound it by nothing. */
export interface Interval {
  readonly low: number;
  readonly high: number | null;
}
export type Intervals = Readonly<Record<keyof Quantiles, Interval>>;

/**
 * Where the ratios of the candidate's quantiles to the secondary's lie, with `RATIO_CONFIDENCE` each. Of each lane the quantile lies
 * between two order statistics whose ranks the binomial distribution gives, whatever the values are distributed like (David & Nagaraja,
 * Order Statistics, 3rd ed., 7.1); both hold together with the sum of their errors (Bonferroni), although the lanes are no strangers to
 * each other. The bins' edges take the sketch's error in. As if requests were independent: a machine busy for a while makes many slow together.
 */
export const ratioIntervals = ({ candidate, secondary }: Lanes): Intervals => {
  const tail = (1 - RATIO_CONFIDENCE) / 4;
  const of = (q: number): Interval => {
    const [a, b] = [boundsOf(candidate, q, tail), boundsOf(secondary, q, tail)];
    return {
      low: b.high === null ? 0 : a.low / b.high,
      high: a.high === null || b.low === 0 ? null : a.high / b.low,
    };
  };
  return { p50: of(SHARES.p50), p95: of(SHARES.p95), p99: of(SHARES.p99) };
};

/** Between which values the quantile lies; each side is wrong with at most the chance `tail`. */
const boundsOf = (sketch: Sketch, q: number, tail: number): Interval => {
  const n = sketchCount(sketch);
  const low = n + 1 - upperRank(n, 1 - q, tail);
  const high = upperRank(n, q, tail);
  const [below, above] = [low < 1 ? null : binAt(sketch, low - 1), high > n ? undefined : binAt(sketch, high - 1)];
  return {
    low: below == null ? 0 : edgesOf(below).from,
    high: above === undefined ? null : above === null ? 0 : edgesOf(above).to,
  };
};

/** The smallest rank u, from 1, with P(B ≥ u) ≤ tail for B of the binomial distribution (n, q): n + 1 where there is none. DLMF 8.17.5. */
export const upperRank = (n: number, q: number, tail: number): number => {
  const isAbove = (u: number): boolean => u > n || lnBetaTails(u, n - u + 1, q).lower <= Math.log(tail);
  return smallest(isAbove, Math.max(1, Math.floor(n * q)), n + 1) ?? n + 1;
};
