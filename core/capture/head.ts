import { ShadowgraphError } from "../errors.ts";
import { bufferOf } from "./buffer.ts";
import type { HeaderList } from "./capture.ts";

/** The start line and header lines of a message. */
export interface Head {
  readonly startLine: string;
  readonly headers: HeaderList;
}

const TAB = 0x09;
const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const COLON = 0x3a;

/** Where the head ends, behind the empty line, or -1. An end holds one of any four bytes in a row, so one in four is looked at. */
export const endOfHead = (bytes: Uint8Array): number => {
  for (let at = 3; at < bytes.length; ) {
    const byte = bytes[at];
    if (byte === LF && bytes[at - 1] === CR && bytes[at - 2] === LF && bytes[at - 3] === CR) return at + 1;
    at += byte === LF || byte === CR ? 1 : 4;
  }
  return -1;
};

/** RFC 9110 5.6.3: optional white space is spaces and tabs only; `trim` would eat a no-break space, which is part of a value. */
const withoutSpace = (text: string, from: number, to: number): string => {
  let start = from;
  let end = to;
  while (start < end && isSpace(text.charCodeAt(start))) start++;
  while (end > start && isSpace(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
};

const isSpace = (code: number): boolean => code === SPACE || code === TAB;

/**
 * Reads a head that llhttp found valid: start line, header lines and the empty line, as latin-1.
 * @throws ShadowgraphError "internal" on a line without a colon: such a head was never valid.
 */
export const parseHead = (bytes: Uint8Array): Head => parseHeadText(bufferOf(bytes).toString("latin1"));

/** As `parseHead`, of the head's text. */
export const parseHeadText = (text: string): Head => {
  const startEnd = text.indexOf("\r\n");
  if (startEnd <= 0) throw new ShadowgraphError("internal", "a captured message has no start line");
  const headers: [string, string][] = [];
  let at = startEnd + 2;
  while (at < text.length) {
    const end = text.indexOf("\r\n", at);
    if (end === at) break;
    const colon = text.indexOf(":", at);
    if (end === -1 || colon <= at || colon > end)
      throw new ShadowgraphError(
        "internal",
        `a captured message has a broken header line, number ${headers.length + 1}`,
      );
    headers.push([text.slice(at, colon), withoutSpace(text, colon + 1, end)]);
    at = end + 2;
  }
  return { startLine: text.slice(0, startEnd), headers };
};

const isNamed = (have: string, name: string): boolean =>
  have.length === name.length && (have === name || have.toLowerCase() === name);

/** As `headerValue`, from the text of a head of which nothing else is wanted. */
export const headerValueIn = (head: string, name: string): string | undefined => {
  let at = head.indexOf("\r\n") + 2;
  while (at < head.length) {
    const end = head.indexOf("\r\n", at);
    if (end <= at) return undefined;
    const colon = at + name.length;
    if (head.charCodeAt(colon) === COLON && isNamed(head.slice(at, colon), name))
      return withoutSpace(head, colon + 1, end);
    at = end + 2;
  }
  return undefined;
};

/** The value of the first line of that name; `name` in lower case. */
export const headerValue = (list: HeaderList, name: string): string | undefined => {
  for (const line of list) if (isNamed(line[0], name)) return line[1];
  return undefined;
};

/** The values of all lines of that name, in order; `name` in lower case. */
export const headerValues = (list: HeaderList, name: string): readonly string[] => {
  const values: string[] = [];
  for (const line of list) if (isNamed(line[0], name)) values.push(line[1]);
  return values;
};
