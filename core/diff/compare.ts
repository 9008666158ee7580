import type { StoredCapture } from "../segment/segment.ts";
import { Allowed, type EndpointRules } from "./allowed.ts";
import { Answer } from "./answer.ts";
import { compareBodies } from "./bodies.ts";
import { Budget } from "./budget.ts";
import { compareCalls } from "./calls.ts";
import { Differences, type Spot, textOf } from "./differences.ts";
import { compareHeaders } from "./headers.ts";
import type { Divergence } from "./place.ts";
import { countPlaces } from "./places.ts";
import { compareWithSchemas, type EndpointSchemas } from "./schemas.ts";
import { excerpts } from "./text.ts";

/** How the answers of two lanes differ. */
export interface Comparison {
  readonly divergences: readonly Divergence[];
  /** Why the comparison could not be finished; then `divergences` may lack some, and the captures never count as equal. */
  readonly undecided: string | null;
  /** Number of distinct places of the left answer. */
  readonly places: number;
  /** What is equal but not the same, for people. */
  readonly notes: readonly string[];
}

/** On what terms the answers of one endpoint are compared. */
export interface Terms {
  readonly rules?: EndpointRules | undefined;
  readonly schemas?: EndpointSchemas | undefined;
}

/** Pure and deterministic: work is counted, not timed, and bounded by `DIFF_LIMITS.maxWork`. */
export const compare = (left: StoredCapture, right: StoredCapture, terms: Terms = {}): Comparison => {
  const budget = new Budget();
  const answer = new Answer(left, budget);
  const found = differencesOf(answer, new Answer(right, budget), budget, {
    allowed: terms.rules && new Allowed(terms.rules),
    schemas: terms.schemas,
  });
  return {
    divergences: found.spots.map(divergenceOf),
    undecided: found.undecided,
    places: countPlaces(answer),
    notes: [...found.notes],
  };
};

type Step = (left: Answer, right: Answer, found: Differences, budget: Budget) => void;

const compareFailures: Step = (left, right, found) => {
  const [a, b] = [endOf(left.capture), endOf(right.capture)];
  if (a !== b) found.add("failure", "failure", a, b, "text");
};

/** "" for an answer. */
const endOf = (capture: StoredCapture): string => (capture.outcome === "failed" ? capture.reason : "");

const compareStatus: Step = ({ capture: left }, { capture: right }, found) => {
  if (left.outcome === "failed" || right.outcome === "failed" || left.status === right.status) return;
  found.add("status", "status", left.status, right.status);
};

const compareMade: Step = ({ calls: left }, { calls: right }, found, budget) => {
  if (left !== undefined && right !== undefined) compareCalls(left, right, found, budget);
};

const STEPS: readonly Step[] = [compareFailures, compareStatus, compareHeaders, compareBodies, compareMade];

/** The comparison before it is made short for people. Latency is no part of it: that is judged over many pairs. */
export const differencesOf = (
  left: Answer,
  right: Answer,
  budget: Budget,
  { allowed, schemas }: { readonly allowed?: Allowed | undefined; readonly schemas?: EndpointSchemas | undefined } = {},
): Differences => {
  const found = new Differences(allowed);
  for (const step of STEPS) step(left, right, found, budget);
  if (schemas !== undefined) compareWithSchemas(left, right, schemas, found, budget);
  return found;
};

const divergenceOf = (spot: Spot): Divergence => {
  const [left = "", right = ""] = excerpts([textOf(spot, spot.lefts), textOf(spot, spot.rights)]);
  return { place: spot.place, kind: spot.kind, left, right };
};
