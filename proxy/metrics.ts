import type { FailureReason } from "../core/capture/capture.ts";
import { NOT_MIRRORED } from "../core/sampling/decide.ts";
import { Histogram } from "./histogram.ts";
import type { Limits } from "./limits.ts";
import type { Refusal } from "./request-head.ts";

/** Limits that bite on a connection, and those that share one outcome; the others end a sample in an outcome of their own. */
export const COUNTED_LIMITS = [
  "maxConnections",
  "maxHeadBytes",
  "headTimeoutMs",
  "bodyIdleTimeoutMs",
  "callerIdleTimeoutMs",
  "primaryConnectTimeoutMs",
  "primaryFirstByteTimeoutMs",
  "primaryIdleTimeoutMs",
  "mirrorConnectTimeoutMs",
  "mirrorTimeoutMs",
  "maxOrderKeys",
  "maxOrderWaitingPerKey",
  "maxOrderWaitingBytes",
  "maxOrderWaitMs",
] as const satisfies readonly (keyof Limits)[];
export type CountedLimit = (typeof COUNTED_LIMITS)[number];

export const REFUSAL_STATUSES = [
  400, 405, 408, 431, 501, 502, 503, 504, 505,
] as const satisfies readonly Refusal["status"][];
export type MirrorLaneName = "candidate" | "secondary";

/** What may happen on the caller's path; counted by name. */
const CALLER_EVENTS = ["requests", "refused", "primaryFailed", "primaryInvalid", "tunnelled", "aborted"] as const;
type CallerEvent = (typeof CALLER_EVENTS)[number];

const zeros = <Name extends PropertyKey>(names: readonly Name[]) =>
  Object.fromEntries(names.map((name) => [name, 0])) as Record<Name, number>;
const FAILURES: readonly FailureReason[] = ["timeout", "refused", "reset", "invalid"];

/**
 * What happens on the way of requests: plain numbers that only grow, written by the thread that serves callers. Every name
 * here is the tee's own; nothing that a caller chooses becomes one.
 */
export class TeeMetrics {
  readonly events: Record<CallerEvent, number> = zeros(CALLER_EVENTS);
  /** Whole answers of the primary by the first digit of their status. */
  readonly answers = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
  readonly refusals = zeros(REFUSAL_STATUSES);
  readonly limits = zeros(COUNTED_LIMITS);
  /** From a request's first bytes here to their writing to the primary. */
  readonly requestAdded = new Histogram();
  /** From bytes of an answer here to their writing to the caller. */
  readonly answerAdded = new Histogram();
  readonly lanes = { primary: new Histogram(), candidate: new Histogram(), secondary: new Histogram() };
  readonly laneFailures = { candidate: zeros(FAILURES), secondary: zeros(FAILURES) };
  /** Answers of a mirror larger than what is copied. */
  readonly laneTooLarge = { candidate: 0, secondary: 0 };
  /** By reason; one request may be counted once for each environment. */
  readonly notMirrored = zeros(NOT_MIRRORED);
  shipperDeaths = 0;
  /** Faults of the tee itself, after which nothing is mirrored any more. */
  faults = 0;

  readonly limited = (limit: CountedLimit): void => {
    this.limits[limit]++;
  };

  count(event: CallerEvent): void {
    this.events[event]++;
  }

  refused({ status }: Refusal): void {
    this.events.refused++;
    this.refusals[status]++;
    if (status === 431) this.limits.maxHeadBytes++;
  }

  answered(status: number, ms: number): void {
    this.answers[Math.trunc(status / 100)]!++;
    this.lanes.primary.add(ms);
  }

  mirrored(lane: MirrorLaneName, end: MirrorEnded): void {
    if (end.outcome === "tooLarge") this.laneTooLarge[lane]++;
    else if (end.outcome === "failed") this.laneFailures[lane][end.reason]++;
    else this.lanes[lane].add(end.ms);
  }
}

type MirrorEnded =
  | { readonly outcome: "responded"; readonly ms: number }
  | { readonly outcome: "failed"; readonly reason: FailureReason }
  | { readonly outcome: "tooLarge" };
