// The callers: an open loop at a fixed rate, a few requests on each connection. Started by `fork`; told a port, calls it for a round.
import { connect } from "node:net";
import { eachId, requestOf } from "../tee/load.ts";
import type { Round } from "./noise.ts";

export interface CallersJob {
  readonly port: number;
  readonly connections: number;
}

export const REQUESTS_PER_CONNECTION = 5;
export const REQUESTS_PER_SECOND = 500;
const BETWEEN_REQUESTS_MS = 20;
const TIMEOUT_MS = 5_000;

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

const call = async ({ port, connections }: CallersJob): Promise<Round> => {
  const everyMs = (1_000 * REQUESTS_PER_CONNECTION) / REQUESTS_PER_SECOND;
  const startAt = performance.now();
  const all: Promise<readonly number[]>[] = [];
  for (let number = 0; number < connections; number += 1) {
    await sleepUntil(startAt + number * everyMs);
    all.push(session(port, number));
  }
  const sessions = await Promise.all(all);
  return {
    first: sessions.flatMap((latencies) => latencies.slice(0, 1)),
    later: sessions.flatMap((latencies) => latencies.slice(1)),
    failed: sessions.reduce((sum, { length }) => sum + REQUESTS_PER_CONNECTION - length, 0),
  };
};

if (process.send !== undefined) {
  process.on("message", (job: CallersJob) => void call(job).then((round) => process.send?.(round)));
  process.on("disconnect", () => process.exit(0));
  process.send({ ready: true });
}
