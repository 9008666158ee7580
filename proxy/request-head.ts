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
  readonly status: 400 | 405 | 408 | 431 | 501 | 502 | 503 | 504 | 505;
  readonly why: string;
}

const HEAD_END = "\r\n\r\n";
const START_LINE = /^([^ \r]*) ([^ \r]+) ([^ \r]*)\r\n/;
/** The fields that decide how a request is framed, routed or followed; llhttp has refused space before a colon and folded lines. */
const FIELDS =
  /\r\n(host|transfer[-_]encoding|content_length|connection|upgrade|x-shadowgraph-lane):[ \t]*([^\r]*?)[ \t]*(?=\r)/gi;
/** RFC 3986 3.2.2 without the comma, which some take for a list; user information has no place in a Host (RFC 9110 7.2). */
const AUTHORITY = /^(?:[\w.~%!$&'()*+;=-]*|\[[\w:.%-]+\])(?::\d*)?$/;
const FORM_WITH_AUTHORITY = /^[a-z][a-z\d+.-]*:\/\/([^/?#]*)/i;
const NEVER_PER_CONNECTION = /(?:^|[ \t,])(?:host|content-length|transfer-encoding)(?:[ \t,]|$)/i;

/** Where the head begins, after empty lines (RFC 9112 2.2), and where it ends; end -1 while it is not whole. */
export const headSpan = (bytes: Buffer): { readonly start: number; readonly end: number } => {
  let start = 0;
  while (bytes[start] === 13 || bytes[start] === 10) start++;
  const end = bytes.indexOf(HEAD_END, start, "latin1");
  return { start, end: end === -1 ? -1 : end + HEAD_END.length };
};

/**
 * llhttp has accepted the head; what it lets pass although RFC 9112 wants a 400, or upstreams are known to read in more than
 * one way, is refused here: other versions and protocols (2.3), a missing, second or broken Host and one that the target
 * contradicts (3.2), any Transfer-Encoding but one `chunked` (6.1). CONNECT is refused: the tee is no tunnel.
 */
export const inspect = (head: Buffer, framer: Framer): RequestHead | Refusal => {
  const text = head.toString("latin1");
  const [, method, target, protocol] = START_LINE.exec(text) ?? [];
  if (method === undefined || target === undefined) return { status: 400, why: "malformed start line" };
  if (protocol !== "HTTP/1.1" && protocol !== "HTTP/1.0") return { status: 505, why: "unsupported version" };
  if (method === "CONNECT") return { status: 405, why: "CONNECT is not allowed" };

  let host: string | undefined;
  let coding: string | undefined;
  let upgrade: string | undefined;
  let marked = false;
  FIELDS.lastIndex = 0;
  for (let field = FIELDS.exec(text); field !== null; field = FIELDS.exec(text)) {
    const value = field[2]!;
    switch (field[1]!.toLowerCase()) {
      case "host":
        if (host !== undefined) return { status: 400, why: "more than one Host" };
        host = value;
        break;
      case "transfer-encoding":
        if (coding !== undefined) return { status: 400, why: "more than one Transfer-Encoding" };
        coding = value;
        break;
      case "connection":
        if (NEVER_PER_CONNECTION.test(value)) return { status: 400, why: "Connection names a field of the message" };
        break;
      case "upgrade":
        upgrade = upgrade === undefined ? value : `${upgrade}, ${value}`;
        break;
      case "x-shadowgraph-lane":
        marked = true;
        break;
      default:
        // Gateways that turn names into variables read `_` as `-`.
        return { status: 400, why: "a framing field with an underscore" };
    }
  }
  const refusal = routing(target, host, protocol) ?? framing(coding, protocol);
  return (
    refusal ?? { text, method, target, marked, webSocket: framer.upgrade && upgrade?.toLowerCase() === "websocket" }
  );
};

const routing = (target: string, host: string | undefined, protocol: string): Refusal | undefined => {
  if (host === undefined && protocol === "HTTP/1.1") return { status: 400, why: "missing Host" };
  if (host !== undefined && !AUTHORITY.test(host)) return { status: 400, why: "malformed Host" };
  if (target.startsWith("/")) return undefined;
  const [form, authority] = FORM_WITH_AUTHORITY.exec(target) ?? [];
  if (form === undefined || authority === undefined) return undefined;
  if (!AUTHORITY.test(authority)) return { status: 400, why: "malformed authority in the target" };
  const port = form.toLowerCase().startsWith("https:") ? /:(?:443)?$/ : /:(?:80)?$/;
  if (host !== undefined && authority.toLowerCase().replace(port, "") !== host.toLowerCase().replace(port, ""))
    return { status: 400, why: "Host and the target disagree" };
  return undefined;
};

const framing = (coding: string | undefined, protocol: string): Refusal | undefined => {
  if (coding === undefined) return undefined;
  if (protocol === "HTTP/1.0") return { status: 400, why: "Transfer-Encoding in HTTP/1.0" };
  if (coding.toLowerCase() !== "chunked") return { status: 501, why: "a transfer coding other than chunked" };
  return undefined;
};

const PHRASES: Record<Refusal["status"], string> = {
  400: "Bad Request",
  405: "Method Not Allowed",
  408: "Request Timeout",
  431: "Request Header Fields Too Large",
  501: "Not Implemented",
  502: "Bad Gateway",
  503: "Service Unavailable",
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
