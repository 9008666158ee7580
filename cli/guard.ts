import type { Command } from "commander";
import * as z from "zod";
import { readCollaborators } from "./collaborators-file.ts";
import type { Cli } from "./command.ts";
import type { Programs } from "./programs.ts";
import { parseOptions } from "./values.ts";

const GuardOptions = z.object({ collaborators: z.string().min(1).optional() });

export const addGuard = (program: Command, cli: Cli, programs: Programs): void => {
  program
    .command("guard")
    .description(
      "run one guard in this process, configured by its environment: it keeps an overlay's writes away from collaborators",
    )
    .option("--collaborators <file>", "collaborators.yaml or overlay.yaml, in place of the variable COLLABORATORS")
    .addHelpText(
      "after",
      "\nExample:\n  $ ADMIN_PORT=9090 shadowgraph guard --collaborators collaborators.yaml\n\nVariables and modes: docs/guard.md",
    )
    .action(async (given: Record<string, unknown>) => {
      const { collaborators: file } = parseOptions(GuardOptions, given);
      const collaborators =
        file === undefined ? {} : { COLLABORATORS: JSON.stringify(readCollaborators(cli.io, file)) };
      await programs.guard(collaborators);
      // It serves until a signal ends the process.
      await new Promise(() => {});
    });
};
