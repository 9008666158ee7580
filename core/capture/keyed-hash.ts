import { Buffer } from "node:buffer";
import { hash } from "node:crypto";

/** 16 hex digits under a key that never leaves the process: 64 bits of SHA-256 over the key's block and the bytes. */
export type KeyedHash = (bytes: Uint8Array) => string;

const BLOCK_BYTES = 64;
const HEX_DIGITS = 16;
const KEPT_SCRATCH_BYTES = 1_048_576;

/**
 * One one-shot hash: 0.6 µs for a small value where `createHmac` takes 10. HMAC's second hash guards against extending a message
 * whose whole digest is known; three quarters of the digest are cut off here, so there is nothing to extend (as in SHA-512/256).
 * The message is copied behind the key, since a one-shot hash takes one piece.
 */
export const createKeyedHash = (key: Uint8Array): KeyedHash => {
  const block = Buffer.alloc(BLOCK_BYTES);
  block.set(hash("sha256", key, "buffer"));
  const scratchOf = (bytes: number): Buffer => {
    const scratch = Buffer.allocUnsafeSlow(BLOCK_BYTES + bytes);
    scratch.set(block);
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
    return hash("sha256", message.subarray(0, length), "hex").slice(0, HEX_DIGITS);
  };
};
