import type { Outcome } from "../core/pair/outcome.ts";

/** Bytes that wait for the end of a turn. */
export interface Held {
  flush(): void;
}

/** Mirrors that may go. */
export interface Due {
  sendMirrors(): void;
  end(outcome: Outcome): void;
}

/**
 * What leaves at the end of a turn of the event loop, when all that came in it was read: first what goes to primaries, then the mirrors. One
 * write after the other wakes whoever reads them once; between reads each would wake him anew, in the place of the tee where cores are few.
 */
export class Later {
  /** Told of what should never happen. */
  readonly #fault: (error: unknown) => void;
  #held: Held[] = [];
  #due: Due[] = [];
  #isComing = false;

  constructor(fault: (error: unknown) => void) {
    this.#fault = fault;
  }

  hold(held: Held): void {
    this.#held.push(held);
    this.#await();
  }

  add(due: Due): void {
    this.#due.push(due);
    this.#await();
  }

  #await(): void {
    if (!this.#isComing) setImmediate(() => this.#endTurn());
    this.#isComing = true;
  }

  #endTurn(): void {
    this.#isComing = false;
    const [held, due] = [this.#held, this.#due];
    this.#held = [];
    this.#due = [];
    for (const each of held) each.flush();
    for (const each of due) this.#send(each);
  }

  #send(due: Due): void {
    try {
      due.sendMirrors();
    } catch (error) {
      due.end("unsupported");
      this.#fault(error);
    }
  }
}
