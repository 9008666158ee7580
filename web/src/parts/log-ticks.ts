/** Of each decade, from many to few. */
const STEPS: readonly (readonly number[])[] = [[1, 2, 5], [1]];

/**
 * Where a logarithmic axis from `min` to `max`, both above 0, has its ticks: round figures, no more than `most`; both ends where no round one lies between.
 */
export const logTicks = (min: number, max: number, most: number): number[] => {
  const [low, high] = [Math.floor(Math.log10(min)), Math.floor(Math.log10(max))];
  const decades = Array.from({ length: high - low + 1 }, (_, index) => low + index);
  const ticksOf = (steps: readonly number[], every: number): number[] =>
    decades
      .filter((exponent) => exponent % every === 0)
      .flatMap((exponent) => steps.map((step) => Number(`${step}e${exponent}`)))
      .filter((tick) => tick >= min && tick <= max);
  const found = STEPS.map((steps) => ticksOf(steps, 1)).find((ticks) => ticks.length <= most);
  const ticks = found ?? ticksOf([1], Math.ceil(decades.length / Math.max(1, most)));
  return ticks.length > 0 ? ticks : [min, max];
};
