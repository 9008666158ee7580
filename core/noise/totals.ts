import type { EndpointFacts, Facts, Odd } from "./facts.ts";

export const sum = (numbers: Iterable<number>): number => {
  let total = 0;
  for (const number of numbers) total += number;
  return total;
};

type Counted = "pairs" | "triples" | "undecided" | "candidateFailed" | "secondaryFailed";

/** Of all endpoints together. */
export const totalOf = ({ endpoints }: Facts, counted: Counted): number =>
  sum(Object.values(endpoints).map((its) => its[counted]));

/** Pairs with a place at which this lane stands alone (`all`: every lane). */
export const pairsWith = ({ signatures }: EndpointFacts, lane: Odd): number =>
  sum(Object.values(signatures).map(({ marks, n }) => (marks.some(({ odd }) => odd === lane) ? n : 0)));
