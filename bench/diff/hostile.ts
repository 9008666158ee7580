import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { HOSTILE } from "../../test/core/diff/hostile.ts";

const TIMEOUT_MS = 10_000;
const BUDGET_MS = 50;

interface Cost {
  /** The first time, while nothing is compiled yet, and the median of five after it; CPU milliseconds. */
  readonly first: number;
  readonly median: number;
}

/** undefined: given up after 10 s, or ended without an answer. */
const costOf = async (subject: string, index: number): Promise<Cost | undefined> => {
  const child = fork(fileURLToPath(new URL("hostile-process.ts", import.meta.url)), [subject, String(index)], {
    stdio: ["ignore", "ignore", "ignore", "ipc"],
    execArgv: ["--expose-gc"],
  });
  let cost: Cost | undefined;
  child.on("message", (message) => (cost = message as Cost));
  const timer = setTimeout(() => child.kill("SIGKILL"), TIMEOUT_MS);
  await once(child, "exit");
  clearTimeout(timer);
  return cost;
};

const ms = (value: number | undefined): string => (value === undefined ? "> 10 s" : value.toFixed(value < 10 ? 1 : 0));

/** Each hostile pair in fresh processes: ours as a pair with its secondary, jsondiffpatch as two answers, where they are JSON. */
export const benchHostile = async (): Promise<void> => {
  console.log(
    `\n${"hostile pair: CPU ms".padEnd(52)}${"first".padStart(8)}${"then".padStart(8)}${"jsondiffpatch".padStart(15)}`,
  );
  let worst = { name: "", cost: 0 };
  for (const [index, { name, isJson }] of HOSTILE.entries()) {
    const ours = await costOf("ours", index);
    const peer = isJson ? ms((await costOf("jsondiffpatch", index))?.median) : "-";
    console.log(`${name.padEnd(52)}${ms(ours?.first).padStart(8)}${ms(ours?.median).padStart(8)}${peer.padStart(15)}`);
    const cost = ours?.median ?? Number.POSITIVE_INFINITY;
    if (cost > worst.cost) worst = { name, cost };
  }
  const verdict = worst.cost <= BUDGET_MS ? "within" : "OVER";
  console.log(`Worst: ${ms(worst.cost)} ms (${worst.name}): ${verdict} the budget of ${BUDGET_MS} ms.`);
};
