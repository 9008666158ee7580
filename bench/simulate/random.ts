/** A number in [0, 1). */
export type Random = () => number;

/** sfc32 (Doty-Humphrey, PractRand): small, and good enough for counting. */
export const randomFrom = (seed: number): Random => {
  let [a, b, c, counter] = [seed | 0, 0x9e3779b9 | 0, 0x243f6a88 | 0, 1];
  const next = () => {
    const t = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return (t >>> 0) / 4_294_967_296;
  };
  for (let i = 0; i < 20; i += 1) next();
  return next;
};

/** Pairs until an event of this rate: geometric, from 1. */
export const gap = (random: Random, rate: number): number => 1 + Math.floor(Math.log1p(-random()) / Math.log1p(-rate));
