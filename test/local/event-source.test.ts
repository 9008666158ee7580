import { GetQueueAttributesCommand, PurgeQueueCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import type { SQSBatchResponse, SQSEvent } from "aws-lambda";
import { messagesIn, untilEmpty } from "../../local/drain.ts";
import { type EventSource, type EventSourceOptions, startEventSource } from "../../local/event-source.ts";
import { type AwsStack, startStack } from "../adapters/aws-stack.ts";

let stack: AwsStack;
let queueUrl: string;
let source: EventSource | undefined;
beforeAll(async () => {
  stack = await startStack({ visibilitySeconds: 1, maxReceiveCount: 3 });
  queueUrl = stack.env.SEGMENT_QUEUE_URL;
});
afterEach(async () => {
  await source?.stop();
  source = undefined;
  for (const QueueUrl of [queueUrl, stack.deadLetterQueueUrl]) {
    await stack.clients.sqs.send(new PurgeQueueCommand({ QueueUrl }));
  }
});
afterAll(() => stack.stop());

const send = async (...bodies: string[]): Promise<void> => {
  for (const MessageBody of bodies) {
    await stack.clients.sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody }));
  }
};
const start = (
  handler: (event: SQSEvent) => Promise<SQSBatchResponse | undefined>,
  options: Partial<EventSourceOptions> = {},
): readonly string[] => {
  const logged: string[] = [];
  source = startEventSource({
    sqs: stack.clients.sqs,
    queueUrl,
    handler,
    batchSize: 10,
    windowMs: 0,
    concurrency: 1,
    log: (message) => logged.push(message),
    ...options,
  });
  return logged;
};
const emptied = () => untilEmpty(stack.clients.sqs, queueUrl, 15_000);
const failing = (event: SQSEvent, isFailed: (body: string) => boolean): SQSBatchResponse => ({
  batchItemFailures: event.Records.filter(({ body }) => isFailed(body)).map(({ messageId }) => ({
    itemIdentifier: messageId,
  })),
});

test("a message arrives as Lambda would show it, and is deleted once it was handled", async () => {
  const events: SQSEvent[] = [];
  start(async (event) => void events.push(event) as undefined);
  await send("one");
  expect(await emptied()).toBe(0);
  const [record] = events[0]!.Records;
  expect(record).toMatchObject({
    body: "one",
    eventSource: "aws:sqs",
    eventSourceARN: "arn:aws:sqs:us-east-1:000000000000:shadowgraph-segments",
    awsRegion: "us-east-1",
    attributes: { ApproximateReceiveCount: "1", SentTimestamp: expect.stringMatching(/^\d{13}$/) },
  });
  expect(record!.messageId).not.toBe("");
});

test("only what was reported as failed is delivered again", async () => {
  const seen: string[] = [];
  let isFirst = true;
  start(async (event) => {
    seen.push(...event.Records.map(({ body }) => body));
    const response = failing(event, (body) => isFirst && body === "b");
    if (event.Records.some(({ body }) => body === "b")) isFirst = false;
    return response;
  });
  await send("a", "b", "c");
  expect(await emptied()).toBe(0);
  expect(seen.sort()).toEqual(["a", "b", "b", "c"]);
});

test.each([
  ["throws", () => Promise.reject(new Error("broken"))],
  ["names a message that was not in the event", async () => ({ batchItemFailures: [{ itemIdentifier: "other" }] })],
])("a handler that %s has its whole batch delivered again", async (_, fail) => {
  let calls = 0;
  start(async () => (calls++ === 0 ? await fail() : undefined));
  await send("a");
  expect(await emptied()).toBe(0);
  expect(calls).toBe(2);
});

test("a message that always fails goes to the dead-letter queue after its receives, and delays no other", async () => {
  const seen: string[] = [];
  start(async (event) => {
    seen.push(...event.Records.map(({ body }) => body));
    return failing(event, (body) => body === "poison");
  });
  await send("poison", ...Array.from({ length: 20 }, (_, i) => `good ${i}`));
  expect(await emptied()).toBe(0);
  expect(seen.filter((body) => body === "poison")).toHaveLength(3);
  expect(seen.filter((body) => body.startsWith("good"))).toHaveLength(20);
  expect(await messagesIn(stack.clients.sqs, stack.deadLetterQueueUrl)).toBe(1);
});

test("the window gathers messages beyond one call, up to the batch size", async () => {
  await send(...Array.from({ length: 30 }, (_, i) => String(i)));
  const sizes: number[] = [];
  start(async (event) => void sizes.push(event.Records.length) as undefined, { batchSize: 25, windowMs: 300 });
  expect(await emptied()).toBe(0);
  expect(sizes).toEqual([25, 5]);
});

test("no more events are in work than the concurrency allows", async () => {
  let [inWork, most] = [0, 0];
  start(
    async () => {
      most = Math.max(most, ++inWork);
      await new Promise((resolve) => setTimeout(resolve, 30));
      inWork--;
      return undefined;
    },
    { batchSize: 1, concurrency: 3 },
  );
  await send(...Array.from({ length: 15 }, (_, i) => String(i)));
  expect(await emptied()).toBe(0);
  expect(most).toBe(3);
});

test("stopping ends within a poll while it waits, and finishes what is in work", async () => {
  let isDone = false;
  start(async () => {
    await new Promise((resolve) => setTimeout(resolve, 300));
    isDone = true;
    return undefined;
  });
  const waitedFrom = Date.now();
  await source!.stop();
  expect(Date.now() - waitedFrom).toBeLessThan(2_000);
  start(async () => {
    await new Promise((resolve) => setTimeout(resolve, 300));
    isDone = true;
    return undefined;
  });
  await send("work");
  await new Promise((resolve) => setTimeout(resolve, 150));
  await source!.stop();
  expect(isDone).toBe(true);
  expect(await messagesIn(stack.clients.sqs, queueUrl)).toBe(0);
});

test("work that outlasts the visibility time-out is done once", async () => {
  let calls = 0;
  start(
    async () => {
      calls++;
      await new Promise((resolve) => setTimeout(resolve, 2_500));
      return undefined;
    },
    { concurrency: 2 },
  );
  await send("long");
  expect(await emptied()).toBe(0);
  expect(calls).toBe(1);
});

test("a queue that is not there is told and tried again", async () => {
  const logged = start(async () => undefined, { queueUrl: `${queueUrl}-gone` });
  await new Promise((resolve) => setTimeout(resolve, 1_300));
  expect(logged.length).toBeGreaterThanOrEqual(1);
});

test("the dead-letter queue is set up with the redrive policy", async () => {
  const { Attributes } = await stack.clients.sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ["RedrivePolicy"] }),
  );
  expect(JSON.parse(Attributes!.RedrivePolicy!)).toMatchObject({ maxReceiveCount: 3 });
});
