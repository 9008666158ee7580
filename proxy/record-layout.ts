import type { FailureReason } from "../core/capture/capture.ts";

// Codes of a lane in a record: 0 did not take part, 1 responded, 2 with the very bytes of the primary, above that a failure.
export const ABSENT = 0;
export const RESPONDED = 1;
export const SAME = 2;
export const FAILURES: readonly FailureReason[] = ["timeout", "refused", "reset", "invalid"];

// A record: numbers, each a double, then the caller's address and the bytes of the messages, then up to 7 bytes to the next double.
export const SOURCE = 0;
export const NUMBER = 1;
export const AT = 2;
/** From here on one number each for primary, candidate and secondary. */
export const CODES = 3;
export const MS = 6;
export const LENGTHS = 9;
export const REQUEST_LENGTH = 12;
export const CALLER_LENGTH = 13;
export const NUMBERS = 14;
export const DOUBLE_BYTES = 8;

/** Records begin at a double. */
export const aligned = (bytes: number): number => Math.ceil(bytes / DOUBLE_BYTES) * DOUBLE_BYTES;
