import type { Command } from "commander";
import * as z from "zod";
import { RulesFile } from "../core/diff/rules.ts";
import { addCommand, addNoun, type Cli, NO_OPTIONS } from "./command.ts";
import { previewText, rulesText, suggestedFile, suggestionsText } from "./render/rules.ts";
import { plural, visible } from "./render/text.ts";
import { waitForRules } from "./wait-rules.ts";
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
    summary: "replace the rules; what is stored is judged anew, and compared anew where they ask for it",
    example: "shadowgraph rules set local --file rules.yaml",
    required: [["--file <file>", "rules.yaml"]],
    flags: [["--no-wait", "do not wait until what is stored is compared anew"]],
    options: z.object({ file: z.string(), wait: z.boolean().default(true) }),
    act: async ({ io, client, options, paint }, env) => {
      const set = await client.setRules(env, readYamlFile(io, options.file, RulesFile));
      const rules = options.wait ? await waitForRules(set, client, io) : set;
      return { json: rules, text: rulesText(rules, paint) };
    },
  });
  addCommand(noun, cli, {
    usage: "preview <env>",
    summary: "say what other rules would change of verdict and findings; nothing is stored",
    example: "shadowgraph rules preview local --file rules.yaml",
    required: [["--file <file>", "rules.yaml"]],
    flags: [],
    options: z.object({ file: z.string() }),
    act: async ({ io, client, options: { file }, paint }, env) => {
      const preview = await client.previewRules(env, readYamlFile(io, file, RulesFile));
      return { json: preview, text: previewText(preview, env, file, paint) };
    },
  });
  addCommand(noun, cli, {
    usage: "suggest <env>",
    summary: "suggest rules, each with what was seen that speaks for it; none is applied",
    example: "shadowgraph rules suggest local --out rules.yaml",
    flags: [["--out <file>", "write the present rules and these to a file"]],
    options: z.object({ out: z.string().min(1).optional() }),
    act: async ({ io, client, options: { out }, paint }, env) => {
      const suggested = await client.suggestedRules(env);
      if (out === undefined) return { json: suggested, text: suggestionsText(suggested, env, paint) };
      const { rules } = await client.rules(env);
      io.writeFile(out, suggestedFile(rules, suggested));
      const counted = `${plural(rules.length, "present rule")} and ${plural(suggested.suggestions.length, "suggestion")}`;
      return { json: suggested, text: `${counted} written to ${visible(out)}; none is applied\n` };
    },
  });
};
