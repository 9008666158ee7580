import type { Names } from "../../adapters/endpoint-map.ts";
import { hourOf, minuteOf, prefixOfHour, RUN_SPAN, spanOfHour, spanOfMinute } from "../../adapters/minute.ts";
import type { FactsKey, FactsStore } from "../../adapters/ports.ts";
import type { Naming } from "../../core/endpoints/naming.ts";
import type { Facts } from "../../core/noise/facts.ts";
import { foldFacts } from "../../core/noise/merge.ts";
import { asMinute } from "../../core/noise/minute.ts";
import { foundIn, isNamed, rename, withUnrouted } from "../../core/noise/rename.ts";

/** Endpoints keep the names that tees give them. */
const asTheyAre: Names = async () => (endpoint) => endpoint;

/**
 * Folds the facts of these minutes into their roll-ups, those into their hours', the hours into the run's. Each roll-up is
 * recomputed from what lies below it, never incremented, so that a fold may run twice, break off, or overlap another.
 *
 * Of two folds at once, the one that began after the last fact was written reads every fact, and the store keeps the
 * roll-up of more segments. For hours and the run it holds as well: each fold writes its own minutes before it reads
 * the hour, so the later writer of the two reads both.
 *
 * Endpoints are named before they are merged. An hour with names that were learned to be coarser since is folded again.
 */
export const foldMinutes = async (
  facts: FactsStore,
  key: FactsKey,
  minutes: readonly number[],
  names: Names = asTheyAre,
): Promise<void> => {
  let naming = await names([]);
  for (const minute of new Set(minutes)) {
    const ofMinute = await facts.ofMinute(key, minute);
    if (ofMinute.length === 0) continue;
    naming = await names(ofMinute.flatMap(foundIn));
    const named = ofMinute.map((its) => rename(its, naming));
    await facts.putRollup(key, spanOfMinute(minute), asMinute(foldFacts(named)));
  }
  for (const hour of new Set(minutes.map(hourOf))) await foldHour(facts, key, hour, naming);
  const hours = await facts.hours(key);
  const named = await Promise.all(
    hours.map(async (one) => (isNamed(one.facts, naming) ? one.facts : await foldHour(facts, key, one.hour, naming))),
  );
  if (named.length > 0) await facts.putRollup(key, RUN_SPAN, withUnrouted(foldFacts(named)));
};

const foldHour = async (facts: FactsStore, key: FactsKey, hour: number, naming: Naming): Promise<Facts> => {
  const minutes = await facts.rollups(key, prefixOfHour(hour));
  const folded = foldFacts(minutes.map((minute) => minuteNamed(minute, naming)));
  if (minutes.length > 0) await facts.putRollup(key, spanOfHour(hour), folded);
  return folded;
};

const minuteNamed = (minute: Facts, naming: Naming): Facts =>
  isNamed(minute, naming) ? minute : asMinute(rename(minute, naming));

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
