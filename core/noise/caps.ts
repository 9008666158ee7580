/**
 * Every bound of facts. What is over one is kept in coarser form and counted in `Facts.capped` under the cap's name; nothing
 * that diverges becomes invisible. Which ones are kept is decided by the things themselves (the smallest in a fixed order), so
 * that it is the same in whatever order facts are merged.
 */
export const CAPS = {
  endpoints: 1_000,
  signatures: 500,
  places: 300,
  marks: 100,
  examples: 3,
  clusters: 64,
  coldSlots: 60,
  slowest: 5,
} as const;

/** Distinct clusters kept of an endpoint. */
export const MAX_CLUSTERS = CAPS.clusters;

/** Where marks go that do not fit. */
export const OTHER_PLACE = "…";
/** Where pairs of endpoints go that do not fit. */
export const OTHER_ENDPOINT = "{other}";

export type Capped = Readonly<Record<string, number>>;

export const addCapped = (a: Capped, b: Capped): Capped => {
  const sum: Record<string, number> = { ...a };
  for (const [cap, count] of Object.entries(b)) sum[cap] = (sum[cap] ?? 0) + count;
  return sum;
};

/** An order for keys that no locale changes. */
export const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
