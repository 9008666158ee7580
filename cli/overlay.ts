import type { Command } from "commander";
import * as z from "zod";
import { ShadowgraphError } from "../core/errors.ts";
import { Name } from "../core/sampling/environment.ts";
import type { OverlayShape } from "../lambdas/api/shapes.ts";
import type { Client } from "./client.ts";
import { readOverlayFile } from "./collaborators-file.ts";
import { addCommand, addNoun, type Cli, NO_OPTIONS } from "./command.ts";
import type { Io } from "./io.ts";
import { addDelete, untilEnded } from "./overlay-delete.ts";
import { addRelease, FAILED_EXIT, STILL_EXIT } from "./release.ts";
import { deployedText } from "./render/deployment.ts";
import { table } from "./render/table.ts";
import { flag } from "./values.ts";

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
      ["--control", "deploy a control overlay for every service: the baseline's own image, to measure noise"],
      ["--no-wait", "do not wait until what is deployed is ready"],
    ],
    options: z.object({
      baseline: z.string().min(1),
      file: z.string(),
      name: Name.optional(),
      replace: flag,
      control: flag,
      wait: z.boolean().default(true),
    }),
    act: async ({ io, client, options, paint }) => {
      const { baseline, name, replace, control, wait } = options;
      const file = readOverlayFile(io, options.file);
      const begun = await client.createOverlay({ baseline, file, name, replace, control });
      const overlay = wait ? await untilDeployed(begun, client, io) : begun;
      return { json: overlay, text: deployedText(overlay, paint) + nextText(overlay), exit: exitOf(overlay, wait) };
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
      const columns = ["name", "version", "baseline", "deployed", "mirrored", "attempt", "id"].map((title) => ({
        title,
      }));
      const rows = overlays.map(({ id, baseline, file, shadow, run, deployment }) => [
        file.name,
        file.version,
        baseline,
        deployment?.state ?? "",
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
      return { json: overlay, text: deployedText(overlay, paint) };
    },
  });
  addDelete(noun, cli);
  addRelease(noun, cli);
};

const GUARD_YOURSELF =
  "\nIts services run elsewhere: run `shadowgraph guard --collaborators` with this file beside them.\n";

const untilDeployed = async (begun: OverlayShape, client: Client, io: Io): Promise<OverlayShape> => {
  if (begun.deployment === null) return begun;
  const ended = await untilEnded(begun.id, client, io);
  if (ended !== undefined) return ended;
  throw new ShadowgraphError("not-found", `overlay "${begun.file.name}" was deleted meanwhile`);
};

const nextText = ({ file, shadow, deployment }: OverlayShape): string => {
  const { name } = file;
  if (deployment?.state === "failed") return "";
  if (deployment !== null && deployment.state !== "ready") return `\nNext: npx shadowgraph overlay show ${name}\n`;
  const guard = file.collaborators !== undefined && deployment === null ? GUARD_YOURSELF : "";
  return shadow.enabled ? guard : `${guard}\nNext: npx shadowgraph env shadow ${name} --enable\n`;
};

const exitOf = ({ deployment }: OverlayShape, hasWaited: boolean): number => {
  if (deployment === null || deployment.state === "ready") return 0;
  if (deployment.state === "failed") return FAILED_EXIT;
  return hasWaited ? STILL_EXIT : 0;
};
