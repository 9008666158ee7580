import { rssBytesOf } from "./process.ts";
import { SOAK } from "./scenarios.ts";
import { describeLoad, describeMachine, judgeFaults, play, type Stage, say } from "./stage.ts";
import { type Running, tee } from "./subjects.ts";

export interface SoakBench {
  readonly minutes: number;
}

interface Minute {
  readonly rssBytes: number;
  readonly faults: number;
}

const HEADS = ["minute", "requests", "requests/s", "p99 ms", "memory MB", "loop delay p99 ms", "loop delay max ms"];
const lineOf = (cells: readonly string[]): string =>
  cells.map((cell, column) => cell.padStart(HEADS[column]!.length)).join("  ");

const loopDelaysMs = async ({ adminPort }: Running): Promise<readonly string[]> => {
  const text = await (await fetch(`http://127.0.0.1:${adminPort}/metrics`)).text();
  return ["0.99", "1"].map((quantile) => {
    const name = `shadowgraph_tee_loop_delay_seconds{thread="callers",quantile="${quantile}"} `;
    const seconds = text
      .split("\n")
      .find((line) => line.startsWith(name))
      ?.slice(name.length);
    return seconds === undefined ? "-" : (Number(seconds) * 1_000).toFixed(1);
  });
};

const minuteOf = async (stage: Stage, running: Running, number: number): Promise<Minute> => {
  const { port, child } = running;
  const job = { loop: "closed", port, maxRequests: Number.MAX_SAFE_INTEGER, maxSeconds: 60 } as const;
  const { answered, seconds, p99Ms, faults } = await stage.call(job);
  const rssBytes = rssBytesOf(child!.pid!);
  const figures = [number, answered, (answered / seconds).toFixed(0), p99Ms.toFixed(2), (rssBytes / 1e6).toFixed(0)];
  say(lineOf([...figures.map(String), ...(await loopDelaysMs(running))]));
  return { rssBytes, faults };
};

const soak = async (stage: Stage, { minutes }: SoakBench): Promise<void> => {
  const running = stage.running.get(tee)!;
  say(`soak: ${minutes} minutes at full speed, mirror on: ${describeLoad(stage.scenario.load)}\n`);
  say(lineOf(HEADS));
  const seen: Minute[] = [];
  for (let number = 1; number <= minutes; number += 1) seen.push(await minuteOf(stage, running, number));
  const [first, last] = [seen[0]!, seen.at(-1)!].map(({ rssBytes }) => rssBytes / 1e6) as [number, number];
  say(`\nMemory: ${first.toFixed(0)} MB after the first minute, ${last.toFixed(0)} MB after the last.`);
  say("Loop delay: over the last ten seconds of each minute, the thread that serves callers.");
  say(describeMachine());
  judgeFaults(seen.reduce((sum, { faults }) => sum + faults, 0));
};

/** Whether the tee, mirroring as fast as callers ask, keeps its memory and loses no request. */
export const benchSoak = (bench: SoakBench): Promise<void> => play(SOAK, (stage) => soak(stage, bench));
