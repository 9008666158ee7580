import {
  AwsLogDriverMode,
  CpuArchitecture,
  FargateTaskDefinition,
  LogDrivers,
  OperatingSystemFamily,
} from "aws-cdk-lib/aws-ecs";
import { Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import { Duration, RemovalPolicy, Size, Validations } from "aws-cdk-lib/core";
import { Construct } from "constructs";
import type { TeeEnv } from "../proxy/env.ts";
import { MALLOC_ENV, NODE_FLAGS } from "../proxy/node-flags.ts";
import { type Drain, drainEnvironment } from "./drain.ts";
import type { MarkKey } from "./mark-key.ts";
import { adaptersEnvironment, type Storage } from "./storage.ts";
import type { TeeAccess } from "./tee-access.ts";
import type { TeeImage } from "./tee-image.ts";

export const TEE_PORT = 8080;
export const ADMIN_PORT = 9090;

export interface TeeTaskProps {
  readonly storage: Storage;
  readonly access: TeeAccess;
  readonly image: TeeImage;
  readonly markKey: MarkKey;
  /** The baseline by its name in the catalog. */
  readonly baseline: string;
  /** The service of the baseline that the tee stands before. */
  readonly service: string;
  /** Where that service answers: never the listener that sends requests to this tee. */
  readonly primaryUrl: string;
  /** CPU units: 256, 512, 1024, 2048, 4096. One thread serves callers, one ships: beyond 2048 nothing is gained. */
  readonly cpu: number;
  readonly memoryMiB: number;
  readonly drain: Drain;
  /** @default RetentionDays.ONE_MONTH */
  readonly logRetention?: RetentionDays;
}

type SecretVariables = "SHADOWGRAPH_MARK_KEY";
type Variables = Exclude<keyof TeeEnv, "limits" | "TEE_ID" | SecretVariables>;

/** What one task of a fleet is: the tee's container and nothing beside it, not root, on a file system that it cannot write. */
export class TeeTask extends Construct {
  readonly definition: FargateTaskDefinition;
  readonly log: LogGroup;

  constructor(scope: Construct, id: string, props: TeeTaskProps) {
    super(scope, id);
    const { storage, access, image, markKey, baseline, service, primaryUrl, cpu, memoryMiB, drain } = props;
    this.log = new LogGroup(this, "Log", {
      encryptionKey: storage.key.key,
      retention: props.logRetention ?? RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const principal = new ServicePrincipal("ecs-tasks.amazonaws.com");
    const taskRole = new Role(this, "Role", { assumedBy: principal, managedPolicies: [access.policy] });
    this.definition = new FargateTaskDefinition(this, "Definition", {
      cpu,
      memoryLimitMiB: memoryMiB,
      taskRole,
      runtimePlatform: { cpuArchitecture: CpuArchitecture.ARM64, operatingSystemFamily: OperatingSystemFamily.LINUX },
    });
    const environment = {
      PRIMARY_URL: primaryUrl,
      PORT: String(TEE_PORT),
      HOST: "0.0.0.0",
      ADMIN_PORT: String(ADMIN_PORT),
      // Behind the security group, which lets nobody but the load balancer's health checks in.
      ADMIN_HOST: "0.0.0.0",
      METRICS: "emf",
      BASELINE_ID: baseline,
      SERVICE: service,
    } satisfies Record<Variables, string>;
    const secrets = { SHADOWGRAPH_MARK_KEY: markKey.forContainer(this.definition) } satisfies Record<
      SecretVariables & keyof TeeEnv,
      unknown
    >;
    this.definition.addContainer("tee", {
      image: image.image,
      command: [...NODE_FLAGS, "main.mjs"],
      user: "1000:1000",
      readonlyRootFilesystem: true,
      environment: {
        ...environment,
        ...adaptersEnvironment(storage),
        ...drainEnvironment(drain),
        ...MALLOC_ENV,
        // Look-ups that hang share these threads with the look-ups of queue and store.
        UV_THREADPOOL_SIZE: "8",
      },
      secrets,
      portMappings: [{ containerPort: TEE_PORT }, { containerPort: ADMIN_PORT }],
      stopTimeout: Duration.seconds(drain.stopSeconds),
      logging: LogDrivers.awsLogs({
        logGroup: this.log,
        streamPrefix: service,
        // A full log must never be waited for by what serves callers.
        mode: AwsLogDriverMode.NON_BLOCKING,
        maxBufferSize: Size.mebibytes(4),
      }),
    });
    Validations.of(this.definition).acknowledge(
      {
        id: "AwsSolutions-ECS2",
        reason: "The variables name addresses and bounds; the one secret is read by ECS when a task starts.",
      },
      {
        id: "AwsSolutions-IAM5[Resource::*]",
        reason: "ecr:GetAuthorizationToken, by which the image is pulled, knows no resources.",
      },
    );
  }
}
