import { DIFF_LIMITS } from "./limits.ts";

/**
 * Work that may still be done for one pair. Counted, not timed, so that the same pair always gives the same answer.
 * One budget serves all comparisons of a pair.
 */
export class Budget {
  #left: number;
  constructor(work: number = DIFF_LIMITS.maxWork) {
    this.#left = work;
  }
  /** False once the budget is spent: stop, and report the comparison as undecided. */
  spend(work: number): boolean {
    this.#left -= work;
    return this.#left >= 0;
  }
  get isSpent(): boolean {
    return this.#left < 0;
  }
  get left(): number {
    return Math.max(0, this.#left);
  }
}
