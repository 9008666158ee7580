import type { Template } from "aws-cdk-lib/assertions";
import { OVERLAYS, templateOf, templateOfService, WEB } from "./templates.ts";

// biome-ignore lint/suspicious/noExplicitAny: a template is whatever the test then says it is
type Loose = any;

const deploying = (overlays: object = {}): Template =>
  templateOfService({}, { overlays: { ...OVERLAYS, ...overlays } });
const template = deploying();

const all = (of: Template, type: string): Loose[] =>
  Object.entries(of.findResources(type)).map(([id, { Properties }]) => ({ id, ...Properties }));
const programOf = (of: Template, name: string): Loose =>
  all(of, "AWS::Lambda::Function").find(({ id }) => id.startsWith(name));
const guardOf = (of: Template): Loose =>
  all(of, "AWS::EC2::SecurityGroup").find(
    ({ GroupDescription }) => GroupDescription === "Shadowgraph: overlays of shop",
  );
const idOf = ({ id }: { id: string }) => ({ "Fn::GetAtt": [id, "GroupId"] });

test("without the key there is nothing of it, and the API refuses images", () => {
  const none = templateOfService();
  none.resourceCountIs("AWS::ServiceDiscovery::PrivateDnsNamespace", 0);
  expect(programOf(none, "Overlays")).toBeUndefined();
  expect(programOf(none, "Api").Environment.Variables).not.toHaveProperty("DEPLOY_QUEUE_URL");
});

test("overlays have a namespace of their own, which the tees' VPC resolves", () => {
  template.hasResourceProperties("AWS::ServiceDiscovery::PrivateDnsNamespace", {
    Name: "shop.overlays.internal",
    Vpc: "vpc-0a1b2c3d4e5f60718",
  });
  deploying({ namespace: "pr.example.internal" }).hasResourceProperties("AWS::ServiceDiscovery::PrivateDnsNamespace", {
    Name: "pr.example.internal",
  });
});

test("the tees and overlays of each other are let in, at the services' ports, and nobody else", () => {
  const guard = guardOf(template);
  const tees = all(template, "AWS::EC2::SecurityGroup").find(({ id }) => id !== guard.id)!;
  const ways = all(template, "AWS::EC2::SecurityGroupIngress")
    .filter(({ GroupId }) => JSON.stringify(GroupId) === JSON.stringify(idOf(guard)))
    .map(({ SourceSecurityGroupId, FromPort, ToPort }) => [SourceSecurityGroupId, FromPort, ToPort]);
  expect(guard.SecurityGroupIngress).toBeUndefined();
  expect(ways).toHaveLength(2);
  expect(ways).toEqual(
    expect.arrayContaining([
      [idOf(tees), 8080, 8080],
      [idOf(guard), 8080, 8080],
    ]),
  );
});

test("out goes HTTPS, what is for each other, and what the file lists: no port of a data store", () => {
  const listed = deploying({
    egress: [
      { to: "10.1.0.0/16", port: 9000 },
      { to: "sg-0a1b2c3d4e5f60714", port: 8081 },
    ],
  });
  const guard = guardOf(listed);
  const apart = all(listed, "AWS::EC2::SecurityGroupEgress").map(
    ({ GroupId, DestinationSecurityGroupId, FromPort }) => [GroupId, DestinationSecurityGroupId, FromPort],
  );
  expect(guard.SecurityGroupEgress.map(({ CidrIp, FromPort, ToPort }: Loose) => [CidrIp, FromPort, ToPort])).toEqual([
    ["0.0.0.0/0", 443, 443],
    ["10.1.0.0/16", 9000, 9000],
    [undefined, 8081, 8081],
  ]);
  expect(apart).toContainEqual([idOf(guard), idOf(guard), 8080]);
  expect(guardOf(template).SecurityGroupEgress).toHaveLength(1);
});

const roleOf = (of: Template) => programOf(of, "OverlaysDeploy").Environment.Variables.OVERLAY_TASK_ROLE;

test("overlays run under a role of their own that only ECS tasks of the account take and that may do nothing", () => {
  const role = all(template, "AWS::IAM::Role").find(({ id }) => id.startsWith("OverlaysTaskRole"));
  expect(roleOf(template)).toEqual({ "Fn::GetAtt": [role?.id, "Arn"] });
  expect(role.AssumeRolePolicyDocument.Statement).toEqual([
    {
      Effect: "Allow",
      Action: "sts:AssumeRole",
      Principal: { Service: "ecs-tasks.amazonaws.com" },
      Condition: {
        StringEquals: { "aws:SourceAccount": { Ref: "AWS::AccountId" } },
        ArnLike: { "aws:SourceArn": { "Fn::Join": ["", expect.arrayContaining([":ecs:", ":*"])] } },
      },
    },
  ]);
  expect(role.Policies.flatMap(({ PolicyDocument }: Loose) => PolicyDocument.Statement)).toEqual([
    { Effect: "Deny", Action: "*", Resource: "*" },
  ]);
  expect(role).not.toHaveProperty("ManagedPolicyArns");
  const attached = [...all(template, "AWS::IAM::Policy"), ...all(template, "AWS::IAM::ManagedPolicy")];
  expect(attached.filter(({ Roles = [] }) => JSON.stringify(Roles).includes(role.id))).toEqual([]);
});

