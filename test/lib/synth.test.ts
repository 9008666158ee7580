import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Bucket } from "aws-cdk-lib/aws-s3";
import { App, Stack } from "aws-cdk-lib/core";
import { addChecks } from "../../lib/checks.ts";
import { ShadowgraphStack } from "../../lib/shadowgraph-stack.ts";
import { newOutdir } from "./new-outdir.ts";

const { context } = JSON.parse(readFileSync(fileURLToPath(new URL("../../cdk.json", import.meta.url)), "utf8"));

const bundlesNothing = { ...context, "aws:cdk:bundling-stacks": [] };

test("the whole app synthesizes with its feature flags, without one violation of the checks", () => {
  const app = new App({ outdir: newOutdir(), context: bundlesNothing });
  const stack = new ShadowgraphStack(app, "Shadowgraph");
  addChecks(app);
  const template = app.synth().getStackByName(stack.stackName).template;
  const kinds = Object.values(template.Resources as Record<string, { Type: string }>).map(({ Type }) => Type);
  const counts: Record<string, number> = {};
  for (const kind of kinds.sort()) counts[kind] = (counts[kind] ?? 0) + 1;
  expect(counts).toMatchSnapshot();
});

test("the checks are not idle: a bucket as CDK makes it is refused", () => {
  const app = new App({ outdir: newOutdir(), context: bundlesNothing });
  new Bucket(new Stack(app, "Plain"), "Bucket");
  addChecks(app);
  expect(() => app.synth()).toThrow("AwsSolutions-S1");
});
