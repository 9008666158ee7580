const HEAD_END = "\r\n\r\n";
const CONNECTION = /\r\nconnection[ \t]*:[^\r]*/gi;

/** The answer's head with `Connection: close` in place of what it said of the connection. */
export const withConnectionClose = (bytes: Buffer): Buffer => {
  const end = bytes.indexOf(HEAD_END, 0, "latin1");
  const head = bytes.toString("latin1", 0, end).replace(CONNECTION, "");
  return Buffer.concat([Buffer.from(`${head}\r\nConnection: close${HEAD_END}`, "latin1"), bytes.subarray(end + 4)]);
};

/**
 * The passage of one answer to the caller: as it came; but while draining, its head is held until it is whole and can tell
 * the caller that the connection ends after it. That is the one change the tee makes to an answer.
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

  /** `status` is that of the message the bytes belong to, 0 while its head is not whole. */
  pass(bytes: Buffer, status: number, isDraining: boolean): Buffer {
    if (this.#headHasPassed || (!isDraining && this.#held === undefined)) {
      this.#headHasPassed = true;
      return bytes;
    }
    const held = this.#held === undefined ? bytes : Buffer.concat([this.#held, bytes]);
    this.#held = status === 0 ? held : undefined;
    if (status === 0) return Buffer.alloc(0);
    if (status < 200) return held;
    this.#headHasPassed = true;
    this.closes = true;
    return withConnectionClose(held);
  }
}
