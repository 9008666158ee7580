import { compare } from "../diff/compare.ts";
import type { Kind, Place } from "../diff/place.ts";
import type { StoredCapture, StoredResponded } from "../segment/segment.ts";

/** What came of sending requests again that had shown one finding. Each repetition is in exactly one of the counts. */
export interface Tally {
  /** The candidate alone differs again. */
  readonly shown: number;
  /** It does not, and the question is still the one that was asked. */
  readonly agreed: number;
  /** The control alone differs from itself there. */
  readonly noisy: number;
  /** Neither differs, but the control no longer answers what the primary answered: there is nothing left to compare. */
  readonly gone: number;
  /** A lane did not answer, or the answers could not be compared to the end. */
  readonly unanswered: number;
}
export type Came = keyof Tally;

export const NO_TALLY: Tally = { shown: 0, agreed: 0, noisy: 0, gone: 0, unanswered: 0 };

export const withCame = (tally: Tally, came: Came): Tally => ({ ...tally, [came]: tally[came] + 1 });

export const repetitionsOf = (tally: Tally): number =>
  tally.shown + tally.agreed + tally.noisy + tally.gone + tally.unanswered;

/** Kinds by which an answer loses what stood at a place. */
const LOSSES: ReadonlySet<Kind> = new Set<Kind>(["removed", "type", "failure"]);

/**
 * Does the control still answer in the way in which the primary did, so that the place can differ at all? The values may be others by
 * now; status and the place itself must be there. Of a body that was the same in all lanes nothing is kept to hold it against.
 */
export const isSameQuestion = (
  before: StoredResponded,
  now: StoredCapture,
  { place, kind }: { readonly place: Place; readonly kind: Kind },
): boolean => {
  if (now.outcome === "failed" || now.status !== before.status) return false;
  if (place === "status" || place === "failure") return true;
  const part = place.startsWith("header/") ? before.headers.kind === "list" : before.body.kind === "content";
  if (!part) return true;
  return !compare(before, now).divergences.some((found) => {
    const takes = kind === "added" ? found.kind === "added" : LOSSES.has(found.kind) || isLostHeader(found);
    return takes && isAtOrAbove(found.place, place);
  });
};

const isLostHeader = ({ kind, right }: { readonly kind: Kind; readonly right: string }): boolean =>
  kind === "header" && right === "";

/** `*` stands for any one step, `…` for all below. */
const isAtOrAbove = (above: Place, place: Place): boolean => {
  const [a, b] = [above.split("/"), place.split("/")];
  return a.length <= b.length && a.every((step, at) => step === b[at] || step === "*" || step === "…" || b[at] === "*");
};
