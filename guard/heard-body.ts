import { createHash } from "node:crypto";

/** Listens to a body as it passes: its beginning is kept, of the whole only size and hash. */
export class HeardBody {
  readonly #hash = createHash("sha256");
  readonly #maxBytes: number;
  readonly #kept: Buffer[] = [];
  #keptBytes = 0;
  bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  add(chunk: Buffer): void {
    this.bytes += chunk.length;
    this.#hash.update(chunk);
    const room = this.#maxBytes - this.#keptBytes;
    if (room <= 0) return;
    const part = Buffer.from(chunk.subarray(0, room));
    this.#kept.push(part);
    this.#keptBytes += part.length;
  }

  /** More came than is kept. */
  get isCut(): boolean {
    return this.bytes > this.#keptBytes;
  }

  /** Once, when it has ended. */
  end(): { readonly body: Buffer; readonly bytes: number; readonly hash: string } {
    return { body: Buffer.concat(this.#kept), bytes: this.bytes, hash: this.#hash.digest("hex") };
  }
}
