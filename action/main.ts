// The step of action.yml: registers the overlay if asked to, waits for the verdict, reports it, and fails where it should.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { failureText } from "../cli/failure.ts";
import { processIo } from "../cli/io.ts";
import { run } from "../cli/main.ts";
import { ERROR_CODES, ShadowgraphError } from "../core/errors.ts";
import { TEXT_FORMATS } from "../core/report/formats.ts";
import type { Report } from "../core/report/report.ts";
import { neededText } from "../core/report/words.ts";
import { pullRequestOf, putComment } from "./comment.ts";
import { type Inputs, parseInputs } from "./inputs.ts";
import { runnerOf } from "./runner.ts";

const io = processIo();
const { env } = process;
const runner = runnerOf(env, io.out);

/** A mistake of the user (2) or a fault of the system (5) has been told already: there is nothing more to do. */
class CommandFailed extends Error {
  readonly exit: number;
  constructor(exit: number) {
    super("a command failed; its lines above say why");
    this.exit = exit;
  }
}

/** Runs a command of the CLI and gives what it printed; what it says on stderr goes to the log as text. @throws CommandFailed */
const shadowgraph = async (...argv: readonly string[]): Promise<string> => {
  let out = "";
  const exit = await run(argv, { ...io, out: (text) => void (out += text), err: runner.log, isErrTerminal: false });
  if (exit === ERROR_CODES["invalid-input"].exit || exit === ERROR_CODES.internal.exit) throw new CommandFailed(exit);
  return out;
};

const act = async (inputs: Inputs): Promise<number> => {
  const { INPUT_ENVIRONMENT: environment, INPUT_TOLERANCE: share, INPUT_REPORT_FOLDER: folder } = inputs;
  const tolerance = share === undefined ? [] : [`--tolerance=${share}`];
  await register(inputs);
  runner.log(await shadowgraph("env", "verdict", `--wait=${inputs.INPUT_TIMEOUT}`, ...tolerance, "--", environment));
  const json = await shadowgraph("env", "report", "--format=json", ...tolerance, "--", environment);
  // Every format tells of this one reading, whatever is compared meanwhile.
  const report = JSON.parse(json) as Report;
  const markdown = TEXT_FORMATS.markdown.render(report);
  const files = {
    "report.json": json,
    "report.md": markdown,
    "report.html": TEXT_FORMATS.html.render(report),
    "junit.xml": TEXT_FORMATS.junit.render(report),
  };
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);

  const { verdict, reason } = report.verdict;
  runner.output("verdict", verdict);
  runner.output("reason", reason);
  runner.output("report", folder);
  runner.summary(markdown);
  await comment(inputs, markdown);
  if (verdict === "UNDECIDED") runner.warn(`${reason}. Still needed: ${neededText(report.verdict)}`);
  const isFailure = inputs.INPUT_FAIL_ON.some((name) => name === verdict);
  if (isFailure) runner.fail(`${verdict}: ${reason}`);
  return isFailure ? 1 : 0;
};

const register = async (inputs: Inputs): Promise<void> => {
  const { INPUT_ENVIRONMENT: environment, INPUT_OVERLAY_FILE: file, INPUT_BASELINE: baseline } = inputs;
  if (file === undefined) return;
  const named = [`--baseline=${baseline}`, `--file=${file}`, `--name=${environment}`];
  await shadowgraph("overlay", "create", ...named, "--replace");
  await shadowgraph("env", "shadow", "--enable", "--", environment);
};

/** That a comment cannot be written, as from a fork, is no fault of the change that is judged. */
const comment = async ({ INPUT_COMMENT, INPUT_TOKEN: token }: Inputs, markdown: string): Promise<void> => {
  if (!INPUT_COMMENT) return;
  try {
    const pullRequest = pullRequestOf(env);
    if (pullRequest === undefined) return runner.log("no pull request to comment in");
    if (token === undefined) return runner.warn("no token to comment with; the report is in the summary of the job");
    await putComment({ env, token }, pullRequest, markdown);
  } catch (error) {
    runner.warn(
      `the report is in the summary of the job, but no comment could be written: ${(error as Error).message}`,
    );
  }
};

const exitOf = (error: unknown): number => {
  if (error instanceof CommandFailed) return error.exit;
  return ERROR_CODES[error instanceof ShadowgraphError ? error.code : "internal"].exit;
};

try {
  process.exitCode = await act(parseInputs(env));
} catch (error) {
  runner.fail(error instanceof CommandFailed ? error.message : failureText(error, false).trim());
  process.exitCode = exitOf(error);
}
