import { Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import { Duration, Validations } from "aws-cdk-lib/core";
import type { Construct } from "constructs";
import type { EncryptionKey } from "./encryption-key.ts";

/** The largest message SQS takes. Set explicitly: the service's own default was 256 KiB for years. */
const MAX_MESSAGE_BYTES = 1024 * 1024;

/** What every queue has. */
export const securedBy = ({ key }: EncryptionKey) =>
  ({
    encryption: QueueEncryption.KMS,
    encryptionMasterKey: key,
    // A data key serves an hour: a call to KMS for each message would cost more than the message.
    dataKeyReuse: Duration.hours(1),
    enforceSSL: true,
    maxMessageSizeBytes: MAX_MESSAGE_BYTES,
  }) as const;

/** A message's age counts from when it was first sent: dead letters must be kept longer than any queue keeps them. */
export const deadLettersOf = (scope: Construct, key: EncryptionKey): Queue => {
  const queue = new Queue(scope, "DeadLetters", { ...securedBy(key), retentionPeriod: Duration.days(14) });
  Validations.of(queue).acknowledge({
    id: "Serverless-SQSRedrivePolicy",
    reason: "These are the dead letters: an alarm tells of the first one, and people send them back.",
  });
  return queue;
};
