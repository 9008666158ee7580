import type { Socket } from "node:net";
import { addressBook, lookUp } from "./addresses.ts";
import type { Held, Later } from "./later.ts";
import type { Limits } from "./limits.ts";
import type { CountedLimit } from "./metrics.ts";
import { connectedEvent, connectTo, type Target } from "./target.ts";

export interface PrimaryEvents {
  data(bytes: Buffer): void;
  /** What was held has been written. */
  written(): void;
  /** It takes no more for now. */
  full(): void;
  drain(): void;
  /** It sends nothing more, or the connection is gone. May come twice. */
  end(wasConnected: boolean): void;
}

export interface PrimaryParts {
  readonly target: Target;
  readonly limits: Pick<Limits, "primaryConnectTimeoutMs">;
  readonly later: Later;
  readonly metrics: { limited(limit: CountedLimit): void };
}

const lookup = addressBook(lookUp);

/** More is not held: as much as a socket of Node takes before it says that it is full. */
const MAX_HELD_BYTES = 65_536;

/** The connection to the primary that belongs to one caller's. What is written leaves at the end of the turn. */
export class Primary implements Held {
  readonly #socket: Socket;
  readonly #later: Later;
  readonly #events: PrimaryEvents;
  #held: Buffer[] = [];
  #heldBytes = 0;
  #ends = false;

  constructor({ target, limits, later, metrics }: PrimaryParts, events: PrimaryEvents) {
    this.#later = later;
    this.#events = events;
    const socket = connectTo(target, lookup, (bytes) => events.data(Buffer.from(bytes)));
    this.#socket = socket;
    let wasConnected = false;
    const timer = setTimeout(() => {
      metrics.limited("primaryConnectTimeoutMs");
      socket.destroy();
    }, limits.primaryConnectTimeoutMs);
    socket.on(connectedEvent(target), () => {
      clearTimeout(timer);
      wasConnected = true;
    });
    socket.on("end", () => events.end(wasConnected));
    socket.on("drain", events.drain);
    // What went wrong is told by `close`, which always follows.
    socket.on("error", () => {});
    socket.on("close", () => {
      clearTimeout(timer);
      events.end(wasConnected);
    });
  }

  write(bytes: Buffer): void {
    this.#heldBytes += bytes.length;
    if (this.#held.push(bytes) === 1) this.#later.hold(this);
    if (this.#heldBytes >= MAX_HELD_BYTES) this.flush();
  }

  /** After all that is written in this turn. */
  end(): void {
    this.#ends = true;
    this.#later.hold(this);
  }

  flush(): void {
    if (this.#heldBytes > 0) this.#writeHeld();
    if (this.#ends) this.#socket.end();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  get isGone(): boolean {
    return this.#socket.destroyed;
  }

  /** It reads too slowly. */
  get isFull(): boolean {
    return this.#socket.writableNeedDrain;
  }

  #writeHeld(): void {
    const held = this.#held;
    this.#held = [];
    this.#heldBytes = 0;
    if (this.isGone) return;
    let takesMore = true;
    for (const bytes of held) takesMore = this.#socket.write(bytes);
    this.#events.written();
    if (!takesMore) this.#events.full();
  }
}
