import type { Command } from "commander";
import * as z from "zod";
import { ShadowgraphError } from "../core/errors.ts";
import { type Client, createClient, DEFAULT_API } from "./client.ts";
import type { Io } from "./io.ts";
import { type Paint, paintOf } from "./render/paint.ts";
import { signingFetch } from "./signing.ts";
import { parseOptions } from "./values.ts";

/** What a command shows: to a script, to people, and as its exit code. */
export interface Shown {
  readonly json: unknown;
  /** Ends with a line break, unless empty. */
  readonly text: string;
  readonly exit?: number;
}

export interface Cli {
  readonly io: Io;
  /** Told the exit code of the command that ran. */
  done(exit: number): void;
}

export interface Call<O> {
  readonly io: Io;
  readonly client: Client;
  readonly options: O;
  readonly isJson: boolean;
  readonly paint: Paint;
}

export interface CommandSpec<S extends z.ZodObject> {
  /** Name and arguments: `show <id>`. */
  readonly usage: string;
  readonly summary: string;
  readonly example: string;
  /** Flag, description and, where there is one, the default that is only shown. */
  readonly flags: readonly (readonly [flags: string, description: string])[];
  /** Flags that must be given. */
  readonly required?: readonly (readonly [flags: string, description: string])[];
  /** What the flags must hold, by their camel-case name. */
  readonly options: S;
  readonly act: (call: Call<z.infer<S>>, ...args: string[]) => Promise<Shown>;
}

export const NO_OPTIONS = z.object({});

/** Adds one command, which has `--json`, `--api` and `--help` with an example like every other. */
export const addCommand = <S extends z.ZodObject>(parent: Command, cli: Cli, spec: CommandSpec<S>): void => {
  const command = parent.command(spec.usage).description(spec.summary);
  for (const [flags, description] of spec.required ?? []) command.requiredOption(flags, description);
  for (const [flags, description] of spec.flags) command.option(flags, description);
  command
    .option("--api <url>", `address of the API (default: SHADOWGRAPH_API, else ${DEFAULT_API})`)
    .option("--json", "print JSON")
    .addHelpText("after", `\nExample:\n  $ ${spec.example}`)
    .action(async () => {
      const { api, json, ...given } = command.opts();
      const { io } = cli;
      const call = {
        io,
        client: clientOf(api, io),
        options: parseOptions(spec.options, given),
        isJson: json === true,
        paint: paintOf(io),
      };
      const shown = await spec.act(call, ...(command.processedArgs as string[]));
      const isQuiet = shown.text === "" && json !== true;
      if (!isQuiet) io.out(json === true ? `${JSON.stringify(shown.json, null, 2)}\n` : shown.text);
      cli.done(shown.exit ?? 0);
    });
};

/** A noun with its verbs, such as `overlay`. */
export const addNoun = (program: Command, name: string, summary: string): Command =>
  program.command(name).description(summary);

const clientOf = (given: string | undefined, io: Io): Client => {
  const api = apiUrl(given ?? io.env.SHADOWGRAPH_API);
  return createClient(api, { fetch: signingFetch(api, io) });
};

/** @throws ShadowgraphError "invalid-input" */
const apiUrl = (given: string | undefined): string => {
  const api = given || DEFAULT_API;
  if (URL.canParse(api) && /^https?:$/.test(new URL(api).protocol)) return api;
  const message = `must be an http(s) URL such as ${DEFAULT_API}; got "${api}"`;
  throw new ShadowgraphError("invalid-input", "the address of the API is not valid", {
    faults: [{ field: "--api (or SHADOWGRAPH_API)", message }],
  });
};
