import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { buildDashboard } from "./build-dashboard.ts";
import { templateOf, templateOfService } from "./templates.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const read = (path: string) => readFileSync(join(root, path), "utf8");
const anchorsOf = (text: string): readonly string[] =>
  [...text.matchAll(/^#+ (.+)$/gm)].map(([, title]) =>
    title!
      .toLowerCase()
      .replaceAll(/[^a-z0-9 -]/g, "")
      .replaceAll(" ", "-"),
  );

test.each(["docs/deploy.md", "docs/events.md", "docs/runbook.md"])("every link of %s leads somewhere", (path) => {
  for (const [, file, anchor] of read(path).matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)/g)) {
    const target = file === "" ? path : join(dirname(path), file!);
    expect([target, existsSync(join(root, target))]).toEqual([target, true]);
    if (anchor !== undefined) expect(anchorsOf(read(target))).toContain(anchor);
  }
});

test("every alarm has a section of the runbook, and every section an alarm", () => {
  const template = templateOfService({}, { alarms: { overlayClusters: ["shop"] } });
  const names = Object.values(template.findResources("AWS::CloudWatch::Alarm")).map(({ Properties }) =>
    Properties.AlarmName.split("/").at(-1),
  );
  const sections = [...read("docs/runbook.md").matchAll(/^## (\w+)$/gm)].map(([, title]) => title);
  expect(sections.length).toBeGreaterThan(15);
  expect(sections.sort()).toEqual([...new Set(names)].sort());
});

interface Statement {
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
}

const deploying: readonly Statement[] = JSON.parse(read("examples/policies/deploy.json")).Statement;
const allowsOn = (resource: string): readonly string[] =>
  deploying.filter(({ Resource }) => [Resource].flat().includes(resource)).flatMap(({ Action }) => Action);

/** As CloudFormation's registry has them under `handlers`, without what none of our templates asks for: users, groups, bounds. */
const OF_ROLES = ["AttachRolePolicy", "CreateRole", "DeleteRole", "DeleteRolePolicy", "DetachRolePolicy", "GetRole"];
const OF_INLINE = ["GetRolePolicy", "ListAttachedRolePolicies", "ListRolePolicies", "PassRole", "PutRolePolicy"];
const OF_POLICIES = ["CreatePolicy", "CreatePolicyVersion", "DeletePolicy", "DeletePolicyVersion", "GetPolicy"];
const OF_VERSIONS = ["GetPolicyVersion", "ListEntitiesForPolicy", "ListPolicyVersions"];

test("the policy for deploying has every call on roles and policies that CloudFormation makes", () => {
  const needed = [...OF_ROLES, ...OF_INLINE, ...OF_POLICIES, ...OF_VERSIONS].map((call) => `iam:${call}`);
  for (const kind of ["role", "policy"])
    expect(allowsOn(`arn:aws:iam::111122223333:${kind}/Shadowgraph-*`)).toEqual(expect.arrayContaining(needed));
});

test("the policy for deploying lets a stack ask another for what it tells", () => {
  // Without the flag CloudFormation imports what is exported, and needs no right to.
  expect(JSON.parse(read("cdk.json")).context["@aws-cdk/core:defaultCrossStackReferences"]).toBe("weak");
  const stacks = "arn:aws:cloudformation:*:111122223333:stack/Shadowgraph-*";
  expect(allowsOn(stacks)).toEqual(["cloudformation:DescribeStacks"]);
});

test("the policy for deploying names every service of which a stack has resources", () => {
  buildDashboard();
  const actions = deploying[0]!.Action;
  const NAMES: Readonly<Record<string, string>> = {
    ApiGatewayV2: "apigateway",
    Cognito: "cognito-idp",
    ElasticLoadBalancingV2: "elasticloadbalancing",
    ApplicationAutoScaling: "application-autoscaling",
  };
  const config = parse(read("examples/shadowgraph.config.yaml"));
  const baselines = Object.entries(config.baselines).map(([name, value]) => ({
    ...config,
    baselines: { [name]: value },
  }));
  const types = baselines.flatMap((one) =>
    Object.values(templateOf(one).toJSON().Resources as Record<string, { Type: string }>).map(({ Type }) => Type),
  );
  const services = types.filter((type) => type.startsWith("AWS::")).map((type) => type.split("::")[1]!);
  const needed = new Set(services.map((service) => `${NAMES[service] ?? service.toLowerCase()}:*`));
  needed.delete("iam:*");
  expect([...needed].filter((action) => !actions.includes(action))).toEqual([]);
});
