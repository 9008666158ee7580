import { Match, Template } from "aws-cdk-lib/assertions";
import { App, RemovalPolicy } from "aws-cdk-lib/core";
import { ROUTES } from "../../lambdas/api/routes.ts";
import { ShadowgraphStack, type ShadowgraphStackProps } from "../../lib/shadowgraph-stack.ts";
import { newOutdir } from "./new-outdir.ts";

// Without the built-in validation and the bundling, which take seconds: the synth of the whole app does both.
const templateOf = (props: ShadowgraphStackProps = {}): Template => {
  const context = { "aws:cdk:bundling-stacks": [] };
  const app = new App({ outdir: newOutdir(), builtinCloudFormationValidation: false, context });
  return Template.fromStack(new ShadowgraphStack(app, "Shadowgraph", props));
};
const template = templateOf();
const ofTheKey = { "Fn::GetAtt": [Match.stringLikeRegexp("^Key"), "Arn"] };

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
}
const policies = (type: string) =>
  Object.entries(template.findResources(type)).map(([id, { Properties }]) => ({
    id,
    statements: Properties.PolicyDocument.Statement as readonly Statement[],
  }));
describe("queues", () => {
  test("all are encrypted and take messages of 1 MiB", () => {
    template.resourceCountIs("AWS::SQS::Queue", 5);
    template.allResourcesProperties("AWS::SQS::Queue", {
      KmsMasterKeyId: ofTheKey,
      MaximumMessageSize: 1_048_576,
    });
  });

  test.each(["PairQueue", "JudgeQueue"])(
    "%s has dead letters, which are kept longer than it keeps a message",
    (name) => {
      const queues = Object.entries(template.findResources("AWS::SQS::Queue")).filter(([id]) => id.startsWith(name));
      const [, work] = queues.find(([, { Properties }]) => Properties.RedrivePolicy)!;
      const [deadId, dead] = queues.find(([, { Properties }]) => !Properties.RedrivePolicy)!;
      expect(work.Properties.RedrivePolicy).toEqual({
        deadLetterTargetArn: { "Fn::GetAtt": [deadId, "Arn"] },
        maxReceiveCount: 5,
      });
      expect(dead.Properties.MessageRetentionPeriod).toBeGreaterThan(work.Properties.MessageRetentionPeriod);
    },
  );

  test("a message stays hidden six times the time-out of its reader", () => {
    for (const { Properties } of Object.values(template.findResources("AWS::Lambda::EventSourceMapping"))) {
      const queue = Properties.EventSourceArn["Fn::GetAtt"][0];
      const reader = Properties.FunctionName.Ref;
      const hidden = template.toJSON().Resources[queue].Properties.VisibilityTimeout;
      const timeout = template.toJSON().Resources[reader].Properties.Timeout;
      expect(hidden).toBeGreaterThanOrEqual(6 * timeout);
    }
  });

  test("a batch reports its failures one by one, and its readers are bounded", () => {
    template.resourceCountIs("AWS::Lambda::EventSourceMapping", 2);
    template.allResourcesProperties("AWS::Lambda::EventSourceMapping", {
      FunctionResponseTypes: ["ReportBatchItemFailures"],
      ScalingConfig: { MaximumConcurrency: Match.anyValue() },
    });
  });
});

test.each(["AWS::SQS::QueuePolicy", "AWS::S3::BucketPolicy"])("every %s refuses what comes without TLS", (type) => {
  const guarded = Object.values(template.findResources(type));
  expect(guarded.length).toBe(type === "AWS::SQS::QueuePolicy" ? 5 : 1);
  for (const { Properties } of guarded) {
    expect(Properties.PolicyDocument.Statement).toContainEqual(
      expect.objectContaining({ Effect: "Deny", Condition: { Bool: { "aws:SecureTransport": "false" } } }),
    );
  }
});

