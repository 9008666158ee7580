import type { Command } from "commander";
import type { Cli } from "./command.ts";
import type { Programs } from "./programs.ts";

export const addTee = (program: Command, _cli: Cli, programs: Programs): void => {
  program
    .command("tee")
    .description("run one tee in this process, configured by its environment: what the container image runs")
    .addHelpText(
      "after",
      "\nExample:\n  $ PRIMARY_URL=http://localhost:3000 BASELINE_ID=shop-1a2b3c SERVICE=web TEE_ID=tee1 shadowgraph tee",
    )
    .action(async () => {
      await programs.tee();
      // It serves until a signal ends the process.
      await new Promise(() => {});
    });
};
