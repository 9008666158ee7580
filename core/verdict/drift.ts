import type { Mark } from "../noise/facts.ts";
import { isDataKind, isKnownToOneAlone } from "./data-like.ts";
import { alarmEvidence } from "./evidence.ts";

/** What one look at a declared read saw: all lanes were asked at the same moment. */
export type Look =
  | { readonly outcome: "failed"; readonly because: string }
  /** Places at which the candidate stood alone in a way that other data explain; did the secondary stand alone? */
  | {
      readonly outcome: "looked";
      readonly candidate: readonly string[];
      readonly secondary: boolean;
      /** All three differ somewhere, so that nobody knows who stands alone there. */
      readonly isMasked: boolean;
    };

/** Looks in a row in which the candidate stood alone at a place at which it did not always. */
interface Streak {
  readonly looks: number;
  /** Milliseconds since 1970; `until` is that of its last look. */
  readonly since: number;
  readonly until: number;
  readonly place: string;
}

interface Shown extends Streak {
  /** As it was with the last of these looks. */
  readonly noise: number;
}

export interface ReadState {
  /** At which all lanes answered, and at which one did not. */
  readonly looks: number;
  readonly failed: number;
  readonly lastFailure: string | null;
  /** Where the candidate has stood alone from the first look on without a break: the change, or data that never were the same. */
  readonly always: readonly string[];
  /** Looks that differed nowhere else. */
  readonly agreed: number;
  /** Looks that differed elsewhere, those of the present streak left out. */
  readonly stray: number;
  /** Looks in which the secondary stood alone. */
  readonly noise: number;
  readonly streak: Streak | null;
  /** The one of most evidence that began where a change of data begins: once shown, a run stays marked by it. */
  readonly strongest: Shown | null;
}

/** What is known of the data of a run: a row of the store, written by whichever tee looked last. */
export interface DriftState {
  /** Version of the rules that the lanes were compared under; others begin anew. */
  readonly rules: number;
  /** Of the last round; milliseconds since 1970. */
  readonly at: number;
  readonly reads: Readonly<Record<string, ReadState>>;
}

/** A row of the store must never outgrow it, whatever services answer: with 20 reads some 100 kB. */
const MAX_PLACES = 20;
const MAX_PLACE_CHARS = 200;

/** What the marks of a triple say of data. `primary` and `candidate` are the statuses of the answers. */
export const lookOf = (marks: readonly Mark[], primary: number, candidate: number): Look => {
  if (primary >= 400) return { outcome: "failed", because: `the baseline answered ${primary}` };
  if (candidate !== primary && !isKnownToOneAlone(primary, candidate))
    return { outcome: "failed", because: `the candidate answered ${candidate}, the baseline ${primary}` };
  const alone = (odd: Mark["odd"]) =>
    marks.filter((mark) => mark.odd === odd && (isDataKind(mark.kind) || mark.kind === "status"));
  const candidates = alone("candidate").map(({ place }) => place.slice(0, MAX_PLACE_CHARS));
  // Of an answer that is not there, its places say nothing.
  const places = candidates.includes("status") ? ["status"] : [...new Set(candidates)];
  return {
    outcome: "looked",
    candidate: places.slice(0, MAX_PLACES),
    secondary: alone("secondary").length > 0,
    isMasked: alone("all").length > 0,
  };
};

const UNSEEN: ReadState = {
  looks: 0,
  failed: 0,
  lastFailure: null,
  always: [],
  agreed: 0,
  stray: 0,
  noise: 0,
  streak: null,
  strongest: null,
};

/** Fewer agreeing looks before a change are no before. */
const MIN_AGREED = 3;
/** Data change once. What differs now and then is a flaky answer, so so few looks may have differed before. */
const MAX_STRAY_SHARE = 0.05;

/** @param isVersion it tells of the data alone: it need not have agreed before, and nothing of it is left out */
export const observe = (before: ReadState = UNSEEN, look: Look, at: number, isVersion: boolean): ReadState => {
  if (look.outcome === "failed") return { ...before, failed: before.failed + 1, lastFailure: look.because };
  const isFirst = before.looks === 0;
  const always = isFirst ? look.candidate : before.always.filter((place) => look.candidate.includes(place));
  const fresh = isVersion ? look.candidate : look.candidate.filter((place) => !always.includes(place));
  const [place] = fresh;
  // What differed in every look and does not now was no property of the code: none of those looks agreed there.
  const isFlaky = !isVersion && always.length < before.always.length;
  const next: ReadState = {
    ...before,
    looks: before.looks + 1,
    always,
    noise: before.noise + (look.secondary ? 1 : 0),
    ...(isFlaky ? { agreed: 0, stray: before.stray + before.looks } : {}),
  };
  if (place === undefined && look.isMasked) return next;
  if (place === undefined)
    return { ...next, agreed: next.agreed + 1, stray: next.stray + (before.streak?.looks ?? 0), streak: null };
  const { streak } = before;
  const grown: Streak =
    streak === null ? { looks: 1, since: at, until: at, place } : { ...streak, looks: streak.looks + 1, until: at };
  return { ...next, streak: grown, strongest: strongerOf(next, grown, isVersion) };
};

const strongerOf = (
  { agreed, stray, noise, strongest }: ReadState,
  grown: Streak,
  isVersion: boolean,
): Shown | null => {
  const isChange = (isVersion || agreed >= MIN_AGREED) && stray <= MAX_STRAY_SHARE * Math.max(agreed, grown.looks);
  if (!isChange) return strongest;
  const shown = { ...grown, noise };
  return strongest === null || evidenceOf(shown) > evidenceOf(strongest) ? shown : strongest;
};

const evidenceOf = ({ looks, noise }: Shown): number => alarmEvidence(looks, noise);

/** What judge is told of an overlay that declares reads. */
export interface DriftSeen {
  readonly reads: readonly string[];
  readonly versions: readonly string[];
  /** Undefined before the first round. */
  readonly state: DriftState | undefined;
  /** Writes are mirrored. */
  readonly takesWrites: boolean;
}

export interface Drifted {
  readonly read: string;
  readonly place: string;
  readonly since: number;
  /** It has agreed again since; null while it differs. */
  readonly until: number | null;
}

const declaredOf = ({ reads, versions }: DriftSeen): readonly string[] => [...reads, ...versions];

/** What the state tells of each declared read; those that nobody looked at yet are not in it. */
export const readsOf = (seen: DriftSeen): readonly (ReadState & { readonly read: string })[] =>
  declaredOf(seen).flatMap((read) => {
    const its = seen.state?.reads[read];
    return its === undefined ? [] : [{ read, ...its }];
  });

/**
 * The reads whose data differ, the earliest first. If candidate and secondary are alike and looks are independent, the chance that a run
 * ever has one is at most `alpha`: each read has its share, and a streak is the bet of `alarmEvidence` with the noise of all looks till then against it.
 */
export const driftedOf = (seen: DriftSeen, alpha: number): readonly Drifted[] => {
  const threshold = Math.log(declaredOf(seen).length / alpha);
  const shown = readsOf(seen).flatMap(({ read, strongest, streak }) => {
    if (strongest === null || evidenceOf(strongest) < threshold) return [];
    const { place, since } = strongest;
    return [{ read, place, since, until: streak?.since === since ? null : strongest.until }];
  });
  return shown.sort((a, b) => a.since - b.since);
};
