import { setTimeout as sleep } from "node:timers/promises";
import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import type { SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";

export interface EventSourceOptions {
  readonly sqs: SQSClient;
  readonly queueUrl: string;
  readonly handler: (event: SQSEvent) => Promise<SQSBatchResponse | undefined>;
  /** At most so many messages in one event. */
  readonly batchSize: number;
  /** How long an event may wait for more messages once it has one. */
  readonly windowMs: number;
  /** Events in work at the same time. */
  readonly concurrency: number;
  readonly log: (message: string, fault: unknown) => void;
}

export interface EventSource {
  /** Takes no more messages, ends the work at hand, resolves. */
  stop(): Promise<void>;
}

/** SQS gives at most so many messages in one answer, and deletes as many in one call. */
const maxMessagesPerCall = 10;
/**
 * Stopping waits for the poll's end instead of breaking it off: the queue would not notice, and hand messages to a poll that
 * nobody reads any more. They would not be lost, but hidden for their visibility time-out.
 */
const longPollSeconds = 1;
const pauseAfterFaultMs = 1_000;

/**
 * Plays Lambda's SQS event source: messages become events, the handler is called, what it does not report as failed
 * is deleted. The rest, or all of it if the handler throws, is delivered again once its visibility time-out is over,
 * and goes to the dead-letter queue after `maxReceiveCount`.
 */
export const startEventSource = (options: EventSourceOptions): EventSource => {
  const stopping = new AbortController();
  const loops = Array.from({ length: options.concurrency }, () => pollUntil(stopping.signal, options));
  return {
    async stop() {
      stopping.abort();
      await Promise.all(loops);
    },
  };
};

const pollUntil = async (stopping: AbortSignal, options: EventSourceOptions): Promise<void> => {
  let hiddenForSeconds: number | undefined;
  while (!stopping.aborted) {
    try {
      hiddenForSeconds ??= await visibilityOf(options);
      const messages = await gather(stopping, options);
      if (messages.length > 0) await work(messages, hiddenForSeconds, options);
    } catch (fault) {
      options.log("the event source could not reach its queue", fault);
      await pause(pauseAfterFaultMs, stopping);
    }
  }
};

/** The first messages are waited for as long as it takes, more of them no longer than the window. */
const gather = async (stopping: AbortSignal, options: EventSourceOptions): Promise<readonly Message[]> => {
  const messages = [...(await receive(longPollSeconds, options.batchSize, options))];
  const end = performance.now() + options.windowMs;
  while (messages.length > 0 && messages.length < options.batchSize && performance.now() < end && !stopping.aborted) {
    const more = await receive(0, options.batchSize - messages.length, options);
    messages.push(...more);
    if (more.length === 0) await pause(Math.min(50, Math.max(0, end - performance.now())), stopping);
  }
  return messages;
};

const receive = async (
  waitSeconds: number,
  most: number,
  { sqs, queueUrl }: EventSourceOptions,
): Promise<readonly Message[]> => {
  const command = new ReceiveMessageCommand({
    QueueUrl: queueUrl,
    MaxNumberOfMessages: Math.min(most, maxMessagesPerCall),
    WaitTimeSeconds: waitSeconds,
    MessageSystemAttributeNames: ["All"],
    MessageAttributeNames: ["All"],
  });
  const { Messages } = await sqs.send(command);
  return Messages ?? [];
};

const visibilityOf = async ({ sqs, queueUrl }: EventSourceOptions): Promise<number> => {
  const command = new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ["VisibilityTimeout"] });
  return Number((await sqs.send(command)).Attributes?.VisibilityTimeout);
};

const work = async (
  messages: readonly Message[],
  hiddenForSeconds: number,
  options: EventSourceOptions,
): Promise<void> => {
  // On AWS the visibility time-out is many times the function's time-out. Here it is short, so that what a killed worker
  // had comes back soon, and it is prolonged for as long as the work takes.
  const prolonging = setInterval(() => void hide(messages, hiddenForSeconds, options), (hiddenForSeconds * 1_000) / 3);
  const failed = await failuresOf(messages, options);
  clearInterval(prolonging);
  const done = messages.filter(({ MessageId }) => !failed.has(MessageId!));
  for (const Entries of entriesOf(done)) {
    await options.sqs.send(new DeleteMessageBatchCommand({ QueueUrl: options.queueUrl, Entries }));
  }
};

const hide = async (messages: readonly Message[], VisibilityTimeout: number, options: EventSourceOptions) => {
  try {
    for (const entries of entriesOf(messages)) {
      const Entries = entries.map((entry) => ({ ...entry, VisibilityTimeout }));
      await options.sqs.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: options.queueUrl, Entries }));
    }
  } catch (fault) {
    options.log("messages in work could not be kept hidden: they may be delivered twice", fault);
  }
};

/** As many to a call as SQS takes. */
function* entriesOf(messages: readonly Message[]): Iterable<{ Id: string; ReceiptHandle: string }[]> {
  for (let at = 0; at < messages.length; at += maxMessagesPerCall) {
    yield messages
      .slice(at, at + maxMessagesPerCall)
      .map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle: ReceiptHandle! }));
  }
}

const failuresOf = async (messages: readonly Message[], options: EventSourceOptions): Promise<ReadonlySet<string>> => {
  const all = new Set(messages.map(({ MessageId }) => MessageId!));
  try {
    const response = await options.handler({ Records: messages.map((message) => recordOf(message, options.queueUrl)) });
    const failed = response?.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier) ?? [];
    // As Lambda does: an id that was not in the event makes the whole batch a failure.
    return failed.every((id) => all.has(id)) ? new Set(failed) : all;
  } catch (fault) {
    options.log("a handler failed: its whole batch is delivered again", fault);
    return all;
  }
};

const recordOf = (message: Message, queueUrl: string): SQSRecord => ({
  messageId: message.MessageId!,
  receiptHandle: message.ReceiptHandle!,
  body: message.Body ?? "",
  attributes: {
    ApproximateReceiveCount: message.Attributes?.ApproximateReceiveCount ?? "1",
    SentTimestamp: message.Attributes?.SentTimestamp ?? "0",
    SenderId: message.Attributes?.SenderId ?? "",
    ApproximateFirstReceiveTimestamp: message.Attributes?.ApproximateFirstReceiveTimestamp ?? "0",
  },
  messageAttributes: {},
  md5OfBody: message.MD5OfBody ?? "",
  eventSource: "aws:sqs",
  eventSourceARN: `arn:aws:sqs:us-east-1:000000000000:${new URL(queueUrl).pathname.split("/").at(-1)}`,
  awsRegion: "us-east-1",
});

const pause = async (ms: number, stopping: AbortSignal): Promise<void> => {
  await sleep(ms, undefined, { signal: stopping }).catch(() => {});
};
