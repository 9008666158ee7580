import { Match } from "aws-cdk-lib/assertions";
import { ATTACHED, GIVEN, LISTENER, OVERLAYS, templateOf, templateOfService } from "./templates.ts";

// biome-ignore lint/suspicious/noExplicitAny: a template is whatever the test then says it is
type Loose = any;
type Resources = Readonly<Record<string, Loose>>;

const OWN = { own: { zones: 3 } };
const CERTIFICATE = "arn:aws:acm:eu-central-1:111122223333:certificate/12345678-1234-1234-1234-123456789012";
const standing = (standalone: object, network: object = OWN) =>
  templateOf({
    network,
    baselines: { shop: { services: { web: { url: "http://web.shop.local", standalone } } } },
  } as Loose);

const idOf = (resources: Resources, type: string) => Object.keys(resources).find((id) => resources[id].Type === type)!;

/** Whether `from` is made only after `to`. */
const isAfter = (resources: Resources, from: string, to: string): boolean =>
  from === to || [resources[from].DependsOn ?? []].flat().some((next: string) => isAfter(resources, next, to));

test("the weight is in no template: rule with nothing for the tees, tees, alarms, then the opening", () => {
  const { Resources: resources } = templateOfService().toJSON();
  expect(JSON.stringify(resources)).not.toContain("AWS::ElasticLoadBalancingV2::ListenerRule");
  const [rule, opening] = ["Custom::TeeRule", "Custom::TeeOpening"].map((type) => idOf(resources, type));
  const service = idOf(resources, "AWS::ECS::Service");
  expect(isAfter(resources, service, rule!)).toBe(true);
  expect(isAfter(resources, opening!, service)).toBe(true);
  expect(isAfter(resources, opening!, idOf(resources, "AWS::CloudWatch::Alarm"))).toBe(true);
  expect(resources[rule!].Properties).toMatchObject({
    ServiceTimeout: "180",
    Match: JSON.stringify({ priority: 10, hosts: ["shop.example.com"], paths: [] }),
  });
  // A property that changed with the percent would have CloudFormation ask again; the answer would change nothing.
  expect(Object.keys(resources[opening!].Properties)).toEqual(["ServiceToken", "ServiceTimeout"]);
  // Twice the function's own bound: an answer after CloudFormation gave up would open the way to tees that go.
  const [program] = resources[opening!].Properties.ServiceToken["Fn::GetAtt"];
  expect([resources[program].Properties.Timeout, resources[opening!].Properties.ServiceTimeout]).toEqual([420, "900"]);
});

describe("the variables of a function hold 4 KiB, and the API's name the load balancers of all services", () => {
  const six = (nameOf: (index: number) => string, balancer: string) =>
    Object.fromEntries(
      [1, 2, 3, 4, 5, 6].map((index) => [
        nameOf(index),
        {
          url: "http://web.shop.local:8080",
          attached: { ...ATTACHED, listenerArn: LISTENER.replace("app/shop", `app/${balancer}`), priority: index },
        },
      ]),
    );
  const withServices = (services: object, overlays: object = {}) =>
    templateOf({
      baselines: { shop: { network: { given: GIVEN }, services, overlays: { ...OVERLAYS, ...overlays } } },
    } as Loose);

  test("six services of usual names fit", () => {
    expect(() => withServices(six((index) => `service-${index}`, "shop-public"))).not.toThrow();
  });

  test("what does not fit is refused before the deploy", () => {
    const allowSecurityGroups = Array.from({ length: 50 }, (_, index) => `sg-0a1b2c3d4e5f607${10 + index}`);
    const longest = six((index) => `${"x".repeat(39)}${index}`, "l".repeat(32));
    expect(() => withServices(longest, { allowSecurityGroups })).toThrow(
      /^Shadowgraph: the HTTP API: variables must be at most 4096 bytes together; got some \d{4}: have fewer services/,
    );
  });
});

