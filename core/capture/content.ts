import { isUtf8 } from "node:buffer";
import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync, zstdDecompressSync } from "node:zlib";
import { bufferOf } from "./buffer.ts";
import type { HeaderList } from "./capture.ts";
import { headerValues } from "./head.ts";

/**
 * A body without its content codings. Where `decoded` is false, `content` is the body as it came: a coding is unknown or its bytes
 * are broken, or, with `cut`, it would grow beyond the bound.
 */
export interface DecodedContent {
  readonly content: Uint8Array;
  readonly decoded: boolean;
  readonly cut: boolean;
}

type Decoder = (bytes: Uint8Array, options: { readonly maxOutputLength: number }) => Buffer;

/** RFC 9110 8.4.1.2 means the zlib format by `deflate`; some servers send the bare stream. */
const inflateEither: Decoder = (bytes, options) => {
  const isZlib = bytes.length >= 2 && (bytes[0]! & 0x0f) === 8 && ((bytes[0]! << 8) | bytes[1]!) % 31 === 0;
  return isZlib ? inflateSync(bytes, options) : inflateRawSync(bytes, options);
};

const DECODERS: ReadonlyMap<string, Decoder> = new Map<string, Decoder>([
  ["gzip", gunzipSync],
  ["x-gzip", gunzipSync],
  ["deflate", inflateEither],
  ["br", brotliDecompressSync],
  ["zstd", zstdDecompressSync],
]);

/** More codings than anyone stacks: each one more is another chance to grow. */
const MAX_CODINGS = 4;

const codingsOf = (headers: HeaderList): readonly string[] => {
  const values = headerValues(headers, "content-encoding");
  if (values.length === 0) return values;
  const codings = values.join(",").toLowerCase().split(",");
  return codings.map((coding) => coding.trim()).filter((coding) => coding !== "" && coding !== "identity");
};

/** Undoes Content-Encoding, the last coding first; no step gives more than `maxBytes`. Never throws. */
export const decodeContent = (body: Uint8Array, headers: HeaderList, maxBytes: number): DecodedContent => {
  const codings = codingsOf(headers);
  if (codings.length === 0 || body.length === 0) return { content: body, decoded: true, cut: false };
  if (codings.length > MAX_CODINGS) return { content: body, decoded: false, cut: false };
  let content = body;
  try {
    for (const coding of codings.toReversed()) {
      const decode = DECODERS.get(coding);
      if (decode === undefined) return { content: body, decoded: false, cut: false };
      content = decode(content, { maxOutputLength: maxBytes });
    }
    return { content, decoded: true, cut: false };
  } catch (error) {
    return { content: body, decoded: false, cut: (error as { code?: unknown }).code === "ERR_BUFFER_TOO_LARGE" };
  }
};

/** Media types that are text in whatever charset. */
const TEXT_TYPE =
  /^\s*(?:text\/|application\/(?:[\w.+-]*\+)?(?:json|xml|x-ndjson|javascript|x-www-form-urlencoded)\b|multipart\/form-data)/i;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what tells binary from text
const BINARY_BYTES = /[\x00-\x08\x0e-\x1a\x1c-\x1f]/;

/**
 * Text can be searched for secrets. A type that says text is believed, but for zero bytes: UTF-16 would not be searched as it is.
 * Else it must be UTF-8 without control characters.
 */
export const isText = (content: Uint8Array, contentType: string | undefined): boolean => {
  if (contentType !== undefined && TEXT_TYPE.test(contentType)) return !content.includes(0);
  return isUtf8(content) && !BINARY_BYTES.test(bufferOf(content).toString("latin1"));
};

/** At most `maxBytes` of it, as a view; UTF-8 stays UTF-8. */
export const cutContent = (content: Uint8Array, maxBytes: number): Uint8Array => {
  if (content.length <= maxBytes) return content;
  let end = maxBytes;
  while (end > Math.max(0, maxBytes - 3) && (content[end]! & 0xc0) === 0x80) end--;
  return content.subarray(0, (content[end]! & 0xc0) === 0x80 ? maxBytes : end);
};
