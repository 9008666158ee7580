import { Passage } from "./draining.ts";
import type { Exchange } from "./exchange.ts";
import type { RequestHead } from "./request-head.ts";

/** One request of a connection and its answer. */
export class Turn {
  readonly head: RequestHead;
  readonly passage = new Passage();
  exchange: Exchange | undefined;
  requestIsDone = false;
  answerIsDone = false;
  /** Bytes of the answer have gone to the caller. */
  answerHasBegun = false;

  constructor(head: RequestHead) {
    this.head = head;
  }

  get isDone(): boolean {
    return this.requestIsDone && this.answerIsDone;
  }
}
