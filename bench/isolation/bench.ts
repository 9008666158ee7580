import { mkdtempSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { OUTCOMES, sumOfOutcomes } from "../../core/pair/outcome.ts";
import { stopAll } from "../tee/process.ts";
import type { Counts } from "./aws.ts";
import { REQUESTS_PER_CONNECTION, REQUESTS_PER_SECOND, type Seen } from "./callers.ts";
import type { FaultName } from "./faults.ts";
import type { GateState } from "./gate.ts";
import { type Scene, setScene } from "./scene.ts";
import { BENCH_FAULTS } from "./target.ts";

type Lane = "candidate" | "secondary";

/** One fault: how it begins and ends, and what tells that all is as before. */
interface Row {
  readonly where: string;
  readonly fault: string;
  begin(scene: Scene): Promise<unknown>;
  end(scene: Scene): Promise<unknown>;
  /** Grows while all is well. */
  progress(scene: Scene): Promise<number>;
}

const MEASURE_SECONDS = 4;
/** A plan is read, and a fault shows, within so long. */
const BEGIN_MS = 700;
const RECOVERY_MS = 15_000;

const CONNECTIONS = (MEASURE_SECONDS * REQUESTS_PER_SECOND) / REQUESTS_PER_CONNECTION;

const planFor = ({ healthyUrl, plan }: Scene, lane: Lane, url: string) =>
  lane === "candidate" ? plan(url, healthyUrl) : plan(healthyUrl, url);

const ofTarget = (lane: Lane, name: FaultName): Row => {
  const fault = BENCH_FAULTS[name];
  const healthy = (scene: Scene) => `http://127.0.0.1:${scene.targetPort}`;
  return {
    where: lane,
    fault: name,
    async begin(scene) {
      await scene.tell({ tell: "fault", name });
      await planFor(scene, lane, fault.kind === "address" ? fault.url(scene.targetPort) : healthy(scene));
    },
    async end(scene) {
      await scene.tell({ tell: "heal" });
      if (fault.kind === "address") await planFor(scene, lane, healthy(scene));
    },
    progress: async ({ tell }) => (await tell({ tell: "nothing" })).answered,
  };
};

const ofGate = (gate: "queue" | "planStore", state: GateState): Row => ({
  where: gate === "queue" ? "queue" : "plan store",
  fault: state,
  async begin(scene) {
    await planFor(scene, "candidate", scene.healthyUrl);
    await sleep(BEGIN_MS);
    scene[gate].set(state);
  },
  end: async (scene) => scene[gate].set("open"),
  progress: async ({ counts }) => (await counts()).compared,
});

const names = Object.keys(BENCH_FAULTS) as FaultName[];
const ROWS: readonly Row[] = [
  ...names.map((name) => ofTarget("candidate", name)),
  ...names.map((name) => ofTarget("secondary", name)),
  ofGate("queue", "down"),
  ofGate("queue", "hanging"),
  ofGate("queue", "slow"),
  ofGate("queue", "throttling"),
  ofGate("planStore", "down"),
  ofGate("planStore", "slow"),
];

/** Seconds from the end of the fault until all is as before; callers go on calling meanwhile. */
const recovery = async (scene: Scene, row: Row): Promise<string> => {
  const from = performance.now();
  const before = await row.progress(scene);
  while (performance.now() - from < RECOVERY_MS) {
    const [seen] = await scene.probe(5);
    if (seen!.failed > 0) return "failed requests";
    if ((await row.progress(scene)) > before) return `${((performance.now() - from) / 1_000).toFixed(1)} s`;
  }
  return "no";
};

const HEADS = [
  "where",
  "fault",
  "first p50",
  "first p99",
  "later p50",
  "later p99",
  "failed",
  "sampled",
  "ended",
  "MB",
  "back after",
  "outcomes",
];

/** Mirror on / off ± how far two tees without a mirror are apart. */
const cell = (pick: (seen: Seen) => number, on: Seen, offA: Seen, offB: Seen): string => {
  const [a, b] = [pick(offA), pick(offB)];
  return `${pick(on).toFixed(2)} / ${((a + b) / 2).toFixed(2)} ±${Math.abs(a - b).toFixed(2)}`;
};

const listOf = (before: Counts, after: Counts): string =>
  OUTCOMES.filter((outcome) => after[outcome] > before[outcome])
    .map((outcome) => `${outcome} ${after[outcome] - before[outcome]}`)
    .join(", ");

const run = async (scene: Scene, row: Row): Promise<readonly string[]> => {
  const before = await scene.settled(() => true);
  await row.begin(scene);
  await sleep(BEGIN_MS);
  const { on, offA, offB, peakBytes } = await scene.measure(CONNECTIONS);
  const isOfTarget = row.where === "candidate" || row.where === "secondary";
  const whole = (counts: Counts): boolean => counts.sampled - before.sampled >= on.requests;
  let after = isOfTarget ? await scene.settled(whole) : before;
  await row.end(scene);
  const back = await recovery(scene, row);
  // What the services behind were told is known once they are back; the requests since then are among it.
  if (!isOfTarget) after = await scene.settled(({ sampled }) => sampled > before.sampled);
  return [
    row.where,
    row.fault,
    cell((seen) => seen.first.p50Ms, on, offA, offB),
    cell((seen) => seen.first.p99Ms, on, offA, offB),
    cell((seen) => seen.later.p50Ms, on, offA, offB),
    cell((seen) => seen.later.p99Ms, on, offA, offB),
    String(on.failed),
    String(after.sampled - before.sampled),
    String(sumOfOutcomes(after) - sumOfOutcomes(before)),
    (peakBytes / 1e6).toFixed(0),
    back,
    listOf(before, after),
  ];
};

const print = (rows: readonly (readonly string[])[]): void => {
  const widths = HEADS.map((head, column) => Math.max(head.length, ...rows.map((row) => row[column]!.length)));
  for (const row of [HEADS, ...rows])
    console.log(
      row
        .map((text, column) => text.padEnd(widths[column]!))
        .join("  ")
        .trimEnd(),
    );
};

/** What callers see while a mirror target, the queue or the plan's store is at fault: one row each, beside mirror off. */
export const benchIsolation = async (): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), "shadowgraph-bench-"));
  let scene: Scene | undefined;
  try {
    scene = await setScene(folder);
    await sleep(BEGIN_MS);
    await scene.measure(CONNECTIONS);
    const rows: (readonly string[])[] = [];
    for (const row of ROWS) {
      console.error(`${row.where} ${row.fault}`);
      rows.push(await run(scene, row));
    }
    print(rows);
    console.log(
      `\nLatency in ms: mirror on / off ± two tees without a mirror between themselves. ${REQUESTS_PER_SECOND} requests/s to each of three tees at the same moments for ${MEASURE_SECONDS} s, ${REQUESTS_PER_CONNECTION} on a connection, open loop, 800-byte JSON, loopback.`,
    );
    const [cpu] = cpus();
    console.log(`Machine: ${cpus().length} cores, ${cpu?.model.trim() ?? "unknown CPU"}; Node ${process.version}.`);
  } finally {
    for (const gate of [scene?.queue, scene?.planStore]) gate?.close();
    await stopAll();
    rmSync(folder, { recursive: true, force: true });
  }
};
