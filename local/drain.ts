import { setTimeout as sleep } from "node:timers/promises";
import { GetQueueAttributesCommand, type QueueAttributeName, type SQSClient } from "@aws-sdk/client-sqs";

const COUNTS = [
  "ApproximateNumberOfMessages",
  "ApproximateNumberOfMessagesNotVisible",
  "ApproximateNumberOfMessagesDelayed",
] as const satisfies readonly QueueAttributeName[];

/** Messages that wait, are in work, or are held back. */
export const messagesIn = async (sqs: SQSClient, queueUrl: string): Promise<number> => {
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: [...COUNTS] }),
  );
  return COUNTS.reduce((sum, name) => sum + Number(Attributes?.[name] ?? 0), 0);
};

/** Resolves with what is left in the queue: 0, or more once the time is over. */
export const untilEmpty = async (sqs: SQSClient, queueUrl: string, withinMs: number): Promise<number> => {
  const end = performance.now() + withinMs;
  for (;;) {
    const left = await messagesIn(sqs, queueUrl);
    if (left === 0 || performance.now() > end) return left;
    await sleep(50);
  }
};

export type DrainStep = readonly [name: string, act: () => Promise<unknown>];

/** Every step in its order, also after one that failed. @throws AggregateError of what failed */
export const runSteps = async (steps: readonly DrainStep[]): Promise<void> => {
  const faults: Error[] = [];
  for (const [name, act] of steps) {
    await act().catch((cause) =>
      faults.push(new Error(`${name}: ${cause instanceof Error ? cause.message : cause}`, { cause })),
    );
  }
  if (faults.length > 0) throw new AggregateError(faults, faults.map(({ message }) => message).join("; "));
};
