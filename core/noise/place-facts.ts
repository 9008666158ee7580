import { byText, CAPS, OTHER_PLACE } from "./caps.ts";
import type { Example, PlaceFacts } from "./facts.ts";
import { byWeight, coarseKind, findingKey } from "./signature.ts";

/** Those that show the candidate's divergence first, then the earliest. Only what is the same throughout ties: one order for all. */
const byTelling = (a: Example, b: Example): number =>
  Number(isNoise(a)) - Number(isNoise(b)) ||
  a.at - b.at ||
  byText(a.pair, b.pair) ||
  byText(a.candidate, b.candidate) ||
  byText(a.primary, b.primary) ||
  byText(String(a.secondary), String(b.secondary));

/** The candidate agrees with the primary here: only the secondary differs. */
const isNoise = ({ primary, candidate, secondary }: Example): boolean =>
  secondary !== undefined && candidate === primary && secondary !== primary;

const mergeExamples = (a: readonly Example[], b: readonly Example[]): readonly Example[] =>
  [...a, ...b].sort(byTelling).slice(0, CAPS.examples);

const mergeConstants = (a: PlaceFacts["constant"], b: PlaceFacts["constant"]): PlaceFacts["constant"] =>
  a !== null && b !== null && a.primary === b.primary && a.candidate === b.candidate ? a : null;

const mergePlaceFacts = (a: PlaceFacts, b: PlaceFacts): PlaceFacts => ({
  place: a.place,
  kind: a.kind,
  firstAt: Math.min(a.firstAt, b.firstAt),
  lastAt: Math.max(a.lastAt, b.lastAt),
  constant: mergeConstants(a.constant, b.constant),
  examples: mergeExamples(a.examples, b.examples),
});

export type Places = Readonly<Record<string, PlaceFacts>>;

export const addPlace = (into: Record<string, PlaceFacts>, facts: PlaceFacts): void => {
  const key = findingKey(facts.place, facts.kind);
  const known = into[key];
  into[key] = known === undefined ? facts : mergePlaceFacts(known, facts);
};

export const mergePlaces = (a: Places, b: Places): Places => {
  const sum: Record<string, PlaceFacts> = { ...a };
  for (const facts of Object.values(b)) addPlace(sum, facts);
  return sum;
};

/**
 * At most `CAPS.places` besides those at `…`, where the rest goes; kept are those of the fewest steps, then the smallest names: the
 * same in any order. `surplus` counts how often a place was moved, so it depends on the order, but whether it is 0 does not.
 */
export const capPlaces = (all: Places): { readonly places: Places; readonly surplus: number } => {
  if (Object.keys(all).length <= CAPS.places) return { places: all, surplus: 0 };
  const named = Object.entries(all).filter(([, { place }]) => place !== OTHER_PLACE);
  if (named.length <= CAPS.places) return { places: all, surplus: 0 };
  named.sort(([keyA, a], [keyB, b]) => byWeight(a, b) || byText(keyA, keyB));
  const kept: Record<string, PlaceFacts> = { ...all };
  const rest = named.slice(CAPS.places);
  for (const [key, facts] of rest) {
    delete kept[key];
    addPlace(kept, { ...facts, place: OTHER_PLACE, kind: coarseKind(facts.kind) });
  }
  return { places: kept, surplus: rest.length };
};
