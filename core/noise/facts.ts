import type { Control } from "../capture/control.ts";
import type { Kind, Place } from "../diff/place.ts";
import type { OutcomeCounts } from "../pair/outcome.ts";
import type { CallCounts } from "../segment/segment.ts";
import type { Sketch } from "./sketch.ts";

/**
 * Which lane stands alone at a place. With a secondary: `candidate` (primary and secondary agree), `secondary`, `primary`,
 * `all` (all three differ: masked), `format` (all three differ, all in one self-evident volatile format such as a time or a UUID).
 * Without one: `unknown`, or `reverse` where the divergence is for the better (status class lower than the primary's).
 */
export type Odd = "candidate" | "secondary" | "primary" | "all" | "format" | "unknown" | "reverse";

/** One diverging place of one request. */
export interface Mark {
  readonly place: Place;
  readonly kind: Kind;
  readonly odd: Odd;
}

/** How often one set of marks was seen at an endpoint. `places` sums the number of distinct places in those primary answers. */
export interface SignatureCount {
  readonly marks: readonly Mark[];
  readonly n: number;
  readonly places: number;
}

export interface Example {
  readonly pair: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Request line, redacted: `GET /orders/1?full=true`. */
  readonly request: string;
  /** Its body, redacted, where it is text: at most `DIFF_LIMITS.clipChars`, its last one "…" where more was there. */
  readonly content?: { readonly type: string; readonly text: string };
  /** What each lane had at the place, clipped text; "" for nothing. */
  readonly primary: string;
  readonly candidate: string;
  readonly secondary?: string;
}

/** What is kept of one place: order of appearance, examples, and the one value per lane as long as it never changed. */
export interface PlaceFacts {
  readonly place: Place;
  readonly kind: Kind;
  /** openedAt of the first and of the last segment that showed it; milliseconds since 1970. */
  readonly firstAt: number;
  readonly lastAt: number;
  /** Short hashes; null once a lane showed two different values. */
  readonly constant: { readonly primary: string; readonly candidate: string } | null;
  readonly examples: readonly Example[];
}

/** A pair in which the candidate took longer than the secondary, or than the primary where no secondary answered. */
export interface SlowPair {
  readonly pair: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Request line, redacted; of a pair that differs nowhere it was not kept, and this is the endpoint. */
  readonly request: string;
  /** Milliseconds. */
  readonly primary: number;
  readonly candidate: number;
  readonly secondary: number | null;
}

export interface LatencyFacts {
  /** Milliseconds. */
  readonly primary: Sketch;
  readonly candidate: Sketch;
  readonly secondary: Sketch;
  /** Triples in which the candidate was slower (faster) than the secondary. By how much is for the verdict to weigh. */
  readonly slower: number;
  readonly faster: number;
  /**
   * Minutes in which the candidate was more often slower (faster). A machine that is busy for a while makes many pairs slow
   * together, so a minute is one witness; it is counted when its facts are folded (`asMinute`).
   */
  readonly minutesSlower: number;
  readonly minutesFaster: number;
  /** The earliest of these minutes: the lanes were still cold. Null before there is one. */
  readonly warmUp: { readonly at: number; readonly slower: number; readonly faster: number } | null;
  /** Those furthest behind, the furthest first; of each segment one. At most `CAPS.slowest`. */
  readonly slowest: readonly SlowPair[];
}

/** Failures of the candidate alone within ten seconds, each before its first answer in the same segment. */
export interface ColdFailures {
  /** The last of them; milliseconds since 1970. */
  readonly at: number;
  /** With a secondary that answered, and without one. */
  readonly triples: number;
  readonly alone: number;
}

export interface EndpointFacts {
  readonly pairs: number;
  /** Pairs in which the secondary took part and answered. */
  readonly triples: number;
  /** Pairs whose comparison was cut short: never counted as equal. */
  readonly undecided: number;
  /** Pairs in which the primary answered 404. */
  readonly notFound: number;
  /** Pairs in which the candidate (the secondary) failed. */
  readonly candidateFailed: number;
  readonly secondaryFailed: number;
  /** By number of the ten seconds, the earliest `CAPS.coldSlots`: those before the candidate's first answer are its warm-up. */
  readonly coldFailures: Readonly<Record<string, ColdFailures>>;
  /** Keyed by `signatureKey`; pairs that differ nowhere are not in it. */
  readonly signatures: Readonly<Record<string, SignatureCount>>;
  /** Keyed by `findingKey(place, kind)`. */
  readonly places: Readonly<Record<string, PlaceFacts>>;
  readonly latency: LatencyFacts;
  /** Distinct cluster hashes, at most `MAX_CLUSTERS`. */
  readonly clusters: readonly string[];
  /** Distinct clusters that showed a divergence of the candidate, at most `MAX_CLUSTERS`. */
  readonly divergingClusters: readonly string[];
}

/** What the segments of one tee process (`tee.epoch`) say of its accounting. */
export interface TeeFacts {
  readonly segments: number;
  readonly maxSeq: number;
  /** Pairs in the segments that arrived, by outcome: each pair is in one of the two. */
  readonly compared: number;
  readonly candidateFailed: number;
  /** The latest cumulative counts seen. */
  readonly outcomes: OutcomeCounts;
  readonly lastAt: number;
}

/** What segments are reduced to. A commutative monoid under `mergeFacts`: minute, hour and run roll-ups have the same shape. */
export interface Facts {
  readonly control: Control | "mixed";
  readonly endpoints: Readonly<Record<string, EndpointFacts>>;
  readonly tees: Readonly<Record<string, TeeFacts>>;
  /** Times of the first and last pair; milliseconds since 1970; 0 when empty. */
  readonly firstAt: number;
  readonly lastAt: number;
  /** When the candidate first and last answered, at any endpoint; null as long as it never did. */
  readonly candidateAnswered: { readonly firstAt: number; readonly lastAt: number } | null;
  /** What did not fit under a cap, by the name of the cap: counted where it bites. */
  readonly capped: Readonly<Record<string, number>>;
  /** In how many pairs a comparison rule was needed, by `ruleKey`. */
  readonly hits: Readonly<Record<string, number>>;
  /** Pairs whose outgoing calls were compared, and those in which they could not be known; absent where nobody asks for calls. */
  readonly calls?: CallCounts;
}
