import { DIFF_LIMITS } from "./limits.ts";
import type { Place } from "./place.ts";

/** A container on the way from the root, whose place is written only when something differs there. */
export interface Position {
  readonly up: Position | null;
  /** Already a step of a place: escaped, or `*`. */
  readonly step: string;
  readonly depth: number;
  place: Place | undefined;
}

export const ROOT: Position = { up: null, step: "body", depth: 0, place: "body" };

/** Past the depth limit all positions are one. */
export const below = (up: Position, step: string): Position => {
  if (up.depth > DIFF_LIMITS.maxPlaceDepth) return up;
  if (up.depth === DIFF_LIMITS.maxPlaceDepth) return { up, step: "…", depth: up.depth + 1, place: undefined };
  return { up, step, depth: up.depth + 1, place: undefined };
};

export const placeOf = (position: Position): Place => {
  position.place ??= position.up === null ? position.step : `${placeOf(position.up)}/${position.step}`;
  return position.place;
};

/** A key that is a value: number, UUID, ULID, hash, date. */
const ID_LIKE =
  /^(?:\d+|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-7][0-9A-HJKMNP-TV-Z]{25}|(?=.*\d)[0-9a-f]{16,}|\d{4}-\d\d-\d\d.*)$/i;

/** RFC 6901 escaping; `*` for keys of map-like objects. */
export const stepOf = (key: string, isMap: boolean): string => {
  if (isMap || key.length > DIFF_LIMITS.maxKeyChars || (key.length > 0 && isIdLike(key))) return "*";
  return key.includes("~") || key.includes("/") ? key.replaceAll("~", "~0").replaceAll("/", "~1") : key;
};

/** Every id of `ID_LIKE` has a digit among its first eight characters, or is a hash, which names hardly ever begin like. */
const isIdLike = (key: string): boolean => {
  const code = key.charCodeAt(0);
  if (code >= 48 && code <= 57) return ID_LIKE.test(key);
  return key.length >= 16 && ID_LIKE.test(key);
};

/** Decided by the left side alone, so that a place has one name whichever answer it is compared with. */
export const isMapLike = (keys: readonly string[]): boolean => keys.length > DIFF_LIMITS.maxNamedKeys;
