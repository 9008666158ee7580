import { UNROUTED } from "../endpoints/routes.ts";
import type { Facts } from "../noise/facts.ts";
import type { VerdictSettings } from "./settings.ts";

export interface Uncovered {
  readonly endpoint: string;
  readonly pairs: number;
}

/**
 * Endpoints, seen or declared, that have too few pairs to be called safe and are not accepted so; fewest first. Those that the baseline does
 * not know are not waited for.
 */
export const uncoveredOf = (
  { endpoints }: Facts,
  { minPairsPerEndpoint, acceptedEndpoints }: VerdictSettings,
  declared: readonly string[] = [],
): readonly Uncovered[] => {
  const accepted = new Set(acceptedEndpoints);
  return [...new Set([...Object.keys(endpoints), ...declared])]
    .filter((endpoint) => !endpoint.includes(UNROUTED) && !accepted.has(endpoint))
    .map((endpoint) => ({ endpoint, pairs: endpoints[endpoint]?.pairs ?? 0 }))
    .filter(({ pairs }) => pairs < minPairsPerEndpoint)
    .sort((a, b) => a.pairs - b.pairs || (a.endpoint < b.endpoint ? -1 : 1));
};
