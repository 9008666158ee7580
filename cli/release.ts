import type { Command } from "commander";
import * as z from "zod";
import { ShadowgraphError } from "../core/errors.ts";
import type { ReleaseShape } from "../lambdas/api/shapes.ts";
import type { Client } from "./client.ts";
import { addCommand, type Cli } from "./command.ts";
import { Refusal } from "./failure.ts";
import { releaseLine, releaseText } from "./render/deployment.ts";
import { flag } from "./values.ts";
import { VERDICT_EXITS } from "./verdict-exits.ts";
import { waitForEnd } from "./wait-progress.ts";

/** What was begun and did not come to a good end: a deployment that failed, a release that was rolled back. */
export const FAILED_EXIT = 6;
/** Neither yet, and nobody waits any longer. */
export const STILL_EXIT = 3;

export const addRelease = (noun: Command, cli: Cli): void =>
  addCommand(noun, cli, {
    usage: "release <id>",
    summary: "release an overlay that is SAFE: its images go to the baseline's services, and back on an alarm",
    example: "shadowgraph overlay release pr-7",
    flags: [
      ["--force", "release it although it is not SAFE, or the baseline has changed; needs --because"],
      ["--because <text>", "why; recorded with your name"],
      ["--no-wait", "do not wait for the outcome"],
      ["--show", "show the latest release, and begin none"],
    ],
    options: z.object({
      force: flag,
      because: z.string().min(1).max(1_000).optional(),
      wait: z.boolean().default(true),
      show: flag,
    }),
    act: async ({ io, client, options, paint }, id) => {
      const { force, because, wait, show } = options;
      if (force && because === undefined) throw unexplained();
      const release = await (show ? client.shownRelease(id) : client.release(id, { force, because })).catch(
        async (error: unknown) => {
          throw await withVerdict(error, id, client);
        },
      );
      const how = { line: releaseLine, hasEnded: ({ outcome }: ReleaseShape) => outcome !== "releasing" };
      const ended = show || !wait ? release : ((await waitForEnd(() => client.shownRelease(id), how, io)) ?? release);
      const exits = {
        released: 0,
        releasing: wait && !show ? STILL_EXIT : 0,
        rolledBack: FAILED_EXIT,
        failed: FAILED_EXIT,
      };
      return { json: ended, text: releaseText(ended, paint), exit: exits[ended.outcome] };
    },
  });

/** What was refused for its verdict ends as `env verdict` does. */
const withVerdict = async (error: unknown, id: string, client: Client): Promise<unknown> => {
  if (!(error instanceof ShadowgraphError) || error.code !== "not-allowed") return error;
  const { verdict } = await client.verdict(id);
  return verdict === "SAFE" ? error : new Refusal(error, VERDICT_EXITS[verdict]);
};

const unexplained = () =>
  new ShadowgraphError("invalid-input", "the options are not valid", {
    faults: [{ field: "--because", message: "must say why it is released although it is not SAFE; got nothing" }],
  });
