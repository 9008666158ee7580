import { randomUUID } from "node:crypto";
import { appendFileSync } from "node:fs";

type Env = Readonly<Record<string, string | undefined>>;

/** What a step tells the GitHub runner: by files it names, and by commands on stdout. */
export interface Runner {
  /** Text that nobody reads as commands. */
  log(text: string): void;
  warn(message: string): void;
  fail(message: string): void;
  output(name: string, value: string): void;
  summary(markdown: string): void;
}

export const runnerOf = (env: Env, out: (text: string) => void): Runner => {
  const append = (path: string | undefined, text: string) => {
    if (path) appendFileSync(path, text);
  };
  const command = (name: string, message: string) => out(`::${name} title=Shadowgraph::${escaped(message)}\n`);
  return {
    log: (text) => out(`${inert(text.trimEnd())}\n`),
    warn: (message) => command("warning", message),
    fail: (message) => command("error", message),
    // The delimiter is not to be guessed by who chose the value.
    output: (name, value) => {
      const end = `end-${randomUUID()}`;
      append(env.GITHUB_OUTPUT, `${name}<<${end}\n${value}\n${end}\n`);
    },
    summary: (markdown) => append(env.GITHUB_STEP_SUMMARY, markdown),
  };
};

/** A service may answer `::add-mask::` or `##[command]`: what is shown of it is not obeyed. */
const inert = (text: string): string => text.replaceAll(/^(\s*):(?=:)/gm, "$1: ").replaceAll("##[", "## [");

/** As the runner undoes it for the message of a command. */
const escaped = (message: string): string =>
  message.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
