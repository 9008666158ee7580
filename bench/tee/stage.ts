import { mkdtempSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import type { Job, Seen } from "./generator.ts";
import type { Load } from "./load.ts";
import { ask, start, stop, stopAll } from "./process.ts";
import type { Scenario } from "./scenarios.ts";
import { accountingOf, type Running, type Subject } from "./subjects.ts";
import { startTargets, type Targets } from "./targets.ts";

const PLAN_TIMEOUT_MS = 15_000;
/** So that a first answer of the candidate is counted. */
const PROBE_MS = 200;

export const say = (line: string): void => console.log(line);
/** Runs are long: who waits sees how far they are. */
export const progress = (line: string): void => console.error(line);

/** All of a scenario, running. */
export interface Stage {
  readonly scenario: Scenario;
  readonly targets: Targets;
  /** Those that can be measured here. */
  readonly running: ReadonlyMap<Subject, Running>;
  call(job: Job): Promise<Seen>;
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** A tee mirrors once it has read its plan. */
const untilMirroring = async ({ call, targets }: Stage, { name }: Subject, { port }: Running): Promise<void> => {
  const until = performance.now() + PLAN_TIMEOUT_MS;
  while (performance.now() < until) {
    const before = await targets.mirrored();
    await call({ loop: "closed", port, maxRequests: 1, maxSeconds: 1 });
    await sleep(PROBE_MS);
    if ((await targets.mirrored()) > before) return;
  }
  throw new Error(`${name} does not mirror`);
};

const setStage = async (scenario: Scenario, folder: string): Promise<Stage | undefined> => {
  const targets = await startTargets(scenario, folder);
  if ("skipped" in targets) return void say(`${scenario.name}: skipped: ${targets.skipped}`);
  const callers = await start("generator.ts", JSON.stringify(scenario.load));
  const running = new Map<Subject, Running>();
  const stage: Stage = { scenario, targets, running, call: (job) => ask<Seen>(callers.child, job) };
  for (const subject of scenario.subjects) {
    const started = await subject.start({ targets, load: scenario.load, folder });
    if ("skipped" in started) say(`${subject.name}: skipped: ${started.skipped}`);
    else running.set(subject, started);
  }
  for (const [subject, process] of running) if (subject.mirrors) await untilMirroring(stage, subject, process);
  return stage;
};

/** Sets the stage, plays, asks each subject what it counted itself, and leaves nothing behind. */
export const play = async (scenario: Scenario, act: (stage: Stage) => Promise<void>): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), "shadowgraph-bench-"));
  const clear = () => rmSync(folder, { recursive: true, force: true });
  // A signal ends the process without coming back here.
  process.once("exit", clear);
  try {
    progress(`${scenario.name}: starting`);
    const stage = await setStage(scenario, folder);
    if (stage === undefined) return;
    await act(stage);
    for (const [subject, { child, counts }] of stage.running) {
      if (child !== undefined) await stop(child);
      if (counts === undefined) continue;
      const { line, isWhole } = accountingOf(subject, await counts());
      say(line);
      if (!isWhole) process.exitCode = 1;
    }
  } finally {
    await stopAll();
    clear();
    process.off("exit", clear);
  }
};

export const judgeFaults = (faults: number): void => {
  if (faults === 0) return;
  say(`${faults} requests failed: the figures above do not count.`);
  process.exitCode = 1;
};

/** `met` or `missed`, beside what was allowed. */
export const judged = (value: number, budget: number, show: (budget: number) => string): string =>
  `budget ≤ ${show(budget)}: ${value <= budget ? "met" : "missed"}`;

const sizeOf = (bytes: number): string => {
  if (bytes < 1_024) return `${bytes}-byte`;
  return bytes < 1_048_576 ? `${bytes / 1_024}-KiB` : `${bytes / 1_048_576}-MiB`;
};

export const describeLoad = (load: Load): string =>
  [
    load.requestBytes === 0 ? "GETs" : `POSTs of ${sizeOf(load.requestBytes)} JSON`,
    `answered with ${sizeOf(load.answerBytes)} JSON`,
    `${load.connections} connections`,
    load.reconnects ? "one request on each" : "keep-alive",
    `${load.divergingShare * 100} % diverging`,
    "loopback",
  ].join(", ");

export const describeMachine = (): string => {
  const [cpu] = cpus();
  return `Machine: ${cpus().length} cores, ${cpu?.model.trim() ?? "unknown CPU"}; Node ${process.version}.`;
};
