import { Grant, type IGrantable } from "aws-cdk-lib/aws-iam";
import { EventSourceMapping, type EventSourceMappingOptions, type IFunction } from "aws-cdk-lib/aws-lambda";
import { Queue } from "aws-cdk-lib/aws-sqs";
import { Duration, Validations } from "aws-cdk-lib/core";
import { Construct } from "constructs";
import { deadLettersOf, securedBy } from "./dead-letters.ts";
import type { EncryptionKey } from "./encryption-key.ts";

export interface WorkQueueProps {
  readonly key: EncryptionKey;
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
  readonly #key: EncryptionKey;

  constructor(scope: Construct, id: string, props: WorkQueueProps) {
    super(scope, id);
    const { key, consumerTimeout, maxReceives = 5, retention = Duration.days(7) } = props;
    this.#key = key;
    this.deadLetters = deadLettersOf(this, key);
    this.queue = new Queue(this, "Queue", {
      ...securedBy(key),
      retentionPeriod: retention,
      visibilityTimeout: Duration.seconds(6 * consumerTimeout.toSeconds()),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: maxReceives },
    });
  }
  /** Sending alone: its address is configured, so nobody has to ask for it. */
  grantSend(grantee: IGrantable): void {
    Grant.addToPrincipal({ grantee, actions: ["sqs:SendMessage"], resourceArns: [this.queue.queueArn] });
    this.#key.grant(grantee, "sqs", "encrypt");
  }

  /** Lambda reads the queue under the role of the function, with these three calls and no other. */
  feed(target: IFunction, options: EventSourceMappingOptions): void {
    const actions = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"];
    const grant = Grant.addToPrincipal({ grantee: target, actions, resourceArns: [this.queue.queueArn] });
    this.#key.grant(target, "sqs", "decrypt");
    const mapping = new EventSourceMapping(this, "Mapping", {
      target,
      eventSourceArn: this.queue.queueArn,
      ...options,
    });
    grant.applyBefore(mapping);
    Validations.of(mapping).acknowledge({
      id: "Serverless-LambdaEventSourceMappingDestination",
      reason: "What fails goes back to the queue one by one, and from there to its dead letters.",
    });
  }
}
