/**
 * A DDSketch (Masson, Rim, Lee, VLDB 2019): bin i counts values in (γ^(i−1), γ^i], γ = (1+a)/(1−a), so that every quantile
 * has relative error ≤ a, and bins merge by addition. Keys are bin numbers; `zero` counts values ≤ 0.
 */
export interface Sketch {
  readonly zero: number;
  readonly bins: Readonly<Record<string, number>>;
}

/** a: the largest relative error of a quantile. */
export const RELATIVE_ERROR = 0.01;
const GAMMA = (1 + RELATIVE_ERROR) / (1 - RELATIVE_ERROR);
const LOG_GAMMA = Math.log(GAMMA);

const binOf = (value: number): number => Math.ceil(Math.log(value) / LOG_GAMMA);

/** The bin holds values above `from` and up to `to`. */
export const edgesOf = (bin: number): { readonly from: number; readonly to: number } => ({
  from: GAMMA ** (bin - 1),
  to: GAMMA ** bin,
});

/** The value that is at most `RELATIVE_ERROR` away from every value of the bin. */
const middleOf = (bin: number): number => (2 * GAMMA ** bin) / (1 + GAMMA);

export const emptySketch = (): Sketch => ({ zero: 0, bins: {} });

/** Counts many values; ask for the sketch once. */
export class SketchBuilder {
  #zero = 0;
  readonly #bins = new Map<number, number>();
  /** Values that are no finite number are counted as zero, so that the count stays right. */
  add(value: number): void {
    if (!(value > 0 && value < Infinity)) {
      this.#zero++;
      return;
    }
    const bin = binOf(value);
    this.#bins.set(bin, (this.#bins.get(bin) ?? 0) + 1);
  }
  build(): Sketch {
    return { zero: this.#zero, bins: Object.fromEntries(this.#bins) };
  }
}

export const mergeSketches = (a: Sketch, b: Sketch): Sketch => {
  const bins: Record<string, number> = { ...a.bins };
  for (const [bin, count] of Object.entries(b.bins)) bins[bin] = (bins[bin] ?? 0) + count;
  return { zero: a.zero + b.zero, bins };
};

export const sketchCount = ({ zero, bins }: Sketch): number =>
  Object.values(bins).reduce((sum, count) => sum + count, zero);

/** The bins that hold something, in order of their values. */
export const binsOf = ({ bins }: Sketch): { readonly bin: number; readonly count: number }[] =>
  Object.entries(bins)
    .map(([bin, count]) => ({ bin: Number(bin), count }))
    .sort((a, b) => a.bin - b.bin);

/** The bin of the value at a rank, 0 for the smallest; null where that is ≤ 0. @returns undefined where there are not so many */
export const binAt = (sketch: Sketch, rank: number): number | null | undefined => {
  let seen = sketch.zero;
  if (rank < seen) return null;
  for (const { bin, count } of binsOf(sketch)) {
    seen += count;
    if (rank < seen) return bin;
  }
  return undefined;
};

/**
 * The value at rank ⌊q·(n−1)⌋ of the sorted values (the lower quantile of the paper), within `RELATIVE_ERROR`; undefined for
 * an empty sketch.
 * @param q 0 to 1
 */
export const quantile = (sketch: Sketch, q: number): number | undefined => {
  const count = sketchCount(sketch);
  if (count === 0) return undefined;
  const bin = binAt(sketch, Math.floor(q * (count - 1)));
  return bin == null ? 0 : middleOf(bin);
};
