import type { Command } from "commander";
import * as z from "zod";
import { addCommand, type Cli } from "./command.ts";
import { table } from "./render/table.ts";
import { number, time } from "./render/text.ts";
import { Moment, whole } from "./values.ts";

export const addAudit = (program: Command, cli: Cli): void =>
  addCommand(program, cli, {
    usage: "audit <env>",
    summary: "list who changed what of an overlay or a baseline, latest first; --json has all before and after",
    example: "shadowgraph audit local --what environment.rules --from 2026-01-31",
    flags: [
      ["--limit <count>", "how many to list, 1 to 1000 (default: 50)"],
      ["--offset <count>", "leave out so many of the latest"],
      ["--from <time>", "only from then on: 2026-01-31, 2026-01-31T12:00:00Z, or 2h: so long ago"],
      ["--to <time>", "only before then"],
      [
        "--what <change>",
        "only this change, such as environment.rules; with a dot at its end all that begin so: overlay.",
      ],
      ["--who <name>", "only by them"],
    ],
    options: z.object({
      limit: whole(1, 1_000).default(50),
      offset: whole(0, 1_000_000).default(0),
      from: Moment.optional(),
      to: Moment.optional(),
      what: z.string().min(1).optional(),
      who: z.string().min(1).optional(),
    }),
    act: async ({ io, client, options, paint }, env) => {
      const [from, to] = [options.from?.(io.now()), options.to?.(io.now())];
      const audit = await client.audit(env, { ...options, from, to });
      const columns = [{ title: "when" }, { title: "who" }, { title: "what" }, { title: "changed", maxWidth: 100 }];
      const rows = audit.entries.map(({ at, who, what, before, after, begun }) => [
        time(at),
        who,
        what,
        `${begun ? "(begun; whether it came to pass is not noted) " : ""}${changeOf(before, after)}`,
      ]);
      const left = audit.total - options.offset - rows.length;
      const more = left > 0 ? `${number(left)} more: --offset ${options.offset + rows.length}\n` : "";
      return { json: audit, text: rows.length === 0 ? "no changes\n" : table(columns, rows, paint) + more };
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
