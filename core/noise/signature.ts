import { hash } from "node:crypto";
import type { Kind, Place } from "../diff/place.ts";
import { byText, CAPS, OTHER_PLACE } from "./caps.ts";
import type { Mark, Odd, SignatureCount } from "./facts.ts";

/** What names a place and kind inside one endpoint. */
export const findingKey = (place: Place, kind: Kind): string => `${kind} ${place}`;

/** The candidate stands apart from the primary, as far as is known, and not for the better. */
export const isCandidates = ({ odd }: Mark): boolean => odd === "candidate" || odd === "unknown";

/** No part holds a line feed but a place with such a key, and that only ever joins two signatures of the same marks. */
const textOf = ({ place, kind, odd }: Mark): string => `${kind} ${odd} ${place}`;

/** One text per set of marks, whatever their order. */
export const signatureText = (marks: readonly Mark[]): string => marks.map(textOf).sort(byText).join("\n");

/** 96 bits of SHA-256 of the set of marks: short enough for a key, long enough to stand for it. */
export const signatureKey = (marks: readonly Mark[]): string => keyOfText(signatureText(marks));

export const keyOfText = (text: string): string => hash("sha256", text, "base64url").slice(0, 16);

/** Sorted, each once. */
const canonicalMarks = (marks: readonly Mark[]): readonly Mark[] => {
  if (marks.length < 2) return marks;
  const byName = new Map(marks.map((mark) => [textOf(mark), mark]));
  return [...byName.keys()].sort(byText).map((text) => byName.get(text) as Mark);
};

/** Places that no cap takes away. */
const KEPT_PLACES: ReadonlySet<Place> = new Set(["status", "failure", OTHER_PLACE]);

/** The gravest first. */
const COARSE_KINDS: readonly Kind[] = ["failure", "status", "removed", "type", "schema", "call", "value"];

/** The kind under which a place is counted at `…`. */
export const coarseKind = (kind: Kind): Kind => (COARSE_KINDS.includes(kind) ? kind : "value");

/**
 * The same divergence with fewer names: per lane that stands alone one mark at `…`, of the gravest kind; status and failure
 * stay. Twice is once, and it depends on nothing but the marks, so that it does not matter when it is done.
 */
export const coarseMarks = (marks: readonly Mark[]): readonly Mark[] => {
  const gravest = new Map<Odd, Kind>();
  const kept: Mark[] = [];
  for (const { place, kind, odd } of marks) {
    if (place === "status" || place === "failure") {
      kept.push({ place, kind, odd });
      continue;
    }
    const known = gravest.get(odd);
    const coarse = coarseKind(kind);
    if (known === undefined || COARSE_KINDS.indexOf(coarse) < COARSE_KINDS.indexOf(known)) gravest.set(odd, coarse);
  }
  const rest = [...gravest].map(([odd, kind]): Mark => ({ place: OTHER_PLACE, kind, odd }));
  return canonicalMarks([...kept, ...rest]);
};

/** Nothing is left to make coarser. */
const isCoarse = (marks: readonly Mark[]): boolean => marks.every(({ place }) => KEPT_PLACES.has(place));

/** Few steps first: what stands high in an answer says most. */
export const byWeight = (a: { readonly place: Place }, b: { readonly place: Place }): number =>
  Number(KEPT_PLACES.has(b.place)) - Number(KEPT_PLACES.has(a.place)) || stepCount(a.place) - stepCount(b.place);

const stepCount = (place: Place): number => place.split("/").length;

/** At most `CAPS.marks` marks by name and the rest coarse; `surplus` counts the rest. */
export const capMarks = (marks: readonly Mark[]): { readonly marks: readonly Mark[]; readonly surplus: number } => {
  const all = canonicalMarks(marks);
  if (all.length <= CAPS.marks) return { marks: all, surplus: 0 };
  const ordered = all.toSorted((a, b) => byWeight(a, b) || byText(textOf(a), textOf(b)));
  const rest = ordered.slice(CAPS.marks);
  return { marks: canonicalMarks([...ordered.slice(0, CAPS.marks), ...coarseMarks(rest)]), surplus: rest.length };
};

export type Signatures = Readonly<Record<string, SignatureCount>>;

/** Sums counts under equal keys. */
export const mergeSignatures = (a: Signatures, b: Signatures): Signatures => {
  const sum: Record<string, SignatureCount> = { ...a };
  for (const [key, count] of Object.entries(b)) addSignature(sum, key, count);
  return sum;
};

export const addSignature = (
  into: Record<string, SignatureCount>,
  key: string,
  { marks, n, places }: SignatureCount,
) => {
  const known = into[key];
  into[key] = known ? { marks, n: known.n + n, places: known.places + places } : { marks, n, places };
};

/**
 * At most `CAPS.signatures` besides the coarse ones; the rest is made coarse. Kept are those of the fewest marks, then the smallest
 * keys: one that is ever over the cap stays so whatever is merged in later, so counts are exact in any order.
 * `surplus` counts the pairs made coarse.
 */
export const capSignatures = (all: Signatures): { readonly signatures: Signatures; readonly surplus: number } => {
  if (Object.keys(all).length <= CAPS.signatures) return { signatures: all, surplus: 0 };
  const named = Object.entries(all).filter(([, { marks }]) => !isCoarse(marks));
  if (named.length <= CAPS.signatures) return { signatures: all, surplus: 0 };
  named.sort(([keyA, a], [keyB, b]) => a.marks.length - b.marks.length || byText(keyA, keyB));
  const kept: Record<string, SignatureCount> = { ...all };
  let surplus = 0;
  for (const [key, { marks, n, places }] of named.slice(CAPS.signatures)) {
    delete kept[key];
    const coarse = coarseMarks(marks);
    addSignature(kept, signatureKey(coarse), { marks: coarse, n, places });
    surplus += n;
  }
  return { signatures: kept, surplus };
};
