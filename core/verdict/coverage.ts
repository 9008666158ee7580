import type { Facts } from "../noise/facts.ts";
import type { VerdictSettings } from "./settings.ts";

/** Requests to paths that the baseline does not know, such as those of scanners: shown, but not waited for. */
const UNROUTED = "{unrouted}";

export interface Uncovered {
  readonly endpoint: string;
  readonly pairs: number;
}

/** Endpoints, seen or declared, that have too few pairs to be called safe and are not accepted so; fewest first. */
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
