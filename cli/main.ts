import { Command, CommanderError } from "commander";
import { ERROR_CODES, ShadowgraphError } from "../core/errors.ts";
import { addAudit } from "./audit.ts";
import { addBaseline } from "./baseline.ts";
import { addBypass } from "./bypass.ts";
import type { Cli } from "./command.ts";
import { addDemo } from "./demo.ts";
import { addEnv } from "./env.ts";
import { failureText, Refusal } from "./failure.ts";
import { addGuard } from "./guard.ts";
import type { Io } from "./io.ts";
import { addOverlay } from "./overlay.ts";
import { PROGRAMS, type Programs } from "./programs.ts";
import { addRules } from "./rules.ts";
import { addTee } from "./tee.ts";
import { addUp } from "./up.ts";

const SUMMARY = `Mirrors live HTTP traffic from a baseline to an overlay, compares the answers, and says whether the overlay is safe to release.`;

const COMMANDS = [addUp, addDemo, addTee, addGuard, addBaseline, addOverlay, addEnv, addRules, addAudit, addBypass];

/** Runs one command line. `argv` is without program and script. Resolves with the exit code; never throws. */
export const run = async (argv: readonly string[], io: Io, programs: Programs = PROGRAMS): Promise<number> => {
  let exit = 0;
  const cli: Cli = {
    io,
    done: (code) => {
      exit = code;
    },
  };
  const program = new Command("shadowgraph")
    .description(SUMMARY)
    .exitOverride()
    .configureOutput({ writeOut: io.out, writeErr: io.err, getOutHelpWidth: () => io.columns })
    .showHelpAfterError("(add --help for what is allowed)");
  for (const add of COMMANDS) add(program, cli, programs);
  try {
    await program.parseAsync(argv, { from: "user" });
    return exit;
  } catch (error) {
    // Commander has told the user already; 0 is for --help.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : ERROR_CODES["invalid-input"].exit;
    io.err(failureText(error, argv.includes("--json")));
    if (error instanceof Refusal) return error.exit;
    return ERROR_CODES[error instanceof ShadowgraphError ? error.code : "internal"].exit;
  }
};
