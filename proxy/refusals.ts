import type { Refusal } from "./request-head.ts";

// What the tee itself answers when there is no answer of the primary, other than to requests that are no good (request-head.ts).
export const UNREACHABLE: Refusal = { status: 502, why: "the primary is not reachable" };
export const CLOSED: Refusal = { status: 502, why: "the primary closed the connection without an answer" };
export const UNKNOWN_PROTOCOL: Refusal = {
  status: 502,
  why: "the primary switched to a protocol that is not tunnelled",
};
export const SILENT: Refusal = { status: 504, why: "the primary did not answer in time" };
export const HEAD_LATE: Refusal = { status: 408, why: "no whole head in time" };
export const BODY_LATE: Refusal = { status: 408, why: "the body stopped coming" };
export const CROWDED: Refusal = { status: 503, why: "too many connections" };