test("a role that is given is taken, as the baseline's is, and none is made", () => {
  const given = "arn:aws:iam::111122223333:role/shop-overlays";
  const [cluster] = OVERLAYS.clusters;
  const clusters = [{ ...cluster, taskRoleArns: ["arn:aws:iam::111122223333:role/shop-web"] }];
  for (const [of, role] of [
    [deploying({ taskRole: given }), given],
    [deploying({ taskRole: "baseline", clusters }), "baseline"],
  ] as const) {
    expect(roleOf(of)).toBe(role);
    expect(all(of, "AWS::IAM::Role").filter(({ id }) => id.startsWith("OverlaysTaskRole"))).toEqual([]);
  }
});

test("tasks run in the tees' subnets, or in those that are given", () => {
  const subnetsOf = (of: Template) => programOf(of, "OverlaysDeploy").Environment.Variables.OVERLAY_SUBNETS;
  expect(subnetsOf(template)).toBe("subnet-0a1b2c3d4e5f60711,subnet-0a1b2c3d4e5f60712");
  expect(subnetsOf(deploying({ subnetIds: ["subnet-0a1b2c3d4e5f60777"] }))).toBe("subnet-0a1b2c3d4e5f60777");
});

test("the program has an image of the guard for each processor, and where guards log", () => {
  const { GUARD_IMAGE_ARM64, GUARD_IMAGE_X86_64, GUARD_LOG_GROUP_ARN } = programOf(template, "OverlaysDeploy")
    .Environment.Variables;
  const uri = expect.stringContaining(".dkr.ecr.");
  expect([GUARD_IMAGE_ARM64["Fn::Sub"], GUARD_IMAGE_X86_64["Fn::Sub"]]).toEqual([uri, uri]);
  expect(GUARD_IMAGE_ARM64).not.toEqual(GUARD_IMAGE_X86_64);
  const log = all(template, "AWS::Logs::LogGroup").find(({ id }) => id.startsWith("OverlaysGuardParts"));
  expect(GUARD_LOG_GROUP_ARN).toEqual({ "Fn::GetAtt": [log?.id, "Arn"] });
  expect(log).toMatchObject({ RetentionInDays: 30, KmsKeyId: expect.anything() });
});

test("the API wakes the program by its queue, and knows which groups overlays may have", () => {
  const { DEPLOY_QUEUE_URL: url, ...variables } = programOf(template, "Api").Environment.Variables;
  expect(url).toEqual(programOf(template, "OverlaysDeploy").Environment.Variables.DEPLOY_QUEUE_URL);
  expect(variables.OVERLAY_ALLOWED_GROUPS).toBe("");
  const allowing = deploying({ allowSecurityGroups: ["sg-0a1b2c3d", "sg-0a1b2c3e"] });
  expect(programOf(allowing, "Api").Environment.Variables.OVERLAY_ALLOWED_GROUPS).toBe("sg-0a1b2c3d,sg-0a1b2c3e");
  const sending = all(template, "AWS::IAM::Policy")
    .filter(({ id }) => id.startsWith("Api"))
    .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
    .filter(({ Action }: Loose) => Action === "sqs:SendMessage");
  expect(JSON.stringify(sending)).toContain(url.Ref);
});

test("what fails for good waits in dead letters: of the queue, and of the schedule's calls", () => {
  const { id: program, DeadLetterConfig } = programOf(template, "OverlaysDeploy");
  const queue = all(template, "AWS::SQS::Queue").find(
    ({ id, RedrivePolicy }) => id.startsWith("OverlaysQueue") && RedrivePolicy,
  );
  expect(queue).toMatchObject({ RedrivePolicy: { maxReceiveCount: 5 }, VisibilityTimeout: 360 });
  const schedule = all(template, "AWS::Events::Rule").find(({ id }) => id.startsWith("Overlays"));
  expect(schedule.Targets[0].Arn).toEqual({ "Fn::GetAtt": [program, "Arn"] });
  expect(schedule.Targets[0].DeadLetterConfig.Arn).toEqual(DeadLetterConfig.TargetArn);
});

test("every queue of dead letters has an alarm", () => {
  const queues = all(template, "AWS::SQS::Queue");
  const deadLetters = queues.filter(({ RedrivePolicy }) => RedrivePolicy === undefined).map(({ id }) => id);
  const watched = all(template, "AWS::CloudWatch::Alarm")
    .filter(({ AlarmName }) => AlarmName.endsWith("/DeadLetters"))
    .map(({ Dimensions }) => Dimensions[0].Value["Fn::GetAtt"][0]);
  expect(watched.sort()).toEqual(deadLetters.sort());
  expect(watched.filter((id) => id.startsWith("Overlays"))).toHaveLength(2);
});

test("in a network of ours they stand beside the tees as well", () => {
  const standalone = { url: WEB.url, standalone: { allowFrom: ["10.0.0.0/8"] } };
  const own = templateOf({
    network: { own: {} },
    baselines: { shop: { services: { web: standalone }, overlays: OVERLAYS } },
  });
  expect(JSON.stringify(programOf(own, "OverlaysDeploy").Environment.Variables.OVERLAY_SUBNETS)).toContain(
    "ImportValue",
  );
});
