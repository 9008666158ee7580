import type { FailureReason, HeaderList } from "../capture/capture.ts";
import type { Control } from "../capture/control.ts";
import type { OutcomeCounts } from "../pair/outcome.ts";

/**
 * A part of an answer as it leaves the tee. `equal`: the same in every lane of the pair, so only the size is kept. `content`:
 * without content coding, redacted, and cut to `maxStoredBodyBytes` when `cut`; keyed hash and size are of the whole before redaction. There is no hash
 * where the content is the whole in every lane: it says all itself. Of a body that cannot be read as text (binary, broken or oversized coding) no content is kept, and `cut` is true.
 */
export type StoredBody =
  | { readonly kind: "equal"; readonly bytes: number; readonly hash?: string }
  | {
      readonly kind: "content";
      readonly hash?: string;
      readonly bytes: number;
      readonly content: Uint8Array;
      readonly cut: boolean;
    };

/**
 * `equal`: the same in every lane once volatile headers are left aside. Beside unequal bodies equal headers are a list of
 * Content-Type alone, where there is one: it says how the bodies are read.
 */
export type StoredHeaders = { readonly kind: "equal" } | { readonly kind: "list"; readonly list: HeaderList };

export interface StoredResponded {
  readonly outcome: "responded";
  readonly status: number;
  readonly headers: StoredHeaders;
  readonly body: StoredBody;
  readonly ms: number;
}
export interface StoredFailed {
  readonly outcome: "failed";
  readonly reason: FailureReason;
  readonly ms: number;
}
export type StoredCapture = StoredResponded | StoredFailed;

/** Kept only where the lanes differ; redacted. */
export interface StoredRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: HeaderList;
  readonly body: { readonly content: Uint8Array; readonly bytes: number; readonly cut: boolean };
}

/** A call to a collaborator; target and body redacted. A body that every lane sent as often is a stub; every hash is keyed, of the whole. */
export interface StoredCall {
  readonly to: string;
  /** As of a pair: `POST /charges/{id}`. */
  readonly endpoint: string;
  readonly target: string;
  /** Content-Type, "" without. */
  readonly type: string;
  readonly body: StoredBody;
}

/** What each lane called, in its order. */
export interface StoredCalls {
  readonly primary: readonly StoredCall[];
  readonly candidate: readonly StoredCall[];
  readonly secondary?: readonly StoredCall[];
}

export interface StoredPair {
  /** Unique over all tees: `tee-epoch-number`. */
  readonly id: string;
  /** When the request was complete at the tee; milliseconds since 1970. */
  readonly at: number;
  /** Method and route template, such as `GET /orders/{id}`. */
  readonly endpoint: string;
  /** Keyed hash of endpoint and session (credentials, else the caller's address): 8 hex digits. One cluster, one witness. */
  readonly cluster: string;
  readonly request?: StoredRequest;
  readonly primary: StoredResponded;
  readonly candidate: StoredCapture;
  readonly secondary?: StoredCapture;
  /** Kept only where lanes called otherwise. */
  readonly calls?: StoredCalls;
}

/** Which tee process wrote it: `epoch` is new at every start of the process, `seq` counts its segments per run from 0. */
export interface TeeStamp {
  readonly tee: string;
  readonly epoch: string;
  readonly seq: number;
}

/** Of how many pairs the calls of all lanes were compared, and of how many they could not be known. */
export interface CallCounts {
  readonly compared: number;
  readonly unknown: number;
}

/** A bundle of pairs of one run: one message, one fact item. */
export interface Segment {
  /** Makes delivery idempotent: `tee.epoch.run.seq`. */
  readonly id: string;
  readonly env: string;
  readonly run: string;
  readonly stamp: TeeStamp;
  /** When its first pair was added and when it was closed; milliseconds since 1970. */
  readonly openedAt: number;
  readonly closedAt: number;
  readonly control: Control;
  /** The tee's cumulative counts for this run when the segment was closed. */
  readonly outcomes: OutcomeCounts;
  /** Where calls are asked for. */
  readonly calls?: CallCounts;
  readonly pairs: readonly StoredPair[];
}
