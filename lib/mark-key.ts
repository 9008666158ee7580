import { Secret as ContainerSecret, type TaskDefinition } from "aws-cdk-lib/aws-ecs";
import { CfnSecret, type ISecret, Secret } from "aws-cdk-lib/aws-secretsmanager";
import { RemovalPolicy, Validations } from "aws-cdk-lib/core";
import { Construct } from "constructs";
import type { EncryptionKey } from "./encryption-key.ts";

export interface MarkKeyProps {
  readonly key: EncryptionKey;
}

/** What signs the marks of mirrored requests: made by Secrets Manager, given to containers by ECS, seen by nobody. */
export class MarkKey extends Construct {
  readonly secret: ISecret;
  readonly #key: EncryptionKey;

  constructor(scope: Construct, id: string, { key }: MarkKeyProps) {
    super(scope, id);
    this.#key = key;
    // The construct above it opens the key to everyone in the account who comes by Secrets Manager.
    const secret = new CfnSecret(this, "Secret", {
      description: "Shadowgraph: signs the marks of mirrored requests (SHADOWGRAPH_MARK_KEY)",
      kmsKeyId: key.key.keyArn,
      generateSecretString: { passwordLength: 64, excludePunctuation: true },
    });
    secret.applyRemovalPolicy(RemovalPolicy.DESTROY);
    Validations.of(secret).acknowledge({
      id: "AwsSolutions-SMG4",
      reason: "Tees and services read it when they start: a new one is a deploy of both, described in side-effects.md.",
    });
    this.secret = Secret.fromSecretCompleteArn(this, "Made", secret.ref);
  }

  /** As a variable of a container; ECS reads it, by the execution role, when a task starts. */
  forContainer(definition: TaskDefinition): ContainerSecret {
    this.#key.grant(definition.obtainExecutionRole(), "secretsmanager", "decrypt");
    return ContainerSecret.fromSecretsManager(this.secret);
  }
}
