import type { Command } from "commander";
import * as z from "zod";
import { patternOf, RulesFile, sayingOf } from "../core/diff/rules.ts";
import type { RulesShape } from "../lambdas/api/shapes.ts";
import { addCommand, addNoun, type Cli, NO_OPTIONS } from "./command.ts";
import { COLOUR_OF, type Paint } from "./render/paint.ts";
import { table } from "./render/table.ts";
import { number, visible } from "./render/text.ts";
import { readYamlFile } from "./yaml-file.ts";

export const addRules = (program: Command, cli: Cli): void => {
  const noun = addNoun(program, "rules", "places that may differ, and how often each rule hit");
  addCommand(noun, cli, {
    usage: "show <env>",
    summary: "show the rules, each with the pairs in which it hit",
    example: "shadowgraph rules show local",
    flags: [],
    options: NO_OPTIONS,
    act: async ({ client, paint }, env) => {
      const rules = await client.rules(env);
      return { json: rules, text: rulesText(rules, paint) };
    },
  });
  addCommand(noun, cli, {
    usage: "set <env>",
    summary: "replace the rules; what is stored is judged anew at once",
    example: "shadowgraph rules set local --file rules.yaml",
    required: [["--file <file>", "rules.yaml"]],
    flags: [],
    options: z.object({ file: z.string() }),
    act: async ({ io, client, options, paint }, env) => {
      const rules = await client.setRules(env, readYamlFile(io, options.file, RulesFile));
      return { json: rules, text: rulesText(rules, paint) };
    },
  });
};

const COLUMNS = [
  { title: "place" },
  { title: "rule" },
  { title: "endpoint" },
  { title: "hits", align: "right" as const },
  { title: "because" },
  { title: "note", maxWidth: 100 },
];

const rulesText = ({ version, rules, verdict, reason }: RulesShape, paint: Paint): string => {
  const rows = rules.map(({ hits, note, ...rule }) => [
    patternOf(rule),
    sayingOf(rule),
    rule.endpoint ?? "all",
    number(hits),
    rule.because ?? "",
    { text: note ?? "", colour: "yellow" as const },
  ]);
  const list = rows.length === 0 ? "no rules\n" : table(COLUMNS, rows, paint);
  return `${list}\nversion ${version}: ${paint(COLOUR_OF[verdict], verdict)}, ${visible(reason)}\n`;
};
