import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { CfnLogGroup } from "aws-cdk-lib/aws-logs";
import { App, Stack, Validations } from "aws-cdk-lib/core";
import { PROMISES, PromisesChecks, type Resources } from "../../lib/promises.ts";
import { templateOfService } from "./templates.ts";

const CLOSED = { Scheme: "internal", SecurityGroups: [{ "Fn::GetAtt": ["Group", "GroupId"] }] };
const FACING = { ...CLOSED, Scheme: "internet-facing" };
const open = (port: number) => ({ CidrIp: "0.0.0.0/0", FromPort: port, ToPort: port });
const balanced = (balancer: object, ...ingress: object[]): Resources => ({
  Balancer: { Type: "AWS::ElasticLoadBalancingV2::LoadBalancer", Properties: balancer as never },
  Group: { Type: "AWS::EC2::SecurityGroup", Properties: { SecurityGroupIngress: ingress } },
});
const one = (Type: string, Properties: object): Resources => ({ Planted: { Type, Properties: Properties as never } });
const task = (AssignPublicIp: string) =>
  one("AWS::ECS::Service", { NetworkConfiguration: { AwsvpcConfiguration: { AssignPublicIp } } });
const allowing = (Action: unknown) =>
  one("AWS::IAM::Policy", { PolicyDocument: { Statement: [{ Effect: "Allow", Action }] } });
const listening = (Protocol: string, balancer: object): Resources => ({
  ...balanced(balancer),
  Listener: {
    Type: "AWS::ElasticLoadBalancingV2::Listener",
    Properties: { Protocol, LoadBalancerArn: { Ref: "Balancer" } },
  },
});
const expiring = (Status: string) =>
  one("AWS::S3::Bucket", { LifecycleConfiguration: { Rules: [{ Status, ExpirationInDays: 3 }] } });

test.each<[promise: string, what: string, resources: Resources, broken: readonly string[]]>([
  ["queues-have-dead-letters", "a queue alone", one("AWS::SQS::Queue", {}), ["Planted"]],
  [
    "queues-have-dead-letters",
    "a queue and its dead letters",
    {
      Work: {
        Type: "AWS::SQS::Queue",
        Properties: { RedrivePolicy: { deadLetterTargetArn: { "Fn::GetAtt": ["Dead", "Arn"] } } },
      },
      Dead: { Type: "AWS::SQS::Queue" },
    },
    [],
  ],
  ["logs-end", "a log group that keeps for ever", one("AWS::Logs::LogGroup", {}), ["Planted"]],
  ["logs-end", "a log group of a month", one("AWS::Logs::LogGroup", { RetentionInDays: 30 }), []],
  ["objects-end", "a bucket without lifecycle", one("AWS::S3::Bucket", {}), ["Planted"]],
  ["objects-end", "a lifecycle that is switched off", expiring("Disabled"), ["Planted"]],
  ["objects-end", "a lifecycle", expiring("Enabled"), []],
  ["nothing-is-public", "an open group behind an internal load balancer", balanced(CLOSED, open(443)), ["Group"]],
  [
    "nothing-is-public",
    "another port of a load balancer that faces the internet",
    balanced(FACING, open(9090)),
    ["Group"],
  ],
  ["nothing-is-public", "HTTPS of a load balancer that faces the internet", balanced(FACING, open(443)), []],
  [
    "nothing-is-public",
    "a range of addresses",
    balanced(CLOSED, { CidrIp: "10.0.0.0/8", FromPort: 80, ToPort: 80 }),
    [],
  ],
  [
    "nothing-is-public",
    "an open rule of its own, over IPv6",
    one("AWS::EC2::SecurityGroupIngress", {
      GroupId: { Ref: "Other" },
      CidrIpv6: "::/0",
      FromPort: 9090,
      ToPort: 9090,
    }),
    ["Planted"],
  ],
  ["nothing-is-public", "a task with a public address", task("ENABLED"), ["Planted"]],
  ["nothing-is-public", "a task without", task("DISABLED"), []],
  ["nothing-is-public", "the address of a function", one("AWS::Lambda::Url", { AuthType: "NONE" }), ["Planted"]],
  [
    "nothing-is-public",
    "a route that asks nobody",
    one("AWS::ApiGatewayV2::Route", { AuthorizationType: "NONE" }),
    ["Planted"],
  ],
  ["nothing-is-public", "a route for tokens", one("AWS::ApiGatewayV2::Route", { AuthorizationType: "JWT" }), []],
  ["public-listeners-speak-https", "plain HTTP that faces the internet", listening("HTTP", FACING), ["Listener"]],
  ["public-listeners-speak-https", "plain HTTP inside", listening("HTTP", CLOSED), []],
  ["actions-are-named", "every action of a service", allowing(["s3:GetObject", "sqs:*"]), ["Planted"]],
  ["actions-are-named", "a part of them", allowing("kms:ReEncrypt*"), ["Planted"]],
  ["actions-are-named", "a named one", allowing("s3:GetObject"), []],
])("%s: %s", (promise, _what, resources, broken) => {
  expect(PROMISES.find(({ name }) => name === promise)!.broken(resources)).toEqual(broken);
});

test("a planted violation fails the synth, and says which resource", () => {
  const outdir = mkdtempSync(`${tmpdir()}/shadowgraph-promises-`);
  const synth = (retentionInDays?: number) => {
    const app = new App({ outdir, builtinCloudFormationValidation: false });
    new CfnLogGroup(new Stack(app, "Planted"), "Endless", retentionInDays === undefined ? {} : { retentionInDays });
    Validations.of(app).addPlugins(new PromisesChecks());
    return app.synth();
  };
  expect(() => synth()).toThrow(/logs-end|Every log group says how long/);
  expect(() => synth(30)).not.toThrow();
  rmSync(outdir, { recursive: true });
});

test("a whole stack keeps them, with resources for each to look at", () => {
  const { Resources: resources } = templateOfService().toJSON();
  for (const { broken } of PROMISES) expect(broken(resources)).toEqual([]);
  expect(Object.keys(resources).length).toBeGreaterThan(60);
});
