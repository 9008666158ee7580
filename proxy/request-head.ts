import type { Framer } from "./llhttp.ts";

/** What the tee must know of a request to pass it on. `text` is the whole head as latin-1, blank line included. */
export interface RequestHead {
  readonly text: string;
  readonly method: string;
  readonly target: string;
  /** It carries a mark of a shadowgraph tee: served, never mirrored (no loops). */
  readonly marked: boolean;
  readonly webSocket: boolean;
}

export interface Refusal {
  readonly status: 400 | 405 | 408 | 431 | 502 | 504 | 505;
  readonly why: string;
}

const HEAD_END = "\r\n\r\n";
const HOST = /\r\nhost[ \t]*:/gi;
const CHUNKED = /\r\ntransfer-encoding[ \t]*:/i;
const MARK = /\r\nx-shadowgraph-lane[ \t]*:/i;
const WEBSOCKET = /\r\nupgrade[ \t]*:[ \t]*websocket[ \t]*\r\n/i;

/** Where the head begins, after empty lines (RFC 9112 2.2), and where it ends; end -1 while it is not whole. */
export const headSpan = (bytes: Buffer): { readonly start: number; readonly end: number } => {
  let start = 0;
  while (bytes[start] === 13 || bytes[start] === 10) start++;
  const end = bytes.indexOf(HEAD_END, start, "latin1");
  return { start, end: end === -1 ? -1 : end + HEAD_END.length };
};

/**
 * llhttp has accepted the head; what it lets pass although RFC 9112 wants a 400 is refused here: a missing or second Host
 * (3.2), Transfer-Encoding in HTTP/1.0 (6.1), other versions and protocols (2.3). CONNECT is refused: the tee is no tunnel.
 */
export const inspect = (head: Buffer, framer: Framer): RequestHead | Refusal => {
  const text = head.toString("latin1");
  const line = text.slice(0, text.indexOf("\r\n"));
  const [method, target, protocol] = line.split(" ");
  if (method === undefined || target === undefined || protocol === undefined)
    return { status: 400, why: "malformed start line" };
  if (protocol !== "HTTP/1.1" && protocol !== "HTTP/1.0") return { status: 505, why: "unsupported version" };
  if (method === "CONNECT") return { status: 405, why: "CONNECT is not allowed" };
  const hosts = text.match(HOST)?.length ?? 0;
  if (hosts > 1 || (hosts === 0 && protocol === "HTTP/1.1"))
    return { status: 400, why: hosts === 0 ? "missing Host" : "more than one Host" };
  if (protocol === "HTTP/1.0" && CHUNKED.test(text)) return { status: 400, why: "Transfer-Encoding in HTTP/1.0" };
  return { text, method, target, marked: MARK.test(text), webSocket: framer.upgrade && WEBSOCKET.test(text) };
};

const PHRASES: Record<Refusal["status"], string> = {
  400: "Bad Request",
  405: "Method Not Allowed",
  408: "Request Timeout",
  431: "Request Header Fields Too Large",
  502: "Bad Gateway",
  504: "Gateway Timeout",
  505: "HTTP Version Not Supported",
};

/** The tee's own answer, when there is none of the primary. The connection ends after it. */
export const refusalAnswer = ({ status, why }: Refusal): string => {
  const body = `shadowgraph tee: ${why}\n`;
  return `HTTP/1.1 ${status} ${PHRASES[status]}\r\nContent-Type: text/plain\r\nContent-Length: ${body.length}\r\n${
    status === 405 ? "Allow: GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS\r\n" : ""
  }Connection: close\r\n\r\n${body}`;
};
