import { fileURLToPath } from "node:url";
import type { ISecurityGroup } from "aws-cdk-lib/aws-ec2";
import { PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Architecture, type ILayerVersion, LoggingFormat, Runtime, Tracing } from "aws-cdk-lib/aws-lambda";
import { NodejsFunction } from "aws-cdk-lib/aws-lambda-nodejs";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import { type Duration, RemovalPolicy, Stack, Validations } from "aws-cdk-lib/core";
import { Construct } from "constructs";
import { deadLettersOf } from "./dead-letters.ts";
import type { EncryptionKey } from "./encryption-key.ts";
import { refuse } from "./faults.ts";
import type { Place } from "./network.ts";

export interface NodeFunctionProps {
  /** Folder under lambdas/ that holds handler.ts. */
  readonly program: "diff-pairs" | "judge" | "api" | "deploy" | "bypass" | "resend" | "site";
  /** Of its log. */
  readonly key: EncryptionKey;
  readonly description: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeout: Duration;
  /**
   * Whether it is called without anybody waiting for the answer: what then fails for good is kept for 14 days.
   * @default false
   */
  readonly isCalledAsync?: boolean;
  /**
   * Where it stands, to reach what has no public address.
   * @default - outside of every network
   */
  readonly within?: { readonly place: Place; readonly securityGroups: readonly ISecurityGroup[] };
  /**
   * Memory in MiB; CPU grows with it, a whole one at 1 769.
   * @default 1769
   */
  readonly memoryMiB?: number;
  /**
   * Files that it finds under /opt.
   * @default - none
   */
  readonly layers?: readonly ILayerVersion[];
  /** @default RetentionDays.ONE_MONTH */
  readonly logRetention?: RetentionDays;
}

const root = fileURLToPath(new URL("..", import.meta.url));

/** A program of lambdas/ as a function: Node 24 on ARM, its own role and log, bundled with the SDK it was tested with. */
export class NodeFunction extends Construct {
  readonly function: NodejsFunction;
  /** Calls that failed for good, where it is called without waiting. */
  readonly failures: Queue | undefined;

  constructor(scope: Construct, id: string, props: NodeFunctionProps) {
    super(scope, id);
    const {
      program,
      key,
      description,
      environment,
      timeout,
      memoryMiB = 1769,
      logRetention = RetentionDays.ONE_MONTH,
      isCalledAsync = false,
      within,
      layers = [],
    } = props;
    refuse(description, [environmentFault(Stack.of(this).resolve(environment) as typeof environment)]);
    const logGroup = new LogGroup(this, "Log", {
      encryptionKey: key.key,
      retention: logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    // A role of its own: the default one may write to every log group of the account.
    const role = new Role(this, "Role", { assumedBy: new ServicePrincipal("lambda.amazonaws.com") });
    logGroup.grantWrite(role);
    if (within !== undefined) joinNetwork(role);
    this.failures = isCalledAsync ? deadLettersOf(this, key) : undefined;
    if (this.failures !== undefined) key.grant(role, "sqs", "encrypt");
    this.function = new NodejsFunction(this, "Function", {
      description,
      entry: `${root}lambdas/${program}/handler.ts`,
      projectRoot: root,
      depsLockFilePath: `${root}package-lock.json`,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: memoryMiB,
      timeout,
      role,
      logGroup,
      ...(this.failures === undefined ? {} : { deadLetterQueue: this.failures }),
      ...(within && {
        vpc: within.place.vpc,
        vpcSubnets: within.place.subnets,
        securityGroups: [...within.securityGroups],
      }),
      layers: [...layers],
      loggingFormat: LoggingFormat.JSON,
      tracing: Tracing.ACTIVE,
      environment: { ...environment, NODE_OPTIONS: "--enable-source-maps" },
      bundling: {
        target: "node24",
        mainFields: ["module", "main"],
        minify: true,
        sourceMap: true,
        // Nothing is left to the runtime: the SDK in it changes under a deployed function.
        externalModules: [],
      },
    });
    if (!isCalledAsync) {
      Validations.of(this.function).acknowledge({
        id: "Serverless-LambdaDLQ",
        reason:
          "Nobody calls it without waiting for the answer: what fails is told to the caller, or stays in its queue.",
      });
    }
    Validations.of(role).acknowledge({
      id: "AwsSolutions-IAM5[Resource::*]",
      reason:
        "X-Ray's PutTraceSegments and PutTelemetryRecords know no resources, and network interfaces are not there before they are made.",
    });
  }
}

/** Of names and values together. */
const MAX_ENVIRONMENT_BYTES = 4_096;
/** Of what the deploy alone knows, such as the ARN of a target group or the address of a queue. */
const UNKNOWN_CHARS = 130;

/** Lambda would refuse it at the deploy. */
const environmentFault = (environment: Readonly<Record<string, unknown>>): string | undefined => {
  const bytes = Object.entries(environment).reduce((sum, [name, value]) => sum + name.length + charsOf(value), 0);
  return bytes <= MAX_ENVIRONMENT_BYTES
    ? undefined
    : `variables must be at most ${MAX_ENVIRONMENT_BYTES} bytes together; got some ${bytes}: have fewer services, shorter names, fewer allowSecurityGroups`;
};

const charsOf = (value: unknown): number => {
  if (typeof value === "string") return value.length;
  const [, parts] = (value as { "Fn::Join"?: readonly [string, readonly unknown[]] })["Fn::Join"] ?? [];
  return parts === undefined ? UNKNOWN_CHARS : parts.reduce<number>((sum, part) => sum + charsOf(part), 0);
};

/** Lambda makes and removes the network interfaces of a function in its name; before there are any they have no names. */
const joinNetwork = (role: Role): void => {
  role.addToPolicy(
    new PolicyStatement({
      actions: [
        "ec2:AssignPrivateIpAddresses",
        "ec2:CreateNetworkInterface",
        "ec2:DeleteNetworkInterface",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeSubnets",
        "ec2:UnassignPrivateIpAddresses",
      ],
      resources: ["*"],
    }),
  );
};
