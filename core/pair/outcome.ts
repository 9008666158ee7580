import * as z from "zod";

/** How a sampled request ended: exactly one of these, counted. */
export const OUTCOMES = [
  "compared",
  "candidateFailed",
  "tooLarge",
  "shedMemory",
  "shedInFlight",
  "shedBreaker",
  "shedOrder",
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
  shedOrder: 0,
  undelivered: 0,
  abortedByCaller: 0,
  primaryFailed: 0,
  unsupported: 0,
});

export const sumOfOutcomes = (counts: OutcomeCounts): number =>
  OUTCOMES.reduce((sum, outcome) => sum + counts[outcome], 0);

/** As stored, perhaps before an outcome was there: nothing ended so. */
type Stored = Pick<OutcomeCounts, "sampled"> & { readonly [outcome in Outcome]?: number | undefined };
export const StoredOutcomes = OutcomeCounts.partial()
  .required({ sampled: true })
  .transform((counts) => addOutcomes(noOutcomes(), counts));

/** Counters only grow, so of two snapshots of one tee process the larger figure is the later one. */
export const laterOutcomes = (a: Stored, b: Stored): OutcomeCounts => {
  const later = { ...noOutcomes(), sampled: Math.max(a.sampled, b.sampled) };
  for (const outcome of OUTCOMES) later[outcome] = Math.max(a[outcome] ?? 0, b[outcome] ?? 0);
  return later;
};

export const addOutcomes = (a: Stored, b: Stored): OutcomeCounts => {
  const sum = { ...noOutcomes(), sampled: a.sampled + b.sampled };
  for (const outcome of OUTCOMES) sum[outcome] = (a[outcome] ?? 0) + (b[outcome] ?? 0);
  return sum;
};
