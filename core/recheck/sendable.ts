import { SAFE_METHODS } from "../sampling/plan.ts";
import type { StoredRequest } from "../segment/segment.ts";
import { type Fill, fillIn, type WholeRequest } from "./fill.ts";

/**
 * Why a stored request cannot be sent again. `notStored`: nothing is kept of requests whose answers were all the same. `bodyNotStored`:
 * cut, or no text. `hidden`: a hidden value is not given. `writes`: its method is not safe, and nothing keeps its effects away.
 */
export const UNSENT = ["notStored", "bodyNotStored", "hidden", "writes"] as const;
export type Unsent = (typeof UNSENT)[number];

export type Sendable =
  | { readonly request: WholeRequest }
  | { readonly because: Unsent /** Names of what is hidden. */; readonly missing: readonly string[] };

const SAFE: ReadonlySet<string> = new Set(SAFE_METHODS);

/** @param takesWrites both lanes do, without harm */
export const sendableOf = (stored: StoredRequest | undefined, fill: Fill, takesWrites: boolean): Sendable => {
  if (stored === undefined) return { because: "notStored", missing: [] };
  if (!takesWrites && !SAFE.has(stored.method)) return { because: "writes", missing: [] };
  if (stored.body.cut) return { because: "bodyNotStored", missing: [] };
  const { request, missing } = fillIn(stored, fill);
  return missing.length > 0 ? { because: "hidden", missing } : { request };
};
