import { Framer } from "./llhttp.ts";

/** A part of an answer. `status` is 0 until the head is whole; `ends` tells what ends with these bytes. */
export interface AnswerPiece {
  readonly bytes: Buffer;
  readonly status: number;
  readonly ends: "nothing" | "interim" | "answer";
}

/** Reads the answers of the primary to one request after the other. */
export class AnswerReader {
  readonly #framer = new Framer("response");
  #isHead = false;

  /** Makes ready for the answer to the next request. */
  begin(method: string): void {
    this.#isHead = method === "HEAD";
    this.#framer.next();
    this.#framer.skipBody = this.#isHead;
  }

  get headDone(): boolean {
    return this.#framer.headDone;
  }

  /** Whether the primary keeps the connection open after this answer. */
  get keepAlive(): boolean {
    return this.#framer.keepAlive;
  }

  /** The pieces of the chunk up to the end of the answer; what is left over, or is no HTTP, is returned. */
  *read(chunk: Buffer): Generator<AnswerPiece, { readonly rest: Buffer; readonly invalid: boolean }> {
    let rest = chunk;
    while (rest.length > 0) {
      const consumed = this.#framer.feed(rest);
      if (this.#framer.error !== undefined) return { rest, invalid: true };
      const bytes = consumed === rest.length ? rest : rest.subarray(0, consumed);
      rest = rest.subarray(consumed);
      const { done, status } = this.#framer;
      const isInterim = done && status < 200 && status !== 101;
      yield { bytes, status, ends: isInterim ? "interim" : done ? "answer" : "nothing" };
      if (!isInterim) break;
      this.#framer.next();
      this.#framer.skipBody = this.#isHead;
    }
    return { rest, invalid: false };
  }

  /** The primary has ended the connection: is the answer whole by that (RFC 9112 6.3)? */
  isWholeAtEnd(): boolean {
    this.#framer.finish();
    return this.#framer.done && this.#framer.status >= 200;
  }

  free(): void {
    this.#framer.free();
  }
}
