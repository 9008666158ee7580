// `npm run cost -- --rps N`: what mirroring costs on AWS. `npm run cost -- --help` lists what can be asked.
import { EFFORT, measure } from "./measure.ts";
import { readCostOptions, USAGE, UsageError } from "./options.ts";
import { render, renderJson } from "./render.ts";
import { resultOf } from "./result.ts";

/** On a terminal alone, and gone once there is something to read. */
const report = (what: string): void => {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[Kmeasuring: ${what}`);
};
const reported = (): void => {
  if (process.stderr.isTTY) process.stderr.write("\r\x1b[K");
};

const run = async (args: readonly string[]): Promise<void> => {
  const asked = readCostOptions(args);
  if (asked.kind === "help") return console.log(USAGE);
  const measured = await measure(asked.load, EFFORT, report);
  reported();
  const result = resultOf(measured);
  console.log(asked.isJson ? renderJson(result) : render(result));
};

await run(process.argv.slice(2)).catch((error: Error) => {
  reported();
  const isUsage = error instanceof UsageError;
  console.error(isUsage ? `${error.message}\n\n${USAGE}` : `cost: ${error.stack}`);
  process.exitCode = isUsage ? 2 : 1;
});
