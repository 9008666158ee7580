import { monitorEventLoopDelay } from "node:perf_hooks";

/** By how much a thread's event loop was late, over the last whole window. */
export interface LoopDelay {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

const RESOLUTION_MS = 20;
const WINDOW_MS = 10_000;
const NS_PER_MS = 1e6;

/** Watches the event loop of the thread that calls it, to its end; the figures are of the last whole window of ten seconds. */
export const watchLoop = (): (() => LoopDelay) => {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  // What is recorded is the time between two looks, so the resolution is in it.
  const late = (ns: number) => Math.max(0, ns / NS_PER_MS - RESOLUTION_MS);
  let last: LoopDelay = { p50Ms: 0, p99Ms: 0, maxMs: 0 };
  setInterval(() => {
    last = { p50Ms: late(delay.percentile(50)), p99Ms: late(delay.percentile(99)), maxMs: late(delay.max) };
    delay.reset();
  }, WINDOW_MS).unref();
  return () => last;
};
