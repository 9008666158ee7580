// How often the verdict is wrong, and how many pairs it takes, by simulation: node bench/simulate.ts [--seed 1] [--runs 1000]
import { parseArgs } from "node:util";
import { TABLES } from "./simulate/tables.ts";

const { values } = parseArgs({
  options: { seed: { type: "string", default: "1" }, runs: { type: "string", default: "1000" } },
});
const size = { seed: Number(values.seed), runs: Number(values.runs) };
if (!Number.isInteger(size.seed) || !Number.isInteger(size.runs) || size.runs < 1)
  throw new Error(`--seed and --runs must be whole numbers, --runs at least 1, not ${values.seed} and ${values.runs}`);

for (const table of TABLES) {
  const { title, rows } = table(size);
  console.log(`\n${title}`);
  console.table(rows);
}
