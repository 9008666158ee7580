import { Buffer } from "node:buffer";

const MIN_BYTES = 65_536;
/** Of UTF-8, for one unit of a string. */
const MAX_BYTES_OF_CHAR = 3;

/** Buffers that were given back: fresh ones of this size cost page faults, and make V8 look for garbage. */
const SPARE: Buffer[] = [];
const MAX_SPARE = 4;

/** Bytes end to end in one buffer that grows: a piece each would be an object that every collection of garbage looks at. */
export class Growing {
  #bytes: Buffer = Buffer.alloc(0);
  #end = 0;

  get length(): number {
    return this.#end;
  }

  /** A view, good until more is added. */
  get bytes(): Buffer {
    return this.#bytes.subarray(0, this.#end);
  }

  add(piece: Uint8Array): void {
    this.#makeRoom(piece.length);
    this.#bytes.set(piece, this.#end);
    this.#end += piece.length;
  }

  addText(text: string): void {
    this.#makeRoom(text.length * MAX_BYTES_OF_CHAR);
    this.#end += this.#bytes.write(text, this.#end);
  }

  /** The bytes are no longer needed, nor any view of them. */
  free(): void {
    if (SPARE.length < MAX_SPARE && this.#bytes.length > 0) SPARE.push(this.#bytes);
    this.#bytes = Buffer.alloc(0);
    this.#end = 0;
  }

  #makeRoom(bytes: number): void {
    const needed = this.#end + bytes;
    if (needed <= this.#bytes.length) return;
    const spare = SPARE.pop();
    const isEnough = spare !== undefined && spare.length >= needed;
    const grown = isEnough ? spare : Buffer.allocUnsafeSlow(Math.max(MIN_BYTES, needed * 2));
    grown.set(this.bytes);
    this.#bytes = grown;
  }
}
