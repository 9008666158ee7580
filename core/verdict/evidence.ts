import { lnBeta, lnBetaTails } from "./special.ts";

// Evidence is the natural logarithm of an e-value: the gain of a bet that is fair under the hypothesis to be refuted, so the
// chance that it ever reaches 1/α is at most α (Ville 1939), however often one looks. Ramdas et al., arXiv 2210.01948.

/**
 * Evidence that the candidate alone differs more often than the secondary alone: `b` and `c` of the discordant pairs, which
 * are fair coins if the two are exchangeable. Sequential McNemar test: mixture of p uniform on [½, 1] against ½.
 */
export const alarmEvidence = (b: number, c: number): number =>
  Math.LN2 + lnBeta(b + 1, c + 1) + lnBetaTails(b + 1, c + 1, 0.5).upper + (b + c) * Math.LN2;

/**
 * Evidence that fewer than `tolerance` (Δ) of the pairs diverge, from `b` diverging pairs of `n`, of which `credit` are offset: pairs in
 * which the secondary alone stood apart at a place where the candidate did so too. With x = 1 for the candidate apart, −1 for the
 * secondary, 0 otherwise, Π (1 + λ(Δ − x)) is a fair or losing bet while E[x] ≥ Δ, for every λ in [0, 1/(1 − Δ)] (Waudby-Smith &
 * Ramdas, arXiv 2010.09686, section 4). The money is laid on many λ beforehand: most on large ones, which win soonest where hardly
 * anything differs, the rest on small ones, which win where noise is frequent.
 */
export const safeEvidence = (b: number, n: number, tolerance: number, credit = 0): number => {
  const ups = Math.min(b, n);
  const downs = Math.min(credit, n - ups);
  const large = downs > 0 ? largeBets(ups, downs, n, tolerance) : likelihoodRatio(ups, n, tolerance);
  return lnSum([
    Math.log(1 - SMALL_BETS_SHARE) + large,
    Math.log(SMALL_BETS_SHARE) + smallBets(ups, downs, n, tolerance),
  ]);
};

/** ln Σ e^v. */
const lnSum = (logarithms: readonly number[]): number => {
  const top = Math.max(...logarithms);
  return top + Math.log(logarithms.reduce((sum, value) => sum + Math.exp(value - top), 0));
};

const SMALL_BETS_SHARE = 0.25;
/** Every order of magnitude has as many. */
const SMALL_BETS = Array.from({ length: 64 }, (_, i) => 0.003 ** (1 - i / 63));

const smallBets = (ups: number, downs: number, n: number, tolerance: number): number => {
  const zeros = n - ups - downs;
  const gains = SMALL_BETS.map(
    (bet) =>
      zeros * Math.log1p(bet * tolerance) +
      ups * Math.log1p(-bet * (1 - tolerance)) +
      downs * Math.log1p(bet * (1 + tolerance)),
  );
  return lnSum(gains) - Math.log(SMALL_BETS.length);
};

/** The large bets are λ = (1 − p/Δ)/(1 − Δ), with p weighed by Beta(1, m) cut to [0, Δ]. */
const weightOf = (tolerance: number): number => 6 / tolerance;

/** Where no x is −1 the large bets are the likelihood of rates p below Δ against Δ itself, in closed form. */
const likelihoodRatio = (b: number, n: number, tolerance: number): number => {
  const m = weightOf(tolerance);
  const seen = lnBeta(1 + b, m + n - b) - lnBeta(1, m);
  const cut = lnBetaTails(1 + b, m + n - b, tolerance).lower - lnBetaTails(1, m, tolerance).lower;
  return seen + cut - b * Math.log(tolerance) - (n - b) * Math.log1p(-tolerance);
};

const INTERVALS = 400;
/** e^−35: what lies further below the peak does not count. */
const DEPTH = 35;

/** Their integral over u = p/Δ. Its logarithm is concave, so one peak is found and the part around it summed by Simpson's rule. */
const largeBets = (ups: number, downs: number, n: number, tolerance: number): number => {
  const zeros = n - ups - downs;
  const m = weightOf(tolerance);
  const down = (1 + tolerance) / (1 - tolerance);
  const height = (u: number): number =>
    (ups === 0 ? 0 : ups * Math.log(u)) +
    (zeros + m - 1) * Math.log1p(-tolerance * u) -
    zeros * Math.log1p(-tolerance) +
    downs * Math.log1p((1 - u) * down);
  const slope = (u: number): number =>
    ups / u - ((zeros + m - 1) * tolerance) / (1 - tolerance * u) - (downs * down) / (1 + (1 - u) * down);
  const peak = crossing((u) => slope(u) > 0, 0, 1);
  const top = height(peak);
  const isLow = (u: number): boolean => !(height(u) > top - DEPTH);
  const from = isLow(0) ? crossing(isLow, 0, peak) : 0;
  const to = isLow(1) ? crossing((u) => !isLow(u), peak, 1) : 1;
  const step = (to - from) / INTERVALS;
  let sum = 0;
  for (let i = 0; i <= INTERVALS; i += 1) {
    const weight = i === 0 || i === INTERVALS ? 1 : i % 2 === 1 ? 4 : 2;
    sum += weight * Math.exp(height(from + i * step) - top);
  }
  const lnPriorScale = Math.log(m * tolerance) - lnBetaTails(1, m, tolerance).lower;
  return top + Math.log((sum * step) / 3) + lnPriorScale;
};

/** Where `holds` turns from true to false between `from` and `to`. */
const crossing = (holds: (value: number) => boolean, from: number, to: number): number => {
  let [low, high] = [from, to];
  for (let i = 0; i < 60; i += 1) {
    const middle = (low + high) / 2;
    if (holds(middle)) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
};

/** The share of α that the i-th place to appear gets, i from 1: they sum to α however many there will be (Σ 1/i² = π²/6). */
export const alphaShare = (alpha: number, i: number): number => (alpha * 6) / (Math.PI * i) ** 2;

/** One-sided upper bound of a rate at `confidence`, from `b` of `n` (Clopper & Pearson 1934): I_p(b+1, n−b) = confidence. */
export const clopperPearsonUpper = (b: number, n: number, confidence: number): number => {
  if (b >= n) return 1;
  const goal = Math.log(confidence);
  return crossing((p) => lnBetaTails(b + 1, n - b, p).lower < goal, b / n, 1);
};

/** No forecast goes further. */
export const MAX_PAIRS = 1e9;

/** The smallest whole number from `from` on at which `holds`, once true, stays true; null if that is beyond `limit`. */
export const smallest = (holds: (n: number) => boolean, from: number, limit: number): number | null => {
  if (holds(from)) return from;
  let low = from;
  let step = 64;
  while (!holds(low + step)) {
    low += step;
    if (low > limit) return null;
    step *= 2;
  }
  let high = low + step;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (holds(middle)) high = middle;
    else low = middle;
  }
  return high > limit ? null : high;
};

/** The smallest n at which `b` diverging pairs are evidence enough for SAFE; null beyond `MAX_PAIRS`. */
export const pairsNeeded = (b: number, tolerance: number, alpha: number): number | null =>
  smallest((n) => safeEvidence(b, n, tolerance) >= Math.log(1 / alpha), b, MAX_PAIRS);
