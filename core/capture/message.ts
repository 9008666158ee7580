import { Buffer } from "node:buffer";
import { ShadowgraphError } from "../errors.ts";
import type { HeaderList, RequestCapture, Responded } from "./capture.ts";
import { dechunk } from "./chunked.ts";
import { headerValues, parseHead } from "./head.ts";

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
const END_OF_HEAD = Buffer.from("\r\n\r\n");

interface Message {
  readonly startLine: string;
  readonly headers: HeaderList;
  readonly body: Buffer;
}

/** RFC 9112 6.3: chunked frames the body where it is the last transfer coding. */
const isChunked = (headers: HeaderList): boolean => {
  const codings = headerValues(headers, "transfer-encoding");
  const last = codings.at(-1);
  return last !== undefined && /(?:^|[,\s])chunked\s*$/i.test(last);
};

const messageOf = (raw: Uint8Array): Message => {
  let bytes = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength);
  // RFC 9112 2.2: empty lines before the start line are allowed, and no part of the message.
  while (bytes[0] === CR && bytes[1] === LF) bytes = bytes.subarray(2);
  const headEnd = bytes.indexOf(END_OF_HEAD);
  if (headEnd === -1) throw new ShadowgraphError("internal", "a captured message has no end of head");
  const { startLine, headers } = parseHead(bytes.subarray(0, headEnd + 4));
  const rest = bytes.subarray(headEnd + 4);
  // An answer to HEAD, and a 304, may announce chunks and have none.
  return { startLine, headers, body: rest.length > 0 && isChunked(headers) ? dechunk(rest) : rest };
};

/**
 * Reads the exact wire bytes of one request, head and body. The body is without chunked framing, and a view of `raw` where it can be.
 * @throws ShadowgraphError "internal" on bytes that are no request.
 */
export const requestOf = (raw: Uint8Array, meta: RequestMeta): RequestCapture => {
  const { startLine, headers, body } = messageOf(raw);
  const methodEnd = startLine.indexOf(" ");
  const targetEnd = startLine.lastIndexOf(" ");
  if (methodEnd <= 0 || targetEnd <= methodEnd + 1)
    throw new ShadowgraphError("internal", "a captured request has a broken start line");
  const method = startLine.slice(0, methodEnd);
  const target = startLine.slice(methodEnd + 1, targetEnd);
  return { id: meta.id, at: meta.at, method, target, headers, body, caller: meta.caller };
};

/**
 * Reads the exact wire bytes of one final answer, without the 1xx answers before it; the body as in `requestOf`.
 * @throws ShadowgraphError "internal" on bytes that are no answer.
 */
export const respondedOf = (raw: Uint8Array, ms: number): Responded => {
  const { startLine, headers, body } = messageOf(raw);
  const status = Number(startLine.slice(9, 12));
  if (
    !startLine.startsWith("HTTP/") ||
    startLine[8] !== " " ||
    !(status >= 100 && status <= 999) ||
    !Number.isInteger(status)
  )
    throw new ShadowgraphError("internal", "a captured answer has a broken status line");
  return { outcome: "responded", status, headers, body, ms };
};
