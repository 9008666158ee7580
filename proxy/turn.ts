import type { Following } from "./caller-parts.ts";
import { Passage } from "./draining.ts";
import type { TeeMetrics } from "./metrics.ts";
import type { RequestHead } from "./request-head.ts";

/** One request of a connection and its answer. */
export class Turn {
  readonly head: RequestHead;
  readonly passage = new Passage();
  exchange: Following | undefined;
  requestIsDone = false;
  answerIsDone = false;
  /** Bytes of the answer have gone to the caller. */
  answerHasBegun = false;
  /** Of the answer; 0 until its head is whole. */
  status = 0;
  readonly #came: number;
  /** When its head was written to the primary. */
  #passedOnAt: number | undefined;

  /** @param came when its first bytes did, on the clock of `performance.now` */
  constructor(head: RequestHead, came: number) {
    this.head = head;
    this.#came = came;
  }

  hasPassedOn(metrics: TeeMetrics): void {
    if (this.#passedOnAt !== undefined) return;
    this.#passedOnAt = performance.now();
    metrics.requestAdded.add(this.#passedOnAt - this.#came);
  }

  requestDone(): void {
    this.requestIsDone = true;
    this.exchange?.requestDone();
  }

  /** `goesOn`: the answer ended by its own framing, and the primary keeps the connection open. */
  answerDone(metrics: TeeMetrics, goesOn: boolean): void {
    this.answerIsDone = true;
    metrics.answered(this.status, performance.now() - (this.#passedOnAt ?? this.#came));
    this.exchange?.primaryDone(goesOn);
  }

  get isDone(): boolean {
    return this.requestIsDone && this.answerIsDone;
  }
}
