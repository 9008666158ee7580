import { existsSync, readFileSync } from "node:fs";
import { App } from "aws-cdk-lib/core";
import { failureText } from "../cli/failure.ts";
import { readYamlFile } from "../cli/yaml-file.ts";
import { addChecks } from "../lib/checks.ts";
import { DEFAULT_CONFIG, ShadowgraphConfig } from "../lib/config/schema.ts";
import { addStacks } from "../lib/shadowgraph-app.ts";

const FILE = "shadowgraph.config.yaml";

/** Of `-c config=FILE`; else the file of that name; else, where there is none, the default. */
const configOf = (given: unknown): ShadowgraphConfig =>
  given === undefined && !existsSync(FILE)
    ? ShadowgraphConfig.parse(DEFAULT_CONFIG)
    : readYamlFile({ readFile: (path) => readFileSync(path, "utf8") }, String(given ?? FILE), ShadowgraphConfig);

const app = new App();
try {
  addStacks(app, configOf(app.node.tryGetContext("config")));
  addChecks(app);
} catch (error) {
  process.stderr.write(failureText(error, false));
  process.exit(2);
}
