import type { Command } from "commander";
import * as z from "zod";
import type { BypassShape } from "../lambdas/api/shapes-bypass.ts";
import { addCommand, addNoun, type Cli, type CommandSpec } from "./command.ts";
import type { Paint } from "./render/paint.ts";
import { table } from "./render/table.ts";

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
  const add = (usage: "on" | "off", summary: string) =>
    addCommand(noun, cli, {
      usage,
      summary,
      example: `shadowgraph bypass ${usage}`,
      flags,
      options,
      act: async ({ client, options, paint }) =>
        shown(await client.setBypass({ on: usage === "on", ...options }), paint),
    });
  add("on", "take the tees out of the path: every request goes to the baseline");
  add("off", "put the tees back with the weight that is configured");
};

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
