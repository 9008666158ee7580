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

test("the policy for deploying names every service of which a stack has resources", () => {
  buildDashboard();
  const [{ Action: actions }] = JSON.parse(read("examples/policies/deploy.json")).Statement;
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
