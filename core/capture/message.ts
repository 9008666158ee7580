import type { Buffer } from "node:buffer";
import { ShadowgraphError } from "../errors.ts";
import { bufferOf } from "./buffer.ts";
import type { HeaderList, RequestCapture, Responded } from "./capture.ts";
import { dechunk } from "./chunked.ts";
import { endOfHead, headerValueIn, headerValues, parseHeadText } from "./head.ts";

/** What of a captured request is not in its bytes. */
export interface RequestMeta {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** The caller's network address. */
  readonly caller: string;
}

const CR = 0x0d;
const LF = 0x0a;

interface Framed {
  /** Without empty lines before the start line, which are allowed, and no part of the message (RFC 9112 2.2). */
  readonly bytes: Buffer;
  /** Behind the empty line. */
  readonly headEnd: number;
}

const framed = (raw: Uint8Array): Framed => {
  let bytes = bufferOf(raw);
  while (bytes[0] === CR && bytes[1] === LF) bytes = bytes.subarray(2);
  const headEnd = endOfHead(bytes);
  if (headEnd === -1) throw new ShadowgraphError("internal", "a captured message has no end of head");
  return { bytes, headEnd };
};

/** As latin-1, with the empty line. */
const headIn = ({ bytes, headEnd }: Framed): string => bytes.toString("latin1", 0, headEnd);

/** As it came, in chunks maybe. */
const restIn = ({ bytes, headEnd }: Framed): Buffer => bytes.subarray(headEnd);

/** RFC 9112 6.3: chunked frames the body where it is the last transfer coding. */
const isChunked = (headers: HeaderList): boolean => {
  const codings = headerValues(headers, "transfer-encoding");
  const last = codings.at(-1);
  return last !== undefined && /(?:^|[,\s])chunked\s*$/i.test(last);
};

/** An answer to HEAD, and a 304, may announce chunks and have none. */
const contentOf = (rest: Buffer, headers: HeaderList): Buffer =>
  rest.length > 0 && isChunked(headers) ? dechunk(rest) : rest;

interface RequestLine {
  readonly method: string;
  readonly target: string;
}

const requestLineOf = (startLine: string): RequestLine => {
  const methodEnd = startLine.indexOf(" ");
  const targetEnd = startLine.lastIndexOf(" ");
  if (methodEnd <= 0 || targetEnd <= methodEnd + 1)
    throw new ShadowgraphError("internal", "a captured request has a broken start line");
  return { method: startLine.slice(0, methodEnd), target: startLine.slice(methodEnd + 1, targetEnd) };
};

const statusOf = (startLine: string): number => {
  const status = Number(startLine.slice(9, 12));
  if (
    !startLine.startsWith("HTTP/") ||
    startLine[8] !== " " ||
    !(status >= 100 && status <= 999) ||
    !Number.isInteger(status)
  )
    throw new ShadowgraphError("internal", "a captured answer has a broken status line");
  return status;
};

/**
 * Reads the exact wire bytes of one request, head and body. The body is without chunked framing, and a view of `raw` where it can be.
 * @throws ShadowgraphError "internal" on bytes that are no request.
 */
export const requestOf = (raw: Uint8Array, meta: RequestMeta): RequestCapture => {
  const message = framed(raw);
  const { startLine, headers } = parseHeadText(headIn(message));
  const { method, target } = requestLineOf(startLine);
  return {
    id: meta.id,
    at: meta.at,
    method,
    target,
    headers,
    body: contentOf(restIn(message), headers),
    caller: meta.caller,
  };
};

/**
 * Reads the exact wire bytes of one final answer, without the 1xx answers before it; the body as in `requestOf`.
 * @throws ShadowgraphError "internal" on bytes that are no answer.
 */
export const respondedOf = (raw: Uint8Array, ms: number): Responded => {
  const message = framed(raw);
  const { startLine, headers } = parseHeadText(headIn(message));
  return { outcome: "responded", status: statusOf(startLine), headers, body: contentOf(restIn(message), headers), ms };
};

/** What is wanted of a request whose answers are all the same. */
export interface RequestOutline extends RequestLine {
  /** The value of the first line of that name; `name` in lower case. */
  headerOf(name: string): string | undefined;
}

/** As `requestOf`, with no header read before it is asked for. */
export const requestOutlineOf = (raw: Uint8Array): RequestOutline => {
  const head = headIn(framed(raw));
  const { method, target } = requestLineOf(head.slice(0, head.indexOf("\r\n")));
  return { method, target, headerOf: (name) => headerValueIn(head, name) };
};

/** What is wanted of an answer that all lanes gave. */
export interface AnswerOutline {
  readonly status: number;
  /** Size of the body. */
  readonly bytes: number;
}

const SMALL_T = 0x74;
const STATUS_LINE_BYTES = "HTTP/1.1 200".length;

/** A line of the head begins as Transfer-Encoding does. */
const mayHaveCoding = (bytes: Uint8Array, headEnd: number): boolean => {
  for (let at = STATUS_LINE_BYTES; at < headEnd; at++)
    if (bytes[at] === LF && (bytes[at + 1]! | 0x20) === SMALL_T) return true;
  return false;
};

/** As `respondedOf`, with headers read only where the body may come in chunks. */
export const answerOutlineOf = (raw: Uint8Array): AnswerOutline => {
  const message = framed(raw);
  const { bytes, headEnd } = message;
  const status = statusOf(bytes.toString("latin1", 0, STATUS_LINE_BYTES));
  if (!mayHaveCoding(bytes, headEnd)) return { status, bytes: bytes.length - headEnd };
  const { headers } = parseHeadText(headIn(message));
  return { status, bytes: contentOf(restIn(message), headers).length };
};
