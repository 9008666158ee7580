/** The three places a request can be sent. The primary answers the caller; the others only get a mirror of the request. */
export const LANES = ["primary", "candidate", "secondary"] as const;
export type Lane = (typeof LANES)[number];

/** Header lines in the order, case and multiplicity of the wire; values without surrounding white space, as latin-1. */
export type HeaderList = readonly (readonly [name: string, value: string])[];

/**
 * Why a lane gave no usable answer. `timeout`: none within the deadline. `refused`: no connection (also DNS and TLS).
 * `reset`: the connection ended before the answer did. `invalid`: bytes that are no HTTP answer.
 */
export type FailureReason = "timeout" | "refused" | "reset" | "invalid";

/** What a lane answered: body without transfer coding (content coding kept), `ms` from sending the request to the last byte. */
export interface Responded {
  readonly outcome: "responded";
  readonly status: number;
  readonly headers: HeaderList;
  readonly body: Uint8Array;
  readonly ms: number;
}

export interface Failed {
  readonly outcome: "failed";
  readonly reason: FailureReason;
  /** From sending the request to giving up. */
  readonly ms: number;
}

/** What one lane did with one request. A failure is data, never a missing row. */
export type Capture = Responded | Failed;

/** The request as the caller sent it. `target` is the request target of the start line; `at` is milliseconds since 1970. */
export interface RequestCapture {
  readonly id: string;
  readonly at: number;
  readonly method: string;
  readonly target: string;
  readonly headers: HeaderList;
  readonly body: Uint8Array;
  /** The caller's network address, only ever used inside a keyed hash (cluster). */
  readonly caller: string;
}
