import { sqsRequests } from "./units.ts";

/** As lib/diff-pairs.ts and lib/judge.ts set it, and as Lambda does it ("Configuring scaling behavior for SQS event source mappings"). */
export interface SourceSettings {
  readonly windowSeconds: number;
  readonly maxMessages: number;
}
export const PAIR_SOURCE: SourceSettings = { windowSeconds: 2, maxMessages: 100 };
export const JUDGE_SOURCE: SourceSettings = { windowSeconds: 0, maxMessages: 10 };

/** Lambda begins with so many pollers a queue; here one more for each further 1 MB/s. */
export const LEAST_POLLERS = 5;
const POLLER_BYTES_PER_SECOND = 1_000_000;
const MAX_EVENT_BYTES = 6_000_000;
const MAX_PER_RECEIVE = 10;
/** Receives of one poller that messages keep busy; below, each message is taken to cost a receive of its own. */
const RECEIVES_PER_SECOND = 10;
const LONG_POLL_SECONDS = 20;

export interface Polling {
  readonly pollers: number;
  /** Messages of an event, in the mean. */
  readonly batch: number;
  readonly invocationsPerSecond: number;
  /** Of ReceiveMessage and DeleteMessageBatch: calls, and what they are billed as. */
  readonly receivesPerSecond: number;
  readonly receiveRequestsPerSecond: number;
  readonly deletesPerSecond: number;
}

/**
 * The poller of a queue with `rate` messages a second of `bytes` each. A poller's window opens with its first message, so an event holds
 * that one and what comes to the same poller in the window: 1 + window × rate ÷ pollers.
 */
export const pollingOf = (rate: number, bytes: number, { windowSeconds, maxMessages }: SourceSettings): Polling => {
  const pollers = Math.max(LEAST_POLLERS, Math.ceil((rate * bytes) / POLLER_BYTES_PER_SECOND));
  const most = Math.min(maxMessages, Math.max(1, Math.floor(MAX_EVENT_BYTES / bytes)));
  const batch = Math.min(most, 1 + (windowSeconds * rate) / pollers);
  const invocationsPerSecond = rate / batch;
  const perReceive = Math.min(MAX_PER_RECEIVE, Math.max(1, rate / (pollers * RECEIVES_PER_SECOND)));
  // A long poll comes back empty only if nothing came in all of its time.
  const empty = (pollers / LONG_POLL_SECONDS) * Math.exp((-LONG_POLL_SECONDS * rate) / pollers);
  return {
    pollers,
    batch,
    invocationsPerSecond,
    receivesPerSecond: rate / perReceive + empty,
    receiveRequestsPerSecond: (rate / perReceive) * sqsRequests(perReceive * bytes) + empty,
    deletesPerSecond: invocationsPerSecond * Math.ceil(batch / MAX_PER_RECEIVE),
  };
};

/** All of them in events of so many in the mean, one more or less. */
export const eventsOf = <T>(messages: readonly T[], batch: number): readonly (readonly T[])[] => {
  const events: (readonly T[])[] = [];
  let due = 0;
  for (let at = 0; at < messages.length; ) {
    due += batch;
    const size = Math.max(1, Math.round(due));
    due -= size;
    events.push(messages.slice(at, at + size));
    at += size;
  }
  return events;
};
