import type { Socket } from "node:net";
import type { FailureReason } from "../core/capture/capture.ts";
import { addressBook, lookUp, oneAtATime } from "./addresses.ts";
import { Deadline } from "./deadline.ts";
import type { Limits } from "./limits.ts";
import { Framer } from "./llhttp.ts";
import type { CountedLimit } from "./metrics.ts";
import { connectedEvent, connectTo, type Target } from "./target.ts";

/** Of all pools together. */
const lookup = addressBook(oneAtATime(lookUp));
const CONTENT_LENGTH = /\r\ncontent-length[ \t]*:[ \t]*(\d+)[ \t]*\r\n/i;

/** How a mirror ended. `raw` holds the bytes of the final answer as they came; interim answers (1xx) are left out. */
export type MirrorEnd =
  | { readonly outcome: "responded"; readonly raw: readonly Buffer[]; readonly ms: number }
  | { readonly outcome: "failed"; readonly reason: FailureReason; readonly ms: number }
  | { readonly outcome: "tooLarge" };

export interface MirrorRequest {
  /** Latin-1. */
  readonly head: string;
  readonly body: readonly Buffer[];
  readonly method: string;
  /** May it be sent once more when a kept connection turns out to be closed? */
  readonly isSafe: boolean;
  /** Told of every byte copied; false stops the copy. */
  readonly hold: (bytes: number) => boolean;
  /** The primary's answer, where it has just these bytes and ends with them, on a connection that stays: then nothing is read or copied. */
  readonly sameAnswer: (bytes: Buffer) => readonly Buffer[] | undefined;
  readonly end: (end: MirrorEnd) => void;
}

/** The pool, as its connections know it. */
interface Owner {
  /** How the target ended a mirror; not told of those that were given up here. */
  ended(end: MirrorEnd): void;
  limited(limit: CountedLimit): void;
  free(connection: MirrorConnection): void;
  gone(connection: MirrorConnection): void;
  again(request: MirrorRequest): void;
}

/** One connection to a mirror target, with one request at a time. */
export class MirrorConnection {
  readonly #socket: Socket;
  readonly #framer = new Framer("response");
  readonly #owner: Owner;
  readonly #limits: Limits;
  #request: MirrorRequest | undefined;
  #raw: Buffer[] = [];
  #bytes = 0;
  #sentAt = 0;
  #served = 0;
  #connected = false;
  readonly #late = (): void => this.#timedOut("mirrorTimeoutMs");
  readonly #idle = (): void => this.destroy();
  readonly #deadline = new Deadline();
  readonly #connecting = new Deadline();

