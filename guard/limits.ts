import * as z from "zod";

const bytes = z.int().min(1);
const ms = z.int().min(1);
const count = z.int().min(1);

/** Every bound of the guard, with its unit in its name. What bites is counted. */
export const GuardLimits = z.strictObject({
  maxConnections: count.default(1_000).describe("Connections at one port; the next one is closed"),
  maxCallsInFlight: count
    .default(1_000)
    .describe("Calls of the overlay under way at once; the next one is answered 503"),
  maxHeadBytes: bytes.default(65_536).describe("Head of a call; more is answered 431"),
  headTimeoutMs: ms.default(60_000).describe("From connecting to the last byte of a head; then 408"),
  requestTimeoutMs: ms.default(300_000).describe("From the first byte of a call to its last; then 408"),
  answerTimeoutMs: ms
    .default(30_000)
    .describe(
      "Until the answer of a collaborator begins, and between any two of its bytes; then 504, or an end of the connection",
    ),
  maxIdleConnections: count.default(64).describe("Idle connections kept to one collaborator"),
  mirrorWaitMs: ms
    .default(1_000)
    .describe("`mirror`: how long the collaborator's answer to the baseline's call is waited for"),
  maxCallBodyBytes: bytes
    .default(65_536)
    .describe(
      "Body kept of a call, and of the answer to the baseline's: a longer one is compared by its hash; a longer answer is not given again",
    ),
  maxObservedBytes: bytes
    .default(1_048_576)
    .describe(
      "Call of the baseline that is heard; a larger one passes, and calls of its kind are not compared for a while",
    ),
  maxBookBytes: bytes
    .default(67_108_864)
    .describe("Calls remembered in all, and as much again of those under way; then the oldest are forgotten"),
  maxCallsPerId: count.default(200).describe("Calls remembered of one trace; with more, its calls are not compared"),
  bookAgeMs: ms.default(60_000).describe("Calls are forgotten after so long"),
  maxAskBytes: bytes.default(1_048_576).describe("A question of a tee for calls; more is answered 413"),
  drainMs: ms.default(10_000).describe("After SIGTERM: how long calls may take to end; then they are cut"),
});
export type GuardLimits = z.infer<typeof GuardLimits>;

export const DEFAULT_GUARD_LIMITS: GuardLimits = GuardLimits.parse({});
