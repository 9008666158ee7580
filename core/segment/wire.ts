import type { FailureReason } from "../capture/capture.ts";
import type { Control } from "../capture/control.ts";
import type { OutcomeCounts } from "../pair/outcome.ts";

/**
 * A segment on the wire is this as JSON, zstd-compressed. Its size and speed are what the cost of a pair is made of, hence the short
 * names; `encode` and `decode` are the only ones that know them. A change that an older reader would misread raises `v`.
 */
export const WIRE_VERSION = 1;

/** More would be a bomb: a segment is closed at half a megabyte. */
export const MAX_SEGMENT_BYTES = 67_108_864;
export const MAX_PAIRS = 65_536;

export interface WireSegment {
  readonly v: typeof WIRE_VERSION;
  readonly id: string;
  readonly env: string;
  readonly run: string;
  readonly tee: string;
  readonly epoch: string;
  readonly seq: number;
  readonly openedAt: number;
  readonly closedAt: number;
  readonly control: Control;
  readonly outcomes: OutcomeCounts;
  /** Pairs name their endpoint by its position here. */
  readonly endpoints: readonly string[];
  readonly pairs: readonly (EqualPair | UnequalPair)[];
}

/** The number of an id `tee-epoch-number`, else the whole id. */
export type WireId = number | string;

/** All lanes answered, and the same: id, milliseconds since openedAt, endpoint, cluster, status, hash and size of the body, ms of each lane. */
export type EqualPair = readonly [
  id: WireId,
  at: number,
  endpoint: number,
  cluster: string,
  status: number,
  hash: string,
  bytes: number,
  primaryMs: number,
  candidateMs: number,
  secondaryMs?: number,
];

export interface UnequalPair {
  readonly i: WireId;
  /** Milliseconds since openedAt. */
  readonly a: number;
  readonly e: number;
  readonly c: string;
  readonly r?: WireRequest;
  /** The lanes in their order: primary, candidate, and the secondary where it took part. */
  readonly l: readonly (WireResponded | WireFailed)[];
}

export type WireHeaders = readonly (readonly [string, string])[];

/** Text where the bytes are UTF-8, else base64. */
export type WireContent = { readonly t: string } | { readonly d: string };

export type WireRequest = WireContent & {
  readonly m: string;
  readonly u: string;
  readonly h: WireHeaders;
  readonly n: number;
  readonly x?: 1;
};

export type WireFailed = readonly [reason: FailureReason, ms: number];

export interface WireResponded {
  readonly s: number;
  readonly m: number;
  /** Absent where headers are equal. */
  readonly h?: WireHeaders;
  readonly b: WireBody;
}

/**
 * An equal body as its hash and size, a body that an earlier lane has as well as the position of that lane, else the content
 * with hash, size and, where it was cut, `x`.
 */
export type WireBody =
  | readonly [hash: string, bytes: number]
  | number
  | (WireContent & { readonly h: string; readonly n: number; readonly x?: 1 });
