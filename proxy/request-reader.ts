import type { Limits } from "./limits.ts";
import { Framer } from "./llhttp.ts";
import { headSpan, inspect, type Refusal, type RequestHead } from "./request-head.ts";

/** What a chunk from the caller turned out to hold; `rest` are bytes of what follows this request. */
export type RequestPiece =
  /** The head is not whole yet. */
  | { readonly kind: "partial" }
  | { readonly kind: "refused"; readonly refusal: Refusal }
  /** The head is whole; `bytes` are to be passed on: empty lines before it, `headBytes`, and what came of the body. */
  | {
      readonly kind: "head";
      readonly head: RequestHead;
      readonly headBytes: Buffer;
      readonly body: Buffer | undefined;
      readonly bytes: Buffer;
      readonly done: boolean;
      readonly rest: Buffer | undefined;
    }
  | { readonly kind: "body"; readonly bytes: Buffer; readonly done: boolean; readonly rest: Buffer | undefined };

/** Reads the requests of one connection: nothing of a request is passed on before its head is whole and was inspected. */
export class RequestReader {
  readonly #framer = new Framer("request");
  readonly #maxHeadBytes: number;
  /** What came of a head that is not whole yet. */
  #head: Buffer[] = [];
  #headBytes = 0;

  constructor({ maxHeadBytes }: Pick<Limits, "maxHeadBytes">) {
    this.#maxHeadBytes = maxHeadBytes;
  }

  /** Whether the caller may send another request after this one; valid once the head is whole. */
  get keepAlive(): boolean {
    return this.#framer.keepAlive;
  }

  get upgrade(): boolean {
    return this.#framer.upgrade;
  }

  /** Some of a head has come. */
  get isInHead(): boolean {
    return this.#headBytes > 0;
  }

  read(chunk: Buffer): RequestPiece {
    const hadHead = this.#framer.headDone;
    const consumed = this.#framer.feed(chunk);
    if (this.#framer.error !== undefined) return refused(400, this.#framer.error);
    const { done } = this.#framer;
    const bytes = consumed === chunk.length ? chunk : chunk.subarray(0, consumed);
    const rest = consumed === chunk.length ? undefined : chunk.subarray(consumed);
    if (hadHead) return { kind: "body", bytes, done, rest };

    this.#headBytes += bytes.length;
    if (!this.#framer.headDone) {
      if (this.#headBytes > this.#maxHeadBytes)
        return refused(431, `the head is larger than ${this.#maxHeadBytes} bytes`);
      this.#head.push(bytes);
      return { kind: "partial" };
    }
    const whole = this.#head.length === 0 ? bytes : Buffer.concat([...this.#head, bytes]);
    this.#head = [];
    this.#headBytes = 0;
    const { start, end } = headSpan(whole);
    if (end === -1 || end > this.#maxHeadBytes)
      return refused(431, `the head is larger than ${this.#maxHeadBytes} bytes`);
    const headBytes = whole.subarray(start, end);
    const head = inspect(headBytes, this.#framer);
    if ("status" in head) return { kind: "refused", refusal: head };
    const body = end < whole.length ? whole.subarray(end) : undefined;
    return { kind: "head", head, headBytes, body, bytes: whole, done, rest };
  }

  /** For when answers can no longer be told apart: what may be passed on without them; `primary` is ended where that ends. */
  pass(chunk: Buffer, primary: { end(): void }): Buffer {
    const passed: Buffer[] = [];
    for (let rest: Buffer | undefined = chunk; rest !== undefined; ) {
      const mayGoOn = !this.#framer.done || this.keepAlive;
      if (this.#framer.done && mayGoOn) this.next();
      const piece: RequestPiece | undefined = mayGoOn ? this.read(rest) : undefined;
      if (piece === undefined || piece.kind === "refused") {
        primary.end();
        break;
      }
      if (piece.kind === "partial") break;
      passed.push(piece.bytes);
      rest = piece.rest;
    }
    return Buffer.concat(passed);
  }

  /** Makes ready for the next request. */
  next(): void {
    if (this.#framer.upgrade) this.#framer.declineUpgrade();
    this.#framer.next();
  }

  free(): void {
    this.#framer.free();
  }
}

const refused = (status: Refusal["status"], why: string): RequestPiece => ({
  kind: "refused",
  refusal: { status, why },
});
