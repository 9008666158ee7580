import type { Budget } from "./budget.ts";
import type { Content, Format, Reader, Source } from "./content.ts";
import { readEventStream } from "./event-stream.ts";
import { readForm } from "./form.ts";
import { readJsonLines } from "./json-lines.ts";
import { readJson } from "./json-read.ts";
import { readHtml, readXml } from "./markup-read.ts";
import { readMultipart } from "./multipart.ts";

interface MediaType {
  readonly format: Format;
  /** What Content-Type says. */
  readonly type: RegExp;
  /** How such texts begin, for bodies that are labelled as something else or not at all. */
  readonly look?: RegExp;
  readonly read: Reader;
  /** Takes any text: what looks like another format is tried as that first. */
  readonly isForgiving?: true;
}

const readWholeJson: Reader = ({ text, isCut }, budget): Content | undefined => {
  if (isCut) return { kind: "unread", because: "a JSON body is larger than what is stored" };
  const reading = readJson(text, budget);
  if (reading.kind === "tooCostly") return { kind: "unread", because: "reading a JSON body takes too much work" };
  return reading.kind === "json" ? { kind: "data", format: "JSON", value: reading.value } : undefined;
};

const JSON_LINES: MediaType = {
  format: "JSON lines",
  type: /^\s*application\/(?:x-)?(?:ndjson|jsonl|json-?lines|json-seq|stream\+json)\s*(?:;|$)/i,
  read: readJsonLines,
};

/** In the order in which looks are tried. */
const MEDIA_TYPES: readonly MediaType[] = [
  {
    format: "JSON",
    // RFC 8259 and RFC 6839.
    type: /^\s*(?!application\/stream\+)[^\s;/]+\/(?:[^\s;/]+\+)?json\s*(?:;|$)/i,
    look: /^\s*[[{]/,
    read: readWholeJson,
  },
  JSON_LINES,
  { format: "event stream", type: /^\s*text\/event-stream\s*(?:;|$)/i, read: readEventStream, isForgiving: true },
  {
    format: "form",
    type: /^\s*application\/x-www-form-urlencoded\s*(?:;|$)/i,
    read: readForm,
    isForgiving: true,
  },
  { format: "multipart", type: /^\s*multipart\//i, read: readMultipart },
  {
    format: "HTML",
    type: /^\s*text\/html\s*(?:;|$)/i,
    look: /^\s*<(?:!doctype\s+html|html)[\s>]/i,
    read: readHtml,
    isForgiving: true,
  },
  {
    format: "XML",
    // RFC 7303.
    type: /^\s*(?:(?:text|application)\/xml|[^\s;/]+\/[^\s;/]+\+xml)\s*(?:;|$)/i,
    look: /^\s*<\?xml\s/,
    read: readXml,
  },
];

/** With a charset it is text whatever it is. */
const TEXT_TYPE = /^\s*text\/|;\s*charset\s*=/i;

export const isTextType = (contentType: string): boolean =>
  TEXT_TYPE.test(contentType) || MEDIA_TYPES.some(({ type }) => type.test(contentType));

export interface Read {
  readonly content: Content;
  readonly note?: string;
}

/**
 * The text of a body by its type; where that does not fit, or takes anything, by its look; else as plain text. White space in
 * plain text is content, so only JSON, which is often labelled so, is looked for there.
 */
export const readText = (source: Source, budget: Budget): Read => {
  const declared = MEDIA_TYPES.find(({ type }) => type.test(source.contentType));
  if (declared !== undefined && !declared.isForgiving) {
    const content = declared.read(source, budget);
    if (content !== undefined) return { content };
  }
  for (const { format, read } of otherReadings(source, declared)) {
    const content = read(source, budget);
    if (content === undefined) continue;
    const isAsLabelled = declared === undefined || declared.format === format;
    return isAsLabelled ? { content } : { content, note: mislabelled(declared.format, format) };
  }
  const content: Content = { kind: "text", format: "text", text: source.text };
  return declared === undefined ? { content } : { content, note: mislabelled(declared.format, "text") };
};

const mislabelled = (label: Format, format: Format): string => `a body labelled as ${label} is none: read as ${format}`;

const PLAIN_TYPE = /^\s*text\/plain\s*(?:;|$)/i;

/** By their looks, and what takes any text at last. */
const otherReadings = ({ text, contentType }: Source, declared: MediaType | undefined): readonly MediaType[] => {
  const isPlain = PLAIN_TYPE.test(contentType);
  const alike = MEDIA_TYPES.filter(
    ({ look, format }) => look?.test(text) === true && (format === "JSON" || !isPlain) && format !== declared?.format,
  );
  // Lines of JSON are often labelled as JSON, and begin like it.
  const lines = declared?.format === "JSON" && text.includes("\n") ? [JSON_LINES] : [];
  return [...lines, ...alike, ...(declared?.isForgiving ? [declared] : [])];
};
