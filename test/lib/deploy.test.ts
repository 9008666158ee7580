import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Match, Template } from "aws-cdk-lib/assertions";
import { App, Stack } from "aws-cdk-lib/core";
import { ArchiveBucket } from "../../lib/archive-bucket.ts";
import { Deploy, type DeployProps } from "../../lib/deploy.ts";
import { DeployQueue } from "../../lib/deploy-queue.ts";
import { deployRights } from "../../lib/deploy-rights.ts";
import { EncryptionKey } from "../../lib/encryption-key.ts";
import { FactsTable } from "../../lib/facts-table.ts";
import { GuardParts } from "../../lib/guard-parts.ts";
import { JudgeQueue } from "../../lib/judge-queue.ts";
import { PairQueue } from "../../lib/pair-queue.ts";
import { newOutdir } from "./new-outdir.ts";

const OVERLAY_ROLE = "arn:aws:iam::1:role/overlay";

const ROLES = {
  cluster: "shop",
  executionRoleArns: ["arn:aws:iam::1:role/execution"],
  taskRoleArns: ["arn:aws:iam::1:role/task"],
};

const templateOf = (over: Partial<DeployProps> = {}): Template => {
  const context = { "aws:cdk:bundling-stacks": [] };
  const stack = new Stack(new App({ outdir: newOutdir(), builtinCloudFormationValidation: false, context }), "Stack");
  const consumerTimeout = Deploy.timeout;
  const key = new EncryptionKey(stack, "Key", { description: "test" });
  new Deploy(stack, "Deploy", {
    storage: {
      key,
      table: new FactsTable(stack, "Table", { key }),
      bucket: new ArchiveBucket(stack, "Bucket", { key, archiveDays: 30, factsDays: 14 }),
      pairQueue: new PairQueue(stack, "PairQueue", { key, consumerTimeout }),
      judgeQueue: new JudgeQueue(stack, "JudgeQueue", { key, consumerTimeout }),
      factsDays: 14,
      factShards: 4,
    },
    deployQueue: new DeployQueue(stack, "DeployQueue", { key, consumerTimeout }),
    namespace: { id: "ns-1", name: "overlays.internal", arn: "arn:aws:servicediscovery:eu-west-1:1:namespace/ns-1" },
    subnetIds: ["subnet-1", "subnet-2"],
    securityGroupId: "sg-1",
    taskRole: OVERLAY_ROLE,
    guard: new GuardParts(stack, "Guard", { storage: { key } }),
    clusters: [
      {
        ...ROLES,
        released: [{ service: "web", family: "shop-web" }],
      },
    ],
    ...over,
  });
  return Template.fromStack(stack);
};
const template = templateOf();

interface Statement {
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
}
const statementsOf = (of: Template): readonly Statement[] =>
  Object.values(of.findResources("AWS::IAM::Policy")).flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
const actionsOf = (of: Template): readonly string[] =>
  [...new Set(statementsOf(of).flatMap(({ Action }) => Action))].filter((action) =>
    /^(ecs|servicediscovery):/.test(action),
  );

test("the rights on ECS and Cloud Map are the calls that the adapters make, and tagging with them", () => {
  const calls = ["ecs", "ecs-rollouts", "cloud-map"].flatMap((file) => {
    const text = readFileSync(join(__dirname, `../../adapters/${file}.ts`), "utf8");
    const service = file === "cloud-map" ? "servicediscovery" : "ecs";
    return [...text.matchAll(/new (\w+)Command\(/g)].map(([, call]) => `${service}:${call}`);
  });
  const tagging = ["ecs:TagResource", "servicediscovery:TagResource"];
  expect([...actionsOf(template)].sort()).toEqual([...new Set([...calls, ...tagging])].sort());
});

test("every right and its conditions are in docs/overlays.md", () => {
  const documented = readFileSync(join(__dirname, "../../docs/overlays.md"), "utf8");
  for (const action of actionsOf(template)) expect(documented).toContain(action);
});

test("a resource that is not named whole has a reason, and no other has one", () => {
  const clusters = [
    { cluster: "shop", executionRoleArns: ["arn:aws:iam::1:role/a"], released: [{ service: "web", family: "w" }] },
  ];
  const namespaceArn = "arn:aws:servicediscovery:eu-west-1:1:namespace/ns-1";
  const rights = deployRights(new Stack(), clusters, { namespaceArn, taskRole: OVERLAY_ROLE });
  for (const { statement, because } of rights)
    expect([statement.actions, statement.resources.some((resource) => resource.includes("*"))]).toEqual([
      statement.actions,
      because !== undefined,
    ]);
});

test("no right is for all actions, and what changes something is bound to a cluster, a tag or a name", () => {
  for (const { Action, Resource, Condition } of statementsOf(template)) {
    const actions = [Action].flat() as string[];
    for (const action of actions) expect(action).not.toMatch(/\*$/);
    const isChange = actions.some((action) => /:(Create|Update|Delete|Register|Tag|Stop|Pass)/.test(action));
    if (isChange && Condition === undefined) expect(JSON.stringify(Resource)).not.toMatch(/"\*"|shadowgraph-\*/);
  }
});

test("where nothing is released, there are no rights on the baseline's services", () => {
  const clusters = [{ cluster: "shop", executionRoleArns: ["arn:aws:iam::1:role/execution"] }];
  const actions = actionsOf(templateOf({ clusters }));
  expect(actions).not.toContain("ecs:StopServiceDeployment");
  expect(actions).not.toContain("ecs:ListServiceDeployments");
});

const passedBy = (of: Template): readonly unknown[] =>
  statementsOf(of)
    .filter(({ Action }) => Action === "iam:PassRole")
    .flatMap(({ Resource }) => Resource);

test.each<[string, Partial<DeployProps>, readonly string[]]>([
  ["overlays alone", { clusters: [{ ...ROLES, released: [] }] }, ["execution", "overlay"]],
  ["releases as well", {}, ["execution", "task", "overlay"]],
  ["overlays under the baseline's role", { clusters: [ROLES], taskRole: "baseline" }, ["execution", "task"]],
])("what is passed on for %s is what runs under it, and no other role", (_what, over, names) => {
  expect(passedBy(templateOf(over))).toEqual(names.map((name) => `arn:aws:iam::1:role/${name}`));
});

test("it is woken by its queue, one message failing alone, and by a schedule", () => {
  template.hasResourceProperties("AWS::Lambda::EventSourceMapping", {
    BatchSize: 10,
    FunctionResponseTypes: ["ReportBatchItemFailures"],
  });
  template.hasResourceProperties("AWS::Events::Rule", { ScheduleExpression: "rate(1 minute)" });
  template.hasResourceProperties("AWS::Lambda::Function", {
    Timeout: 60,
    Environment: { Variables: Match.objectLike({ OVERLAY_SUBNETS: "subnet-1,subnet-2", DEPLOY_LOOK_SECONDS: "5" }) },
  });
});

test("faults of its props are told together", () => {
  expect(() => templateOf({ subnetIds: [], clusters: [] })).toThrow(/subnetIds.*; clusters/);
});
