import type { Socket } from "node:net";
import { Deadline } from "./deadline.ts";
import type { Limits } from "./limits.ts";

/** What a connection waits for, and the limit that says for how long. */
const LIMIT_OF = {
  head: "headTimeoutMs",
  body: "bodyIdleTimeoutMs",
  firstByte: "primaryFirstByteTimeoutMs",
  answer: "primaryIdleTimeoutMs",
  next: "callerIdleTimeoutMs",
} as const satisfies Record<string, keyof Limits>;
export type Stage = keyof typeof LIMIT_OF;

interface StageParts {
  readonly limits: Limits;
  readonly metrics: { limited(limit: (typeof LIMIT_OF)[Stage]): void };
}

/** How long the other side may take to close what the tee has ended. */
const LINGER_MS = 2_000;

/** The one deadline of a caller's connection: it is always known what is waited for, and what bites is counted. */
export class StageDeadline {
  readonly #deadline = new Deadline();
  readonly #parts: StageParts;
  /** One function for all stages: a closure each would be made several times a request. */
  readonly #act: () => void;
  #stage: Stage | undefined;

  constructor(parts: StageParts, expired: (stage: Stage) => void) {
    this.#parts = parts;
    this.#act = () => {
      const stage = this.#stage;
      if (stage === undefined) return;
      this.#stage = undefined;
      parts.metrics.limited(LIMIT_OF[stage]);
      expired(stage);
    };
  }

  await(stage: Stage): void {
    this.#stage = stage;
    const ms = this.#parts.limits[LIMIT_OF[stage]];
    if (ms === 0) return this.#deadline.clear();
    this.#deadline.set(ms, this.#act);
  }

  /** From the first byte of a head, or from connecting, to its last there is one deadline, however slowly bytes drip. */
  awaitHead(): void {
    if (!this.awaitsHead) this.await("head");
  }

  get awaitsHead(): boolean {
    return this.#stage === "head";
  }

  /** Bytes of the answer came; while the request still comes, its bytes are waited for as well. */
  answerBytes({
    requestIsDone,
    answerHasBegun,
  }: {
    readonly requestIsDone: boolean;
    readonly answerHasBegun: boolean;
  }) {
    if (requestIsDone && !answerHasBegun) this.await("answer");
    else this.refresh();
  }

  /** Bytes came: the time begins anew. */
  refresh(): void {
    this.#deadline.refresh();
  }

  clear(): void {
    this.#stage = undefined;
    this.#deadline.clear();
  }

  /** Ends the socket. The time to close begins once all has gone out: a slow reader loses nothing of its answer. */
  linger(socket: Socket): void {
    this.#stage = undefined;
    this.#deadline.set(this.#parts.limits.primaryIdleTimeoutMs, () => socket.destroy());
    socket.end(() => {
      this.#deadline.set(LINGER_MS, () => socket.destroy());
    });
  }
}
