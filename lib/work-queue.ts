import { Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import { Duration } from "aws-cdk-lib/core";
import { Construct } from "constructs";

/** The largest message SQS takes. Set explicitly: the service's own default was 256 KiB for years. */
const MAX_MESSAGE_BYTES = 1024 * 1024;

export interface WorkQueueProps {
  /** Time-out of the function that reads it. A message stays hidden six times as long, as Lambda asks for. */
  readonly consumerTimeout: Duration;
  /**
   * How often a message is tried before it goes to the dead letters.
   * @default 5
   */
  readonly maxReceives?: number;
  /**
   * How long a message waits to be read.
   * @default 7 days
   */
  readonly retention?: Duration;
}

/** A queue with its dead letters: encrypted, TLS only. */
export class WorkQueue extends Construct {
  readonly queue: Queue;
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, props: WorkQueueProps) {
    super(scope, id);
    const { consumerTimeout, maxReceives = 5, retention = Duration.days(7) } = props;
    const secured = {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      maxMessageSizeBytes: MAX_MESSAGE_BYTES,
    };
    // A message's age counts from when it was first sent: dead letters must be kept longer than the queue keeps them.
    this.deadLetters = new Queue(this, "DeadLetters", { ...secured, retentionPeriod: Duration.days(14) });
    this.queue = new Queue(this, "Queue", {
      ...secured,
      retentionPeriod: retention,
      visibilityTimeout: Duration.seconds(6 * consumerTimeout.toSeconds()),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: maxReceives },
    });
  }
}
