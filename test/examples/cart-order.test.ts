import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { sendLoad } from "../../examples/load.ts";
import { createOrdersServer, type OrdersOptions } from "../../examples/orders/server.ts";
import { cartRequestsOf } from "../../examples/orders/traffic.ts";
import type { RawPair } from "../../proxy/batch.ts";
import { PROBED, startTee, type TestTee, text } from "../proxy/harness.ts";

// Carts are state: what a session reads depends on its writes before. The candidate takes longer for a write than the callers do
// until their next request, so that without an order reads overtake the writes before them.

const REQUESTS = 300;
const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

const start = async (options: OrdersOptions): Promise<string> => {
  const server: Server = createOrdersServer(options);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  cleanUps.push(() => new Promise((resolve) => server.close(resolve)));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

const shop = async (orderBy?: object): Promise<TestTee> => {
  const candidate = await start({ role: "overlay", seed: 2, writeMs: 100 });
  const tee = await startTee({
    primary: await start({ role: "baseline", seed: 1 }),
    candidate,
    entry: {
      candidate: { url: candidate },
      ...PROBED,
      sampling: { match: { methods: ["GET", "POST"] } },
      ...(orderBy === undefined ? {} : { orderBy }),
    },
    limits: { drainMs: 300, maxOrderWaitingPerKey: REQUESTS },
  });
  cleanUps.unshift(() => tee.tee.drain());
  return tee;
};

const cartIn = (raw: readonly Buffer[]): object => {
  const { servedAt: _, requestId: __, ...cart } = JSON.parse(text(raw).split("\r\n\r\n")[1]!);
  return cart;
};
const differing = (pairs: readonly RawPair[]): number =>
  pairs.filter(({ primary, candidate }) => {
    if (candidate.outcome !== "responded") return true;
    return JSON.stringify(cartIn(primary.raw)) !== JSON.stringify(cartIn(candidate.raw));
  }).length;

/** Twenty sessions; each has one request under way at a time, as a caller has who waits for the answer, on any of the connections. */
const shopping = async ({ port, settled }: TestTee): Promise<number> => {
  const url = `http://127.0.0.1:${port}`;
  const sessions = Array.from({ length: 20 }, async (_, number) => {
    const each = { url, requests: REQUESTS / 20, connections: 1 };
    const named = function* () {
      for (const request of cartRequestsOf(number, 1)) yield { ...request, session: `s${number}` };
      throw new Error("there is no end of them");
    };
    return (await sendLoad(named(), each)).failed;
  });
  const failed = (await Promise.all(sessions)).reduce((sum, each) => sum + each, 0);
  expect(await settled(REQUESTS)).toMatchObject({ sampled: REQUESTS, compared: REQUESTS });
  return failed;
};

test("carts differ because reads overtake writes; with orderBy none does, and callers get their answers as before", async () => {
  const unordered = await shop();
  expect(await shopping(unordered)).toBe(0);
  expect(differing(unordered.pairs)).toBeGreaterThan(0);

  const ordered = await shop({ cookie: "session" });
  expect(await shopping(ordered)).toBe(0);
  expect(differing(ordered.pairs)).toBe(0);
});
