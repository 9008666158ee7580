import { isUtf8 } from "node:buffer";
import { headerValue } from "../capture/head.ts";
import type { StoredCall, StoredCapture, StoredResponded } from "../segment/segment.ts";
import type { Budget } from "./budget.ts";
import { decodeText } from "./charset.ts";
import type { Content } from "./content.ts";
import { isTextType, readText } from "./media-types.ts";
import type { Violation } from "./schema-check.ts";

/** A stored capture whose body is read, and held against its schema, at most once, however often it is compared. */
export class Answer {
  readonly capture: StoredCapture;
  /** What the lane called for the request; undefined where that is not compared. */
  readonly calls: readonly StoredCall[] | undefined;
  readonly #budget: Budget;
  #reading: Reading | undefined;
  #violations: { readonly found: readonly Violation[] | undefined } | undefined;

  constructor(capture: StoredCapture, budget: Budget, calls?: readonly StoredCall[]) {
    this.capture = capture;
    this.calls = calls;
    this.#budget = budget;
  }

  /** Of an answer with a stored body; an equal stub has nothing to read. */
  get content(): Content {
    return this.#read().content;
  }

  /** What reading the body had to put up with, for people. */
  get notes(): readonly string[] {
    return this.#read().notes;
  }

  /** Where it breaks its schema, looked for once; undefined where that took too much work. */
  violations(look: () => readonly Violation[] | undefined): readonly Violation[] | undefined {
    this.#violations ??= { found: look() };
    return this.#violations.found;
  }

  #read(): Reading {
    this.#reading ??= read(this.capture, this.#budget);
    return this.#reading;
  }
}

interface Reading {
  readonly content: Content;
  readonly notes: readonly string[];
}

const BINARY: Reading = { content: { kind: "binary", format: "binary" }, notes: [] };
const UNDECODABLE: Reading = {
  content: { kind: "binary", format: "undecodable" },
  notes: ["a text body could not be decoded: only hash and size are known"],
};
const silent = (content: Content): Reading => ({ content, notes: [] });

const read = (capture: StoredCapture, budget: Budget): Reading => {
  if (capture.outcome === "failed" || capture.body.bytes === 0) return silent({ kind: "empty" });
  const { body } = capture;
  if (body.kind === "equal") return silent({ kind: "unread", because: "a body was stored for one lane only" });
  const contentType = contentTypeOf(capture);
  const isText = isTextType(contentType);
  // Of what cannot be redacted (binary, broken or oversized content coding) nothing is stored.
  if (body.content.length === 0) return isText ? UNDECODABLE : BINARY;
  if (!isText && !body.cut && !isUtf8(body.content)) return BINARY;
  const { text, note } = decodeText(body.content, contentType, body.cut);
  const { content, note: other } = readText({ text, contentType, isCut: body.cut }, budget);
  return { content, notes: [note, other].filter((it) => it !== undefined) };
};

const contentTypeOf = ({ headers }: StoredResponded): string =>
  headers.kind === "list" ? (headerValue(headers.list, "content-type") ?? "") : "";
