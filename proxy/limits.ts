import * as z from "zod";

const bytes = z.int().min(1);
const ms = z.int().min(1);

/** Every bound of the tee, with its unit in its name. What bites is counted, never waited for. */
export const Limits = z.strictObject({
  maxConnections: z
    .int()
    .min(1)
    .default(10_000)
    .describe("Connections of callers; the next one is answered 503 and closed"),
  maxHeadBytes: bytes.default(65_536).describe("Head of a request; more is answered 431"),
  maxBodyBytes: bytes
    .default(1_048_576)
    .describe("Body or answer copied for a mirror or a capture; past it only the copy is dropped (outcome tooLarge)"),
  maxCopyBytes: bytes
    .default(67_108_864)
    .describe("All copies held at once, in flight and on their way to the shipper (outcome shedMemory)"),
  maxMirrorsInFlight: z
    .int()
    .min(1)
    .default(10_000)
    .describe("Mirrors in flight at once, over all lanes (outcome shedInFlight)"),
  maxIdleMirrors: z.int().min(0).default(256).describe("Idle connections kept to one mirror target"),
  mirrorConnectTimeoutMs: ms
    .default(5_000)
    .describe("A mirror whose connection does not stand by then has failed (timeout)"),
  mirrorTimeoutMs: ms.default(10_000).describe("A mirror that has not answered wholly by then has failed (timeout)"),
  maxConsecutiveTimeouts: z
    .int()
    .min(1)
    .default(20)
    .describe(
      "Mirrors to one target that time out with nothing else between: then only probes go (outcome shedBreaker)",
    ),
  breakerProbeMs: ms
    .default(1_000)
    .describe("One mirror in so long goes to such a target as a probe; whatever is no time-out ends the state"),
  maxOrderKeys: z
    .int()
    .min(1)
    .default(10_000)
    .describe("`orderBy`: keys that have a mirror under way; a mirror of another one is not sent (outcome shedOrder)"),
  maxOrderWaitingPerKey: z
    .int()
    .min(1)
    .default(100)
    .describe("`orderBy`: mirrors that wait behind one of the same key; more are not sent (outcome shedOrder)"),
  maxOrderWaitingBytes: bytes
    .default(16_777_216)
    .describe("`orderBy`: copies of all mirrors that wait, out of all copies; more are not sent (outcome shedOrder)"),
  maxOrderWaitMs: ms
    .default(15_000)
    .describe(
      "`orderBy`: a mirror whose turn has not come by then is not sent (outcome shedOrder); longer than a mirror may take, so that one that hangs sheds none",
    ),
  mirrorIdleMs: ms
    .default(4_000)
    .describe(
      "Below the 5 s after which many servers close an idle connection, so that a mirror does not meet the closing",
    ),
  headTimeoutMs: ms
    .default(60_000)
    .describe("From connecting, or from the first byte of a head, to its last; then 408"),
  bodyIdleTimeoutMs: ms.default(60_000).describe("No byte of a request's body from a caller for so long: 408"),
  callerIdleTimeoutMs: z
    .int()
    .min(0)
    .default(0)
    .describe("A connection without a request for so long is closed; 0: when the primary closes its own"),
  primaryConnectTimeoutMs: ms.default(5_000).describe("Until the primary accepts a connection; then 502"),
  primaryFirstByteTimeoutMs: ms
    .default(300_000)
    .describe("From the last byte of the request to the first of the primary's answer; then 504"),
  primaryIdleTimeoutMs: ms
    .default(300_000)
    .describe("No byte of an answer that has begun for so long: the connection ends"),
  drainDelayMs: z
    .int()
    .min(0)
    .default(0)
    .describe("After SIGTERM: new connections are still accepted for so long, while health already says 503"),
  drainIdleMs: z
    .int()
    .min(0)
    .default(5_000)
    .describe("After that: how long a connection without a request stays open for one more, which is told to close"),
  drainMs: ms
    .default(20_000)
    .describe("After SIGTERM: how long connections may take to end, all in all; then they are cut"),
  flushMs: ms
    .default(8_000)
    .describe("After that: how long captures may take to be sent; what is left is not delivered"),
  planLeaseMs: ms
    .default(30_000)
    .describe("How long a plan holds when no newer one can be read; then nothing is mirrored"),
  planPollMs: ms.default(1_000).describe("How often the plan is read"),
  callGraceMs: ms
    .default(500)
    .describe(
      "Where outgoing calls are compared: how long after a request they are waited for, and for how long none must have come",
    ),
  batchBytes: bytes.default(524_288).describe("Captures go to the shipper when so many bytes are together"),
  batchAgeMs: ms.default(50).describe("At this age they go, however few"),
  maxSegmentPairs: z.int().min(1).default(2_048).describe("Pairs in a segment; then it is sent"),
  maxSegmentBytes: bytes.default(4_194_304).describe("Bodies in a segment; then it is sent"),
  segmentAgeMs: ms.default(1_000).describe("At this age a segment is sent, however small"),
  maxSegmentsInFlight: z
    .int()
    .min(1)
    .default(8)
    .describe("Segments handed to the queue and not yet acknowledged; more wait in memory"),
  maxWaitingSegments: z.int().min(1).default(64).describe("Segments that wait; more are dropped (outcome undelivered)"),
  maxStoredBodyBytes: bytes.default(131_072).describe("Body kept of a capture that differs"),
  maxDecodedBytes: bytes.default(4_194_304).describe("A compressed body is not decoded beyond this"),
});
export type Limits = z.infer<typeof Limits>;

export const DEFAULT_LIMITS: Limits = Limits.parse({});
