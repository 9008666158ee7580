import { mkdtempSync, rmSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { OUTCOMES, type OutcomeCounts, sumOfOutcomes } from "../../core/pair/outcome.ts";
import { stopAll } from "../tee/process.ts";
import { REQUESTS_PER_CONNECTION, REQUESTS_PER_SECOND } from "./callers.ts";
import { FIGURES, type Figure, noiseFloor, type Round } from "./noise.ts";
import { planFor, type Row, rowsNamed } from "./rows.ts";
import { memoryOf, type Scene, type Subject, type Subjects, setScene, settled } from "./scene.ts";

const ROUND_SECONDS = 0.4;
const CONNECTIONS = (ROUND_SECONDS * REQUESTS_PER_SECOND) / REQUESTS_PER_CONNECTION;
const CYCLES = 5;
/** Its callers wait for seconds. */
const NGINX_CYCLES = 2;
const WARM_UP_CONNECTIONS = 200;
/** A plan is read, and a fault shows, within so long. */
const BEGIN_MS = 700;
const RECOVERY_MS = 15_000;

interface Measured {
  readonly off: readonly Round[];
  readonly healthy: readonly Round[];
  readonly on: readonly Round[];
}

/** Short rounds in turn, so that what the machine does meanwhile it does to all; without a mirror there are twice as many. */
const measure = async ({ call }: Scene, { off, healthy, on }: Subjects, cycles: number): Promise<Measured> => {
  const rounds = { off: [] as Round[], healthy: [] as Round[], on: [] as Round[] };
  for (let cycle = 0; cycle < cycles; cycle += 1) {
    rounds.off.push(await call(off, CONNECTIONS));
    rounds.on.push(await call(on, CONNECTIONS));
    rounds.off.push(await call(off, CONNECTIONS));
    rounds.healthy.push(await call(healthy, CONNECTIONS));
  }
  return rounds;
};

/** Seconds from the end of the fault until all is as before; callers go on calling meanwhile. */
const recovery = async (scene: Scene, row: Row, on: Subject): Promise<string> => {
  const from = performance.now();
  const before = await row.progress(scene, on);
  while (performance.now() - from < RECOVERY_MS) {
    if ((await scene.call(on, 5)).failed > 0) return "failed requests";
    if ((await row.progress(scene, on)) > before) return `${((performance.now() - from) / 1_000).toFixed(1)} s`;
  }
  return "no";
};

const HEADS = [
  "where",
  "fault",
  ...Object.keys(FIGURES),
  "verdict",
  "failed",
  "sampled",
  "ended",
  "MB",
  "back",
  "outcomes",
];

const outcomesOf = (before: OutcomeCounts, after: OutcomeCounts): string =>
  OUTCOMES.filter((outcome) => after[outcome] > before[outcome])
    .map((outcome) => `${outcome} ${after[outcome] - before[outcome]}`)
    .join(", ");

const cell = (figure: Figure, { off, healthy, on }: Measured): string =>
  `${[off, healthy, on].map((rounds) => figure(rounds).toFixed(2)).join(" ")} ±${noiseFloor(figure, off).toFixed(2)}`;

const failedOf = (rounds: readonly Round[]): number => rounds.reduce((sum, { failed }) => sum + failed, 0);

/** By how much callers' p99 is above that without a mirror, where that is more than it is above itself; and who got no answer. */
const verdictOf = ({ off, on }: Measured): string => {
  const above = (["first p99", "later p99"] as const).flatMap((name) => {
    const more = FIGURES[name](on) - FIGURES[name](off);
    return more > noiseFloor(FIGURES[name], off) ? [`${name} +${more.toFixed(2)}`] : [];
  });
  if (failedOf(on) > failedOf(off)) above.push("failed requests");
  return above.length === 0 ? "within" : `above: ${above.join(", ")}`;
};

const textOf = (row: Row, measured: Measured, rest: readonly string[]): readonly string[] => [
  row.where,
  row.fault,
  ...Object.values(FIGURES).map((figure) => cell(figure, measured)),
  verdictOf(measured),
  String(failedOf(measured.on)),
  ...rest,
];

const runTee = async (scene: Scene, row: Row, beside: Omit<Subjects, "on">): Promise<readonly string[]> => {
  const prepared = await row.prepare?.(scene);
  await planFor(scene, row.where === "secondary" ? "secondary" : "candidate");
  const on = await scene.tee("mirrored", prepared?.how);
  try {
    await scene.call(on, WARM_UP_CONNECTIONS);
    const before = (await settled(on))!;
    await row.begin(scene);
    await sleep(BEGIN_MS);
    const measured = await measure(scene, { ...beside, on }, CYCLES);
    await row.end(scene);
    const back = await recovery(scene, row, on);
    const after = (await settled(on))!;
    const [sampled, ended] = [after.sampled - before.sampled, sumOfOutcomes(after) - sumOfOutcomes(before)];
    const memory = memoryOf(on).join("→");
    return textOf(row, measured, [String(sampled), String(ended), memory, back, outcomesOf(before, after)]);
  } finally {
    on.child.kill("SIGKILL");
    prepared?.close();
  }
};

const runNginx = async (scene: Scene, row: Row): Promise<readonly string[]> => {
  const [off, healthy, on] = [
    await scene.nginx(undefined),
    await scene.nginx(scene.healthyUrl),
    await scene.nginx(scene.faultyUrl),
  ];
  await row.begin(scene);
  const measured = await measure(scene, { off, healthy, on }, NGINX_CYCLES);
  await row.end(scene);
  for (const { child } of [off, healthy, on]) child.kill("SIGTERM");
  return textOf(row, measured, ["-", "-", "-", "-", ""]);
};

const print = (rows: readonly (readonly string[])[]): void => {
  const widths = HEADS.map((head, column) => Math.max(head.length, ...rows.map((row) => row[column]?.length ?? 0)));
  for (const row of [HEADS, ...rows])
    console.log(
      row
        .map((text, column) => text.padEnd(widths[column]!))
        .join("  ")
        .trimEnd(),
    );
};

const LEGEND = `
Latency in ms, the median over rounds: mirror off, mirror on and healthy, mirror on with the fault, ± the noise floor: the most by which
two halves of the rounds without a mirror differ. Verdict: is callers' p99 with the fault above that without a mirror by more than the noise floor?
It means something on a machine with nothing else to do: see the load before, and the p99 without a mirror.
Each row: a fresh tee; rounds of ${ROUND_SECONDS} s in turn, ${REQUESTS_PER_SECOND} requests/s, ${REQUESTS_PER_CONNECTION} on a connection, open loop; the primary by name; 800-byte JSON, loopback.
MB: resident memory, most→at the end. Sampled, ended and outcomes: from the beginning of the fault until all is as before.`;

/** What callers see while a mirror target, the queue or the plan's store is at fault: one row each, beside mirror off. */
export const benchIsolation = async (words = ""): Promise<void> => {
  const chosen = rowsNamed(words);
  const load = loadavg()[0]!.toFixed(1);
  const folder = mkdtempSync(join(tmpdir(), "shadowgraph-bench-"));
  let scene: Scene | undefined;
  try {
    scene = await setScene(folder);
    const beside = { off: await scene.tee("unmirrored"), healthy: await scene.tee("healthy") };
    for (const subject of Object.values(beside)) await scene.call(subject, WARM_UP_CONNECTIONS);
    const rows: (readonly string[])[] = [];
    for (const [index, row] of chosen.entries()) {
      const from = performance.now();
      const name = `${index + 1}/${chosen.length} ${row.where}: ${row.fault}`;
      try {
        rows.push(await (row.isNginx ? runNginx(scene, row) : runTee(scene, row, beside)));
        const seconds = ((performance.now() - from) / 1_000).toFixed(0);
        console.error(`${name}: ${rows.at(-1)![2 + Object.keys(FIGURES).length]} (${seconds} s)`);
      } catch (error) {
        console.error(`${name}: skipped: ${(error as Error).message}`);
        rows.push([row.where, row.fault, "skipped"]);
      }
    }
    print(rows);
    console.log(LEGEND);
    const [cpu] = cpus();
    console.log(
      `Machine: ${cpus().length} cores, ${cpu?.model.trim() ?? "unknown CPU"}; Node ${process.version}. Load before: ${load}.`,
    );
  } finally {
    scene?.close();
    await stopAll();
    rmSync(folder, { recursive: true, force: true });
  }
};
