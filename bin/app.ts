import { App } from "aws-cdk-lib/core";
import { addChecks } from "../lib/checks.ts";
import { ShadowgraphStack } from "../lib/shadowgraph-stack.ts";

const app = new App();
new ShadowgraphStack(app, "Shadowgraph");
addChecks(app);
