import type { TeeMetrics } from "./metrics.ts";

const SECONDS = 10;
/** Fewer failures say nothing: one caller with bad luck must not take a tee out of service. */
const LEAST_FAILURES = 5;
const MAX_SHARE = 0.5;

/** Whether the primary answers, from the last ten seconds of real requests; without requests it is taken to. */
export class PrimaryHealth {
  readonly #metrics: Pick<TeeMetrics, "events" | "lanes">;
  /** Cumulative counts at the last seconds, the newest at the end. */
  readonly #seconds: { readonly failed: number; readonly answered: number }[] = [];

  constructor(metrics: Pick<TeeMetrics, "events" | "lanes">) {
    this.#metrics = metrics;
    this.tick();
  }

  /** To be called once a second. */
  tick(): void {
    this.#seconds.push({ failed: this.#metrics.events.primaryFailed, answered: this.#metrics.lanes.primary.count });
    if (this.#seconds.length > SECONDS) this.#seconds.shift();
  }

  get isHealthy(): boolean {
    const before = this.#seconds[0]!;
    const failed = this.#metrics.events.primaryFailed - before.failed;
    const answered = this.#metrics.lanes.primary.count - before.answered;
    return failed < LEAST_FAILURES || failed / (failed + answered) <= MAX_SHARE;
  }
}
