// `npm run bench`: what the tee costs beside its peer, in one table. `npm run bench -- tee --runs 5 --requests 40000`
import { parseArgs } from "node:util";
import { benchIsolation } from "./isolation/bench.ts";
import { benchTee, type Size } from "./tee/bench.ts";
import { stopAll } from "./tee/process.ts";

const BENCHES: Readonly<Record<string, (size: Size) => Promise<void>>> = { tee: benchTee, isolation: benchIsolation };

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    runs: { type: "string", default: "5" },
    requests: { type: "string", default: "40000" },
    "settle-ms": { type: "string", default: "1500" },
  },
});
const [name = "tee"] = positionals;
const bench = BENCHES[name];
const size = {
  runs: Number(values.runs),
  requests: Number(values.requests),
  settleMs: Number(values["settle-ms"]),
};
const isWhole = (value: number): boolean => Number.isInteger(value) && value > 0 && value <= 10_000_000;

if (bench === undefined || !Object.values(size).every(isWhole)) {
  console.error(`usage: bench [${Object.keys(BENCHES).join("|")}] [--runs 5] [--requests 40000] [--settle-ms 1500]`);
  process.exitCode = 2;
} else {
  // What was started must not outlive the bench.
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.once(signal, () => void stopAll().then(() => process.exit(1)));
  await bench(size).catch((error: Error) => {
    console.error(`bench ${name}: ${error.message}`);
    process.exitCode = 1;
  });
}
