// The callers: an open loop at a fixed rate, the same moments on every port, a few requests on each connection. Started by `fork`.
import { connect } from "node:net";
import { eachId, requestOf } from "../tee/load.ts";

export interface CallersJob {
  readonly ports: readonly number[];
  readonly connections: number;
}
export interface Latency {
  readonly p50Ms: number;
  readonly p99Ms: number;
}
/** What callers of one port saw: on the first request of a connection, connecting included, and on the later ones. */
export interface Seen {
  readonly first: Latency;
  readonly later: Latency;
  readonly requests: number;
  readonly failed: number;
}

export const REQUESTS_PER_CONNECTION = 5;
export const REQUESTS_PER_SECOND = 250;
const BETWEEN_REQUESTS_MS = 20;
const TIMEOUT_MS = 10_000;

const requests = eachId((id) => Buffer.from(requestOf(id)));
const sleepUntil = (at: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, Math.max(0, at - performance.now())));

/** Latencies of one connection, from the moment a request was due; cut short where one failed. */
const session = (port: number, number: number): Promise<readonly number[]> =>
  new Promise((resolve) => {
    const dueAt = performance.now();
    const due = (index: number): number => dueAt + index * BETWEEN_REQUESTS_MS;
    const latencies: number[] = [];
    const socket = connect({ port, host: "127.0.0.1", noDelay: true });
    let got = "";
    const send = (): void => {
      socket.write(requests[(number * 7 + latencies.length) % requests.length]!);
    };
    const end = (): void => {
      socket.destroy();
      resolve(latencies);
    };
    socket.setTimeout(TIMEOUT_MS, end);
    socket.on("connect", send);
    socket.on("error", end);
    socket.on("close", end);
    socket.on("data", async (chunk) => {
      got += chunk.toString("latin1");
      const length = Number(/\r\ncontent-length: *(\d+)/i.exec(got)?.[1] ?? Number.POSITIVE_INFINITY);
      if (got.length < got.indexOf("\r\n\r\n") + 4 + length) return;
      if (!got.startsWith("HTTP/1.1 200")) return end();
      got = "";
      latencies.push(performance.now() - due(latencies.length));
      if (latencies.length === REQUESTS_PER_CONNECTION) return end();
      await sleepUntil(due(latencies.length));
      send();
    });
  });

const latencyOf = (values: readonly number[]): Latency => {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return { p50Ms: at(0.5), p99Ms: at(0.99) };
};

const seenOf = (sessions: readonly (readonly number[])[]): Seen => {
  const answered = sessions.reduce((sum, { length }) => sum + length, 0);
  return {
    first: latencyOf(sessions.flatMap((latencies) => latencies.slice(0, 1))),
    later: latencyOf(sessions.flatMap((latencies) => latencies.slice(1))),
    requests: answered,
    failed: sessions.length * REQUESTS_PER_CONNECTION - answered,
  };
};

const call = async ({ ports, connections }: CallersJob): Promise<readonly Seen[]> => {
  const all: Promise<readonly number[]>[][] = ports.map(() => []);
  const everyMs = (1_000 * REQUESTS_PER_CONNECTION) / REQUESTS_PER_SECOND;
  const startAt = performance.now();
  for (let number = 0; number < connections; number += 1) {
    await sleepUntil(startAt + number * everyMs);
    // Each port comes first as often as the others.
    for (let turn = 0; turn < ports.length; turn += 1) {
      const index = (number + turn) % ports.length;
      all[index]!.push(session(ports[index]!, number));
    }
  }
  return Promise.all(all.map(async (sessions) => seenOf(await Promise.all(sessions))));
};

if (process.send !== undefined) {
  process.on("message", (job: CallersJob) => void call(job).then((seen) => process.send?.(seen)));
  process.on("disconnect", () => process.exit(0));
  process.send({ ready: true });
}
