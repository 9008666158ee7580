import { Match } from "aws-cdk-lib/assertions";
import { parseTeeEnv } from "../../proxy/env.ts";
import { MALLOC_ENV, NODE_FLAGS } from "../../proxy/node-flags.ts";
import { templateOfService } from "./templates.ts";

// biome-ignore lint/suspicious/noExplicitAny: a template is whatever the test then says it is
type Loose = any;

const template = templateOfService();
const one = (type: string): Loose => Object.values(template.findResources(type))[0]!.Properties;
const container = one("AWS::ECS::TaskDefinition").ContainerDefinitions[0];
const environment = Object.fromEntries(container.Environment.map(({ Name, Value }: Loose) => [Name, Value]));

test("the container is not root, writes no file, and waits for no log", () => {
  expect(container).toMatchObject({
    User: "1000:1000",
    ReadonlyRootFilesystem: true,
    Command: [...NODE_FLAGS, "main.mjs"],
  });
  expect(container.LogConfiguration).toMatchObject({ LogDriver: "awslogs", Options: { mode: "non-blocking" } });
  expect(one("AWS::ECS::TaskDefinition")).toMatchObject({
    RuntimePlatform: { CpuArchitecture: "ARM64" },
    RequiresCompatibilities: ["FARGATE"],
    NetworkMode: "awsvpc",
  });
});

test("the first deploy of an account finds no roles of ECS and its scaling yet, and asks for none", () => {
  template.resourceCountIs("AWS::ECS::ClusterCapacityProviderAssociations", 0);
  template.allResourcesProperties("AWS::ApplicationAutoScaling::ScalableTarget", { RoleARN: Match.absent() });
});

test("its environment is one that the tee takes, with flags and limits of its own", () => {
  const plain = Object.fromEntries(
    Object.entries(environment).map(([name, value]) => [
      name,
      typeof value === "string" ? value : "https://sqs.example.com/1",
    ]),
  );
  const env = parseTeeEnv(plain as Record<string, string>);
  expect(env).toMatchObject({ PORT: 8080, ADMIN_PORT: 9090, METRICS: "emf", BASELINE_ID: "shop", SERVICE: "web" });
  expect(env.PRIMARY_URL).toBe("http://web.shop.local:8080");
  expect(env.TEE_ID).not.toBe(parseTeeEnv(plain as Record<string, string>).TEE_ID);
  expect(environment).toMatchObject({ ...MALLOC_ENV, UV_THREADPOOL_SIZE: "8" });
});

test("what signs marks is made by Secrets Manager, encrypted with our key, and read by the execution role alone", () => {
  const [[logicalId, secret]] = Object.entries(template.findResources("AWS::SecretsManager::Secret")) as Loose;
  expect(secret.Properties).toMatchObject({
    GenerateSecretString: { PasswordLength: 64 },
    KmsKeyId: { "Fn::GetAtt": [expect.stringMatching(/^Key/), "Arn"] },
  });
  expect(secret.Properties.SecretString).toBeUndefined();
  expect(container.Secrets).toEqual([{ Name: "SHADOWGRAPH_MARK_KEY", ValueFrom: { Ref: logicalId } }]);
  expect(environment).not.toHaveProperty("SHADOWGRAPH_MARK_KEY");
  const readers = Object.entries(template.findResources("AWS::IAM::Policy")).flatMap(([name, { Properties }]) =>
    Properties.PolicyDocument.Statement.filter(({ Action }: Loose) =>
      JSON.stringify(Action).includes("secretsmanager:GetSecretValue"),
    ).map(({ Resource }: Loose) => ({ name, Resource })),
  );
  expect(readers).toEqual([{ name: expect.stringMatching(/ExecutionRole/), Resource: { Ref: logicalId } }]);
});

