import { Allowed } from "../diff/allowed.ts";
import { Answer } from "../diff/answer.ts";
import { isSameBody } from "../diff/bodies.ts";
import { Budget } from "../diff/budget.ts";
import { differencesOf, type Terms } from "../diff/compare.ts";
import { type Differences, hashOfValues, type Spot, textOf } from "../diff/differences.ts";
import { areClockReadings, timeOf } from "../diff/formats.ts";
import { DIFF_LIMITS } from "../diff/limits.ts";
import { type Kind, OF_VALUES, type Place } from "../diff/place.ts";
import { countPlaces } from "../diff/places.ts";
import { isMended } from "../diff/schemas.ts";
import { excerpts } from "../diff/text.ts";
import type { StoredCalls, StoredCapture, StoredResponded } from "../segment/segment.ts";
import type { Mark, Odd } from "./facts.ts";
import { Looks } from "./volatile.ts";

/** What the lanes had at the place of a mark: clipped texts for people, and short hashes of the whole values. */
export interface LaneValues {
  readonly primary: string;
  readonly candidate: string;
  readonly secondary?: string;
  readonly hashes: { readonly primary: string; readonly candidate: string };
}

export interface Marks {
  /** One for each place and kind. */
  readonly marks: readonly Mark[];
  /** `values[i]` belongs to `marks[i]`. */
  readonly values: readonly LaneValues[];
  /** Why not all places could be compared; never to be counted as equal. */
  readonly undecided: string | null;
  /** Distinct places of the primary's answer; 0 where nothing diverges, because then nobody asks. */
  readonly places: number;
  /** Keys of the rules without which the pair would diverge more. */
  readonly used: ReadonlySet<string>;
}

const NONE: ReadonlySet<string> = new Set();
const NO_MARKS: Marks = { marks: [], values: [], undecided: null, places: 0, used: NONE };

/**
 * Which lane stands alone at each diverging place and kind. By kind too, so that a field the candidate lost shows even
 * where its values are noise. Where both answered, exchanging candidate and secondary exchanges `candidate` and `secondary` and
 * leaves all else: that symmetry is what the evidence in core/verdict rests on.
 * @param terms of the pair's endpoint
 * @param at when the pair was taken, milliseconds since 1970: numbers near it are times
 * @param calls where the lanes called otherwise
 */
export const marksOf = (
  primary: StoredResponded,
  candidate: StoredCapture,
  secondary: StoredCapture | undefined,
  at: number,
  { rules, schemas }: Terms = {},
  calls?: StoredCalls,
): Marks => {
  const isEqual = isEqualStub(primary, candidate) && (secondary === undefined || isEqualStub(primary, secondary));
  if (isEqual && calls === undefined) return NO_MARKS;
  const [budget, looks] = [new Budget(), new Looks(at)];
  const [p, c] = [new Answer(primary, budget, calls?.primary), new Answer(candidate, budget, calls?.candidate)];
  const allowed = rules && new Allowed(rules);
  const differences = (left: Answer, right: Answer): Differences =>
    differencesOf(left, right, budget, { allowed, schemas });
  const found = differences(p, c);
  const noise = secondary && noiseOf(p, c, new Answer(secondary, budget, calls?.secondary), differences);
  const marked = (
    noise === undefined ? alone(found, primary, candidate, looks) : withSecondary(found, noise, p, c, looks)
  ).map(ofClocks(at, looks, [primary, candidate, ...(secondary === undefined ? [] : [secondary])]));
  return {
    marks: marked.map(({ mark }) => mark),
    values: marked.map(valuesOf(new Budget(DIFF_LIMITS.maxHashWork))),
    undecided: found.undecided ?? noise?.found.undecided ?? null,
    places: marked.length === 0 ? 0 : countPlaces(p),
    used: allowed?.used ?? NONE,
  };
};

/** The clock's resolution: times to the second may be so far apart although read at once. */
const CLOCK_STEP_MS = 1_000;

/** Each host has its own clock. Dates in headers follow it even where they lie ahead, such as that of Expires; what lies back is data. */
const MAX_DATES_APART_MS = 60_000;

