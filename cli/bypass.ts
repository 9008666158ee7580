import type { Command } from "commander";
import * as z from "zod";
import { ShadowgraphError } from "../core/errors.ts";
import type { BypassShape } from "../lambdas/api/shapes-bypass.ts";
import { addCommand, addNoun, type Cli, type CommandSpec } from "./command.ts";
import type { Paint } from "./render/paint.ts";
import { table } from "./render/table.ts";
import { flag } from "./values.ts";

const options = z.object({ service: z.string().optional() });
const flags: CommandSpec<typeof options>["flags"] = [["--service <name>", "one service (default: every one)"]];

export const addBypass = (program: Command, cli: Cli): void => {
  const noun = addNoun(program, "bypass", "the kill switch: whether callers reach the baseline past the tees");
  addCommand(noun, cli, {
    usage: "show",
    summary: "say where the load balancer sends requests",
    example: "shadowgraph bypass show",
    flags,
    options,
    act: async ({ client, options, paint }) => shown(await client.bypass(options), paint),
  });
  addCommand(noun, cli, {
    usage: "on",
    summary: "take the tees out of the path: every request goes to the baseline",
    example: "shadowgraph bypass on",
    flags,
    options,
    act: async ({ client, options, paint }) => shown(await client.setBypass({ on: true, ...options }), paint),
  });
  addCommand(noun, cli, {
    usage: "off",
    summary: "put the tees back with the weight that is configured, while every alarm of the kill switch is OK",
    example: "shadowgraph bypass off",
    flags: [
      ...flags,
      ["--force", "put them back although an alarm is not OK and may not take them out again; needs --because"],
      ["--because <text>", "why; recorded with your name"],
    ],
    options: options.extend({ force: flag, because: z.string().min(1).max(1_000).optional() }),
    act: async ({ client, options, paint }) => {
      if (options.force && options.because === undefined) throw unexplained();
      return shown(await client.setBypass({ on: false, ...options }), paint);
    },
  });
};

const unexplained = () =>
  new ShadowgraphError("invalid-input", "the options are not valid", {
    faults: [
      { field: "--because", message: "must say why they are put back although an alarm is not OK; got nothing" },
    ],
  });

const shown = (json: BypassShape, paint: Paint) => {
  const columns = [{ title: "service" }, { title: "bypassed" }, { title: "to the tees" }, { title: "configured" }];
  const rows = json.services.map(({ service, bypassed, teePercent, configuredPercent }) => [
    service,
    bypassed ? "yes" : "no",
    `${teePercent} %`,
    `${configuredPercent} %`,
  ]);
  return { json, text: table(columns, rows, paint) };
};
