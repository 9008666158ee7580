import type { EndpointFacts, Facts } from "./facts.ts";
import { totalOf } from "./totals.ts";

/**
 * Facts that are all those of one minute: each endpoint's minute is counted as slower, as faster, or, at a tie, as neither. A minute
 * in which a lane was down says nothing of its speed.
 */
export const asMinute = (facts: Facts): Facts => {
  const wasUp = !isDown(facts, "candidateFailed") && !isDown(facts, "secondaryFailed");
  const endpoints = Object.entries(facts.endpoints).map(([name, its]) => [name, ofMinute(its, facts.firstAt, wasUp)]);
  return { ...facts, endpoints: Object.fromEntries(endpoints) };
};

/** It failed in half of the minute's pairs or more. */
const isDown = (facts: Facts, failed: "candidateFailed" | "secondaryFailed"): boolean => {
  const failures = totalOf(facts, failed);
  return failures > 0 && 2 * failures >= totalOf(facts, "pairs");
};

const ofMinute = (its: EndpointFacts, at: number, wasUp: boolean): EndpointFacts => {
  const { slower, faster } = its.latency;
  if (slower + faster === 0) return its;
  const minute = { slower: Number(wasUp && slower > faster), faster: Number(wasUp && faster > slower) };
  const latency = {
    ...its.latency,
    minutesSlower: minute.slower,
    minutesFaster: minute.faster,
    warmUp: { at, ...minute },
  };
  return { ...its, latency };
};