const areDates = (values: readonly unknown[], at: number): boolean => {
  const times = values.map(timeOf).filter((time) => time !== undefined);
  const [first, last] = [Math.min(...times), Math.max(...times)];
  return times.length === values.length && first >= at - MAX_DATES_APART_MS && last - first <= MAX_DATES_APART_MS;
};

/** Each lane reads its own clock: whichever stands alone, it is the format that differs. */
const ofClocks = (at: number, looks: Looks, captures: readonly StoredCapture[]) => {
  const spreadMs = CLOCK_STEP_MS + Math.max(...captures.map(({ ms }) => ms));
  return (marked: Marked): Marked => {
    const { mark, candidate, secondary } = marked;
    if (!OF_VALUES.has(mark.kind)) return marked;
    const values = [candidate, secondary].flatMap((spot) =>
      spot === undefined ? [] : [...spot.lefts, ...spot.rights],
    );
    const times = looks.timesWithin(values) ?? values;
    const areReadings = mark.kind === "header" ? areDates(times, at) : areClockReadings(times, at, spreadMs);
    return areReadings ? { ...marked, mark: { ...mark, odd: "format" } } : marked;
  };
};

/** The lanes were found equal in the tee, and nothing but stubs was kept: by far the most common case. */
const isEqualStub = (a: StoredResponded, b: StoredCapture): boolean =>
  b.outcome === "responded" &&
  a.status === b.status &&
  a.headers.kind === "equal" &&
  b.headers.kind === "equal" &&
  isSameBody(a.body, b.body);

interface Marked {
  readonly mark: Mark;
  readonly candidate: Spot | undefined;
  readonly secondary: Spot | undefined;
  /** There was no secondary to compare with. */
  readonly isAlone?: boolean;
}

/** What the secondary says: primary against secondary, and candidate against secondary once that is needed. */
interface Noise {
  readonly hasFailed: boolean;
  readonly found: Differences;
  between(): Differences;
}

const noiseOf = (p: Answer, c: Answer, s: Answer, differences: (left: Answer, right: Answer) => Differences): Noise => {
  const found = differences(p, s);
  let between: Differences | undefined;
  return {
    hasFailed: s.capture.outcome === "failed",
    found,
    between: () => {
      between ??= differences(c, s);
      return between;
    },
  };
};

/**
 * Without a secondary nothing can be told from noise but what shows it by its looks; and some divergences are for the
 * better: lower status class, mirror image of removed, an answer that is now as its schema says.
 */
const alone = (found: Differences, primary: StoredCapture, candidate: StoredCapture, looks: Looks): Marked[] =>
  found.spots.map((spot) => {
    const isBetter =
      spot.kind === "added" || isMended(spot) || (spot.kind === "status" && isLowerClass(candidate, primary));
    const look = hasLooks(spot) ? looks.oddOf({ primary: spot.lefts, candidate: spot.rights }) : undefined;
    const odd = look === "format" ? "format" : isBetter ? "reverse" : "unknown";
    return { mark: markOf(spot, odd), candidate: spot, secondary: undefined, isAlone: true };
  });

/** A value in both lanes. */
const hasLooks = ({ kind, lefts, rights }: Spot): boolean =>
  OF_VALUES.has(kind) && ![...lefts, ...rights].includes(undefined);

const isLowerClass = (candidate: StoredCapture, primary: StoredCapture): boolean =>
  candidate.outcome === "responded" &&
  primary.outcome === "responded" &&
  Math.floor(candidate.status / 100) < Math.floor(primary.status / 100);

const markOf = ({ place, kind }: { place: Place; kind: Kind }, odd: Odd): Mark => ({ place, kind, odd });

/** A secondary that failed says nothing of noise, only that it failed; failures of both are judged like any other place. */
const withSecondary = (found: Differences, noise: Noise, p: Answer, c: Answer, looks: Looks): Marked[] => {
  if (!noise.hasFailed || c.capture.outcome === "failed") return oddOnesOut(found, noise, looks);
  const failure = noise.found.spots.map(
    (spot): Marked => ({ mark: markOf(spot, "secondary"), candidate: undefined, secondary: spot }),
  );
  return [...alone(found, p.capture, c.capture, looks), ...failure];
};

