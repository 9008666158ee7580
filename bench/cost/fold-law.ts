/**
 * What judge does in a minute does not grow with its facts alone: each of `wakes` wakes reads all facts that are there by then. Where a wake
 * costs `fixed + perFact × facts`, and facts come evenly, a minute of `facts` costs
 *
 *     wakes × fixed + perFact × facts × (wakes + 1) ÷ 2
 */
export interface FoldLaw {
  readonly fixed: number;
  readonly perFact: number;
}

export interface Point {
  readonly facts: number;
  readonly cost: number;
}

/** By least squares, so that the sum over the points measured is exactly theirs; costs never fall with facts. */
export const fitLaw = (points: readonly Point[]): FoldLaw => {
  const mean = (of: (point: Point) => number): number =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [facts, cost] = [mean((point) => point.facts), mean((point) => point.cost)];
  const variance = mean((point) => (point.facts - facts) ** 2);
  const covariance = mean((point) => (point.facts - facts) * (point.cost - cost));
  const perFact = variance === 0 ? 0 : Math.max(0, covariance / variance);
  return { fixed: cost - perFact * facts, perFact };
};

export const ofWake = ({ fixed, perFact }: FoldLaw, facts: number): number => Math.max(0, fixed + perFact * facts);

export const ofMinute = ({ fixed, perFact }: FoldLaw, facts: number, wakes: number): number =>
  Math.max(0, wakes * fixed + (perFact * facts * (wakes + 1)) / 2);
