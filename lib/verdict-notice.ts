import { EventField, type IEventBus, Rule, RuleTargetInput } from "aws-cdk-lib/aws-events";
import { SnsTopic } from "aws-cdk-lib/aws-events-targets";
import { Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Topic } from "aws-cdk-lib/aws-sns";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import { Stack } from "aws-cdk-lib/core";
import { Construct } from "constructs";
import type { EncryptionKey } from "./encryption-key.ts";
import type { Notices } from "./notices.ts";

/** What judge puts on the bus: docs/events.md. */
export const VERDICT_EVENT = { source: "shadowgraph", detailType: "Shadowgraph verdict changed" } as const;

export interface VerdictNoticeProps {
  readonly baseline: string;
  readonly bus: IEventBus;
  readonly key: EncryptionKey;
  readonly notices: Notices;
  /** For what could not be told within a day. */
  readonly deadLetters: IQueue;
}

/** Tells people of each verdict that changed, in a sentence. Rules for other tools are made beside it, on the same bus. */
export class VerdictNotice extends Construct {
  constructor(scope: Construct, id: string, { baseline, bus, key, notices, deadLetters }: VerdictNoticeProps) {
    super(scope, id);
    const { account } = Stack.of(this);
    const role = new Role(this, "Role", {
      assumedBy: new ServicePrincipal("events.amazonaws.com", {
        conditions: { StringEquals: { "aws:SourceAccount": account } },
      }),
    });
    key.grant(role, "sns", "encrypt");
    // By its address alone: of a topic with a key CDK grants actions of the key by a wildcard.
    const topic = Topic.fromTopicArn(this, "Topic", notices.topic.topicArn);
    const detail = (field: string) => EventField.fromPath(`$.detail.${field}`);
    const sentence = `${baseline}: the verdict of ${detail("env")} is ${detail("to")}, before it was ${detail("from")}: ${detail("reason")} (${detail("pairs")} pairs, run ${detail("run")}). shadowgraph env report ${detail("env")}`;
    new Rule(this, "Rule", {
      description: `Shadowgraph: people are told of changed verdicts of ${baseline}`,
      eventBus: bus,
      eventPattern: {
        source: [VERDICT_EVENT.source],
        detailType: [VERDICT_EVENT.detailType],
        detail: { baseline: [baseline] },
      },
      targets: [
        new SnsTopic(topic, { role, deadLetterQueue: deadLetters, message: RuleTargetInput.fromText(sentence) }),
      ],
    });
  }
}
