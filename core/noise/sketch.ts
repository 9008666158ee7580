/**
 * A DDSketch (Masson, Rim, Lee, VLDB 2019): bin i counts values in (γ^(i−1), γ^i], γ = (1+a)/(1−a), so that every quantile
 * has relative error ≤ a, and bins merge by addition. Keys are bin numbers; `zero` counts values ≤ 0.
 */
export interface Sketch {
  readonly zero: number;
  readonly bins: Readonly<Record<string, number>>;
}