const oddOnesOut = (found: Differences, noise: Noise, looks: Looks): Marked[] => {
  // What only the primary does against its schema is nobody's divergence.
  const [candidates, secondaries] = [found, noise.found].map(({ spots }) => spots.filter((spot) => !isMended(spot)));
  const noiseSpots = new Map(secondaries!.map((spot) => [keyOf(spot), spot]));
  const marked: Marked[] = [];
  for (const candidate of candidates!) {
    const secondary = noiseSpots.get(keyOf(candidate));
    noiseSpots.delete(keyOf(candidate));
    const odd = secondary
      ? oddOfBoth(candidate, secondary, noise, looks)
      : oddOfOne("candidate", candidate, noise.found);
    marked.push({ mark: markOf(candidate, odd), candidate, secondary });
  }
  for (const secondary of noiseSpots.values()) {
    const odd = oddOfOne("secondary", secondary, found);
    marked.push({ mark: markOf(secondary, odd), candidate: undefined, secondary });
  }
  return marked;
};

const keyOf = ({ place, kind }: Spot): string => `${place}\n${kind}`;

/** Where the other comparison was cut short, it is not known whether the other lane differs there as well. */
const oddOfOne = (odd: "candidate" | "secondary", { place }: Spot, other: Differences): Odd =>
  other.undecided !== null && isBody(place) ? "all" : odd;

const oddOfBoth = (candidate: Spot, secondary: Spot, noise: Noise, looks: Looks): Odd => {
  const between = noise.between();
  if (between.undecided === null || !isBody(candidate.place))
    if (!between.spots.some((spot) => spot.kind !== "schema" && touches(spot, candidate))) return "primary";
  if (!hasLooks(candidate) || !hasLooks(secondary)) return "all";
  const lanes = {
    primary: [...candidate.lefts, ...secondary.lefts],
    candidate: candidate.rights,
    secondary: secondary.rights,
  };
  return looks.oddOf(lanes) ?? "all";
};

const isBody = (place: Place): boolean => place === "body" || place.startsWith("body/");

/** Kinds whose values are all that lies at and below the place. */
const WHOLE: ReadonlySet<Kind> = new Set<Kind>(["added", "removed", "type", "schema"]);

/**
 * Does a difference between candidate and secondary mean that they differ at `spot`? At the same place or above it, by whatever kind;
 * below it too where the kind speaks of all below. `*` covers any step (what is map-like is decided by the left side), `…` all.
 */
const touches = (between: Spot, spot: Spot): boolean => {
  const [a, b] = [between.place.split("/"), spot.place.split("/")];
  const common = Math.min(a.length, b.length);
  for (let step = 0; step < common; step++) {
    if (a[step] === "…" || b[step] === "…") return true;
    if (a[step] !== b[step] && a[step] !== "*" && b[step] !== "*") return false;
  }
  if (a.length === b.length) return true;
  return WHOLE.has(a.length > b.length ? spot.kind : between.kind);
};

/**
 * Clipped around the first difference of the whole texts. Two lanes that agree have one text. Values past the
 * budget, which only hostile answers have, hash alike.
 */
const valuesOf =
  (budget: Budget) =>
  ({ mark, candidate, secondary, isAlone }: Marked): LaneValues => {
    const spot = (candidate ?? secondary) as Spot;
    const primary = textOf(spot, spot.lefts);
    const inCandidate = candidate ? textOf(candidate, candidate.rights) : primary;
    const inSecondary = secondary ? textOf(secondary, secondary.rights) : primary;
    const [p = "", c = "", s = ""] = excerpts([primary, inCandidate, inSecondary]);
    const hash = hashOfValues(spot.lefts, budget);
    const hashes = { primary: hash, candidate: candidate ? hashOfValues(candidate.rights, budget) : hash };
    const isUnknown = isAlone || (mark.odd === "all" && secondary === undefined);
    return isUnknown ? { primary: p, candidate: c, hashes } : { primary: p, candidate: c, secondary: s, hashes };
  };
