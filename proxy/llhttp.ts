import llhttp from "./llhttp-binary.cjs";

/**
 * llhttp in the WebAssembly build that undici ships: the only file that knows its memory, pointers and numbers.
 * No lenient flag is ever set.
 */

const OK = 0;
const PAUSED = 21;
const PAUSED_UPGRADE = 22;
const REQUEST = 1;
const RESPONSE = 2;
const SKIP_BODY = 1;

interface Llhttp {
  readonly memory: WebAssembly.Memory;
  llhttp_alloc(type: number): number;
  llhttp_free(parser: number): void;
  llhttp_execute(parser: number, data: number, bytes: number): number;
  llhttp_finish(parser: number): number;
  llhttp_resume(parser: number): void;
  llhttp_resume_after_upgrade(parser: number): void;
  llhttp_should_keep_alive(parser: number): number;
  llhttp_get_error_pos(parser: number): number;
  llhttp_get_error_reason(parser: number): number;
  llhttp_get_http_major(parser: number): number;
  llhttp_get_http_minor(parser: number): number;
  malloc(bytes: number): number;
}

const INPUT_BYTES = 65_536;

let running: Framer | undefined;
let wasm: Llhttp | undefined;
let input = 0;
let memory = new Uint8Array(0);

const load = (): Llhttp => {
  if (wasm !== undefined) return wasm;
  const nothing = () => OK;
  const env = {
    wasm_on_message_begin: nothing,
    wasm_on_url: nothing,
    wasm_on_status: nothing,
    wasm_on_header_field: nothing,
    wasm_on_header_value: nothing,
    wasm_on_body: nothing,
    wasm_on_headers_complete: (_parser: number, status: number, upgrade: number, keepAlive: number) =>
      running!.headersComplete(status, upgrade !== 0, keepAlive !== 0),
    wasm_on_message_complete: () => running!.messageComplete(),
  };
  const instance = new WebAssembly.Instance(new WebAssembly.Module(llhttp.binary), { env });
  wasm = instance.exports as unknown as Llhttp;
  input = wasm.malloc(INPUT_BYTES);
  return wasm;
};

/** The view is made anew whenever the memory has grown, for growing detaches the old one and leaves it without length. */
const view = (llhttp: Llhttp): Uint8Array => {
  if (memory.length === 0) memory = new Uint8Array(llhttp.memory.buffer);
  return memory;
};

/**
 * Finds where messages begin and end in the bytes of one direction of one connection. Feed it bytes in order; after each
 * `feed` read the flags. It stops at the end of a message, so that bytes of the next one stay with whoever feeds it.
 */
export class Framer {
  /** The head of the message is complete; stays set until `next`. */
  headDone = false;
  /** The message is complete; stays set until `next`. */
  done = false;
  /** The bytes are no message: the reason, for a log without the bytes. Nothing can be fed after it. */
  error: string | undefined;
  status = 0;
  /** Whether the connection may carry another message after this one. */
  keepAlive = false;
  /** The sender switches protocols (request) or has switched (101). */
  upgrade = false;
  /** Set before the head of an answer to HEAD arrives: it has no body whatever its fields say. */
  skipBody = false;

  readonly #llhttp = load();
  #parser: number;

  constructor(kind: "request" | "response") {
    this.#parser = this.#llhttp.llhttp_alloc(kind === "request" ? REQUEST : RESPONSE);
  }

  /** HTTP version of the message, such as 1.1; valid once `headDone`. */
  get version(): string {
    return `${this.#llhttp.llhttp_get_http_major(this.#parser)}.${this.#llhttp.llhttp_get_http_minor(this.#parser)}`;
  }

  /** How many of the bytes belong to the current message: all of them, or fewer when it ends within (`done`) or breaks (`error`). */
  feed(bytes: Uint8Array): number {
    let consumed = 0;
    while (consumed < bytes.length && !this.done && this.error === undefined) {
      const end = Math.min(bytes.length, consumed + INPUT_BYTES);
      const piece = consumed === 0 && end === bytes.length ? bytes : bytes.subarray(consumed, end);
      consumed += this.#execute(piece);
    }
    return consumed;
  }

  #execute(piece: Uint8Array): number {
    const llhttp = this.#llhttp;
    view(llhttp).set(piece, input);
    running = this;
    const code = llhttp.llhttp_execute(this.#parser, input, piece.length);
    running = undefined;
    if (code === OK) return piece.length;
    const consumed = llhttp.llhttp_get_error_pos(this.#parser) - input;
    if (code === PAUSED) {
      llhttp.llhttp_resume(this.#parser);
      return consumed;
    }
    if (code === PAUSED_UPGRADE) {
      this.done = true;
      this.upgrade = true;
      return consumed;
    }
    this.error = this.#reason(code);
    return consumed;
  }

  /** The sender has ended the connection: completes a message that lasts until then; any other unfinished one is an error. */
  finish(): void {
    if (this.done || this.error !== undefined) return;
    running = this;
    const code = this.#llhttp.llhttp_finish(this.#parser);
    running = undefined;
    if (code !== OK && code !== PAUSED) this.error = this.#reason(code);
  }

  /** Makes ready for the next message of the connection. */
  next(): void {
    this.headDone = false;
    this.done = false;
    this.status = 0;
    this.skipBody = false;
  }

  /** The other side did not switch protocols: what follows is HTTP as before. */
  declineUpgrade(): void {
    this.#llhttp.llhttp_resume_after_upgrade(this.#parser);
    this.upgrade = false;
  }

  free(): void {
    if (this.#parser !== 0) this.#llhttp.llhttp_free(this.#parser);
    this.#parser = 0;
  }

  headersComplete(status: number, upgrade: boolean, keepAlive: boolean): number {
    this.headDone = true;
    this.status = status;
    this.upgrade = upgrade;
    this.keepAlive = keepAlive;
    return this.skipBody ? SKIP_BODY : OK;
  }

  messageComplete(): number {
    this.done = true;
    // With its head an answer to HEAD without a length still looked as if it lasted until the close.
    if (this.skipBody) this.keepAlive = this.#llhttp.llhttp_should_keep_alive(this.#parser) !== 0;
    // A request to switch protocols pauses by itself right after this.
    return this.upgrade ? OK : PAUSED;
  }

  #reason(code: number): string {
    const bytes = view(this.#llhttp);
    const start = this.#llhttp.llhttp_get_error_reason(this.#parser);
    if (start === 0) return `llhttp error ${code}`;
    return Buffer.from(bytes.subarray(start, bytes.indexOf(0, start))).toString("latin1");
  }
}
