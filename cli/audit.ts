import type { Command } from "commander";
import * as z from "zod";
import { addCommand, type Cli } from "./command.ts";
import { table } from "./render/table.ts";
import { time } from "./render/text.ts";
import { whole } from "./values.ts";

export const addAudit = (program: Command, cli: Cli): void =>
  addCommand(program, cli, {
    usage: "audit <env>",
    summary: "list who changed what, latest first; --json has all before and after",
    example: "shadowgraph audit local",
    flags: [["--limit <count>", "how many to list, 1 to 1000 (default: 50)"]],
    options: z.object({ limit: whole(1, 1_000).default(50) }),
    act: async ({ client, options, paint }, env) => {
      const audit = await client.audit(env, options);
      const columns = [{ title: "when" }, { title: "who" }, { title: "what" }, { title: "changed", maxWidth: 100 }];
      const rows = audit.entries.map(({ at, who, what, before, after }) => [
        time(at),
        who,
        what,
        changeOf(before, after),
      ]);
      return { json: audit, text: rows.length === 0 ? "no changes\n" : table(columns, rows, paint) };
    },
  });

/** `percent: 100 -> 5`: the fields that differ; the values are in --json. */
const changeOf = (before: unknown, after: unknown): string => {
  if (!isMap(before) || !isMap(after)) return "";
  const differing = Object.keys({ ...before, ...after }).filter((key) => text(before[key]) !== text(after[key]));
  return differing.map((key) => `${key}: ${text(before[key])} -> ${text(after[key])}`).join(", ");
};

const isMap = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

const text = (value: unknown): string => JSON.stringify(value) ?? "nothing";
