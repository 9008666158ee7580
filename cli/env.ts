import type { Command } from "commander";
import * as z from "zod";
import { ShadowgraphError } from "../core/errors.ts";
import { Name, Version } from "../core/sampling/environment.ts";
import { addCommand, addNoun, type Cli, NO_OPTIONS } from "./command.ts";
import { addFindings } from "./env-findings.ts";
import { addRecheck } from "./env-recheck.ts";
import { addReplay } from "./env-replay.ts";
import { baselineText, environmentsText, environmentText, shadowText } from "./render/environment.ts";
import { comparedText, runsText } from "./render/runs.ts";
import { flag, SamplePercent } from "./values.ts";

export const addEnv = (program: Command, cli: Cli): void => {
  const noun = addNoun(program, "env", "a baseline or an overlay: what is mirrored, found and decided");
  addCommand(noun, cli, {
    usage: "list",
    summary: "list baselines and overlays",
    example: "shadowgraph env list",
    flags: [],
    options: NO_OPTIONS,
    act: async ({ client, paint }) => {
      const { environments } = await client.environments();
      return { json: { environments }, text: environmentsText(environments, paint) };
    },
  });
  addCommand(noun, cli, {
    usage: "show <env>",
    summary: "show run, attempts, lanes and what became of every sampled request",
    example: "shadowgraph env show local",
    flags: [],
    options: NO_OPTIONS,
    act: async ({ client, paint }, env) => {
      const environment = await client.environment(env);
      return { json: environment, text: environmentText(environment, paint) };
    },
  });
  addCommand(noun, cli, {
    usage: "shadow <env>",
    summary: "switch mirroring on or off; without a flag, show it",
    example: "shadowgraph env shadow pr-7 --enable --sample 5",
    flags: [
      ["--enable", "mirror to the overlay; the present run goes on"],
      ["--disable", "mirror no more"],
      ["--sample <percent>", "percent of requests that are mirrored, 0 to 100 in steps of 0.01"],
      ["--new-run", "begin a new run: the overlay is another than before"],
    ],
    options: z.object({ enable: flag, disable: flag, sample: SamplePercent.optional(), newRun: flag }),
    act: async ({ client, options, paint }, env) => {
      const { enable, disable, sample, newRun } = options;
      if (enable && disable) throw new ShadowgraphError("invalid-input", "--enable and --disable exclude each other");
      const now = await client.shadow(env);
      const isChange = enable || disable || newRun || sample !== undefined;
      const enabled = enable || (now.enabled && !disable);
      const shadow = isChange ? await client.setShadow(env, { enabled, percent: sample, newRun }) : now;
      return { json: shadow, text: shadowText(shadow, paint) };
    },
  });
  addCommand(noun, cli, {
    usage: "promote <env>",
    summary: "make an overlay a new baseline: its services where it changed them, its baseline's for the rest",
    example: "shadowgraph env promote pr-7 --name shop-2",
    flags: [
      ["--name <name>", "name of the new baseline (default: <env>-baseline)"],
      ["--version <version>", "its version (default: the overlay's)"],
    ],
    options: z.object({ name: Name.optional(), version: Version.optional() }),
    act: async ({ client, options, paint }, env) => {
      const baseline = await client.promote(env, options);
      return { json: baseline, text: baselineText(baseline, paint) };
    },
  });
  addCommand(noun, cli, {
    usage: "runs <env>",
    summary: "list the runs of an overlay, with verdict and release; or set two of them against each other",
    example: "shadowgraph env runs pr-7 --compare 2",
    flags: [
      ["--compare <run>", "what the present run finds otherwise than this one: its id or attempt"],
      ["--with <run>", "another than the present run"],
    ],
    options: z.object({ compare: z.string().min(1).optional(), with: z.string().min(1).optional() }),
    act: async ({ client, options, paint }, env) => {
      const { compare: a, with: b } = options;
      if (a === undefined && b !== undefined)
        throw new ShadowgraphError("invalid-input", "--with needs --compare: which run to set it against");
      if (a !== undefined) {
        const compared = await client.comparedRuns(env, { a, b });
        return { json: compared, text: comparedText(compared, paint) };
      }
      const runs = await client.runs(env);
      return { json: runs, text: runsText(runs, env, paint) };
    },
  });
  addFindings(noun, cli);
  addRecheck(noun, cli);
  addReplay(noun, cli);
};
