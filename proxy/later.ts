import type { Outcome } from "../core/pair/outcome.ts";

/** Mirrors that may go. */
export interface Due {
  sendMirrors(): void;
  end(outcome: Outcome): void;
}

/** Sends mirrors once all that callers wait for in this turn of the event loop is done. */
export class Later {
  /** Told of what should never happen. */
  readonly #fault: (error: unknown) => void;
  #due: Due[] = [];

  constructor(fault: (error: unknown) => void) {
    this.#fault = fault;
  }

  add(due: Due): void {
    if (this.#due.push(due) === 1) setImmediate(() => this.#send());
  }

  #send(): void {
    const now = this.#due;
    this.#due = [];
    for (const due of now) {
      try {
        due.sendMirrors();
      } catch (error) {
        due.end("unsupported");
        this.#fault(error);
      }
    }
  }
}
