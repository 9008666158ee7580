import { Buffer, isUtf8 } from "node:buffer";
import { bufferOf } from "../capture/buffer.ts";

export interface DecodedText {
  readonly text: string;
  /** Where the bytes are not what the type or the default says. */
  readonly note?: string;
}

const CHARSET = /;\s*charset\s*=\s*"?\s*([^\s";]+)/i;
const UTF8_NAMES = /^utf-?8$/i;

/** A byte order mark is believed before anything else (WHATWG Encoding, 6), and is no part of the text. */
const markedCharset = ([a, b, c]: Uint8Array): string | undefined => {
  if (a === 0xef && b === 0xbb && c === 0xbf) return "utf-8";
  if (a === 0xff && b === 0xfe) return "utf-16le";
  return a === 0xfe && b === 0xff ? "utf-16be" : undefined;
};

/**
 * The text of a body by byte order mark, else by the charset of its type, else as UTF-8. In bytes that are none of it what is
 * beyond ASCII stays told apart, from each other and from every valid text.
 */
export const decodeText = (content: Uint8Array, contentType: string, isCut: boolean): DecodedText => {
  const charset = markedCharset(content) ?? CHARSET.exec(contentType)?.[1] ?? "utf-8";
  const text = UTF8_NAMES.test(charset) ? textOfUtf8(content, isCut) : textIn(charset, content, isCut);
  if (text !== undefined) return { text };
  return { text: textOfBytes(bufferOf(content)), note: `a body is no valid ${charset.slice(0, 40)}` };
};

/** UTF-8; where bytes are none, those beyond ASCII become lone surrogates, which no valid text has. */
export const textOfBytes = (bytes: Buffer): string => {
  if (isUtf8(bytes)) return bytes.toString("utf8");
  const units = Buffer.alloc(bytes.length * 2);
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] as number;
    units[at * 2] = byte;
    if (byte >= 0x80) units[at * 2 + 1] = 0xdc;
  }
  return units.toString("utf16le");
};

const textOfUtf8 = (content: Uint8Array, isCut: boolean): string | undefined => {
  if (!isUtf8(content)) return isCut ? textIn("utf-8", content, isCut) : undefined;
  const text = bufferOf(content).toString("utf8");
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
};

/** undefined where the charset is unknown or the bytes are none of it. A cut may go through the middle of a character. */
const textIn = (charset: string, content: Uint8Array, isCut: boolean): string | undefined => {
  try {
    return new TextDecoder(charset, { fatal: true }).decode(content, { stream: isCut });
  } catch {
    return undefined;
  }
};
