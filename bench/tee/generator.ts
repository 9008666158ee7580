// The callers, in a process of their own. Started by `fork` with a load; one job a message, answered with what they saw.
import { closedLoop } from "./closed-loop.ts";
import { quantile } from "./figures.ts";
import { eachId, type Load, requestOf } from "./load.ts";
import { openLoop } from "./open-loop.ts";

interface To {
  readonly port: number;
}
/** The next request of a connection is sent when its answer is here; ends at the first of both. */
export interface ClosedJob extends To {
  readonly loop: "closed";
  readonly maxRequests: number;
  readonly maxSeconds: number;
}
/** Requests are sent when they are due, however long answers take; those of the warm-up are not counted. */
export interface OpenJob extends To {
  readonly loop: "open";
  readonly requestsPerSecond: number;
  readonly warmUpSeconds: number;
  readonly seconds: number;
}
export type Job = ClosedJob | OpenJob;

/** What the callers do, and with what. */
export interface Calling {
  readonly load: Load;
  /** Taken in turn. */
  readonly requests: readonly Buffer[];
}
export interface Calls {
  /** From sending, in an open loop from the moment at which it was due, to the last byte of the answer. */
  readonly latenciesMs: readonly number[];
  /** Connections that broke, answers other than 200. */
  readonly faults: number;
  readonly seconds: number;
}
/** What the callers saw. */
export interface Seen {
  readonly answered: number;
  readonly faults: number;
  readonly seconds: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

const load: Load = JSON.parse(process.argv[2]!);
// 7 has no factor in common with the number of ids: all are sent, and neighbours differ.
const inTurn = (index: number): number => (index * 7) % load.ids;
const made = eachId((id) => Buffer.from(requestOf(id, load)), load);
const calling: Calling = { load, requests: made.map((_, index) => made[inTurn(index)]!) };

const call = async (job: Job): Promise<Seen> => {
  const { latenciesMs, faults, seconds } = await (job.loop === "closed"
    ? closedLoop(calling, job)
    : openLoop(calling, job));
  const at = (share: number): number => quantile(latenciesMs, share);
  return { answered: latenciesMs.length, faults, seconds, p50Ms: at(0.5), p99Ms: at(0.99) };
};

process.on("message", (job: Job) => void call(job).then((seen) => process.send?.(seen)));
process.on("disconnect", () => process.exit(0));
process.send?.({ ready: true });
