import { resolve } from "node:path";
import type { Command } from "commander";
import * as z from "zod";
import { RulesFile } from "../core/diff/rules.ts";
import { ShadowgraphError } from "../core/errors.ts";
import { CallKeyWord } from "../core/sampling/call-id.ts";
import { Name, Version } from "../core/sampling/environment.ts";
import { OriginUrl, TargetUrl } from "../core/sampling/plan.ts";
import { BaselineRedaction } from "../core/sampling/redaction.ts";
import type { LocalOptions } from "../local/system.ts";
import { readOpenApi, unreadText } from "./baseline-file.ts";
import { readCollaborators } from "./collaborators-file.ts";
import type { Cli } from "./command.ts";
import type { Io } from "./io.ts";
import type { Programs } from "./programs.ts";
import { serveUntilInterrupted } from "./up-live.ts";
import { flag, OrderWanted, Port, parseOptions, SamplePercent } from "./values.ts";
import { readYamlFile } from "./yaml-file.ts";

const DEFAULT_DATA = ".shadowgraph";

const UpOptions = z.object({
  primary: OriginUrl,
  candidate: TargetUrl,
  secondary: z.union([z.literal(false), TargetUrl]).optional(),
  port: Port.default(8080),
  apiPort: Port.default(8081),
  sample: SamplePercent.optional(),
  orderBy: OrderWanted.optional(),
  data: z.string().min(1).default(DEFAULT_DATA),
  rules: z.string().min(1).optional(),
  openapi: z.string().min(1).optional(),
  collaborators: z.string().min(1).optional(),
  callsKey: CallKeyWord.optional(),
  redact: z.string().min(1).optional(),
  name: Name.default("local"),
  baselineVersion: Version.optional(),
  candidateVersion: Version.optional(),
  newRun: flag,
});
type UpOptions = z.infer<typeof UpOptions>;

export const addUp = (program: Command, cli: Cli, programs: Programs): void => {
  program
    .command("up")
    .description("run everything on this machine: tee, comparison, verdict and API")
    .requiredOption("--primary <url>", "the known-good service: it answers the callers")
    .requiredOption("--candidate <url>", "the changed service: it gets a copy of each request")
    .option("--secondary <url>", "the old version once more, to measure noise (default: the primary itself)")
    .option("--no-secondary", "go without noise control")
    .option("--port <port>", "where callers are served (default: 8080; 0: any free one)")
    .option("--api-port <port>", "where the API answers (default: 8081; 0: any free one)")
    .option("--sample <percent>", "percent of requests that are mirrored (default: as before, at first 100)")
    .option(
      "--order-by <key>",
      "header:NAME, cookie:NAME or path:/orders/{id}: mirrors with the same one keep the order of their requests (default: as before, at first none)",
    )
    .option("--data <folder>", `where findings are kept (default: ${DEFAULT_DATA})`)
    .option("--rules <file>", "rules.yaml: places that may differ")
    .option("--openapi <file>", "OpenAPI file of the primary: its routes, and the schemas of its answers")
    .option("--redact <file>", "redact.yaml: what is secret beyond the defaults, and which names are not")
    .option("--collaborators <file>", "collaborators.yaml: what the services call; a guard stands in front of it")
    .option("--calls-key <key>", "by what calls belong to a request: trace or header:<name> (default: trace)")
    .option("--name <name>", "name of the overlay (default: local)")
    .option("--baseline-version <version>", "version of the primary; another one begins a new run")
    .option("--candidate-version <version>", "version of the candidate; another one begins a new run")
    .option("--new-run", "begin a new run even where versions and addresses are as before")
    .addHelpText(
      "after",
      "\nExample:\n  $ shadowgraph up --primary http://localhost:3000 --candidate http://localhost:3001",
    )
    .action(async (given: Record<string, unknown>) => {
      const options = parseOptions(UpOptions, given);
      const localOptions = localOptionsOf(options, cli.io);
      const { startLocal } = await programs.local();
      cli.done(await serveUntilInterrupted((log) => startLocal({ ...localOptions, log }), options.name, cli.io));
    });
};

const localOptionsOf = (options: UpOptions, io: Io): LocalOptions => {
  const { primary, candidate, secondary, port, apiPort, sample, orderBy, name, newRun } = options;
  if (port !== 0 && port === apiPort) {
    const message = `must differ from --port; got ${apiPort} for both`;
    throw new ShadowgraphError("invalid-input", "the options are not valid", {
      faults: [{ field: "--api-port", message }],
    });
  }
  return {
    primary,
    candidate,
    secondary: secondary === false ? "none" : (secondary ?? "baseline"),
    port,
    apiPort,
    dataDir: resolve(options.data),
    name,
    newRun,
    ...(sample === undefined ? {} : { samplePercent: sample }),
    ...(orderBy === undefined ? {} : { orderBy }),
    ...(options.rules === undefined ? {} : { rules: readYamlFile(io, options.rules, RulesFile).rules }),
    ...(options.redact === undefined ? {} : { redact: readYamlFile(io, options.redact, BaselineRedaction) }),
    ...(options.collaborators === undefined ? {} : collaboratorsOf(options, options.collaborators, io)),
    ...(options.openapi === undefined ? {} : openApiOf(options.openapi, io)),
    ...(options.baselineVersion === undefined ? {} : { baselineVersion: options.baselineVersion }),
    ...(options.candidateVersion === undefined ? {} : { candidateVersion: options.candidateVersion }),
  };
};

const collaboratorsOf = ({ callsKey }: UpOptions, file: string, io: Io) => ({
  collaborators: readCollaborators(io, file),
  ...(callsKey === undefined ? {} : { callsKey }),
});

const openApiOf = (file: string, io: Io): Pick<LocalOptions, "routes" | "schemas"> => {
  const { routes, schemas, unread } = readOpenApi(io, file);
  io.err(unreadText(unread));
  return { routes: [...routes], schemas };
};
