import { zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { ShadowgraphError } from "../core/errors.ts";

/** No document of ours comes near; a damaged one must not eat the memory of its reader. */
const maxDocumentBytes = 256 * 1024 * 1024;

/** A JSON value as zstd-compressed bytes. */
export const pack = (value: unknown): Uint8Array => zstdCompressSync(JSON.stringify(value));

/** @throws ShadowgraphError "internal" when the bytes are no packed document */
export const unpack = (bytes: Uint8Array): unknown => {
  try {
    return JSON.parse(zstdDecompressSync(bytes, { maxOutputLength: maxDocumentBytes }).toString("utf8"));
  } catch (cause) {
    throw new ShadowgraphError("internal", `a stored document of ${bytes.length} bytes is damaged`, { cause });
  }
};
