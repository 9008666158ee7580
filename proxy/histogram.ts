/** Upper bounds in milliseconds, 1-2.5-5 a decade: from what the tee adds to the longest time-out that is usual. */
export const BOUNDS_MS: readonly number[] = [
  0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000,
];

/** Times counted in fixed buckets: adding one allocates nothing and takes five comparisons. */
export class Histogram {
  /** One bucket a bound, and a last one for what is above all. */
  readonly counts = new Float64Array(BOUNDS_MS.length + 1);
  count = 0;
  sumMs = 0;

  add(ms: number): void {
    let low = 0;
    let high = BOUNDS_MS.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (ms <= BOUNDS_MS[middle]!) high = middle;
      else low = middle + 1;
    }
    this.counts[low]!++;
    this.count++;
    this.sumMs += ms;
  }
}

/**
 * The quantile (0 to 1) in ms of counts by bucket, between the bounds of its bucket by proportion, as Prometheus does it;
 * 0 where nothing was counted, the highest bound where it lies above all bounds.
 */
export const quantile = (counts: ArrayLike<number>, share: number): number => {
  let total = 0;
  for (let bucket = 0; bucket < counts.length; bucket++) total += counts[bucket]!;
  let left = share * total;
  for (let bucket = 0; bucket < BOUNDS_MS.length; bucket++) {
    const inside = counts[bucket]!;
    const from = bucket === 0 ? 0 : BOUNDS_MS[bucket - 1]!;
    if (inside > 0 && left <= inside) return from + (BOUNDS_MS[bucket]! - from) * (left / inside);
    left -= inside;
  }
  return total === 0 ? 0 : BOUNDS_MS.at(-1)!;
};
