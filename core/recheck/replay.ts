import type { Facts } from "../noise/facts.ts";
import type { Clock, Pace } from "./pace.ts";
import type { AskedLanes } from "./recheck.ts";
import type { Unsent } from "./sendable.ts";

/** What becomes of the requests of a window: each compared pair of the run is in `ready`, `beyond`, or under why it cannot be sent. */
export type WindowCounts = Readonly<Record<Unsent | "ready" | "beyond", number>>;

export const NO_COUNTS: WindowCounts = {
  ready: 0,
  beyond: 0,
  notStored: 0,
  bodyNotStored: 0,
  hidden: 0,
  writes: 0,
};

/** Where the next step goes on: in the first minute that is archived behind the object `after`, behind one of its pairs. */
export interface Place {
  readonly after: string;
  readonly pair: { readonly at: number; readonly id: string } | null;
}

/** Stored requests of a window of one run, sent again in their order; nothing of it is mixed into the run. */
export interface Replay extends Pace {
  readonly id: string;
  readonly env: string;
  readonly run: string;
  readonly at: number;
  readonly who: string;
  readonly lanes: AskedLanes;
  /** Milliseconds since 1970; before `to`. */
  readonly from: number;
  readonly to: number;
  /** Only counts what could be sent. */
  readonly dryRun: boolean;
  /** All is counted before the first is sent. */
  readonly phase: "counting" | "sending" | "ended";
  readonly place: Place;
  readonly counts: WindowCounts;
  /** Names of hidden values, with how many requests lack them. */
  readonly missing: Readonly<Record<string, number>>;
  /** Names of the hidden values that are given with each step. */
  readonly given: readonly string[];
  /** Objects of the archive that were not read, of minutes with more than can be. */
  readonly unreadObjects: number;
  readonly sent: number;
  /** Of those that were sent: without an answer of the control, or with one too large. */
  readonly unanswered: number;
  readonly clock: Clock | null;
  /** Of what came, as of a run. */
  readonly facts: Facts;
  /** Ids of the run's findings. */
  readonly known: readonly string[];
  /** One more at each write: of two that go on with the same step, one wins. */
  readonly step: number;
}
