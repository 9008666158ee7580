import type { SQSEvent, SQSRecord } from "aws-lambda";
import { processSegments } from "../../lambdas/diff-pairs/process-segments.ts";
import type { Cloud, Message } from "./cloud/cloud.ts";
import { addTallies, type Tally } from "./cloud/meter.ts";
import { eventsOf } from "./event-source.ts";
import type { SentSegment } from "./tees.ts";

/** Of all invocations together. */
export interface Worked {
  readonly invocations: number;
  readonly cpuMs: number;
  readonly waitedMs: number;
  readonly tally: Tally;
}

const NO_WORK: Worked = { invocations: 0, cpuMs: 0, waitedMs: 0, tally: {} };

const addWork = (a: Worked, b: Worked): Worked => ({
  invocations: a.invocations + b.invocations,
  cpuMs: a.cpuMs + b.cpuMs,
  waitedMs: a.waitedMs + b.waitedMs,
  tally: addTallies(a.tally, b.tally),
});

/** One invocation of a function, as it is billed: computing and waiting. */
export const invoke = async (
  cloud: Cloud,
  work: () => Promise<{ batchItemFailures: readonly unknown[] }>,
): Promise<Worked> => {
  cloud.meter.take();
  cloud.latencies.start();
  const { batchItemFailures } = await work();
  const took = cloud.latencies.took();
  if (batchItemFailures.length > 0) throw new Error(`${batchItemFailures.length} messages failed in the cost model`);
  return { invocations: 1, ...took, tally: cloud.meter.take() };
};

/** Through the real adapter: inline, or by a claim check. */
export const sendSegments = async (cloud: Cloud, segments: readonly SentSegment[]): Promise<Tally> => {
  cloud.meter.take();
  for (const { bytes, id } of segments) await cloud.ports.segments.send(bytes, id);
  return cloud.meter.take();
};

export const eventOf = (messages: readonly Message[]): SQSEvent => ({
  Records: messages.map(
    ({ id, body }) => ({ messageId: id, body, attributes: { ApproximateReceiveCount: "1" } }) as SQSRecord,
  ),
});

export interface DiffStage {
  readonly batch: number;
  readonly invocationsPerSecond: number;
  /** Milliseconds since 1970. */
  readonly startAt: number;
  setClock(at: number): void;
}

/** diff-pairs over all that was sent, in events such as Lambda would make. */
export const runDiffPairs = async (
  cloud: Cloud,
  { batch, invocationsPerSecond, startAt, setClock }: DiffStage,
): Promise<Worked> => {
  let all = NO_WORK;
  for (const [index, messages] of eventsOf(cloud.receive("segments"), batch).entries()) {
    const at = startAt + ((index + 1) * 1_000) / invocationsPerSecond;
    setClock(at);
    all = addWork(all, await invoke(cloud, () => processSegments(eventOf(messages), cloud.ports, () => at)));
  }
  return all;
};
