/** Latencies in ms of one round: on the first request of a connection, connecting included, and on the later ones. */
export interface Round {
  readonly first: readonly number[];
  readonly later: readonly number[];
  readonly failed: number;
}

/** One figure of a set of rounds. */
export type Figure = (rounds: readonly Round[]) => number;

const quantile = (values: readonly number[], share: number): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
};
const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[Math.ceil(middle) - 1]! + sorted[Math.floor(middle)]!) / 2;
};

/** The median over rounds of the quantile in each: what another process does to one round it does not do to the figure. */
const quantileOf =
  (share: number, pick: (round: Round) => readonly number[]): Figure =>
  (rounds) =>
    median(rounds.map((round) => quantile(pick(round), share)));

export const FIGURES = {
  "first p50": quantileOf(0.5, ({ first }) => first),
  "first p99": quantileOf(0.99, ({ first }) => first),
  "later p50": quantileOf(0.5, ({ later }) => later),
  "later p99": quantileOf(0.99, ({ later }) => later),
} as const satisfies Record<string, Figure>;

/** Every choice of `count` of the items. */
const choices = <T>(items: readonly T[], count: number): readonly (readonly T[])[] => {
  if (count === 0) return [[]];
  return items.flatMap((item, index) => choices(items.slice(index + 1), count - 1).map((rest) => [item, ...rest]));
};

/** How far apart the same tee without a mirror is from itself: the most by which two halves of its rounds differ. */
export const noiseFloor = (figure: Figure, off: readonly Round[]): number =>
  Math.max(
    ...choices(off, Math.floor(off.length / 2)).map((half) =>
      Math.abs(figure(half) - figure(off.filter((round) => !half.includes(round)))),
    ),
  );
