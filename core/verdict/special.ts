// Special functions of the verdict, in natural logarithms: the counts reach 1e8, where the plain values underflow.
// Formulas: DLMF (dlmf.nist.gov) by number; DiDonato & Morris, ACM TOMS 18 (1992) 360, for the arrangement that keeps digits.

const HALF_LN_2PI = 0.918_938_533_204_672_8;
/** Below it the Stirling series is not yet exact to double precision. */
const STIRLING_FROM = 10;
/** Coefficients of lnΓ(z) − Stirling, in powers of 1/z², DLMF 5.11.1: B_2k / (2k(2k−1)). */
const STIRLING = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360_360, 1 / 156, -3617 / 122_400];

/** lnΓ(z) − ((z − ½)·ln z − z + ½·ln 2π), for z ≥ 10. */
const stirlingRest = (z: number): number => {
  const inverse = 1 / (z * z);
  return STIRLING.reduceRight((sum, coefficient) => sum * inverse + coefficient, 0) / z;
};

/** ln Γ(z) for z > 0: Stirling's series (DLMF 5.11.1), reached from small z by Γ(z+1) = z·Γ(z). */
export const lnGamma = (z: number): number => {
  if (z >= STIRLING_FROM) return (z - 0.5) * Math.log(z) - z + HALF_LN_2PI + stirlingRest(z);
  let product = 1;
  let at = z;
  for (; at < STIRLING_FROM; at += 1) product *= at;
  return lnGamma(at) - Math.log(product);
};

/** ln B(a, b) for a, b > 0. The large terms of Stirling's series are cancelled on paper, not in floating point. */
export const lnBeta = (first: number, second: number): number => {
  const [a, b] = first < second ? [first, second] : [second, first];
  if (b < STIRLING_FROM) return lnGamma(a) + lnGamma(b) - lnGamma(a + b);
  const rest = stirlingRest(b) - stirlingRest(a + b);
  if (a < STIRLING_FROM) return lnGamma(a) + rest + a - a * Math.log(a + b) - (b - 0.5) * Math.log1p(a / b);
  return (
    HALF_LN_2PI + rest + stirlingRest(a) - 0.5 * Math.log(b) - (a - 0.5) * Math.log1p(b / a) - b * Math.log1p(a / b)
  );
};

/** ln(1 − e^v) for v ≤ 0 without losing digits at either end (Mächler 2012). */
const ln1mExp = (v: number): number => (v > -Math.LN2 ? Math.log(-Math.expm1(v)) : Math.log1p(-Math.exp(v)));

const TINY = 1e-300;
/** Needed are about √max(a, b) steps. */
const MAX_STEPS = 1_000_000;

/** Continued fraction of I_x(a,b), DLMF 8.17.22, by the modified Lentz method (Thompson & Barnett 1986); x ≤ (a+1)/(a+b+2). */
const betaFraction = (a: number, b: number, x: number): number => {
  const away = (value: number): number => (Math.abs(value) < TINY ? TINY : value);
  let c = 1;
  let d = 1 / away(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m <= MAX_STEPS; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / away(1 + even * d);
    c = away(1 + even / c);
    fraction *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / away(1 + odd * d);
    c = away(1 + odd / c);
    fraction *= d * c;
    if (Math.abs(d * c - 1) < 1e-15) break;
  }
  return fraction;
};

/** Both tails of the regularised incomplete beta function: ln I_x(a,b) and ln(1 − I_x(a,b)). */
export interface BetaTails {
  readonly lower: number;
  readonly upper: number;
}

/**
 * ln I_x(a,b) and ln(1 − I_x(a,b)) for a, b > 0 and 0 ≤ x ≤ 1. The tail that is the smaller one is computed, the other is its
 * complement (DLMF 8.17.4: I_x(a,b) = 1 − I_{1−x}(b,a)). Absolute error below 1e-8 for a up to 1e6 and b up to 1e8.
 */
export const lnBetaTails = (a: number, b: number, x: number): BetaTails => {
  if (x <= 0) return { lower: Number.NEGATIVE_INFINITY, upper: 0 };
  if (x >= 1) return { lower: 0, upper: Number.NEGATIVE_INFINITY };
  const front = a * Math.log(x) + b * Math.log1p(-x) - lnBeta(a, b);
  if (x < (a + 1) / (a + b + 2)) {
    const lower = Math.min(0, front - Math.log(a) + Math.log(betaFraction(a, b, x)));
    return { lower, upper: ln1mExp(lower) };
  }
  const upper = Math.min(0, front - Math.log(b) + Math.log(betaFraction(b, a, 1 - x)));
  return { lower: ln1mExp(upper), upper };
};
