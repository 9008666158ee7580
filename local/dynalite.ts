import { once } from "node:events";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import dynalite from "dynalite";

/** DynamoDB on this machine alone. */
export interface LocalTables {
  readonly url: string;
  close(): Promise<void>;
}

/** What is still at work when the last client is gone; reading from a closed LevelDB would throw in the middle of it. */
const quietMs = 100;

/** dynalite on a free port of 127.0.0.1; its LevelDB is in `folder`. */
export const startDynalite = async (folder: string): Promise<LocalTables> => {
  letIteratorsReturn();
  const server = dynalite({ path: folder, createTableMs: 0 });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      await sleep(quietMs);
      const closed = new Promise<void>((resolve, reject) =>
        server.close((fault) => (fault ? reject(fault) : resolve())),
      );
      server.closeIdleConnections();
      await closed;
    },
  };
};

/**
 * dynalite 4.0.0 ends the iterator of a query by `return`, which abstract-level's iterators do not have, so none is ever
 * closed: each query keeps some 50 KB for good, a gigabyte in an hour of a tee that polls its plan. This gives them one.
 */
const letIteratorsReturn = (): void => {
  const level = createRequire(import.meta.resolve("dynalite")).resolve("level");
  const { AbstractIterator } = createRequire(level)("abstract-level");
  const ofAllIterators = Object.getPrototypeOf(AbstractIterator.prototype);
  ofAllIterators.return ??= function close(this: { close(): Promise<void> }) {
    return this.close();
  };
};
