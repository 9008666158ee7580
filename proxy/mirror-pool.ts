import { Breaker, isTimeout, isTooLarge } from "./breaker.ts";
import type { Limits } from "./limits.ts";
import type { CountedLimit } from "./metrics.ts";
import { MirrorConnection, type MirrorRequest } from "./mirror-connection.ts";
import type { PoolReading } from "./readings.ts";
import type { Target } from "./target.ts";

export type { MirrorEnd } from "./mirror-connection.ts";

/** Connections to one mirror target: one request at a time on each, the freshest idle one first. */
export class MirrorPool {
  /** Asked before each request is sent, told of each end. */
  readonly breaker: Breaker;
  /** Each mirror that it does not let go ends as the one before it did. */
  readonly #floods: Breaker;
  readonly #target: Target;
  readonly #limits: Limits;
  readonly #idle: MirrorConnection[] = [];
  readonly #busy = new Set<MirrorConnection>();
  #closed = false;

  readonly #limited: (limit: CountedLimit) => void;

  constructor(target: Target, limits: Limits, limited: (limit: CountedLimit) => void) {
    this.#target = target;
    this.#limits = limits;
    this.#limited = limited;
    const now = () => performance.now();
    this.breaker = new Breaker(limits, now, isTimeout);
    this.#floods = new Breaker(limits, now, isTooLarge);
  }

  send(request: MirrorRequest): void {
    if (!this.#floods.admit()) return request.end({ outcome: "tooLarge" });
    const connection = this.#idle.pop() ?? this.#open();
    this.#busy.add(connection);
    connection.send(request);
  }

  read(): PoolReading {
    const isOpen = this.breaker.isOpen || this.#floods.isOpen;
    return { target: this.#target.authority, busy: this.#busy.size, idle: this.#idle.length, isOpen };
  }

  /** No new requests come; those in flight end in their own time. */
  close(): void {
    this.#closed = true;
    for (const connection of this.#idle.splice(0)) connection.destroy();
  }

  /** Ends every connection now: for the end of the process. */
  destroy(): void {
    this.close();
    for (const connection of this.#busy) connection.destroy();
  }

  #open(): MirrorConnection {
    return new MirrorConnection(this.#target, this.#limits, {
      limited: this.#limited,
      ended: (end) => this.#floods.ended(end),
      free: (connection) => {
        this.#busy.delete(connection);
        if (this.#closed || this.#idle.length >= this.#limits.maxIdleMirrors) connection.destroy();
        else this.#idle.push(connection);
      },
      gone: (connection) => {
        this.#busy.delete(connection);
        const index = this.#idle.indexOf(connection);
        if (index !== -1) this.#idle.splice(index, 1);
      },
      again: (request) => {
        const connection = this.#open();
        this.#busy.add(connection);
        connection.send(request);
      },
    });
  }
}
