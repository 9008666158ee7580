import { connect } from "node:net";
import { cleanUp, collaborator, startGuard } from "./harness.ts";

afterEach(cleanUp);

/** mulberry32. */
const seeded = (seed: number) => () => {
  seed = (seed + 0x6d2b79f5) | 0;
  let mixed = Math.imul(seed ^ (seed >>> 15), seed | 1);
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
};

const PIECES = [
  "GET / HTTP/1.1\r\n",
  "POST /charges HTTP/1.1\r\n",
  "CONNECT a:1 HTTP/1.1\r\n",
  "GET http:// HTTP/1.1\r\n",
  "OPTIONS * HTTP/1.1\r\n",
  ...[
    "Host: a\r\n",
    "Host: \r\n",
    "Content-Length: 3\r\n",
    "Content-Length: x\r\n",
    "Transfer-Encoding: chunked\r\n",
    "Upgrade: websocket\r\n",
  ],
  ...[
    "Connection: upgrade\r\n",
    "Expect: 100-continue\r\n",
    "traceparent: 00-\r\n",
    "X: \u0000\r\n",
    "\r\n",
    "abc",
    "3\r\nabc\r\n0\r\n\r\n",
    "\n",
    "\xff\xfe",
  ],
];

test("whatever bytes come at its ports, a write does not escape, and the guard answers on", async () => {
  const payments = await collaborator();
  const { at, observed, calls, shared, guard } = await startGuard({
    payments: { url: payments.url, port: 0, observe: 0 },
  });
  const random = seeded(7);
  const send = (url: string): Promise<void> =>
    new Promise((done) => {
      const count = 1 + Math.floor(random() * 7);
      const bytes = Array.from({ length: count }, () => PIECES[Math.floor(random() * PIECES.length)]).join("");
      const socket = connect(Number(new URL(url).port), "127.0.0.1", () => socket.end(bytes, "latin1"));
      socket.on("error", () => {}).on("close", () => done());
      socket.resume();
      setTimeout(() => socket.destroy(), 150).unref();
    });
  const doors = [at.payments!, shared, calls];
  for (let round = 0; round < 40; round++) await Promise.all(doors.map(send));
  expect(payments.asked.filter(({ method }) => method !== "GET" && method !== "OPTIONS")).toEqual([]);
  for (let round = 0; round < 20; round++) await send(observed.payments!);
  expect(await (await fetch(`${at.payments}/a`)).text()).toContain("it answers GET /a");
  expect(await (await fetch(`${observed.payments}/a`, { method: "POST", body: "1" })).text()).toContain(
    "it answers POST /a 1",
  );
  expect(guard.counts.faults).toBe(0);
}, 30_000);
