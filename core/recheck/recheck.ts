import type { Kind, Place } from "../diff/place.ts";
import type { Finding } from "../verdict/verdict.ts";
import type { Tally } from "./tally.ts";

/** A finding of a run, and what came of asking again what showed it. */
export interface RecheckedFinding
  extends Pick<Finding, "id" | "endpoint" | "place" | "kind" | "count" | "noise" | "pairs"> {
  /** Which of the requests showed it, by their position. */
  readonly requests: readonly number[];
  /** Why none of them can be sent; null where some can. */
  readonly because: string | null;
  /** Names of hidden values without which it cannot be sent. */
  readonly missing: readonly string[];
  readonly tally: Tally;
  /** Of the last repetition that showed it: request line and clipped values, redacted. */
  readonly example: { readonly request: string; readonly control: string; readonly candidate: string } | null;
}

/** A divergence of the candidate that the run did not have. */
export interface NewDivergence {
  readonly endpoint: string;
  readonly place: Place;
  readonly kind: Kind;
  readonly count: number;
}

/** Addresses. Without a control of its own, the baseline itself is asked in its place. */
export interface AskedLanes {
  readonly service: string;
  readonly candidate: string;
  readonly control: string;
  readonly controlIs: "control" | "baseline";
}

/** Stored requests that showed findings of one run, sent again: what is asked, and how far it is. Nothing in it was hidden and is not. */
export interface Recheck {
  readonly id: string;
  readonly env: string;
  readonly run: string;
  readonly at: number;
  readonly who: string;
  /** Where it was sent, as it began. */
  readonly lanes: AskedLanes;
  readonly times: number;
  /** Requests a second. */
  readonly rate: number;
  /** The pairs whose requests are sent, redacted, as a segment in base64. */
  readonly pairs: string;
  readonly requests: number;
  readonly findings: readonly RecheckedFinding[];
  /** Findings of the run that are not looked at; known all the same. */
  readonly known: readonly string[];
  readonly others: readonly NewDivergence[];
  /** Repetitions sent, of `requests` · `times`: all requests once, then again. */
  readonly next: number;
  /** One more at each write: of two that go on with the same step, one wins. */
  readonly step: number;
}

/** Repetitions of one finding's requests that are still to come. */
export const leftOf = (
  { requests, times, next }: Pick<Recheck, "requests" | "times" | "next">,
  of: readonly number[],
) => of.reduce((left, request) => left + times - repeated(next, request, requests), 0);

const repeated = (next: number, request: number, requests: number): number =>
  Math.floor(next / requests) + (next % requests > request ? 1 : 0);
