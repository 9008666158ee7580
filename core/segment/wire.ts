import type { FailureReason } from "../capture/capture.ts";
import type { Control } from "../capture/control.ts";
import type { OutcomeCounts } from "../pair/outcome.ts";
import type { CallCounts } from "./segment.ts";

/**
 * A segment on the wire, zstd-compressed: how many bytes the lines take (32 bits, big-endian), the lines, and the contents of bodies
 * end to end. The first line is a `WireSegment`, each further one a `WirePair`, all as JSON; a line names contents by their size, in
 * their order. Its size and speed are what the cost of a pair is made of, hence the short names; only the files beside this one know
 * them. A change that an older reader would misread raises `v`.
 */
export const WIRE_VERSION = 3;
/** With calls to collaborators; written only where there are some, so that who asks for none needs no newer reader. */
export const WITH_CALLS_VERSION = 4;
/** Without hashes left out; may still wait in a queue or lie in an archive. */
export const OLDER_VERSION = 2;

/** Of the length before the lines. */
export const LENGTH_BYTES = 4;

/** More would be a bomb: a segment is closed at four megabytes. */
export const MAX_SEGMENT_BYTES = 67_108_864;
export const MAX_PAIRS = 65_536;

export interface WireSegment {
  readonly v: typeof WIRE_VERSION | typeof WITH_CALLS_VERSION;
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
  readonly calls?: CallCounts;
  /** Pairs name their endpoint and cluster by the position here. */
  readonly endpoints: readonly string[];
  readonly clusters: readonly string[];
  readonly pairs: PairColumns;
  readonly equal: EqualColumns;
}

/** The number of an id `tee-epoch-number`, less that of the pair before; else the whole id. */
export type WireId = number | string;

/** Of all pairs, in their order. */
export interface PairColumns {
  readonly i: readonly WireId[];
  /** Milliseconds since the pair before, of the first since openedAt. */
  readonly a: readonly number[];
  readonly e: readonly number[];
  readonly c: readonly number[];
}

/** Of the pairs without a line, in their order: all lanes answered the same. */
export interface EqualColumns {
  readonly s: readonly number[];
  /** Size of the body. */
  readonly n: readonly number[];
  /** Hundredths of a millisecond of primary, candidate and secondary; -1 where there was no secondary. */
  readonly m: readonly [readonly number[], readonly number[], readonly number[]];
}
export const NO_SECONDARY = -1;

export interface WirePair {
  /** Its position among all pairs. */
  readonly p: number;
  readonly r?: WireRequest;
  /** The lanes in their order: primary, candidate, and the secondary where it took part. */
  readonly l: readonly (WireResponded | WireFailed)[];
  /** What each lane called, in the order of the lanes. */
  readonly k?: readonly (readonly WireCall[])[];
}

export type WireHeaders = readonly (readonly [string, string])[];

/** The size of its content, and `x` where it was cut. */
export interface WireContent {
  readonly c: number;
  readonly n: number;
  readonly x?: 1;
}

export type WireRequest = WireContent & {
  readonly m: string;
  readonly u: string;
  readonly h: WireHeaders;
};

/** `m` of lanes in hundredths of a millisecond. */
export type WireFailed = readonly [reason: FailureReason, m: number];

export interface WireResponded {
  readonly s: number;
  readonly m: number;
  /** Absent where headers are equal. */
  readonly h?: WireHeaders;
  readonly b: WireBody;
}

/**
 * An equal body as its size in a list, a body that an earlier lane has as well as the position of that lane, else its content; with a
 * hash where contents do not tell bodies apart.
 */
export type WireBody = readonly [bytes: number] | number | (WireContent & { readonly h?: string });

/** A body that every lane sent as its size, with its hash; else its content. */
export type WireCall = readonly [
  to: string,
  endpoint: string,
  target: string,
  type: string,
  body: readonly [bytes: number, hash: string] | (WireContent & { readonly h: string }),
];