test("the table can be restored, forgets by TTL, and outlives the stack", () => {
  template.hasResource("AWS::DynamoDB::Table", {
    DeletionPolicy: "Retain",
    UpdateReplacePolicy: "Retain",
    Properties: {
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      TimeToLiveSpecification: { AttributeName: "ttl", Enabled: true },
      SSESpecification: { SSEEnabled: true, SSEType: "KMS", KMSMasterKeyId: ofTheKey },
      BillingMode: "PAY_PER_REQUEST",
      DeletionProtectionEnabled: true,
      KeySchema: [
        { AttributeName: "pk", KeyType: "HASH" },
        { AttributeName: "sk", KeyType: "RANGE" },
      ],
    },
  });
});

test("the bucket is closed, encrypted, forgets by age, and outlives the stack", () => {
  const withDays = templateOf({ archiveDays: 45, factsDays: 20 });
  withDays.hasResource("AWS::S3::Bucket", {
    DeletionPolicy: "Retain",
    Properties: {
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [
          {
            BucketKeyEnabled: true,
            ServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms", KMSMasterKeyID: ofTheKey },
          },
        ],
      },
      LifecycleConfiguration: {
        Rules: Match.arrayWith([
          Match.objectLike({ Prefix: "archive/", ExpirationInDays: 45 }),
          Match.objectLike({ Prefix: "claims/", ExpirationInDays: 15 }),
          Match.objectLike({ Prefix: "spill/expiring/", ExpirationInDays: 23 }),
        ]),
      },
    },
  });
});

describe("functions", () => {
  test("all run Node 24 on ARM, are traced, and have a log with an end", () => {
    template.resourceCountIs("AWS::Lambda::Function", 3);
    template.allResourcesProperties("AWS::Lambda::Function", {
      Runtime: "nodejs24.x",
      Architectures: ["arm64"],
      TracingConfig: { Mode: "Active" },
      LoggingConfig: { LogFormat: "JSON", LogGroup: Match.anyValue() },
    });
    template.allResourcesProperties("AWS::Logs::LogGroup", { RetentionInDays: 30, KmsKeyId: ofTheKey });
  });

  test.each([
    ["DiffPairs", ["archive s3:GetObject", "archive s3:PutObject", "claims s3:GetObject"]],
    ["JudgeProgram", []],
    ["Api", ["archive s3:GetObject"]],
  ])("%s reads and writes the archive only as it must", (idPart, expected) => {
    const found = policies("AWS::IAM::Policy")
      .filter(({ id }) => id.startsWith(idPart))
      .flatMap(({ statements }) => statements)
      .flatMap(({ Action, Resource }) => {
        const [, folder] = /"\/(archive|claims)\/\*"/.exec(JSON.stringify(Resource)) ?? [];
        return folder === undefined ? [] : [Action].flat().map((action) => `${folder} ${action}`);
      });
    expect(found.sort()).toEqual(expected);
  });

  test("no policy has a wildcard for an action, nor for a resource but tracing's", () => {
    for (const { statements } of [...policies("AWS::IAM::Policy"), ...policies("AWS::IAM::ManagedPolicy")]) {
      for (const { Action, Resource } of statements) {
        expect(JSON.stringify(Action)).not.toContain("*");
        if (Resource === "*") expect([...Action].sort()).toEqual(["xray:PutTelemetryRecords", "xray:PutTraceSegments"]);
      }
    }
    template.allResourcesProperties("AWS::IAM::Role", Match.objectLike({ ManagedPolicyArns: Match.absent() }));
  });

  test("a tee writes no row but its own heartbeat", () => {
    const write = policies("AWS::IAM::ManagedPolicy")
      .flatMap(({ statements }) => statements)
      .find(({ Action }) => Action === "dynamodb:PutItem");
    expect(write?.Condition).toEqual({ "ForAllValues:StringLike": { "dynamodb:LeadingKeys": ["TEES#*"] } });
  });
});

