import { Breaker, isRefused, isTimeout, isTooLarge } from "./breaker.ts";
import type { Limits } from "./limits.ts";
import type { CountedLimit } from "./metrics.ts";
import { MirrorConnection, type MirrorEnd, type MirrorRequest } from "./mirror-connection.ts";
import type { PoolReading } from "./readings.ts";
import type { Target } from "./target.ts";

export type { MirrorEnd } from "./mirror-connection.ts";

/** Connections to one mirror target: one request at a time on each, the freshest idle one first. */
export class MirrorPool {
  /** Asked before each request is sent, told of each end. */
  readonly breaker: Breaker;
  /** For what takes the time of the thread that serves callers. Each mirror that it does not let go ends as the last one did. */
  readonly #costly: Breaker;
  #lastEnd: MirrorEnd = { outcome: "tooLarge" };
  readonly #target: Target;
  readonly #limits: Limits;
  readonly #idle: MirrorConnection[] = [];
  readonly #all = new Set<MirrorConnection>();
  #closed = false;

  readonly #limited: (limit: CountedLimit) => void;

  constructor(target: Target, limits: Limits, limited: (limit: CountedLimit) => void) {
    this.#target = target;
    this.#limits = limits;
    this.#limited = limited;
    const now = () => performance.now();
    this.breaker = new Breaker(limits, now, isTimeout);
    this.#costly = new Breaker(limits, now, (end) => isTooLarge(end) || (target.secure && isRefused(end)));
  }

  send(request: MirrorRequest): void {
    if (!this.#costly.admit()) return request.end(this.#lastEnd);
    (this.#idle.pop() ?? this.#open()).send(request);
  }

  read(): PoolReading {
    const isOpen = this.breaker.isOpen || this.#costly.isOpen;
    return {
      target: this.#target.authority,
      busy: this.#all.size - this.#idle.length,
      idle: this.#idle.length,
      isOpen,
    };
  }

  /** No new requests come; those in flight end in their own time. */
  close(): void {
    this.#closed = true;
    for (const connection of this.#idle.splice(0)) connection.destroy();
  }

  /** Ends every connection now: for the end of the process. */
  destroy(): void {
    this.#closed = true;
    for (const connection of this.#all) connection.destroy();
  }

  #open(): MirrorConnection {
    const connection = new MirrorConnection(this.#target, this.#limits, {
      limited: this.#limited,
      ended: (end) => {
        this.#lastEnd = end;
        this.#costly.ended(end);
      },
      free: (connection) => {
        if (this.#closed || this.#idle.length >= this.#limits.maxIdleMirrors) connection.destroy();
        else this.#idle.push(connection);
      },
      gone: (connection) => {
        this.#all.delete(connection);
        const index = this.#idle.indexOf(connection);
        if (index !== -1) this.#idle.splice(index, 1);
      },
      again: (request) => this.#open().send(request),
    });
    this.#all.add(connection);
    return connection;
  }
}
