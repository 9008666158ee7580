import * as z from "zod";

/** How a sampled request ended: exactly one of these, counted. */
export const OUTCOMES = [
  "compared",
  "candidateFailed",
  "tooLarge",
  "shedMemory",
  "shedInFlight",
  "shedBreaker",
  "undelivered",
  "abortedByCaller",
  "primaryFailed",
  "unsupported",
] as const;
export type Outcome = (typeof OUTCOMES)[number];

const count = z.int().min(0);

/** Cumulative counts of one tee process for one run. Once all requests have ended, `sampled` is the sum of the others. */
export const OutcomeCounts = z.strictObject({
  sampled: count,
  ...(Object.fromEntries(OUTCOMES.map((name) => [name, count])) as Record<Outcome, typeof count>),
});
export type OutcomeCounts = z.infer<typeof OutcomeCounts>;

export const noOutcomes = (): OutcomeCounts => ({
  sampled: 0,
  compared: 0,
  candidateFailed: 0,
  tooLarge: 0,
  shedMemory: 0,
  shedInFlight: 0,
  shedBreaker: 0,
  undelivered: 0,
  abortedByCaller: 0,
  primaryFailed: 0,
  unsupported: 0,
});

export const sumOfOutcomes = (counts: OutcomeCounts): number =>
  OUTCOMES.reduce((sum, outcome) => sum + counts[outcome], 0);

/** Counters only grow, so of two snapshots of one tee process the larger figure is the later one. */
export const laterOutcomes = (a: OutcomeCounts, b: OutcomeCounts): OutcomeCounts => {
  const later = { ...a, sampled: Math.max(a.sampled, b.sampled) };
  for (const outcome of OUTCOMES) later[outcome] = Math.max(a[outcome], b[outcome]);
  return later;
};

export const addOutcomes = (a: OutcomeCounts, b: OutcomeCounts): OutcomeCounts => {
  const sum = { ...a, sampled: a.sampled + b.sampled };
  for (const outcome of OUTCOMES) sum[outcome] = a[outcome] + b[outcome];
  return sum;
};
