import { Grant, type IGrantable, PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Key } from "aws-cdk-lib/aws-kms";
import { Duration, RemovalPolicy, Stack } from "aws-cdk-lib/core";
import { Construct } from "constructs";

export interface EncryptionKeyProps {
  readonly description: string;
  /**
   * What becomes of the key with the stack. Without it nothing that it encrypted can be read again, so it goes only where the data goes.
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}

export type KeyUse = "decrypt" | "encrypt";

/** Written out: CDK's own grants hold wildcards of actions. */
const ACTIONS: Readonly<Record<KeyUse, readonly string[]>> = {
  decrypt: ["kms:Decrypt"],
  encrypt: ["kms:Decrypt", "kms:GenerateDataKey"],
};

/** What CloudWatch Logs documents as `kms:GenerateDataKey*`, `kms:ReEncrypt*` and so on. */
const ACTIONS_OF_LOGS = [
  "kms:Decrypt",
  "kms:DescribeKey",
  "kms:Encrypt",
  ...["", "WithoutPlaintext", "Pair", "PairWithoutPlaintext"].map((kind) => `kms:GenerateDataKey${kind}`),
  "kms:ReEncryptFrom",
  "kms:ReEncryptTo",
];

/** The customer's key for everything that is stored: rotated every year, usable only through the services named in each grant. */
export class EncryptionKey extends Construct {
  readonly key: Key;

  constructor(scope: Construct, id: string, { description, removalPolicy = RemovalPolicy.RETAIN }: EncryptionKeyProps) {
    super(scope, id);
    this.key = new Key(this, "Key", {
      description,
      enableKeyRotation: true,
      removalPolicy,
      // The longest that there is: a deleted key can be called back for so long.
      pendingWindow: Duration.days(30),
    });
    const { partition, region, account } = Stack.of(this);
    this.key.addToResourcePolicy(
      new PolicyStatement({
        sid: "LogGroupsOfThisAccount",
        principals: [new ServicePrincipal(`logs.${region}.amazonaws.com`)],
        actions: [...ACTIONS_OF_LOGS],
        resources: ["*"],
        conditions: {
          ArnLike: { "kms:EncryptionContext:aws:logs:arn": `arn:${partition}:logs:${region}:${account}:log-group:*` },
        },
      }),
    );
    this.key.addToResourcePolicy(
      new PolicyStatement({
        sid: "AlarmsTellTheirTopic",
        principals: [new ServicePrincipal("cloudwatch.amazonaws.com")],
        actions: [...ACTIONS.encrypt],
        resources: ["*"],
        conditions: { StringEquals: { "aws:SourceAccount": account } },
      }),
    );
    // EventBridge tells KMS of no account that it acts for. What it may encrypt for is said by the policies of the queues.
    this.key.addToResourcePolicy(
      new PolicyStatement({
        sid: "SchedulesTellTheirDeadLetters",
        principals: [new ServicePrincipal("events.amazonaws.com")],
        actions: [...ACTIONS.encrypt],
        resources: ["*"],
      }),
    );
  }

  /** For what reads or writes through one service, such as `sqs`; no one may use the key on its own. */
  grant(grantee: IGrantable, through: "dynamodb" | "s3" | "secretsmanager" | "sns" | "sqs", use: KeyUse): Grant {
    return Grant.addToPrincipal({
      grantee,
      actions: [...ACTIONS[use], ...(through === "dynamodb" ? TABLE_ACTIONS[use] : [])],
      resourceArns: [this.key.keyArn],
      conditions: { StringEquals: { "kms:ViaService": `${through}.${Stack.of(this).region}.amazonaws.com` } },
    });
  }
}

/** What DynamoDB asks of its callers beside that, in its own list of permissions for customer managed keys. */
const TABLE_ACTIONS: Readonly<Record<KeyUse, readonly string[]>> = {
  decrypt: ["kms:DescribeKey"],
  encrypt: ["kms:DescribeKey", "kms:Encrypt", "kms:ReEncryptFrom", "kms:ReEncryptTo"],
};
