import type { EndpointFacts, Facts } from "./facts.ts";

/** Facts that are all those of one minute: each endpoint's minute is counted as slower, as faster, or, at a tie, as neither. */
export const asMinute = (facts: Facts): Facts => ({
  ...facts,
  endpoints: Object.fromEntries(Object.entries(facts.endpoints).map(([name, its]) => [name, ofMinute(its)])),
});

const ofMinute = (its: EndpointFacts): EndpointFacts => {
  const { slower, faster } = its.latency;
  const latency = { ...its.latency, minutesSlower: slower > faster ? 1 : 0, minutesFaster: faster > slower ? 1 : 0 };
  return { ...its, latency };
};
