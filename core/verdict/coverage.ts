import { UNROUTED } from "../endpoints/routes.ts";
import type { Facts } from "../noise/facts.ts";
import type { VerdictSettings } from "./settings.ts";

export interface Uncovered {
  readonly endpoint: string;
  readonly pairs: number;
}

/**
 * Endpoints, seen or declared, that have too few pairs to be called safe and are not accepted so; fewest first. Not waited
 * for are those that the baseline does not know: `{unrouted}`, and those that nobody declared at which it never found anything.
 */
export const uncoveredOf = (
  { endpoints }: Facts,
  { minPairsPerEndpoint, acceptedEndpoints }: VerdictSettings,
  declared: readonly string[] = [],
): readonly Uncovered[] => {
  const accepted = new Set(acceptedEndpoints);
  const isKnown = (endpoint: string): boolean => {
    const its = endpoints[endpoint];
    return its === undefined || its.notFound < its.pairs || declared.includes(endpoint);
  };
  return [...new Set([...Object.keys(endpoints), ...declared])]
    .filter((endpoint) => !endpoint.includes(UNROUTED) && !accepted.has(endpoint) && isKnown(endpoint))
    .map((endpoint) => ({ endpoint, pairs: endpoints[endpoint]?.pairs ?? 0 }))
    .filter(({ pairs }) => pairs < minPairsPerEndpoint)
    .sort((a, b) => a.pairs - b.pairs || (a.endpoint < b.endpoint ? -1 : 1));
};
