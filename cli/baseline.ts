import type { Command } from "commander";
import * as z from "zod";
import { readBaselineFile, unreadText } from "./baseline-file.ts";
import { addCommand, addNoun, type Cli, NO_OPTIONS } from "./command.ts";
import { baselineText } from "./render/environment.ts";
import { table } from "./render/table.ts";
import { time } from "./render/text.ts";

export const addBaseline = (program: Command, cli: Cli): void => {
  const noun = addNoun(program, "baseline", "the known-good environment: its services and where they answer");
  addCommand(noun, cli, {
    usage: "create",
    summary: "register a baseline",
    example: "shadowgraph baseline create --file baseline.yaml",
    required: [["--file <file>", "baseline.yaml: name, version, services and their routes"]],
    flags: [],
    options: z.object({ file: z.string() }),
    act: async ({ io, client, options, paint }) => {
      const { unread, ...body } = readBaselineFile(io, options.file);
      const baseline = await client.createBaseline(body);
      io.err(unreadText(unread));
      const next = `\nNext: npx shadowgraph overlay create --baseline ${baseline.file.name} --file overlay.yaml\n`;
      return { json: baseline, text: baselineText(baseline, paint) + next };
    },
  });
  addCommand(noun, cli, {
    usage: "list",
    summary: "list the baselines",
    example: "shadowgraph baseline list",
    flags: [],
    options: NO_OPTIONS,
    act: async ({ client, paint }) => {
      const { baselines } = await client.baselines();
      const columns = [
        { title: "name" },
        { title: "version" },
        { title: "services" },
        { title: "id" },
        { title: "created" },
      ];
      const rows = baselines.map(({ id, createdAt, file }) => [
        file.name,
        file.version,
        Object.keys(file.services).join(", "),
        id,
        time(createdAt),
      ]);
      return { json: { baselines }, text: rows.length === 0 ? "no baselines\n" : table(columns, rows, paint) };
    },
  });
  addCommand(noun, cli, {
    usage: "show <id>",
    summary: "show a baseline, by id or name",
    example: "shadowgraph baseline show shop",
    flags: [],
    options: NO_OPTIONS,
    act: async ({ client, paint }, id) => {
      const baseline = await client.baseline(id);
      return { json: baseline, text: baselineText(baseline, paint) };
    },
  });
};
