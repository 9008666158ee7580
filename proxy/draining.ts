const HEAD_END = "\r\n\r\n";
const CONNECTION = /\r\nconnection[ \t]*:[^\r]*/gi;

/** The answer's head with `Connection: close` in place of what it said of the connection. */
export const withConnectionClose = (bytes: Buffer): Buffer => {
  const end = bytes.indexOf(HEAD_END, 0, "latin1");
  const head = bytes.toString("latin1", 0, end).replace(CONNECTION, "");
  return Buffer.concat([Buffer.from(`${head}\r\nConnection: close${HEAD_END}`, "latin1"), bytes.subarray(end + 4)]);
};

const STATUS = { start: "HTTP/1.1 ".length, end: "HTTP/1.1 101".length };

/** Of a head that is not whole: it may be a 101, which only a WebSocket's caller may get. */
const maySwitch = (head: Buffer): boolean =>
  head.length < STATUS.end || head.toString("latin1", STATUS.start, STATUS.end) === "101";

/**
 * The passage of one answer to the caller: as it came. The head of a 101 is held until it is whole, so that of one that must
 * not pass nothing has; while draining any head is, so that it can tell the caller that the connection ends after it. That is
 * the one change the tee makes to an answer.
 */
export class Passage {
  /** The caller was told that the connection ends. */
  closes = false;
  #held: Buffer | undefined;
  #headHasPassed = false;

  /** What was held back of a head that turns out to be none. */
  release(): Buffer {
    const held = this.#held ?? Buffer.alloc(0);
    this.#held = undefined;
    this.#headHasPassed = true;
    return held;
  }

  /** The primary ended before the head was whole: what may pass of it as it came, which is nothing of a 101. */
  rest(): Buffer {
    const held = this.release();
    return held.length >= STATUS.end && maySwitch(held) ? Buffer.alloc(0) : held;
  }

  /** `status` is that of the message the bytes belong to, 0 while its head is not whole. */
  pass(bytes: Buffer, status: number, isDraining: boolean): Buffer {
    if (this.#headHasPassed) return bytes;
    const held = this.#held === undefined ? bytes : Buffer.concat([this.#held, bytes]);
    this.#held = undefined;
    if (status === 0 && (isDraining || maySwitch(held))) {
      this.#held = held;
      return Buffer.alloc(0);
    }
    const isInterim = status >= 100 && status < 200;
    this.#headHasPassed = !isInterim;
    if (isInterim || !isDraining || status === 0) return held;
    this.closes = true;
    return withConnectionClose(held);
  }
}
