import { hourOf, minuteOf, prefixOfHour, RUN_SPAN, spanOfHour, spanOfMinute } from "../../adapters/minute.ts";
import type { FactsKey, FactsStore } from "../../adapters/ports.ts";
import { foldFacts } from "../../core/noise/merge.ts";
import { asMinute } from "../../core/noise/minute.ts";

/**
 * Folds the facts of these minutes into their roll-ups, those into their hours', the hours into the run's. Each roll-up is
 * recomputed from what lies below it, never incremented, so that a fold may run twice, break off, or overlap another.
 *
 * Of two folds at once, the one that began after the last fact was written reads every fact, and the store keeps the
 * roll-up of more segments. For hours and the run it holds as well: each fold writes its own minutes before it reads
 * the hour, so the later writer of the two reads both.
 */
export const foldMinutes = async (facts: FactsStore, key: FactsKey, minutes: readonly number[]): Promise<void> => {
  for (const minute of new Set(minutes)) {
    const ofMinute = await facts.ofMinute(key, minute);
    if (ofMinute.length > 0) await facts.putRollup(key, spanOfMinute(minute), asMinute(foldFacts(ofMinute)));
  }
  for (const hour of new Set(minutes.map(hourOf))) {
    const ofHour = await facts.rollups(key, prefixOfHour(hour));
    if (ofHour.length > 0) await facts.putRollup(key, spanOfHour(hour), foldFacts(ofHour));
  }
  const hours = await facts.rollups(key, "hour/");
  if (hours.length > 0) await facts.putRollup(key, RUN_SPAN, foldFacts(hours));
};

/** A wake that is lost with its queue concerns the minutes about the last judged one; one that is late, the present ones. */
const minutesAround = 5;

/** Minutes that may hold facts of which the run roll-up does not know yet. */
export const minutesToLookAt = async (facts: FactsStore, key: FactsKey, now: number): Promise<readonly number[]> => {
  const present = minuteOf(now);
  const known = (await facts.rollup(key, RUN_SPAN))?.lastAt;
  const centers = known === undefined || known === 0 ? [present] : [minuteOf(known), present];
  const minutes = centers.flatMap((center) =>
    Array.from({ length: 2 * minutesAround + 1 }, (_, i) => center - minutesAround + i),
  );
  return [...new Set(minutes)].filter((minute) => minute <= present);
};
