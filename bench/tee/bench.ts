import { mkdtempSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import type { Job, Load } from "./generator.ts";
import { CONNECTIONS, DIVERGING_SHARE } from "./load.ts";
import { ask, cpuSecondsOf, start, stopAll } from "./process.ts";
import { NGINX_MIRROR, type Running, SUBJECTS, type Subject } from "./subjects.ts";

export interface Size {
  /** Requests of each subject in each run. */
  readonly requests: number;
  readonly runs: number;
  /** What a tee does after the last answer (compare, compress, send) is its cost too: it has so long to end. */
  readonly settleMs: number;
}

interface Sample {
  readonly cpuMicros: number;
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly mirrored: number;
  readonly faults: number;
}

const PLAN_TIMEOUT_MS = 15_000;

const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
};

const say = (line: string): void => console.log(line);

const tableOf = (samples: ReadonlyMap<Subject, readonly Sample[]>): string => {
  const peer = [...samples].find(([{ name }]) => name === NGINX_MIRROR);
  const peerCpu = peer && median(peer[1].map(({ cpuMicros }) => cpuMicros));
  const rows = [...samples].map(([{ name, mirrors }, list]) => {
    const of = (pick: (sample: Sample) => number): number => median(list.map(pick));
    const cpu = list.map(({ cpuMicros }) => cpuMicros);
    return [
      name,
      median(cpu).toFixed(1),
      `${Math.min(...cpu).toFixed(1)}–${Math.max(...cpu).toFixed(1)}`,
      peerCpu === undefined ? "-" : `${(median(cpu) / peerCpu).toFixed(2)}`,
      of(({ requestsPerSecond }) => requestsPerSecond).toFixed(0),
      of(({ p50Ms }) => p50Ms).toFixed(2),
      of(({ p99Ms }) => p99Ms).toFixed(2),
      mirrors ? `${(of(({ mirrored }) => mirrored) * 100).toFixed(1)} %` : "-",
    ];
  });
  const heads = ["", "CPU µs/request", "min–max", "÷ nginx mirror", "requests/s", "p50 ms", "p99 ms", "mirrored"];
  const widths = heads.map((head, column) => Math.max(head.length, ...rows.map((row) => row[column]!.length)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
      .join("  ");
  return [line(heads), ...rows.map(line)].join("\n");
};

/** A tee mirrors once it has read its plan. */
const untilMirroring = async ({ name }: Subject, probe: () => Promise<Sample>): Promise<void> => {
  const until = performance.now() + PLAN_TIMEOUT_MS;
  while (performance.now() < until) if ((await probe()).mirrored > 0) return;
  throw new Error(`${name} does not mirror`);
};

/** CPU per mirrored and captured request: every subject in turn, run by run, so that what drifts drifts for all. */
export const benchTee = async ({ requests, runs, settleMs }: Size): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), "shadowgraph-bench-"));
  try {
    const primary = await start<{ port: number }>("responder.ts", "primary");
    const candidate = await start<{ port: number }>("responder.ts", "candidate");
    const generator = await start("generator.ts");
    const setting = { primaryPort: primary.hello.port, candidatePort: candidate.hello.port, folder };
    const answeredBy = async ({ child }: typeof primary) => (await ask<{ answered: number }>(child, {})).answered;

    const running = new Map<Subject, Running>();
    for (const subject of SUBJECTS) {
      const started = await subject.start(setting);
      if ("skipped" in started) say(`${subject.name}: skipped: ${started.skipped}`);
      else running.set(subject, started);
    }

    const measure = async ({ port, child }: Running, count: number): Promise<Sample> => {
      const cpuBefore = cpuSecondsOf(child.pid!);
      const mirroredBefore = await answeredBy(candidate);
      const job: Job = { port, connections: CONNECTIONS, requests: count };
      const load = await ask<Load>(generator.child, job);
      await new Promise((resolve) => setTimeout(resolve, settleMs));
      return {
        cpuMicros: ((cpuSecondsOf(child.pid!) - cpuBefore) * 1e6) / load.answered,
        requestsPerSecond: load.answered / load.seconds,
        p50Ms: load.p50Ms,
        p99Ms: load.p99Ms,
        mirrored: ((await answeredBy(candidate)) - mirroredBefore) / load.answered,
        faults: load.faults,
      };
    };

    const samples = new Map<Subject, Sample[]>([...running.keys()].map((subject) => [subject, []]));
    for (const [subject, process] of running) {
      if (subject.mirrors) await untilMirroring(subject, () => measure(process, CONNECTIONS));
      await measure(process, Math.min(requests, 20_000));
    }
    for (let run = 0; run < runs; run += 1) {
      for (const [subject, process] of running) samples.get(subject)!.push(await measure(process, requests));
    }

    say("");
    say(tableOf(samples));
    for (const { finish } of running.values()) if (finish) say(`\n${await finish()}`);
    const faults = [...samples.values()].flat().reduce((sum, sample) => sum + sample.faults, 0);
    if (faults > 0) say(`\n${faults} requests failed: the figures above do not count.`);
    say("");
    say(
      `CPU time of the proxy's process alone (user and system, all threads), up to ${settleMs / 1000} s after the last answer.`,
    );
    say(
      `${runs} interleaved runs of ${requests} requests: 800-byte JSON, keep-alive, ${CONNECTIONS} connections, ${DIVERGING_SHARE * 100} % diverging, loopback.`,
    );
    const [cpu] = cpus();
    say(`Machine: ${cpus().length} cores, ${cpu?.model.trim() ?? "unknown CPU"}; Node ${process.version}.`);
    if (faults > 0) process.exitCode = 1;
  } finally {
    await stopAll();
    rmSync(folder, { recursive: true, force: true });
  }
};
