import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Bucket } from "aws-cdk-lib/aws-s3";
import { App, Stack } from "aws-cdk-lib/core";
import { readYamlFile } from "../../cli/yaml-file.ts";
import { addChecks } from "../../lib/checks.ts";
import { DEFAULT_CONFIG, ShadowgraphConfig } from "../../lib/config/schema.ts";
import { addStacks } from "../../lib/shadowgraph-app.ts";
import { buildDashboard } from "./build-dashboard.ts";
import { newOutdir } from "./new-outdir.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const { context } = JSON.parse(readFileSync(`${root}cdk.json`, "utf8"));

beforeAll(buildDashboard, 60_000);

const bundlesNothing = { ...context, "aws:cdk:bundling-stacks": [] };
const readFile = (path: string) => readFileSync(path, "utf8");

test.each([
  ["the default", () => ShadowgraphConfig.parse(DEFAULT_CONFIG)],
  [
    "everything that there is",
    () => readYamlFile({ readFile }, `${root}examples/shadowgraph.config.yaml`, ShadowgraphConfig),
  ],
])(
  "%s synthesizes with its feature flags, without one violation or warning of the checks",
  (_name, config) => {
    const app = new App({ outdir: newOutdir(), context: bundlesNothing });
    addStacks(app, config());
    addChecks(app);
    const assembly = app.synth();
    const counts = Object.fromEntries(
      assembly.stacks.map(({ stackName, template, messages }) => {
        expect(messages.filter(({ level }) => level !== "info").map(({ entry }) => entry.data)).toEqual([]);
        const kinds = Object.values(template.Resources as Record<string, { Type: string }>).map(({ Type }) => Type);
        return [
          stackName,
          Object.fromEntries([...Map.groupBy(kinds.sort(), (kind) => kind)].map(([kind, all]) => [kind, all.length])),
        ];
      }),
    );
    expect(counts).toMatchSnapshot();
    for (const { template } of assembly.stacks) expect(cycleIn(template.Resources)).toEqual([]);
  },
  120_000,
);

test("the checks are not idle: a bucket as CDK makes it is refused", () => {
  const app = new App({ outdir: newOutdir(), context: bundlesNothing });
  new Bucket(new Stack(app, "Plain"), "Bucket");
  addChecks(app);
  expect(() => app.synth()).toThrow("AwsSolutions-S1");
});

interface Resource {
  readonly DependsOn?: string | readonly string[];
}

/** CloudFormation refuses resources that wait for each other, CDK does not look. */
const cycleIn = (resources: Readonly<Record<string, object>>): readonly string[] => {
  const needs = (id: string): string[] => {
    const text = JSON.stringify(resources[id]);
    const named = [...text.matchAll(/"Ref":"(\w+)"|"Fn::GetAtt":\["(\w+)"/g)].map(([, ref, of]) => (ref ?? of)!);
    return [...named, ...[(resources[id] as Resource).DependsOn ?? []].flat()].filter(
      (one) => one in resources && one !== id,
    );
  };
  const done = new Set<string>();
  const visit = (id: string, trail: readonly string[]): readonly string[] => {
    if (trail.includes(id)) return [...trail.slice(trail.indexOf(id)), id];
    if (done.has(id)) return [];
    for (const next of needs(id)) {
      const found = visit(next, [...trail, id]);
      if (found.length > 0) return found;
    }
    done.add(id);
    return [];
  };
  return (
    Object.keys(resources)
      .map((id) => visit(id, []))
      .find((cycle) => cycle.length > 0) ?? []
  );
};

test("the search for cycles finds one", () => {
  const cycle = { A: { Properties: { x: { Ref: "B" } } }, B: { DependsOn: ["A"] } };
  expect(cycleIn(cycle)).toEqual(["A", "B", "A"]);
});
