import type { Allowed } from "./allowed.ts";
import type { Budget } from "./budget.ts";
import { hashOf } from "./json-value.ts";
import { DIFF_LIMITS } from "./limits.ts";
import type { Kind, Place } from "./place.ts";
import { previewOf } from "./text.ts";

/** A place and kind at which two answers differ, with the values there: `json` values, or `text` as it is shown. */
export interface Spot {
  readonly place: Place;
  readonly kind: Kind;
  readonly form: "json" | "text";
  /** In order of appearance, at most `maxValuesPerPlace`; undefined for nothing. `lefts[i]` faces `rights[i]`. */
  readonly lefts: unknown[];
  readonly rights: unknown[];
}

/** Collects what one comparison finds. */
export class Differences {
  readonly spots: Spot[] = [];
  readonly notes = new Set<string>();
  /** What the rules let pass, and how often they did. */
  readonly allowed: Allowed | undefined;
  allowedCount = 0;
  #undecided: string | null = null;
  readonly #byPlace = new Map<Place, Spot[]>();

  constructor(allowed?: Allowed) {
    this.allowed = allowed;
  }

  add(place: Place, kind: Kind, left: unknown, right: unknown, form: Spot["form"] = "json"): void {
    if (this.allowed?.difference(place, kind, left, right)) {
      this.allowedCount++;
      return;
    }
    const { lefts, rights } = this.#spotOf(place, kind, form);
    if (lefts.length >= DIFF_LIMITS.maxValuesPerPlace) return;
    lefts.push(left);
    rights.push(right);
  }

  /** What was found so far stands; that nothing else differs is not known. The first reason is kept. */
  leaveUndecided(reason: string): void {
    this.#undecided ??= reason;
  }

  get undecided(): string | null {
    return this.#undecided;
  }

  #spotOf(place: Place, kind: Kind, form: Spot["form"]): Spot {
    const known = this.#byPlace.get(place)?.find((spot) => spot.kind === kind);
    if (known !== undefined) return known;
    const isFull = this.spots.length >= DIFF_LIMITS.maxPlaces;
    const rest = restOf(place);
    if (isFull && place !== rest) return this.#spotOf(rest, kind, form);
    const spot: Spot = { place, kind, form, lefts: [], rights: [] };
    this.spots.push(spot);
    const here = this.#byPlace.get(place);
    if (here === undefined) this.#byPlace.set(place, [spot]);
    else here.push(spot);
    return spot;
  }
}

/** Where the places of a part of the answer go that do not fit: `body/…`. */
const restOf = (place: Place): Place => `${place.split("/", 1)[0]}/…`;

/** The whole text of the first value of a side; "" for nothing. */
export const textOf = ({ form }: Spot, values: readonly unknown[]): string => {
  const [first] = values;
  if (first === undefined) return "";
  return form === "text" ? String(first) : previewOf(first);
};

/** A short hash of all values kept of a side, whole. */
export const hashOfValues = (values: readonly unknown[], budget: Budget): string =>
  (
    hashOf(
      values.map((value) => (value === undefined ? [] : value)),
      budget,
    ) >>> 0
  )
    .toString(16)
    .padStart(8, "0");
