// The callers: a closed loop over raw keep-alive sockets, a bounded number of requests. Started by `fork`, one job a message.
import { connect } from "node:net";
import { eachId, requestOf } from "./load.ts";

export interface Job {
  readonly port: number;
  readonly connections: number;
  readonly requests: number;
}
export interface Load {
  readonly answered: number;
  /** Connections that broke, answers other than 200. */
  readonly faults: number;
  readonly seconds: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

const TIMEOUT_MS = 120_000;
const requests = eachId((id) => Buffer.from(requestOf(id)));

const lengthOf = (head: string): number => {
  const length = /\r\ncontent-length: *(\d+)/i.exec(head);
  return length === null ? 0 : Number(length[1]);
};

const load = ({ port, connections, requests: total }: Job): Promise<Load> => {
  const startedAt = performance.now();
  const latencies = new Float64Array(total);
  let sent = 0;
  let answered = 0;
  let faults = 0;

  const caller = (): Promise<void> =>
    new Promise((resolve) => {
      const socket = connect({ port, host: "127.0.0.1", noDelay: true });
      let sentAt = 0;
      let head = "";
      let missing = 0;
      const next = (): void => {
        if (sent >= total) {
          socket.off("end", broke).end();
          resolve();
          return;
        }
        sentAt = performance.now();
        // 7 has no factor in common with the 1000 requests: all are sent, and neighbours differ.
        socket.write(requests[(sent * 7) % requests.length]!);
        sent += 1;
      };
      const complete = (): void => {
        latencies[answered] = performance.now() - sentAt;
        answered += 1;
        if (!head.startsWith("HTTP/1.1 200")) faults += 1;
        head = "";
        next();
      };
      const broke = (): void => {
        faults += 1;
        resolve();
      };
      socket.setTimeout(TIMEOUT_MS, () => socket.destroy(new Error("no answer")));
      socket.once("error", broke);
      socket.once("connect", next);
      socket.once("end", broke);
      // One request is under way on a connection, so nothing follows an answer.
      socket.on("data", (chunk) => {
        if (missing > 0) {
          missing -= chunk.length;
          if (missing <= 0) complete();
          return;
        }
        head += chunk.toString("latin1");
        const end = head.indexOf("\r\n\r\n");
        if (end < 0) return;
        missing = end + 4 + lengthOf(head.slice(0, end)) - head.length;
        if (missing <= 0) complete();
      });
    });

  return Promise.all(Array.from({ length: connections }, caller)).then(() => {
    const sorted = latencies.subarray(0, answered).sort();
    const at = (share: number): number => sorted[Math.min(answered - 1, Math.floor(answered * share))] ?? 0;
    const seconds = (performance.now() - startedAt) / 1000;
    return { answered, faults, seconds, p50Ms: at(0.5), p99Ms: at(0.99) };
  });
};

process.on("message", (job: Job) => {
  void load(job).then((result) => process.send?.(result));
});
process.on("disconnect", () => process.exit(0));
process.send?.({ ready: true });