test("the heartbeat is asked every ten seconds, its absence is an alarm, and alarms call the function and tell people", () => {
  const template = templateOfService({}, { emails: ["a@example.com"] });
  const actions = [
    { "Fn::GetAtt": [Match.stringLikeRegexp("GateProgram"), "Arn"] },
    { Ref: Match.stringLikeRegexp("Notices") },
  ];
  template.hasResourceProperties("AWS::CloudWatch::Alarm", {
    Namespace: "Shadowgraph/Tee",
    MetricName: "Alive",
    Dimensions: [
      { Name: "Baseline", Value: "shop" },
      { Name: "Service", Value: "web" },
    ],
    Period: 10,
    Statistic: "Sum",
    EvaluationPeriods: 3,
    DatapointsToAlarm: 3,
    Threshold: 1,
    ComparisonOperator: "LessThanThreshold",
    TreatMissingData: "breaching",
    AlarmActions: actions,
  });
  const acting = Object.values(template.findResources("AWS::CloudWatch::Alarm")).filter(
    ({ Properties }) => Properties.AlarmActions.length > 1,
  );
  expect(acting).toHaveLength(3);
  // With a policy of its own a topic lets in nobody whom it does not name.
  template.hasResourceProperties("AWS::SNS::TopicPolicy", {
    PolicyDocument: {
      Statement: Match.arrayWith([
        Match.objectLike({
          Effect: "Allow",
          Action: "sns:Publish",
          Principal: { Service: "cloudwatch.amazonaws.com" },
          Condition: { StringEquals: { "aws:SourceAccount": { Ref: "AWS::AccountId" } } },
        }),
      ]),
    },
  });
  template.resourcePropertiesCountIs(
    "AWS::Lambda::Permission",
    { Principal: "lambda.alarms.cloudwatch.amazonaws.com" },
    3,
  );
  for (const { Properties } of acting) {
    for (const { MetricStat } of Properties.Metrics ?? []) if (MetricStat) expect(MetricStat.Period).toBe(10);
  }
});

test("a load balancer of our own that faces the internet speaks HTTPS to those who are let in, and logs", () => {
  const template = standing({ facing: "internet", certificateArn: CERTIFICATE, allowFrom: ["203.0.113.0/24"] });
  template.hasResourceProperties("AWS::ElasticLoadBalancingV2::LoadBalancer", {
    Scheme: "internet-facing",
    LoadBalancerAttributes: Match.arrayWith([
      { Key: "deletion_protection.enabled", Value: "true" },
      { Key: "access_logs.s3.enabled", Value: "true" },
    ]),
  });
  template.hasResourceProperties("AWS::ElasticLoadBalancingV2::Listener", {
    Port: 443,
    Protocol: "HTTPS",
    Certificates: [{ CertificateArn: CERTIFICATE }],
    SslPolicy: Match.stringLikeRegexp("TLS13-1-2"),
  });
  const [{ Properties: group }] = Object.values(
    template.findResources("AWS::EC2::SecurityGroup", {
      Properties: { GroupDescription: Match.stringLikeRegexp("callers") },
    }),
  ) as Loose[];
  expect(group.SecurityGroupIngress).toMatchObject([{ CidrIp: "203.0.113.0/24", FromPort: 443 }]);
  template.resourceCountIs("Custom::TeeRule", 0);
});

test("an internal one without the baseline's targets sends all to the tees, and may only reach them", () => {
  const template = standing({ allowFrom: ["10.0.0.0/8"] });
  template.hasResourceProperties("AWS::ElasticLoadBalancingV2::Listener", { Port: 80, Protocol: "HTTP" });
  const egress = Object.values(template.findResources("AWS::EC2::SecurityGroupEgress")).map(
    ({ Properties }) => Properties,
  );
  expect(egress.map(({ FromPort }) => FromPort).sort()).toEqual([8080, 9090]);
});

test("with the baseline's targets they are where requests go that no rule takes, and the kill switch is there", () => {
  const { baselineTargetGroupArn } = ATTACHED;
  const template = standing({ allowFrom: ["10.0.0.0/8"], baselineTargetGroupArn });
  template.hasResourceProperties("AWS::ElasticLoadBalancingV2::Listener", {
    DefaultActions: [{ Type: "forward", TargetGroupArn: baselineTargetGroupArn }],
  });
  template.hasResourceProperties("Custom::TeeRule", { Match: JSON.stringify({ priority: 1, hosts: [], paths: [] }) });
});

test("the API turns what the kill switch turns, by the same routes", () => {
  const template = templateOfService({ percent: 25 });
  const functions = Object.values(template.findResources("AWS::Lambda::Function")).map(
    ({ Properties }) => Properties.Environment.Variables,
  );
  const text = (value: Loose): string =>
    typeof value === "string"
      ? value
      : value["Fn::Join"][1].map((part: Loose) => (typeof part === "string" ? part : "…")).join("");
  const [route] = functions.flatMap(({ TEE_ROUTE }) => (TEE_ROUTE ? [text(TEE_ROUTE)] : []));
  const [routes] = functions.flatMap(({ TEE_ROUTES }) => (TEE_ROUTES ? [text(TEE_ROUTES)] : []));
  expect(routes).toBe(`[${route}]`);
  expect(JSON.parse(route!)).toMatchObject({ baseline: "shop", service: "web", percent: 25 });
});
