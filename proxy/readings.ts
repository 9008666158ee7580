import type { OutcomeCounts } from "../core/pair/outcome.ts";
import type { RunKey } from "./accounting.ts";
import type { Limits } from "./limits.ts";
import type { LoopDelay } from "./loop-delay.ts";
import type { TeeMetrics } from "./metrics.ts";

/** One mirror target, named by host and port: connections to it and its breaker. */
export interface PoolReading {
  readonly target: string;
  readonly busy: number;
  readonly idle: number;
  /** Time-outs in a row: only probes go. */
  readonly isOpen: boolean;
}

/** What the shipper tells of itself. Counts begin anew when its thread does. */
export interface ShipperReading {
  readonly loopDelay: LoopDelay;
  readonly waitingSegments: number;
  readonly segmentsInFlight: number;
  readonly sentSegments: number;
  readonly sentBytes: number;
}

/** Everything there is to tell of a tee at one moment. */
export interface Readings {
  readonly metrics: TeeMetrics;
  readonly limits: Limits;
  readonly isDraining: boolean;
  readonly isHealthy: boolean;
  readonly connections: number;
  readonly mirrorsInFlight: number;
  readonly mirrorsWaiting: number;
  readonly copyBytes: number;
  readonly outcomes: Readonly<Record<RunKey, OutcomeCounts>>;
  readonly pools: readonly PoolReading[];
  /** Since the plan was last read; undefined before the first. */
  readonly planAgeMs: number | undefined;
  readonly shipper: ShipperReading | undefined;
  readonly loopDelay: LoopDelay;
  readonly residentBytes: number;
}
