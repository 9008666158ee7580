import { Agent, get } from "node:http";
import { connect, createServer, type Socket } from "node:net";
import { answering, startTee, type TestTee } from "./harness.ts";

const CALLERS = 32;
const REPLACEMENTS = 4;

/** Passes each connection to the next tee that is in service. */
const startBalancer = async (inService: TestTee[]) => {
  let turn = 0;
  const server = createServer({ allowHalfOpen: true }, (caller: Socket) => {
    const tee = connect({ port: inService[turn++ % inService.length]!.port, host: "127.0.0.1", allowHalfOpen: true });
    caller.on("error", () => tee.destroy());
    tee.on("error", () => caller.destroy());
    caller.pipe(tee);
    tee.pipe(caller);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { port: (server.address() as { port: number }).port, close: () => server.close() };
};

const askOnce = (port: number, agent: Agent): Promise<{ status: number | undefined; closes: boolean }> =>
  new Promise((resolve, reject) => {
    get({ port, host: "127.0.0.1", agent }, (response) => {
      const closes = response.headers.connection === "close";
      response.resume();
      response.on("end", () => resolve({ status: response.statusCode, closes }));
      response.on("error", reject);
    }).on("error", reject);
  });

test("tees are drained and replaced under keep-alive load, and no caller notices", async () => {
  const primary = await answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok").start();
  const start = () =>
    startTee({ primary: primary.url, candidate: primary.url, limits: { drainDelayMs: 100, drainIdleMs: 2_000 } });
  const inService = [await start(), await start()];
  const balancer = await startBalancer(inService);
  const agent = new Agent({ keepAlive: true, maxSockets: CALLERS });
  let isOver = false;
  const seen = { answered: 0, closes: 0, failed: [] as unknown[] };
  const call = async (caller: number) => {
    while (!isOver) {
      try {
        const { status, closes } = await askOnce(balancer.port, agent);
        if (status === 200) seen.answered++;
        else seen.failed.push(status);
        if (closes) seen.closes++;
      } catch (error) {
        seen.failed.push(error);
      }
      // Some callers ask without a pause, others seldom: their connections are idle when the drain begins.
      await new Promise((resolve) => setTimeout(resolve, (caller % 4) * 100));
    }
  };
  const callers = Array.from({ length: CALLERS }, (_, caller) => call(caller));
  for (let replaced = 0; replaced < REPLACEMENTS; replaced++) {
    const old = inService[replaced % 2]!;
    inService[replaced % 2] = await start();
    await old.tee.drain();
    expect(old.tee.read()).toMatchObject({ connections: 0, mirrorsInFlight: 0 });
  }
  isOver = true;
  await Promise.all(callers);
  expect(seen.failed).toEqual([]);
  // How many connections the agent keeps, and so has told to close, is a matter of how fast answers come.
  expect(seen.closes).toBeGreaterThanOrEqual(CALLERS / 2);
  agent.destroy();
  balancer.close();
  await Promise.all(inService.map(({ tee }) => tee.drain()));
  await primary.stop();
}, 60_000);

test("a connection that says nothing is closed when its grace is over, with an end and not a reset", async () => {
  const primary = await answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").start();
  const { port, tee } = await startTee({ primary: primary.url, limits: { drainIdleMs: 200 } });
  const socket = connect(port, "127.0.0.1");
  const events: string[] = [];
  for (const event of ["end", "error"]) socket.on(event, () => events.push(event));
  socket.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  await new Promise((resolve) => socket.once("data", resolve));
  const began = Date.now();
  await tee.drain();
  expect(Date.now() - began).toBeGreaterThanOrEqual(200);
  expect(events).toEqual(["end"]);
  await primary.stop();
});
