import type { Accounting, CopyBudget } from "./accounting.ts";
import type { RawPair, Source } from "./batch.ts";
import type { Later } from "./later.ts";
import type { Limits } from "./limits.ts";
import type { Lines } from "./lines.ts";
import type { TeeMetrics } from "./metrics.ts";
import type { MirrorPool } from "./mirror-pool.ts";
import type { MirroredHead } from "./mirrored-head.ts";

/** A lane that gets mirrors: where to, and how its copy of the head is made. */
export interface MirrorLane {
  readonly pool: MirrorPool;
  readonly head: MirroredHead;
}

/** What one environment wants of a request: its lanes in the order in which they are to be sent. */
export interface Wanted {
  readonly source: Source;
  readonly candidate: MirrorLane;
  readonly secondary: MirrorLane | undefined;
  readonly secondaryFirst: boolean;
  /** Where mirrors go in order, the line in which this one stands. */
  readonly line: string | undefined;
}

/** What all exchanges of a tee share. */
export interface Shared {
  readonly limits: Limits;
  readonly budget: CopyBudget;
  readonly accounting: Accounting;
  readonly metrics: TeeMetrics;
  readonly inFlight: { mirrors: number };
  readonly hand: (pair: RawPair) => boolean;
  readonly now: () => number;
  readonly later: Later;
  readonly lines: Lines;
}
