// `npm run bench`: what the tee costs beside its peers. `npm run bench -- --help` lists what can be asked.
import { benchDiff } from "./diff/bench.ts";
import { benchIsolation } from "./isolation/bench.ts";
import { benchRedaction } from "./redaction/bench.ts";
import { benchScenarios } from "./scenarios/bench.ts";
import { benchTee } from "./tee/bench.ts";
import { benchLatency } from "./tee/latency.ts";
import {
  DiffOptions,
  IsolationOptions,
  LatencyOptions,
  RedactionOptions,
  readOptions,
  ScenariosOptions,
  SoakOptions,
  TeeOptions,
  UsageError,
} from "./tee/options.ts";
import { stopAll } from "./tee/process.ts";
import { SCENARIOS } from "./tee/scenarios.ts";
import { benchSoak } from "./tee/soak.ts";

/** Reads its options, then runs. */
const BENCHES: Readonly<Record<string, (args: readonly string[]) => Promise<void>>> = {
  tee(args) {
    const { scenario, "settle-ms": settleMs, ...size } = readOptions(TeeOptions, args);
    return benchTee({ scenarios: scenario, settleMs, ...size });
  },
  latency(args) {
    const { rate, "round-seconds": roundSeconds, rounds } = readOptions(LatencyOptions, args);
    return benchLatency({ requestsPerSecond: rate, rounds, roundSeconds });
  },
  soak: (args) => benchSoak(readOptions(SoakOptions, args)),
  isolation: (args) => benchIsolation(readOptions(IsolationOptions, args).rows),
  diff: (args) => benchDiff(readOptions(DiffOptions, args)),
  redaction: (args) => benchRedaction(readOptions(RedactionOptions, args)),
  scenarios: async (args) => benchScenarios(readOptions(ScenariosOptions, args).family),
};

const USAGE = `usage: bench [${Object.keys(BENCHES).join("|")}] [options]

  tee        CPU and memory per mirrored request, beside nginx
               --scenario reference   or several divided by commas, or all:
${SCENARIOS.map(({ name, title }) => `                 ${name.padEnd(20)} ${title}`).join("\n")}
               --runs 5  --requests 40000  --settle-ms 1500
  latency    what callers wait longer, open loop at a fixed rate
               --rate <requests/s>    without it, half of what the slowest subject can do
               --rounds 20  --round-seconds 1
  soak       memory and accounting at full speed for long
               --minutes 10
  isolation  what callers see under each fault of a target, the queue and the plan's store
               --rows floods,queue    only those whose name holds one of the words; without it, all
  diff       pairs compared a second and core, beside jsondiffpatch; the costliest pairs there are
               --runs 5  --requests 20000
  redaction  what declared secrets add to the CPU of the tee's shipper
               --runs 5  --requests 20000
  scenarios  precision and recall over the labelled service pairs, beside Diffy's rule on the same pairs
               --family noise         one folder of test/scenarios; without it, all`;

const run = async (args: readonly string[]): Promise<void> => {
  if (args.includes("--help")) return console.log(USAGE);
  const [first = "tee"] = args;
  const name = first.startsWith("-") ? "tee" : first;
  const bench = Object.hasOwn(BENCHES, name) ? BENCHES[name] : undefined;
  if (bench === undefined) throw new UsageError(`there is no bench "${name}"`);
  await bench(first === name ? args.slice(1) : args);
};

// What was started must not outlive the bench.
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.once(signal, () => void stopAll().then(() => process.exit(1)));

await run(process.argv.slice(2)).catch((error: Error) => {
  const isUsage = error instanceof UsageError;
  console.error(isUsage ? `${error.message}\n\n${USAGE}` : `bench: ${error.message}`);
  process.exitCode = isUsage ? 2 : 1;
});
