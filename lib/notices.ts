import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Topic } from "aws-cdk-lib/aws-sns";
import { EmailSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import { Stack, Validations } from "aws-cdk-lib/core";
import { Construct } from "constructs";
import type { EncryptionKey } from "./encryption-key.ts";

export interface NoticesProps {
  readonly key: EncryptionKey;
  /**
   * Who is told by mail; each address has to agree once.
   * @default - nobody: subscribe to the topic whatever is to be told
   */
  readonly emails?: readonly string[];
}

/** Where people are told of what happened: encrypted, TLS only. */
export class Notices extends Construct {
  readonly topic: Topic;

  constructor(scope: Construct, id: string, { key, emails = [] }: NoticesProps) {
    super(scope, id);
    this.topic = new Topic(this, "Topic", { masterKey: key.key, enforceSSL: true });
    // The policy that a topic begins with is replaced by the one that refuses what comes without TLS.
    const { account } = Stack.of(this);
    this.topic.addToResourcePolicy(
      new PolicyStatement({
        sid: "AlarmsOfThisAccount",
        principals: [new ServicePrincipal("cloudwatch.amazonaws.com")],
        actions: ["sns:Publish"],
        resources: [this.topic.topicArn],
        conditions: { StringEquals: { "aws:SourceAccount": account } },
      }),
    );
    for (const email of emails) {
      const subscription = this.topic.addSubscription(new EmailSubscription(email));
      Validations.of(subscription).acknowledge({
        id: "Serverless-SNSRedrivePolicy",
        reason:
          "What cannot be mailed is seen in the console and in the topic's own metrics; nobody reads it from a queue.",
      });
    }
  }
}
