/** How late a deadline may be noticed. */
const SWEEP_MS = 50;

const active = new Set<Deadline>();
let sweeper: NodeJS.Timeout | undefined;

const sweep = (): void => {
  const now = performance.now();
  for (const deadline of active) deadline.check(now);
  if (active.size > 0) return;
  clearInterval(sweeper);
  sweeper = undefined;
};

/**
 * One deadline at a time: setting a new one ends the old. All are looked at together now and then, for they are set and cleared with
 * every request and hardly ever reached: a timer each would cost more than the rest of the bookkeeping.
 */
export class Deadline {
  #ms = 0;
  #at = Number.POSITIVE_INFINITY;
  #act: () => void = () => {};
  /** The sweep looks at it; asked with every request, where the set itself would have to hash. */
  #isActive = false;

  set(ms: number, act: () => void): void {
    this.#ms = ms;
    this.#act = act;
    this.#at = performance.now() + ms;
    if (!this.#isActive) active.add(this);
    this.#isActive = true;
    if (sweeper === undefined) sweeper = setInterval(sweep, SWEEP_MS).unref();
  }

  /** The time begins anew. */
  refresh(): void {
    if (this.#at !== Number.POSITIVE_INFINITY) this.#at = performance.now() + this.#ms;
  }

  clear(): void {
    this.#at = Number.POSITIVE_INFINITY;
  }

  /** For the sweep: acts when the time has come; one that was cleared is not looked at again. */
  check(now: number): void {
    const isSet = this.#at !== Number.POSITIVE_INFINITY;
    if (isSet && this.#at > now) return;
    active.delete(this);
    this.#isActive = false;
    this.clear();
    if (isSet) this.#act();
  }
}
