import { noOutcomes, type Outcome, type OutcomeCounts } from "../core/pair/outcome.ts";

/** A run as the tee counts it: `env/run`. */
export type RunKey = string;
export const runKey = (env: string, run: string): RunKey => `${env}/${run}`;

/** Cumulative counts per run of one tee process. Ending a sampled request goes through here and nowhere else. */
export class Accounting {
  readonly #counts = new Map<RunKey, OutcomeCounts>();
  readonly #deniedWrites = new Map<RunKey, number>();

  sampled(run: RunKey): void {
    this.#of(run).sampled++;
  }

  ended(run: RunKey, outcome: Outcome, requests = 1): void {
    this.#of(run)[outcome] += requests;
  }

  /** A write that the run would have had, were writes mirrored to it. */
  deniedWrite(run: RunKey): void {
    this.#deniedWrites.set(run, (this.#deniedWrites.get(run) ?? 0) + 1);
  }

  deniedWrites(): Record<RunKey, number> {
    return Object.fromEntries(this.#deniedWrites);
  }

  snapshot(): Record<RunKey, OutcomeCounts> {
    return Object.fromEntries([...this.#counts].map(([run, counts]) => [run, { ...counts }]));
  }

  #of(run: RunKey): OutcomeCounts {
    let counts = this.#counts.get(run);
    if (counts === undefined) this.#counts.set(run, (counts = noOutcomes()));
    return counts;
  }
}

/** The one memory budget for all copies. */
export class CopyBudget {
  readonly #maxBytes: number;
  #heldBytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** False, and nothing taken, where it would exceed the budget. */
  take(bytes: number): boolean {
    if (this.#heldBytes + bytes > this.#maxBytes) return false;
    this.#heldBytes += bytes;
    return true;
  }

  give(bytes: number): void {
    this.#heldBytes -= bytes;
  }
}
