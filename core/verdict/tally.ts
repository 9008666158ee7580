import type { Kind, Place } from "../diff/place.ts";
import { byText } from "../noise/caps.ts";
import type { EndpointFacts, Facts, Mark, Odd, PlaceFacts } from "../noise/facts.ts";
import { findingKey, isCandidates } from "../noise/signature.ts";

/** How often each lane stood apart at one place of one endpoint, in one kind. */
export interface Tally {
  readonly endpoint: string;
  readonly place: Place;
  readonly kind: Kind;
  readonly odds: Readonly<Record<Odd, number>>;
  /** Distinct signatures in which the candidate differs here. */
  readonly signatures: number;
  /** What is kept of the place; undefined where a cap left it out. */
  readonly facts: PlaceFacts | undefined;
}

/** What names a place and kind in the whole run. */
export const runKey = (endpoint: string, { place, kind }: { readonly place: Place; readonly kind: Kind }): string =>
  `${endpoint}\n${findingKey(place, kind)}`;

/** The candidate's answer differs from the primary's, for worse or better, and not because primary alone or all three stand apart. */
export const isCandidateApart = (mark: Mark): boolean => isCandidates(mark) || mark.odd === "reverse";

const NO_ODDS = { candidate: 0, secondary: 0, primary: 0, all: 0, format: 0, unknown: 0, reverse: 0 };

const talliesOfEndpoint = (endpoint: string, facts: EndpointFacts): Tally[] => {
  const tallies = new Map<
    string,
    Omit<Tally, "odds" | "signatures"> & { odds: Record<Odd, number>; signatures: number }
  >();
  const at = (mark: Pick<Mark, "place" | "kind">) => {
    const key = findingKey(mark.place, mark.kind);
    let tally = tallies.get(key);
    if (tally === undefined) {
      tally = { endpoint, place: mark.place, kind: mark.kind, odds: { ...NO_ODDS }, signatures: 0, facts: undefined };
      tallies.set(key, tally);
    }
    return tally;
  };
  for (const place of Object.values(facts.places)) Object.assign(at(place), { facts: place });
  for (const { marks, n } of Object.values(facts.signatures)) {
    for (const mark of marks) at(mark).odds[mark.odd] += n;
    for (const key of new Set(marks.filter(isCandidateApart).map((mark) => findingKey(mark.place, mark.kind))))
      tallies.get(key)!.signatures += 1;
  }
  return [...tallies.values()];
};

/** How grave a divergence of a kind is. */
export const gravityOf = (kind: Kind): number => KINDS_BY_GRAVITY.indexOf(kind);
const KINDS_BY_GRAVITY: readonly Kind[] = [
  "failure",
  "status",
  "call",
  "removed",
  "type",
  "schema",
  "value",
  "length",
  "added",
  "order",
  "latency",
  "header",
];

const firstAtOf = ({ facts }: Tally): number => facts?.firstAt ?? Number.MAX_SAFE_INTEGER;

/** One of each kind in turn, the gravest first, so that the many fields of an answer do not come before its status or its headers. */
const inTurns = (tallies: readonly Tally[]): Tally[] => {
  const byKind = Map.groupBy(tallies, ({ kind }) => kind);
  const turnOf = new Map([...byKind.values()].flatMap((its) => its.map((tally, turn) => [tally, turn] as const)));
  return tallies.toSorted((a, b) => turnOf.get(a)! - turnOf.get(b)! || gravityOf(a.kind) - gravityOf(b.kind));
};

/**
 * Every place and kind that ever appeared, in order of first appearance: by segment time, then in turns of kinds, then by name. A
 * function of the facts, whatever order they came in.
 */
export const talliesOf = (facts: Facts): Tally[] => {
  const tallies = Object.entries(facts.endpoints)
    .flatMap(([endpoint, its]) => talliesOfEndpoint(endpoint, its))
    .sort(
      (a, b) =>
        firstAtOf(a) - firstAtOf(b) ||
        byText(a.endpoint, b.endpoint) ||
        byText(a.place, b.place) ||
        byText(a.kind, b.kind),
    );
  return [...Map.groupBy(tallies, firstAtOf).values()].flatMap(inTurns);
};
