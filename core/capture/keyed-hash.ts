import { Buffer } from "node:buffer";
import { hash } from "node:crypto";

/** 16 hex digits: the first 64 bits of HMAC-SHA256 under a key that never leaves the process. */
export type KeyedHash = (bytes: Uint8Array) => string;

const BLOCK_BYTES = 64;
const DIGEST_BYTES = 32;
const HEX_DIGITS = 16;
const KEPT_SCRATCH_BYTES = 1_048_576;

/**
 * HMAC-SHA256 (RFC 2104) by two one-shot hashes: 1 µs for a small value where `createHmac` takes 10.
 * The message is copied behind the padded key, since a one-shot hash takes one piece.
 */
export const createKeyedHash = (key: Uint8Array): KeyedHash => {
  const block = Buffer.alloc(BLOCK_BYTES);
  block.set(key.length > BLOCK_BYTES ? hash("sha256", key, "buffer") : key);
  const outer = Buffer.alloc(BLOCK_BYTES + DIGEST_BYTES);
  for (let i = 0; i < BLOCK_BYTES; i++) outer[i] = block[i]! ^ 0x5c;
  const inner = block.map((byte) => byte ^ 0x36);
  const scratchOf = (bytes: number): Buffer => {
    const scratch = Buffer.allocUnsafeSlow(BLOCK_BYTES + bytes);
    scratch.set(inner);
    return scratch;
  };
  let scratch = scratchOf(4_096);
  return (bytes) => {
    const length = BLOCK_BYTES + bytes.length;
    let message = scratch;
    if (length > scratch.length) {
      message = scratchOf(bytes.length);
      if (length <= KEPT_SCRATCH_BYTES) scratch = message;
    }
    message.set(bytes, BLOCK_BYTES);
    outer.write(hash("sha256", message.subarray(0, length), "binary"), BLOCK_BYTES, "binary");
    return hash("sha256", outer, "hex").slice(0, HEX_DIGITS);
  };
};
