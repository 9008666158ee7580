import { Framer } from "./llhttp.ts";

/** A part of an answer, and what came behind it. */
export interface AnswerPiece {
  readonly bytes: Buffer;
  /** 0 until the head is whole. */
  readonly status: number;
  /** What ends with these bytes; `http`: what is left over is no answer. */
  readonly ends: "nothing" | "interim" | "answer" | "http";
  readonly rest: Buffer;
}

const NOTHING = Buffer.alloc(0);

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

  /** What the bytes hold of this answer; after an interim one, go on with the rest. */
  read(bytes: Buffer): AnswerPiece {
    const consumed = this.#framer.feed(bytes);
    const { error, done, status } = this.#framer;
    if (error !== undefined) return { bytes: NOTHING, status: 0, ends: "http", rest: bytes };
    const isInterim = done && status < 200 && status !== 101;
    if (isInterim) {
      this.#framer.next();
      this.#framer.skipBody = this.#isHead;
    }
    return {
      bytes: consumed === bytes.length ? bytes : bytes.subarray(0, consumed),
      status,
      ends: isInterim ? "interim" : done ? "answer" : "nothing",
      rest: consumed === bytes.length ? NOTHING : bytes.subarray(consumed),
    };
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
