import { fork } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { sumOfOutcomes } from "../../core/pair/outcome.ts";
import { ask, freePort, keep, listening, start } from "../tee/process.ts";
import type { AwsRequest, Counts } from "./aws.ts";
import type { CallersJob, Seen } from "./callers.ts";
import { openGate } from "./gate.ts";
import type { TargetRequest } from "./target.ts";

/** Short, so that each fault shows all it does within a few seconds. */
const TEE_LIMITS = { MIRROR_TIMEOUT_MS: "2500", BREAKER_PROBE_MS: "500", PLAN_POLL_MS: "200", PLAN_LEASE_MS: "2000" };
const LOOK_MS = 200;
const SETTLE_MS = 12_000;

const startTee = async (id: string, env: Readonly<Record<string, string>>) => {
  const port = await freePort();
  const variables = {
    ...process.env,
    ...env,
    ...TEE_LIMITS,
    SERVICE: id,
    TEE_ID: id,
    PORT: String(port),
    HOST: "127.0.0.1",
  };
  const program = fileURLToPath(new URL("../../proxy/main.ts", import.meta.url));
  const child = keep(fork(program, { env: variables, stdio: ["ignore", "inherit", "ignore", "ipc"] }));
  await listening(port, child, `the tee ${id}`);
  return { port, pid: child.pid! };
};

const rssBytesOf = (pid: number): number =>
  Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) * 1_024;

/** All processes of the matrix: one primary, a healthy and a faulty mirror target, one tee that mirrors, two that do not. */
export const setScene = async (folder: string) => {
  const primary = await start<{ port: number }>("responder.ts", "primary");
  const healthy = await start<{ port: number }>("responder.ts", "primary");
  const target = await start<{ port: number }>("../isolation/target.ts");
  const callers = await start("../isolation/callers.ts");
  const [primaryUrl, healthyUrl] = [primary, healthy].map(({ hello }) => `http://127.0.0.1:${hello.port}`) as [
    string,
    string,
  ];
  const aws = await start<{ env: Record<string, string> }>("../isolation/aws.ts", primaryUrl, join(folder, "aws"));
  const { env } = aws.hello;
  const queue = await openGate(env.AWS_ENDPOINT_URL_SQS!);
  const planStore = await openGate(env.AWS_ENDPOINT_URL_DYNAMODB!);
  const throughGates = {
    ...env,
    AWS_ENDPOINT_URL_SQS: queue.url,
    SEGMENT_QUEUE_URL: `${queue.url}${new URL(env.SEGMENT_QUEUE_URL!).pathname}`,
    AWS_ENDPOINT_URL_DYNAMODB: planStore.url,
  };
  const mirrored = await startTee("mirrored", throughGates);
  const off = [await startTee("unmirrored", env), await startTee("unmirrored", env)];

  const counts = (): Promise<Counts> => ask<Counts>(aws.child, { ask: "counts" } satisfies AwsRequest);
  return {
    healthyUrl,
    targetPort: target.hello.port,
    queue,
    planStore,
    counts,
    tell: (request: TargetRequest) => ask<{ answered: number }>(target.child, request),
    plan: (candidate: string, secondary: string) =>
      ask(aws.child, { ask: "plan", candidate, secondary } satisfies AwsRequest),
    /** Callers of the mirroring tee alone. */
    probe: (connections: number) =>
      ask<Seen[]>(callers.child, { ports: [mirrored.port], connections } satisfies CallersJob),
    /** Callers of all three tees at the same moments: mirror on, off and off, and the first one's largest memory meanwhile. */
    async measure(connections: number) {
      let peakBytes = 0;
      const watch = setInterval(() => {
        peakBytes = Math.max(peakBytes, rssBytesOf(mirrored.pid));
      }, 50);
      const ports = [mirrored.port, ...off.map(({ port }) => port)];
      const [on, offA, offB] = await ask<[Seen, Seen, Seen]>(callers.child, {
        ports,
        connections,
      } satisfies CallersJob);
      clearInterval(watch);
      return { on, offA, offB, peakBytes };
    },
    /** The tee's counts once all that was sampled has ended, or as they are after a while. */
    async settled(isWhole: (counts: Counts) => boolean): Promise<Counts> {
      const until = performance.now() + SETTLE_MS;
      for (;;) {
        const now = await counts();
        if ((isWhole(now) && sumOfOutcomes(now) === now.sampled) || performance.now() > until) return now;
        await sleep(LOOK_MS);
      }
    },
  };
};
export type Scene = Awaited<ReturnType<typeof setScene>>;
