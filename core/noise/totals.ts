import type { Facts } from "./facts.ts";

export const sum = (numbers: Iterable<number>): number => {
  let total = 0;
  for (const number of numbers) total += number;
  return total;
};

type Counted = "pairs" | "triples" | "undecided" | "candidateFailed" | "secondaryFailed";

/** Of all endpoints together. */
export const totalOf = ({ endpoints }: Facts, counted: Counted): number =>
  sum(Object.values(endpoints).map((its) => its[counted]));