test("every route of the API is one of its own, and asks for IAM credentials", () => {
  const keys = Object.values(template.findResources("AWS::ApiGatewayV2::Route")).map(
    ({ Properties }) => Properties.RouteKey,
  );
  expect(keys.sort()).toEqual(ROUTES.map(({ method, path }) => `${method} ${path}`).sort());
  template.allResourcesProperties("AWS::ApiGatewayV2::Route", { AuthorizationType: "AWS_IAM" });
  template.hasResourceProperties("AWS::ApiGatewayV2::Stage", {
    AccessLogSettings: Match.anyValue(),
    DefaultRouteSettings: { ThrottlingRateLimit: 50, ThrottlingBurstLimit: 100 },
  });
});

test("judge and the API judge by the same settings", () => {
  const given = templateOf({ verdict: { tolerance: 0.002 } });
  const settings = Object.values(given.findResources("AWS::Lambda::Function"))
    .map(({ Properties }) => Properties.Environment.Variables.VERDICT_SETTINGS)
    .filter((value) => value !== undefined);
  expect(settings).toEqual(['{"tolerance":0.002}', '{"tolerance":0.002}']);
});

test("all faults of the props are told together", () => {
  expect(() => templateOf({ archiveDays: 5, factsDays: 9, maxDiffConcurrency: 1 })).toThrow(
    "archiveDays must not be below factsDays (9); got 5; maxDiffConcurrency must be a whole number of 2 to 1000; got 1",
  );
});

test("the customer's key is rotated, outlives the stack, and may be used through the services alone", () => {
  template.hasResource("AWS::KMS::Key", { DeletionPolicy: "Retain", Properties: { EnableKeyRotation: true } });
  const uses = [...policies("AWS::IAM::Policy"), ...policies("AWS::IAM::ManagedPolicy")]
    .flatMap(({ statements }) => statements)
    .filter(({ Action }) => [Action].flat().some((action) => action.startsWith("kms:")));
  expect(uses.length).toBeGreaterThan(4);
  for (const { Condition } of uses) {
    expect(JSON.stringify(Condition)).toMatch(/"kms:ViaService".*"(dynamodb|s3|sns|sqs)\./);
  }
});

test("services of AWS use the key for what they themselves write, as each of them documents it", () => {
  const [key] = Object.values(template.findResources("AWS::KMS::Key")) as {
    Properties: { KeyPolicy: { Statement: readonly Statement[] } };
  }[];
  const [, logs, alarms, schedules] = key!.Properties.KeyPolicy.Statement;
  expect(logs!.Action).toEqual(expect.arrayContaining(["kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext"]));
  expect(alarms).toMatchObject({
    Principal: { Service: "cloudwatch.amazonaws.com" },
    Condition: { StringEquals: { "aws:SourceAccount": { Ref: "AWS::AccountId" } } },
  });
  // EventBridge tells KMS of no account: with a condition on it every dead letter would be lost in silence.
  expect(schedules).toEqual({
    Sid: "SchedulesTellTheirDeadLetters",
    Effect: "Allow",
    Principal: { Service: "events.amazonaws.com" },
    Action: ["kms:Decrypt", "kms:GenerateDataKey"],
    Resource: "*",
  });
});

test("the log of the API's callers is where the services of AWS write theirs, whose policy does not grow with each of them", () => {
  template.hasResourceProperties("AWS::Logs::LogGroup", { LogGroupName: "/aws/vendedlogs/Shadowgraph/api" });
});

test("`destroy` lets go of table, bucket and key, and of nothing by default", () => {
  const gone = templateOf({ removalPolicy: RemovalPolicy.DESTROY });
  for (const type of ["AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::KMS::Key"]) {
    gone.hasResource(type, { DeletionPolicy: "Delete" });
    template.hasResource(type, { DeletionPolicy: "Retain" });
  }
  gone.hasResourceProperties("AWS::DynamoDB::Table", { DeletionProtectionEnabled: false });
});
