import { Buffer } from "node:buffer";
import { ShadowgraphError } from "../errors.ts";

const CR = 0x0d;
const LF = 0x0a;
const SEMICOLON = 0x3b;
/** 2^52: more digits would not be exact as a number. */
const MAX_SIZE_DIGITS = 13;

const broken = (what: string): never => {
  throw new ShadowgraphError("internal", `a captured message has broken chunked framing: ${what}`);
};

const hexDigit = (code: number): number => {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
};

/**
 * The content of a chunked body (RFC 9112 7.1); extensions and trailers are left out. One chunk comes back as a view, not a copy.
 * @throws ShadowgraphError "internal" where the framing is broken or cut short.
 */
export const dechunk = (body: Buffer): Buffer => {
  const chunks: Buffer[] = [];
  let at = 0;
  for (;;) {
    let size = 0;
    let digits = 0;
    for (let digit = hexDigit(body[at]!); digit !== -1; digit = hexDigit(body[++at]!)) {
      size = size * 16 + digit;
      if (++digits > MAX_SIZE_DIGITS) broken("a chunk size is too long");
    }
    if (digits === 0) broken("a chunk has no size");
    const lineEnd = body.indexOf("\r\n", at, "latin1");
    if (lineEnd === -1) broken("a chunk size has no end");
    if (lineEnd !== at && body[at] !== SEMICOLON && body[at] !== 0x20 && body[at] !== 0x09)
      broken("a chunk size is no number");
    at = lineEnd + 2;
    if (size === 0) break;
    const end = at + size;
    if (body[end] !== CR || body[end + 1] !== LF) broken("a chunk does not end where its size says");
    chunks.push(body.subarray(at, end));
    at = end + 2;
  }
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
};
