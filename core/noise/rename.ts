import type { Naming } from "../endpoints/naming.ts";
import { UNROUTED } from "../endpoints/routes.ts";
import { addCapped } from "./caps.ts";
import type { EndpointFacts, Facts } from "./facts.ts";
import { emptyFacts, foldFacts } from "./merge.ts";

/** Do the facts hold no endpoint that the naming would name otherwise? */
export const isNamed = ({ endpoints }: Facts, naming: Naming): boolean =>
  Object.keys(endpoints).every((endpoint) => naming(endpoint) === endpoint);

/**
 * The facts with endpoints of equal names merged: the same before and after merging them with others, up to the caps. What is counted
 * by minute (`minutesSlower`) is only right where it is counted after: by `asMinute`, once all of a minute is named.
 */
export const rename = (facts: Facts, naming: Naming): Facts => {
  if (isNamed(facts, naming)) return facts;
  const each = Object.entries(facts.endpoints).map(
    ([endpoint, its]): Facts => ({ ...emptyFacts(), endpoints: { [naming(endpoint)]: its } }),
  );
  const { endpoints, capped } = foldFacts(each);
  return { ...facts, endpoints, capped: addCapped(facts.capped, capped) };
};

/** Endpoints at which the primary found something at least once: only these are learned, or scanners would teach. */
export const foundIn = ({ endpoints }: Facts): readonly string[] =>
  Object.keys(endpoints).filter((endpoint) => isFound(endpoints[endpoint] as EndpointFacts));

const isFound = ({ notFound, pairs }: EndpointFacts): boolean => notFound < pairs;

/** So many, and they are a scanner's; fewer keep their names. */
export const MIN_UNROUTED = 20;

/** The facts with all endpoints at which the primary never found anything as one, where these are many. */
export const withUnrouted = (facts: Facts): Facts => {
  const found = new Set(foundIn(facts));
  const lost = Object.keys(facts.endpoints).length - found.size;
  if (lost < MIN_UNROUTED) return facts;
  const { endpoints, ...rest } = rename(facts, (endpoint) => (found.has(endpoint) ? endpoint : UNROUTED));
  const its = endpoints[UNROUTED] as EndpointFacts;
  // Minutes of one endpoint are witnesses; those of many would count the same minute many times.
  const latency = { ...its.latency, minutesSlower: 0, minutesFaster: 0, warmUp: null };
  return { ...rest, endpoints: { ...endpoints, [UNROUTED]: { ...its, latency } } };
};
