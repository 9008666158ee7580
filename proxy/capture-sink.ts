import type { Plan } from "../core/sampling/plan.ts";
import type { Accounting, CopyBudget } from "./accounting.ts";
import type { RawPair } from "./batch.ts";
import type { ShipperReading } from "./readings.ts";

/** Where captures go, and where the plan comes from: everything behind the thread that serves callers. */
export interface CaptureSink {
  /** Takes the pair over; false when there is no room, and then nothing was taken. Never waits. */
  append(pair: RawPair): boolean;
  /** All that was taken has ended once this resolves, or `timeoutMs` has passed. */
  drain(timeoutMs: number): Promise<void>;
}

export interface SinkEvents {
  plan(plan: Plan): void;
  reading(reading: ShipperReading): void;
  /** The shipper died and is started again: for the log. */
  shipperDied(reason: string): void;
}

export interface SinkShared {
  readonly budget: CopyBudget;
  readonly accounting: Accounting;
}

export type OpenSink = (shared: SinkShared, events: SinkEvents) => CaptureSink;
