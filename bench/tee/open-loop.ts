import { Worker } from "node:worker_threads";
import { type Beat, type Due, nowMs } from "./clock.ts";
import { type Connection, openConnection } from "./connection.ts";
import type { Calling, Calls, OpenJob } from "./generator.ts";

/**
 * Requests fall due by the clock, evenly, and wait where every connection is busy. Latency counts from when a request was due, so
 * that a subject which stalls is charged for all that it kept waiting, not for the few that it had in hand (coordinated omission).
 */
export const openLoop = (
  { load, requests }: Calling,
  { port, requestsPerSecond, warmUpSeconds, seconds }: OpenJob,
): Promise<Calls> =>
  new Promise((resolve) => {
    const everyMs = 1_000 / requestsPerSecond;
    const counted = Math.round(warmUpSeconds * requestsPerSecond);
    const beats = counted + Math.round(seconds * requestsPerSecond);
    const latenciesMs: number[] = [];
    const idle: Caller[] = [];
    let startAt = 0;
    let due = 0;
    let sent = 0;
    let ended = 0;
    let open = 0;
    let faults = 0;

    const openCaller = (): Caller => {
      let index: number | undefined;
      const end = (): void => {
        index = undefined;
        ended += 1;
      };
      const connection = openConnection(port, {
        answered(isOk) {
          if (!isOk) faults += 1;
          if (index! >= counted) latenciesMs.push(nowMs() - startAt - index! * everyMs);
          end();
          idle.push(caller);
          send();
        },
        broke() {
          open -= 1;
          if (index === undefined) return void idle.splice(idle.indexOf(caller), 1);
          faults += 1;
          end();
          send();
        },
      });
      const caller: Caller = {
        connection,
        take(taken) {
          index = taken;
          connection.send(requests[taken % requests.length]!);
        },
      };
      open += 1;
      return caller;
    };

    /** All connections are opened first, in the warm-up; then the one that is idle for longest is taken. */
    const free = (): Caller | undefined => (open < load.connections ? openCaller() : idle.shift());

    const send = (): void => {
      while (sent < due) {
        const caller = free();
        if (caller === undefined) return;
        caller.take(sent++);
      }
      if (ended < beats) return;
      for (const { connection } of idle) connection.close();
      resolve({ latenciesMs, faults, seconds });
    };

    const clock = new Worker(new URL("clock.ts", import.meta.url), { workerData: { everyMs, beats } satisfies Beat });
    clock.on("message", (message: Due) => {
      startAt = message.startAt;
      due = message.due;
      send();
    });
  });

interface Caller {
  readonly connection: Connection;
  /** Sends the request of this number. */
  take(index: number): void;
}
