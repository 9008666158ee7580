import { CAPS } from "./caps.ts";
import type { ColdFailures, EndpointFacts, Facts, SignatureCount } from "./facts.ts";
import { signatureKey } from "./signature.ts";

const SLOT_MS = 10_000;

export type ColdSlots = EndpointFacts["coldFailures"];

export const coldSlotsOf = (failures: ColdFailures): ColdSlots => ({ [Math.floor(failures.at / SLOT_MS)]: failures });

/** Sums of both; the earliest slots stay, for a lane that takes longer to come up does not warm up. */
export const mergeColdSlots = (a: ColdSlots, b: ColdSlots): ColdSlots => {
  const sum: Record<string, ColdFailures> = { ...a };
  for (const [slot, its] of Object.entries(b)) {
    const known = sum[slot];
    sum[slot] = known === undefined ? its : mergeCold(known, its);
  }
  const slots = Object.keys(sum).sort((x, y) => Number(x) - Number(y));
  return Object.fromEntries(slots.slice(0, CAPS.coldSlots).map((slot) => [slot, sum[slot]!]));
};

const mergeCold = (a: ColdFailures, b: ColdFailures): ColdFailures => ({
  at: Math.max(a.at, b.at),
  triples: a.triples + b.triples,
  alone: a.alone + b.alone,
});

/**
 * The facts without the time in which the candidate was not up yet: its failures before its first answer, at whatever endpoint,
 * are no divergence. A wrong answer is one, cold or warm; and who once answered and fails again is not warming up.
 */
export const withoutWarmUp = (facts: Facts): Facts => {
  const upAt = facts.candidateAnswered?.firstAt ?? Number.POSITIVE_INFINITY;
  const endpoints = Object.entries(facts.endpoints).map(([name, its]) => [name, endpointFrom(its, upAt)]);
  return { ...facts, endpoints: Object.fromEntries(endpoints) };
};

const endpointFrom = (its: EndpointFacts, upAt: number): EndpointFacts => {
  const cold = Object.values(its.coldFailures).filter(({ at }) => at < upAt);
  if (cold.length === 0) return its;
  const triples = cold.reduce((sum, one) => sum + one.triples, 0);
  const alone = cold.reduce((sum, one) => sum + one.alone, 0);
  const signatures = { ...its.signatures };
  const failed = {
    ...its,
    pairs: its.pairs - triples - alone,
    triples: its.triples - triples,
    candidateFailed: its.candidateFailed - triples - alone,
    signatures,
  };
  take(signatures, "candidate", triples);
  take(signatures, "unknown", alone);
  return failed;
};

/** Failures that a rule ignores are there no more. */
const take = (from: Record<string, SignatureCount>, odd: "candidate" | "unknown", n: number): void => {
  const key = signatureKey([{ place: "failure", kind: "failure", odd }]);
  const known = from[key];
  if (known === undefined || n === 0) return;
  if (known.n <= n) delete from[key];
  else from[key] = { ...known, n: known.n - n, places: Math.max(0, known.places - n) };
};
