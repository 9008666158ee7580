import type { Command } from "commander";
import * as z from "zod";
import { Name, OverlayFile } from "../core/sampling/environment.ts";
import { addCommand, addNoun, type Cli, NO_OPTIONS } from "./command.ts";
import { overlayText } from "./render/environment.ts";
import { table } from "./render/table.ts";
import { flag } from "./values.ts";
import { readYamlFile } from "./yaml-file.ts";

export const addOverlay = (program: Command, cli: Cli): void => {
  const noun = addNoun(program, "overlay", "the services under change; all else is the baseline's");
  addCommand(noun, cli, {
    usage: "create",
    summary: "register an overlay of a baseline; it begins switched off",
    example: "shadowgraph overlay create --baseline shop --file overlay.yaml --name pr-7",
    required: [
      ["--baseline <id>", "id or name of the baseline"],
      ["--file <file>", "overlay.yaml: name, version, the changed services, sampling"],
    ],
    flags: [
      ["--name <name>", "name in place of the file's"],
      ["--replace", "give an overlay of that name the new file; another version or address begins a new run"],
    ],
    options: z.object({ baseline: z.string().min(1), file: z.string(), name: Name.optional(), replace: flag }),
    act: async ({ io, client, options, paint }) => {
      const { baseline, name, replace } = options;
      const file = readYamlFile(io, options.file, OverlayFile);
      const overlay = await client.createOverlay({ baseline, file, name, replace });
      const next = overlay.shadow.enabled ? "" : `\nNext: npx shadowgraph env shadow ${overlay.file.name} --enable\n`;
      return { json: overlay, text: overlayText(overlay, paint) + next };
    },
  });
  addCommand(noun, cli, {
    usage: "list",
    summary: "list the overlays",
    example: "shadowgraph overlay list",
    flags: [],
    options: NO_OPTIONS,
    act: async ({ client, paint }) => {
      const { overlays } = await client.overlays();
      const columns = ["name", "version", "baseline", "mirrored", "attempt", "id"].map((title) => ({ title }));
      const rows = overlays.map(({ id, baseline, file, shadow, run }) => [
        file.name,
        file.version,
        baseline,
        shadow.enabled ? `${file.sampling.percent} %` : "off",
        String(run.attempt),
        id,
      ]);
      return { json: { overlays }, text: rows.length === 0 ? "no overlays\n" : table(columns, rows, paint) };
    },
  });
  addCommand(noun, cli, {
    usage: "show <id>",
    summary: "show an overlay, by id or name",
    example: "shadowgraph overlay show pr-7",
    flags: [],
    options: NO_OPTIONS,
    act: async ({ client, paint }, id) => {
      const overlay = await client.overlay(id);
      return { json: overlay, text: overlayText(overlay, paint) };
    },
  });
  addCommand(noun, cli, {
    usage: "delete <id>",
    summary: "delete an overlay: its mirroring ends; its audit stays, by its id",
    example: "shadowgraph overlay delete pr-7",
    flags: [],
    options: NO_OPTIONS,
    act: async ({ client }, name) => {
      const { id } = await client.overlay(name);
      await client.deleteOverlay(id);
      return { json: { deleted: id }, text: `deleted ${id}\n` };
    },
  });
};
