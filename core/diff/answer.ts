import { Buffer, isUtf8 } from "node:buffer";
import { headerValue } from "../capture/head.ts";
import type { StoredBody, StoredCapture } from "../segment/segment.ts";
import type { Budget } from "./budget.ts";
import { readJson } from "./json-read.ts";

/** A body as it is compared. `unread`: it could not be read whole, for the reason given. */
export type Content =
  | { readonly kind: "empty" }
  | { readonly kind: "json"; readonly value: unknown }
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "binary" }
  | { readonly kind: "unread"; readonly because: string };

/** A stored capture whose body is read at most once, however often it is compared. */
export class Answer {
  readonly capture: StoredCapture;
  readonly #budget: Budget;
  #content: Content | undefined;

  constructor(capture: StoredCapture, budget: Budget) {
    this.capture = capture;
    this.#budget = budget;
  }

  /** Of an answer with a stored body; an equal stub has nothing to read. */
  get content(): Content {
    this.#content ??= read(this.capture, this.#budget);
    return this.#content;
  }
}

const read = (capture: StoredCapture, budget: Budget): Content => {
  if (capture.outcome === "failed") return { kind: "empty" };
  if (capture.body.kind === "equal") return { kind: "unread", because: "a body was stored for one lane only" };
  return readContent(capture.body, contentTypeOf(capture), budget);
};

const contentTypeOf = ({ headers }: Extract<StoredCapture, { outcome: "responded" }>): string =>
  headers.kind === "list" ? (headerValue(headers.list, "content-type") ?? "") : "";

/** RFC 8259 and RFC 6839 (`+json`), not the line-based kinds. */
const JSON_TYPE = /^\s*[^\s;/]+\/(?:[^\s;/]+\+)?json\s*(?:;|$)/i;
/** What an object or an array begins with; a byte order mark is no part of it. */
const JSON_START = /^\s*[[{]/;

const readContent = (
  { content, cut, bytes }: Extract<StoredBody, { kind: "content" }>,
  contentType: string,
  budget: Budget,
): Content => {
  if (bytes === 0) return { kind: "empty" };
  // A cut may go through the middle of a character.
  if (!cut && !isUtf8(content)) return { kind: "binary" };
  const text = Buffer.from(content.buffer, content.byteOffset, content.byteLength)
    .toString("utf8")
    .replace(/^\uFEFF/, "");
  if (!JSON_TYPE.test(contentType) && !JSON_START.test(text)) return { kind: "text", text };
  if (cut) return { kind: "unread", because: "a JSON body is larger than what is stored" };
  const reading = readJson(text, budget);
  if (reading.kind === "tooCostly") return { kind: "unread", because: "reading a JSON body takes too much work" };
  return reading.kind === "json" ? reading : { kind: "text", text };
};
