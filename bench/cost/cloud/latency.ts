import { setImmediate as nextTurn } from "node:timers/promises";

/** Stated, not measured: what a call of the service takes in its region, milliseconds. */
export const LATENCY_MS = { dynamodb: 5, sqs: 10, s3: 30 } as const;
/** And what a function of 1 769 MB gets through its network, bytes a millisecond (400 Mbit/s). */
export const BYTES_PER_MS = 50_000;

/** Turns of the event loop in which nothing is asked: whoever waits has nothing else to do. */
const IDLE_TURNS = 3;

interface Waiting {
  readonly due: number;
  readonly resolve: () => void;
}

const cpuMsOfProcess = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
};

/** What a piece of work took: CPU of this process, and the time in which it had nothing to do but wait for answers. */
export interface Took {
  readonly cpuMs: number;
  readonly waitedMs: number;
}

/**
 * Plays the latency of the services without waiting for it. A call is due at the CPU time spent so far plus the time waited so far plus
 * its latency; when nothing is left to compute, time moves on to the first answer that is due.
 */
export class Latencies {
  #waiting: Waiting[] = [];
  #waitedMs = 0;
  readonly #readCpuMs: () => number;
  #startedAt: number;
  #isTurning = false;
  #asked = 0;

  constructor(readCpuMs: () => number = cpuMsOfProcess) {
    this.#readCpuMs = readCpuMs;
    this.#startedAt = readCpuMs();
  }

  wait(service: keyof typeof LATENCY_MS, bytes: number): Promise<void> {
    this.#asked++;
    return new Promise((resolve) => {
      this.#waiting.push({ due: this.#at() + LATENCY_MS[service] + bytes / BYTES_PER_MS, resolve });
      if (!this.#isTurning) void this.#turn();
    });
  }

  /** Begins a piece of work. */
  start(): void {
    this.#startedAt = this.#readCpuMs();
    this.#waitedMs = 0;
  }

  took(): Took {
    return { cpuMs: this.#cpuMs(), waitedMs: this.#waitedMs };
  }

  async #turn(): Promise<void> {
    this.#isTurning = true;
    let idle = 0;
    while (this.#waiting.length > 0) {
      const before = this.#asked;
      await nextTurn();
      idle = this.#asked === before ? idle + 1 : 0;
      if (idle >= IDLE_TURNS)
        this.#waitedMs += Math.max(0, Math.min(...this.#waiting.map(({ due }) => due)) - this.#at());
      if (this.#release() > 0) idle = 0;
    }
    this.#isTurning = false;
  }

  #release(): number {
    const now = this.#at();
    const due = this.#waiting.filter((one) => one.due <= now);
    this.#waiting = this.#waiting.filter((one) => one.due > now);
    for (const { resolve } of due) resolve();
    return due.length;
  }

  #at(): number {
    return this.#cpuMs() + this.#waitedMs;
  }

  #cpuMs(): number {
    return this.#readCpuMs() - this.#startedAt;
  }
}
