// `npm test`: every check there is, one after the other. All run even when one fails, so that one round shows every fault.
// The last line is the sum: `412 passed, 0 failed`.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

interface Step {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  /** What the step counts for; a step that says nothing of its own is one check. */
  readonly tally?: (succeeded: boolean) => Tally;
}

/** A step that hangs is a failure, not a wait. */
const STEP_TIMEOUT_MS = 20 * 60_000;

const root = fileURLToPath(new URL("..", import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), "shadowgraph-test-"));

/** Of code that neither serves nor waits for traffic: two at a time. The others measure themselves against each other, one at a time. */
const QUIET = "/test/(?:action|adapters|bin|cli|core|helpers|lambdas|lib|scenarios)/";

const one = (succeeded: boolean): Tally => ({ passed: succeeded ? 1 : 0, failed: succeeded ? 0 : 1, skipped: 0 });

/** A suite that could not even be loaded has no tests in jest's figures: it counts as one failure. */
const ofJest = (resultFile: string, succeeded: boolean): Tally => {
  try {
    const result = JSON.parse(readFileSync(resultFile, "utf8")) as Record<string, number>;
    const failed = (result.numFailedTests ?? 0) + (result.numRuntimeErrorTestSuites ?? 0);
    return {
      passed: result.numPassedTests ?? 0,
      failed: Math.max(failed, succeeded ? 0 : 1),
      skipped: (result.numPendingTests ?? 0) + (result.numTodoTests ?? 0),
    };
  } catch {
    return one(false);
  }
};

const jest = (name: string, ...args: readonly string[]): Step => {
  const resultFile = join(scratch, `${name}.json`);
  return {
    name,
    command: ["jest", "--json", `--outputFile=${resultFile}`, ...args],
    tally: (succeeded) => ofJest(resultFile, succeeded),
  };
};

const steps: readonly Step[] = [
  { name: "lint", command: ["biome", "check", "--error-on-warnings", "."] },
  { name: "types", command: ["tsc", "--noEmit"] },
  { name: "types of the dashboard", command: ["tsc", "--noEmit", "-p", "web"] },
  { name: "synth", command: ["cdk", "synth", "--quiet", "--output", join(scratch, "cdk.out")] },
  jest("tests of code", "--maxWorkers=2", "--testPathPatterns", QUIET),
  jest("tests of processes", "--runInBand", "--testPathIgnorePatterns", QUIET, "/node_modules/"),
];

// The tools start by `#!/usr/bin/env node`: the Node of this package comes before the machine's.
const env = {
  ...process.env,
  PATH: join(root, "node_modules", ".bin") + delimiter + (process.env.PATH ?? ""),
  CI: "true",
  FORCE_COLOR: process.stdout.isTTY ? "1" : "0",
};

const run = ({
  command: [program, ...args],
}: Step): Promise<{ readonly succeeded: boolean; readonly output: string }> =>
  new Promise((resolve) => {
    const child = spawn(program, args, { cwd: root, env, stdio: ["ignore", "pipe", "pipe"], timeout: STEP_TIMEOUT_MS });
    const said: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => said.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => said.push(chunk));
    child.on("error", (error) => resolve({ succeeded: false, output: `${program} does not start: ${error.message}` }));
    child.on("close", (code) => resolve({ succeeded: code === 0, output: Buffer.concat(said).toString() }));
  });

/** Without what passed, and without the name of a file that is gone by then. */
const readable = (output: string): string =>
  output
    .split("\n")
    .filter((line) => !/^(?:PASS |Test results written to)/.test(line))
    .join("\n")
    .trim();

const total = { passed: 0, failed: 0, skipped: 0 };
const failedSteps: string[] = [];
try {
  for (const step of steps) {
    const startedAt = performance.now();
    const { succeeded, output } = await run(step);
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    const tally = (step.tally ?? one)(succeeded);
    total.passed += tally.passed;
    total.failed += tally.failed;
    total.skipped += tally.skipped;
    if (!succeeded) failedSteps.push(step.name);
    if (!succeeded) console.log(`${readable(output)}\n`);
    const share = step.tally ? `, ${tally.passed} of ${tally.passed + tally.failed}` : "";
    console.log(`${step.name.padEnd(6)} ${succeeded ? "ok" : "FAILED"} (${seconds} s${share})`);
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

if (failedSteps.length > 0) console.log(`failed: ${failedSteps.join(", ")}`);
console.log(`${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ""}`);
process.exitCode = total.failed > 0 || failedSteps.length > 0 ? 1 : 0;