  constructor(target: Target, limits: Limits, owner: Owner) {
    this.#owner = owner;
    this.#limits = limits;
    const socket = connectTo(target, lookup, (bytes) => this.#received(bytes));
    this.#socket = socket;
    socket.on(connectedEvent(target), () => {
      this.#connected = true;
      this.#connecting.clear();
    });
    socket.on("end", () => this.#ended());
    this.#connecting.set(limits.mirrorConnectTimeoutMs, () => this.#timedOut("mirrorConnectTimeoutMs"));
    // What went wrong is told by `close`, which always follows.
    socket.on("error", () => {});
    socket.on("close", () => this.#gone());
  }

  send(request: MirrorRequest): void {
    this.#request = request;
    this.#raw = [];
    this.#bytes = 0;
    this.#framer.next();
    this.#framer.skipBody = request.method === "HEAD";
    this.#sentAt = performance.now();
    this.#deadline.set(this.#limits.mirrorTimeoutMs, this.#late);
    if (request.body.length === 0) return void this.#socket.write(request.head, "latin1");
    this.#socket.cork();
    this.#socket.write(request.head, "latin1");
    for (const chunk of request.body) this.#socket.write(chunk);
    this.#socket.uncork();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #received(chunk: Buffer): void {
    if (this.#request === undefined) return this.destroy();
    const same = this.#bytes === 0 ? this.#request.sameAnswer(chunk) : undefined;
    if (same !== undefined) return this.#responded(same, true);
    let rest = chunk;
    while (rest.length > 0) {
      const consumed = this.#framer.feed(rest);
      if (this.#framer.error !== undefined) return this.#fail("invalid");
      if (this.#bytes + consumed > this.#limits.maxBodyBytes + this.#limits.maxHeadBytes) return this.#tooLarge();
      // Nobody needs the answer any more.
      if (!this.#keep(rest.subarray(0, consumed))) return this.#finish({ outcome: "tooLarge" });
      rest = rest.subarray(consumed);
      if (!this.#framer.done) return this.#announcesTooMuch() ? this.#tooLarge() : undefined;
      if (this.#framer.status === 101) return this.#fail("invalid");
      if (this.#framer.status >= 200) return this.#responded(this.#raw, rest.length === 0 && this.#framer.keepAlive);
      this.#dropInterim();
    }
  }

  /** Where the head came in one piece and names a length beyond the cap: not read up to it, which would cost callers more. */
  #announcesTooMuch(): boolean {
    const [first] = this.#raw;
    if (this.#raw.length !== 1 || first === undefined) return false;
    const end = first.indexOf("\r\n\r\n", 0, "latin1");
    const length = CONTENT_LENGTH.exec(first.toString("latin1", 0, end + 2))?.[1];
    return length !== undefined && Number(length) > this.#limits.maxBodyBytes;
  }

  /** An interim answer (1xx) is no answer: begin anew with what follows. */
  #dropInterim(): void {
    this.#raw = [];
    this.#framer.next();
    this.#framer.skipBody = this.#request!.method === "HEAD";
  }

  #keep(bytes: Buffer): boolean {
    this.#bytes += bytes.length;
    this.#raw.push(Buffer.from(bytes));
    return this.#request!.hold(bytes.length);
  }

  #ended(): void {
    if (this.#request === undefined) return this.destroy();
    this.#framer.finish();
    if (this.#framer.done && this.#framer.status >= 200) return this.#responded(this.#raw, false);
    this.#broken();
  }

  #gone(): void {
    this.#deadline.clear();
    this.#connecting.clear();
    this.#framer.free();
    this.#owner.gone(this);
    if (this.#request !== undefined) this.#broken();
  }

  /** The connection ended before the answer did: a kept one may have been closed just as we wrote, which says nothing of the lane. */
  #broken(): void {
    const request = this.#request!;
    if (this.#served > 0 && this.#bytes === 0 && request.isSafe) {
      this.#request = undefined;
      this.destroy();
      return this.#owner.again(request);
    }
    this.#fail(this.#connected ? "reset" : "refused");
  }

  #responded(raw: readonly Buffer[], reusable: boolean): void {
    const end: MirrorEnd = { outcome: "responded", raw, ms: performance.now() - this.#sentAt };
    this.#owner.ended(end);
    if (!reusable) return this.#finish(end);
    const request = this.#request!;
    this.#request = undefined;
    this.#raw = [];
    this.#served++;
    this.#deadline.set(this.#limits.mirrorIdleMs, this.#idle);
    this.#owner.free(this);
    request.end(end);
  }

  #timedOut(limit: CountedLimit): void {
    this.#owner.limited(limit);
    this.#fail("timeout");
  }

  #fail(reason: FailureReason): void {
    const end: MirrorEnd = { outcome: "failed", reason, ms: performance.now() - this.#sentAt };
    this.#owner.ended(end);
    this.#finish(end);
  }

  #tooLarge(): void {
    this.#owner.ended({ outcome: "tooLarge" });
    this.#finish({ outcome: "tooLarge" });
  }

  /** The request ends, and the connection with it. */
  #finish(end: MirrorEnd): void {
    const request = this.#request!;
    this.#request = undefined;
    this.#raw = [];
    this.destroy();
    request.end(end);
  }
}
