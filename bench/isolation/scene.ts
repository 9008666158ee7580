import type { ChildProcess, ForkOptions } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { noOutcomes, OUTCOMES, type OutcomeCounts, sumOfOutcomes } from "../../core/pair/outcome.ts";
import { REFERENCE } from "../tee/load.ts";
import { startNginx } from "../tee/nginx.ts";
import { ask, freePort, listening, start } from "../tee/process.ts";
import { forkTee } from "../tee/program.ts";
import type { Lanes } from "./aws.ts";
import type { CallersJob } from "./callers.ts";
import { openGate } from "./gate.ts";
import type { Round } from "./noise.ts";
import type { TargetRequest } from "./target.ts";

/** Short, so that each fault shows all it does within a few seconds. */
const TEE_LIMITS = { MIRROR_TIMEOUT_MS: "2500", BREAKER_PROBE_MS: "500", PLAN_POLL_MS: "200", PLAN_LEASE_MS: "2000" };
const LOOK_MS = 100;
const SETTLE_MS = 12_000;

/** A proxy that callers call. */
export interface Subject {
  readonly port: number;
  readonly child: ChildProcess;
  /** How its sampled requests ended so far, in its own words; undefined where it does not count. */
  readonly counts?: () => Promise<OutcomeCounts>;
}
/** The same proxy without a mirror, with a healthy one, and with the one at fault. */
export interface Subjects {
  readonly off: Subject;
  readonly healthy: Subject;
  readonly on: Subject;
}

const SERIES = /^shadowgraph_tee_(?:sampled|outcomes)_total\{.*?(?:,outcome="(\w+)")?\} (\d+)$/gm;
const countsOf = async (adminPort: number): Promise<OutcomeCounts> => {
  const text = await (await fetch(`http://127.0.0.1:${adminPort}/metrics`)).text();
  const counts = noOutcomes();
  for (const [, outcome, value] of text.matchAll(SERIES))
    counts[OUTCOMES.find((name) => name === outcome) ?? "sampled"] += Number(value);
  return counts;
};

type Env = Readonly<Record<string, string>>;
export const startTee = async (service: string, env: Env, how: ForkOptions = {}): Promise<Subject> => {
  const [port, adminPort] = [await freePort(), await freePort()];
  const place = { SERVICE: service, TEE_ID: service, PORT: String(port), HOST: "127.0.0.1" };
  const variables = { ...process.env, ...env, ...TEE_LIMITS, ...place, ADMIN_PORT: String(adminPort) };
  const child = await forkTee(variables, { stdio: ["ignore", "inherit", "ignore", "ipc"], ...how });
  await listening(port, child, `the tee ${service}`);
  return { port, child, counts: () => countsOf(adminPort) };
};

/** Resident memory in MB: the most there ever was, and now. */
export const memoryOf = ({ child }: Subject): readonly [most: number, now: number] => {
  const status = readFileSync(`/proc/${child.pid}/status`, "utf8");
  const of = (name: string): number =>
    Math.round((Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]) * 1_024) / 1e6);
  return [of("VmHWM"), of("VmRSS")];
};

/** Its counts once all that was sampled has ended, or as they are after a while. */
export const settled = async ({ counts }: Subject): Promise<OutcomeCounts | undefined> => {
  const until = performance.now() + SETTLE_MS;
  for (;;) {
    const now = await counts?.();
    if (now === undefined || sumOfOutcomes(now) === now.sampled || performance.now() > until) return now;
    await sleep(LOOK_MS);
  }
};

/** All around the subjects, each in a process of its own: a primary, a healthy and a faulty mirror target, AWS, callers. */
export const setScene = async (folder: string) => {
  const primary = await start<{ port: number }>("responder.ts", "primary");
  const candidate = await start<{ port: number }>("responder.ts", "primary");
  const target = await start<{ port: number }>("../isolation/target.ts");
  const callers = await start("../isolation/callers.ts");
  const healthyUrl = `http://127.0.0.1:${candidate.hello.port}`;
  const faultyUrl = `http://127.0.0.1:${target.hello.port}`;
  // By name, so that what mirrors do to look-ups shows.
  const primaryUrl = `http://localhost:${primary.hello.port}`;
  const aws = await start<{
    env: Env & Record<"AWS_ENDPOINT_URL_SQS" | "AWS_ENDPOINT_URL_DYNAMODB" | "SEGMENT_QUEUE_URL", string>;
  }>("../isolation/aws.ts", primaryUrl, healthyUrl, join(folder, "aws"));
  const { env } = aws.hello;
  const queue = await openGate(env.AWS_ENDPOINT_URL_SQS);
  const planStore = await openGate(env.AWS_ENDPOINT_URL_DYNAMODB);
  const throughGates = {
    ...env,
    AWS_ENDPOINT_URL_SQS: queue.url,
    SEGMENT_QUEUE_URL: `${queue.url}${new URL(env.SEGMENT_QUEUE_URL).pathname}`,
    AWS_ENDPOINT_URL_DYNAMODB: planStore.url,
  };
  const call = (subject: Subject, connections: number): Promise<Round> =>
    ask<Round>(callers.child, { port: subject.port, connections } satisfies CallersJob);
  const nginx = async (mirrorsTo: string | undefined): Promise<Subject> => {
    const targets = {
      primary: primaryUrl,
      candidate: mirrorsTo ?? healthyUrl,
      secondary: undefined,
      certificate: undefined,
      mirrored: async () => 0,
    };
    const home = mkdtempSync(join(folder, "nginx-"));
    const started = await startNginx({ targets, load: REFERENCE, folder: home }, mirrorsTo !== undefined);
    if ("skipped" in started) throw new Error(started.skipped);
    return { port: started.port, child: started.child! };
  };
  return {
    folder,
    healthyUrl,
    faultyUrl,
    targetPort: target.hello.port,
    queue,
    planStore,
    call,
    tell: (request: TargetRequest) => ask<{ answered: number }>(target.child, request),
    plan: (lanes: Lanes) => ask(aws.child, lanes),
    tee: (service: "mirrored" | "healthy" | "unmirrored", how?: ForkOptions) =>
      startTee(service, service === "mirrored" ? throughGates : env, how),
    nginx,
    close() {
      for (const gate of [queue, planStore]) gate.close();
    },
  };
};
export type Scene = Awaited<ReturnType<typeof setScene>>;
