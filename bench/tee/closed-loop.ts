import { type Connection, openConnection } from "./connection.ts";
import type { Calling, Calls, ClosedJob } from "./generator.ts";

/** Every connection of the load asks, waits for the answer, and asks again. */
export const closedLoop = async (
  { load, requests }: Calling,
  { port, maxRequests, maxSeconds }: ClosedJob,
): Promise<Calls> => {
  const startedAt = performance.now();
  const endAt = startedAt + maxSeconds * 1_000;
  const latenciesMs: number[] = [];
  let sent = 0;
  let faults = 0;

  const caller = (): Promise<void> =>
    new Promise((resolve) => {
      let connection: Connection | undefined;
      let sentAt = 0;
      const next = (): void => {
        sentAt = performance.now();
        if (sent >= maxRequests || sentAt >= endAt) {
          connection?.close();
          return resolve();
        }
        connection ??= openConnection(port, { answered, broke });
        connection.send(requests[sent++ % requests.length]!);
      };
      const answered = (isOk: boolean): void => {
        latenciesMs.push(performance.now() - sentAt);
        if (!isOk) faults += 1;
        if (load.reconnects) {
          connection?.close();
          connection = undefined;
        }
        next();
      };
      const broke = (): void => {
        faults += 1;
        resolve();
      };
      next();
    });

  await Promise.all(Array.from({ length: load.connections }, caller));
  return { latenciesMs, faults, seconds: (performance.now() - startedAt) / 1_000 };
};
