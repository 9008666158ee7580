import { decimalForm } from "./decimal.ts";
import { unescaped } from "./json-string.ts";
import type { Mark, MarkedType } from "./marker.ts";
import type { IsSecretName } from "./secret-names.ts";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const COMMA = 0x2c;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const LF = 0x0a;
const CR = 0x0d;
const TAB = 0x09;
const SPACE = 0x20;

/** The shortest card number. */
const MIN_SECRET_NUMBER_CHARS = 13;

const isSpace = (code: number): boolean => code === SPACE || code === LF || code === CR || code === TAB;

/** What ends a number or a literal, by its code: a table, since each character is asked for. */
const ENDS = new Uint8Array(256);
for (const end of ' \t\r\n,:"{}[]') ENDS[end.charCodeAt(0)] = 1;

/** Of a number or a literal, as it is written. */
export const markedTypeOf = (raw: string): MarkedType => {
  if (raw === "true" || raw === "false") return "b";
  if (raw === "null") return "z";
  return /^-?\d/.test(raw) ? "n" : "s";
};

/** Where the character is next, from a place on: for places that only grow, each part of the text is searched once. */
const createNext = (text: string, char: string): ((from: number) => number) => {
  let next = -1;
  return (from) => {
    if (next < from) {
      next = text.indexOf(char, from);
      if (next === -1) next = text.length;
    }
    return next;
  };
};

/** What `redactJson` needs to know of names and values. */
export interface JsonSecrets {
  readonly mark: Mark;
  readonly isSecretName: IsSecretName;
  /** Is a number secret by its own look? Asked of 13 digits and more. */
  readonly isSecretNumber: (raw: string) => boolean;
}

/**
 * Replaces the values of secret keys in JSON text (as latin-1), all scalars below where they are objects or lists, and nothing else:
 * no byte around them changes, and valid JSON stays valid. One pass without recursion over anything: broken or cut JSON, several texts,
 * lines with JSON in them. A string that has a colon behind it is a key, so no stack is needed but the one below a secret key.
 */
export const redactJson = (text: string, { mark, isSecretName, isSecretNumber }: JsonSecrets): string => {
  let out = "";
  let copied = 0;
  let isSecretNext = false;
  /** What closes the objects and lists at and below a secret key; a closer that does not fit is no way out. */
  const below: number[] = [];

  const splice = (from: number, to: number, marker: string): void => {
    out += text.slice(copied, from) + marker;
    copied = to;
  };
  const isKeyEndingAt = (end: number): boolean => {
    let next = end;
    while (isSpace(text.charCodeAt(next))) next++;
    return text.charCodeAt(next) === COLON;
  };
  const open = (closer: number): void => {
    if (isSecretNext || below.length > 0) below.push(closer);
    isSecretNext = false;
  };
  const close = (closer: number): void => {
    if (below.at(-1) === closer) below.pop();
    isSecretNext = false;
  };
  const nextQuote = createNext(text, '"');
  const nextBackslash = createNext(text, "\\");
  const nextLineFeed = createNext(text, "\n");
  const nextReturn = createNext(text, "\r");
  let special = -1;
  /** An escape or the end of a line. */
  const nextSpecial = (from: number): number => {
    if (special < from) special = Math.min(nextBackslash(from), nextLineFeed(from), nextReturn(from));
    return special;
  };
  /** From after the opening quote to the closing one, or to the end of the line where there is none. */
  const endOfString = (from: number): number => {
    let end = from;
    while (nextSpecial(end) < nextQuote(end)) {
      if (text.charCodeAt(special) !== BACKSLASH) return special;
      end = special + 2;
    }
    return nextQuote(end);
  };
  const string = (from: number): number => {
    const end = endOfString(from);
    const isClosed = text.charCodeAt(end) === QUOTE;
    const after = isClosed ? end + 1 : end;
    if (isClosed && isKeyEndingAt(after)) isSecretNext = isSecretName(unescaped(text.slice(from, end)));
    else if (isSecretNext || below.length > 0) {
      splice(from, end, mark("s", unescaped(text.slice(from, end))));
      isSecretNext = false;
    }
    return after;
  };
  /** The `data` of an event stream may stand between a key and its value. */
  const isNamedSecret = (name: string): boolean => (isSecretNext && name === "data") || isSecretName(name);
  const literal = (from: number): number => {
    let end = from + 1;
    while (end < text.length && ENDS[text.charCodeAt(end)] === 0) end++;
    const isSecret = isSecretNext || below.length > 0;
    if (isKeyEndingAt(end)) isSecretNext = isNamedSecret(text.slice(from, end));
    else if (isSecret) {
      const raw = text.slice(from, end);
      const type = markedTypeOf(raw);
      splice(from, end, `"${mark(type, type === "n" ? decimalForm(raw) : raw)}"`);
      isSecretNext = false;
    } else if (end - from >= MIN_SECRET_NUMBER_CHARS) {
      const raw = text.slice(from, end);
      if (isSecretNumber(raw)) splice(from, end, `"${mark("n", decimalForm(raw))}"`);
    }
    return end;
  };

  for (let at = 0; at < text.length; ) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = string(at + 1);
    else if (ENDS[code] === 0) at = literal(at);
    else {
      if (code === OPEN_OBJECT) open(CLOSE_OBJECT);
      else if (code === OPEN_LIST) open(CLOSE_LIST);
      else if (code === CLOSE_OBJECT || code === CLOSE_LIST) close(code);
      else if (code === COMMA) isSecretNext = false;
      at++;
    }
  }
  return copied === 0 ? text : out + text.slice(copied);
};
