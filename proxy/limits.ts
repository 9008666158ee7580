import * as z from "zod";

const bytes = z.int().min(1);
const ms = z.int().min(1);

/** Every bound of the tee, with its unit in its name. What bites is counted, never waited for. */
export const Limits = z.strictObject({
  /** Head of a request; more is answered 431. */
  maxHeadBytes: bytes.default(65_536),
  /** Body or answer copied for a mirror or a capture; past it only the copy is dropped (outcome tooLarge). */
  maxBodyBytes: bytes.default(1_048_576),
  /** All copies held at once, in flight and on their way to the shipper (outcome shedMemory). */
  maxCopyBytes: bytes.default(67_108_864),
  /** Mirrors in flight at once, over all lanes (outcome shedInFlight). */
  maxMirrorsInFlight: z.int().min(1).default(10_000),
  /** Idle connections kept to one mirror target. */
  maxIdleMirrors: z.int().min(0).default(256),
  /** A mirror that has not answered wholly by then has failed (timeout). */
  mirrorTimeoutMs: ms.default(10_000),
  /** Mirrors to one target that time out with nothing else between: then only probes go (outcome shedBreaker). */
  maxConsecutiveTimeouts: z.int().min(1).default(20),
  /** One mirror in so long goes to such a target as a probe; whatever is no time-out ends the state. */
  breakerProbeMs: ms.default(1_000),
  /** Below the 5 s after which many servers close an idle connection, so that a mirror does not meet the closing. */
  mirrorIdleMs: ms.default(4_000),
  /** From connecting, or from the first byte of a head, to its last; then 408. */
  headTimeoutMs: ms.default(60_000),
  primaryConnectTimeoutMs: ms.default(5_000),
  /** No byte from the primary for so long while an answer is due: 504, or an end of the connection if the answer has begun. */
  primaryIdleTimeoutMs: ms.default(300_000),
  /** After SIGTERM: how long requests may take to end. */
  drainMs: ms.default(20_000),
  /** How long a plan holds when no newer one can be read; then nothing is mirrored. */
  planLeaseMs: ms.default(30_000),
  planPollMs: ms.default(1_000),
  /** Captures go to the shipper when so many bytes are together, or at this age. */
  batchBytes: bytes.default(262_144),
  batchAgeMs: ms.default(50),
  maxSegmentPairs: z.int().min(1).default(256),
  maxSegmentBytes: bytes.default(524_288),
  segmentAgeMs: ms.default(1_000),
  /** Segments handed to the queue and not yet acknowledged; more wait in memory. */
  maxSegmentsInFlight: z.int().min(1).default(8),
  /** Segments that wait; more are dropped (outcome undelivered). */
  maxWaitingSegments: z.int().min(1).default(64),
  /** Body kept of a capture that differs. */
  maxStoredBodyBytes: bytes.default(131_072),
  /** A compressed body is not decoded beyond this. */
  maxDecodedBytes: bytes.default(4_194_304),
});
export type Limits = z.infer<typeof Limits>;

export const DEFAULT_LIMITS: Limits = Limits.parse({});
