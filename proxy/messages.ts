import type { OutcomeCounts } from "../core/pair/outcome.ts";
import type { Plan } from "../core/sampling/plan.ts";
import type { RunKey } from "./accounting.ts";
import type { Source } from "./batch.ts";
import type { Limits } from "./limits.ts";
import type { ShipperReading } from "./readings.ts";

type Snapshot = Readonly<Record<RunKey, OutcomeCounts>>;
type Denied = Readonly<Record<RunKey, number>>;

/** What the main thread tells the shipper. */
export type ToShipper =
  | {
      readonly type: "batch";
      readonly buffer: ArrayBuffer;
      readonly bytes: number;
      readonly sources: readonly Source[];
      readonly outcomes: Snapshot;
    }
  /** Once a second, so that the heartbeat shows what was sampled since the last batch. */
  | { readonly type: "outcomes"; readonly outcomes: Snapshot; readonly deniedWrites: Denied }
  /** Send all that is held, then answer `drained`. */
  | { readonly type: "drain"; readonly outcomes: Snapshot }
  /** These are the final counts: beat for the last time, then answer `closed`. */
  | { readonly type: "close"; readonly outcomes: Snapshot; readonly deniedWrites: Denied };

/** How pairs of a run ended in the shipper. */
export interface Ended {
  readonly run: RunKey;
  readonly outcome: "compared" | "candidateFailed" | "undelivered" | "unsupported";
  readonly requests: number;
}

/** What the shipper tells the main thread. */
export type FromShipper =
  | { readonly type: "plan"; readonly plan: Plan }
  /** The buffer of a batch, to be used again. */
  | { readonly type: "returned"; readonly buffer: ArrayBuffer }
  | { readonly type: "ended"; readonly ended: readonly Ended[] }
  /** A segment took this sequence number. */
  | { readonly type: "numbered"; readonly run: RunKey; readonly seq: number }
  /** How the shipper fares, once a second. */
  | { readonly type: "reading"; readonly reading: ShipperReading }
  | { readonly type: "drained" }
  | { readonly type: "closed" };

/** What the shipper's thread is started with. */
export interface ShipperStart {
  readonly tee: string;
  readonly epoch: string;
  readonly baseline: string;
  readonly service: string;
  readonly primaryUrl: string;
  /** Signs the marks of what a probe sends. */
  readonly markKey: string | undefined;
  readonly limits: Limits;
  /** Where the sequence numbers of a run go on after another thread of this process; 0 where it has none. */
  readonly nextSeq: Readonly<Record<RunKey, number>>;
}
