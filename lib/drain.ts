import { wholeFault } from "./faults.ts";

/** How a task leaves: the load balancer, the tee and ECS must agree on it. */
export interface Drain {
  /** How long the load balancer lets requests end after it has stopped sending new ones; the tee, from SIGTERM on, as well. */
  readonly seconds: number;
  /** After how long ECS kills what is still there. */
  readonly stopSeconds: number;
}

/** Time for captures to go out, after the last connection (`FLUSH_MS`). */
const FLUSH_SECONDS = 8;
const SPARE_SECONDS = 7;
/** ECS waits no longer on Fargate. */
const MAX_STOP_SECONDS = 120;
/** The load balancer has 5 s to notice, and an idle connection 5 s for one more request. */
const MIN_DRAIN_SECONDS = 15;
const MAX_DRAIN_SECONDS = MAX_STOP_SECONDS - FLUSH_SECONDS - SPARE_SECONDS;

export const drainFault = (seconds: number): string | undefined =>
  wholeFault("drainSeconds", seconds, MIN_DRAIN_SECONDS, MAX_DRAIN_SECONDS);

export const drainOf = (seconds: number): Drain => ({ seconds, stopSeconds: seconds + FLUSH_SECONDS + SPARE_SECONDS });

/**
 * ECS takes a task out of the target group and waits for the deregistration delay before SIGTERM; where a task is stopped for another reason
 * (its host is retired) both come at once, and the tee goes on accepting while the load balancer notices.
 */
export const drainEnvironment = ({ seconds }: Drain): Readonly<Record<string, string>> => ({
  DRAIN_DELAY_MS: "5000",
  DRAIN_MS: String(seconds * 1_000),
  FLUSH_MS: String(FLUSH_SECONDS * 1_000),
});