test.each([15, 30, 105])(
  "with %i s to drain, load balancer, tee and ECS agree: none waits for less than the one before",
  (seconds) => {
    const drained = templateOfService({ drainSeconds: seconds });
    const [{ Properties: task }] = Object.values(drained.findResources("AWS::ECS::TaskDefinition")) as Loose[];
    const { Environment, StopTimeout } = task.ContainerDefinitions[0];
    const limits = parseTeeEnv({
      PRIMARY_URL: "http://a",
      BASELINE_ID: "b",
      SERVICE: "c",
      ...Object.fromEntries(
        Environment.flatMap(({ Name, Value }: Loose) => (/DRAIN|FLUSH/.test(Name) ? [[Name, Value]] : [])),
      ),
    }).limits;
    drained.hasResourceProperties("AWS::ElasticLoadBalancingV2::TargetGroup", {
      TargetGroupAttributes: Match.arrayWith([
        { Key: "deregistration_delay.timeout_seconds", Value: String(limits.drainMs / 1_000) },
      ]),
    });
    expect(limits.drainDelayMs).toBeLessThan(limits.drainMs);
    expect(StopTimeout * 1_000).toBeGreaterThan(limits.drainMs + limits.flushMs);
    expect(StopTimeout).toBeLessThanOrEqual(120);
  },
);

test("tasks have no public address, are replaced without a gap, spread over zones, and rolled back when they do not start", () => {
  template.hasResourceProperties("AWS::ECS::Service", {
    LaunchType: "FARGATE",
    DesiredCount: Match.absent(),
    AvailabilityZoneRebalancing: "ENABLED",
    NetworkConfiguration: {
      AwsvpcConfiguration: {
        AssignPublicIp: "DISABLED",
        Subnets: ["subnet-0a1b2c3d4e5f60711", "subnet-0a1b2c3d4e5f60712"],
      },
    },
    DeploymentConfiguration: {
      MinimumHealthyPercent: 100,
      MaximumPercent: 200,
      DeploymentCircuitBreaker: { Enable: true, Rollback: true },
    },
  });
});

test("health is asked at the admin port, which only the load balancer can reach", () => {
  template.hasResourceProperties("AWS::ElasticLoadBalancingV2::TargetGroup", {
    TargetType: "ip",
    Port: 8080,
    HealthCheckPort: "9090",
    HealthCheckPath: "/healthz",
    Matcher: { HttpCode: "200" },
  });
  const rules = Object.values(template.findResources("AWS::EC2::SecurityGroupIngress")).map(
    ({ Properties }) => Properties,
  );
  expect(
    rules.map(({ FromPort, ToPort, SourceSecurityGroupId, CidrIp }) => [
      FromPort,
      ToPort,
      SourceSecurityGroupId,
      CidrIp,
    ]),
  ).toEqual([
    [8080, 8080, "sg-0a1b2c3d4e5f60713", undefined],
    [9090, 9090, "sg-0a1b2c3d4e5f60713", undefined],
  ]);
  expect(one("AWS::EC2::SecurityGroup").SecurityGroupIngress).toBeUndefined();
});

test("more tasks are started by CPU and by requests", () => {
  template.hasResourceProperties("AWS::ApplicationAutoScaling::ScalableTarget", { MinCapacity: 2, MaxCapacity: 4 });
  template.hasResourceProperties("AWS::ApplicationAutoScaling::ScalingPolicy", {
    TargetTrackingScalingPolicyConfiguration: Match.objectLike({
      PredefinedMetricSpecification: { PredefinedMetricType: "ECSServiceAverageCPUUtilization" },
      TargetValue: 50,
    }),
  });
  template.hasResourceProperties("AWS::ApplicationAutoScaling::ScalingPolicy", {
    TargetTrackingScalingPolicyConfiguration: Match.objectLike({
      CustomizedMetricSpecification: Match.objectLike({ MetricName: "RequestCountPerTarget", Statistic: "Sum" }),
      TargetValue: 500 * 60,
    }),
  });
});
