import type { Kind, Place } from "../diff/place.ts";
import type { Example } from "../noise/facts.ts";

export const VERDICTS = ["SAFE", "REGRESSION", "UNDECIDED", "INVALID"] as const;
export type VerdictName = (typeof VERDICTS)[number];

/** Of the Clopper-Pearson bounds. */
export const BOUND_CONFIDENCE = 0.95;

/** A place at one endpoint whose divergence exceeds noise, or may yet. */
export interface Finding {
  /** Stable over time: a hash of endpoint, place and kind. */
  readonly id: string;
  readonly endpoint: string;
  readonly place: Place;
  readonly kind: Kind;
  /** Pairs in which the candidate alone differs (b); without a secondary, pairs in which it differs. */
  readonly count: number;
  /** Pairs in which the secondary alone differs (c). */
  readonly noise: number;
  /** Pairs in which all three differ. */
  readonly masked: number;
  /** Pairs compared at this endpoint. */
  readonly pairs: number;
  /** Natural logarithm of the e-value, and what it must reach: ln(1/α_i). */
  readonly evidence: number;
  readonly threshold: number;
  readonly confirmed: boolean;
  /** Each lane always had one and the same value here: a change of yours, or something that belongs to an instance. */
  readonly constantPerLane: boolean;
  readonly breaking: boolean;
  /** What the values look like where that says more than the counts: "a random id, new with every answer"; null otherwise. */
  readonly note: string | null;
  /** The id of the first finding of the same cause: of this one itself where it leads. */
  readonly group: string;
  /** Number of distinct signatures that contain it. */
  readonly signatures: number;
  /** When the first and the last segment that showed it were opened; milliseconds since 1970. */
  readonly firstAt: number;
  readonly lastAt: number;
  readonly examples: readonly Example[];
}

export interface LatencySummary {
  /** Milliseconds: p50, p95, p99 per lane that answered. */
  readonly primary: Quantiles | null;
  readonly candidate: Quantiles | null;
  readonly secondary: Quantiles | null;
  /** Candidate / secondary; null without a proper control. */
  readonly ratio: Quantiles | null;
}
export interface Quantiles {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

export interface EndpointVerdict {
  readonly endpoint: string;
  readonly verdict: VerdictName;
  readonly reason: string;
  readonly pairs: number;
  readonly triples: number;
  readonly diverging: number;
  /** One-sided 95 % Clopper-Pearson bound of the share that diverges. */
  readonly divergingBound: number;
  readonly findings: { readonly confirmed: number; readonly total: number };
  readonly undecided: number;
  /** Pairs in which the secondary alone differs somewhere, and in which all three lanes do. */
  readonly noise: number;
  readonly masked: number;
  /** Callers, counted up to a cap, and those of them who saw a divergence. */
  readonly clusters: number;
  readonly divergingClusters: number;
  readonly latency: LatencySummary;
}

/** The answer to "can this be released?", with its reason in a plain sentence. */
export interface Verdict {
  readonly verdict: VerdictName;
  readonly reason: string;
  readonly reasons: readonly string[];
  /** Pairs judged so far, and pairs still needed for SAFE if nothing more diverges (null where more pairs cannot help). */
  readonly pairs: number;
  readonly needed: number | null;
  /** Seconds until `needed` at the present traffic; null where unknown. */
  readonly forecastSeconds: number | null;
  readonly attempts: number;
  readonly tolerance: number;
  /** Pairs in which the candidate differs at a place that is not noise, and the one-sided 95 % Clopper-Pearson bound of their share. */
  readonly diverging: number;
  readonly divergingBound: number;
  readonly maskedShare: number;
  readonly dropShare: number;
  readonly control: "control" | "baseline" | "none" | "mixed";
  /** `groups` counts causes: groups of findings. */
  readonly findings: { readonly confirmed: number; readonly total: number; readonly groups: number };
  readonly endpoints: readonly EndpointVerdict[];
}
