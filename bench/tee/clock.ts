// Tells when requests are due: timers of an event loop are as coarse as 1 ms, a wait in a thread of its own is not. A worker.
import { parentPort, workerData } from "node:worker_threads";

export interface Beat {
  readonly everyMs: number;
  readonly beats: number;
}
/** How many are due by now. */
export interface Due {
  readonly startAt: number;
  readonly due: number;
}

const START_MS = 10;

/** The same clock in every thread. */
export const nowMs = (): number => Number(process.hrtime.bigint()) / 1e6;

const beat = ({ everyMs, beats }: Beat): void => {
  const never = new Int32Array(new SharedArrayBuffer(4));
  const startAt = nowMs() + START_MS;
  for (let due = 0; due < beats; ) {
    const leftMs = startAt + due * everyMs - nowMs();
    if (leftMs > 0) Atomics.wait(never, 0, 0, leftMs);
    due = Math.min(beats, Math.max(due, Math.floor((nowMs() - startAt) / everyMs)) + 1);
    parentPort?.postMessage({ startAt, due } satisfies Due);
  }
};

if (parentPort !== null && workerData !== null) beat(workerData as Beat);
