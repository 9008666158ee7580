import { connect, createServer } from "node:net";
import type { CountedLimit } from "../../proxy/metrics.ts";
import { answering, RawServer, startTee, talk } from "./harness.ts";

const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
const GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
const POST = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n";

interface Case {
  readonly limit: CountedLimit;
  readonly value: number;
  readonly answer: string;
  readonly sends: readonly string[];
  readonly gets: RegExp;
}

test.each<Case>([
  { limit: "maxHeadBytes", value: 20, answer: OK, sends: [GET], gets: /^HTTP\/1\.1 431 / },
  { limit: "headTimeoutMs", value: 60, answer: OK, sends: ["GET / HT"], gets: /^HTTP\/1\.1 408 / },
  { limit: "bodyIdleTimeoutMs", value: 60, answer: "", sends: [`${POST}abc`], gets: /^HTTP\/1\.1 408 / },
  { limit: "callerIdleTimeoutMs", value: 60, answer: OK, sends: [GET], gets: /\r\n\r\nok$/ },
  { limit: "primaryFirstByteTimeoutMs", value: 60, answer: "", sends: [GET], gets: /^HTTP\/1\.1 504 / },
  { limit: "primaryIdleTimeoutMs", value: 60, answer: OK.slice(0, -1), sends: [GET], gets: /\r\n\r\no$/ },
])("$limit bites, and is counted once", async ({ limit, value, answer, sends, gets }) => {
  const primary = await answering(answer).start();
  const { port, tee } = await startTee({ primary: primary.url, limits: { [limit]: value, drainIdleMs: 0 } });
  expect(await talk(port, sends)).toMatch(gets);
  expect(tee.metrics.limits).toEqual({ ...zeroed(tee.metrics.limits), [limit]: 1 });
  await tee.drain();
  await primary.stop();
});

const zeroed = (counts: object) => Object.fromEntries(Object.keys(counts).map((name) => [name, 0]));

test("a body that keeps coming slowly is no idle one", async () => {
  const primary = await new RawServer((socket, _, all) => {
    if (all.endsWith("123456789")) socket.write(OK);
  }).start();
  const { port, tee } = await startTee({ primary: primary.url, limits: { bodyIdleTimeoutMs: 300 } });
  expect(await talk(port, [POST, ..."123456789"], { gapMs: 60, until: "ok" })).toMatch(/^HTTP\/1\.1 200 /);
  await tee.drain();
  await primary.stop();
});

test("maxConnections: one more is answered 503 and closed, and served again once there is room", async () => {
  const primary = await answering(OK).start();
  const { port, tee } = await startTee({ primary: primary.url, limits: { maxConnections: 1, drainIdleMs: 0 } });
  const first = connect(port, "127.0.0.1");
  first.write(GET);
  await new Promise((resolve) => first.once("data", resolve));
  expect(await talk(port, [GET])).toMatch(/^HTTP\/1\.1 503 .*\r\nConnection: close\r\n/s);
  expect(tee.metrics).toMatchObject({ limits: { maxConnections: 1 }, refusals: { 503: 1 } });
  first.destroy();
  while (tee.read().connections > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(await talk(port, [GET], { until: "ok" })).toMatch(/^HTTP\/1\.1 200 /);
  await tee.drain();
  await primary.stop();
});

/** Takes connections without ever finishing the TLS handshake, so that none ever stands. */
const startDeaf = async () => {
  const server = createServer(() => {});
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `https://127.0.0.1:${(server.address() as { port: number }).port}`, stop: () => server.close() };
};

test("primaryConnectTimeoutMs: a connection that does not stand in time is 502", async () => {
  const deaf = await startDeaf();
  const { port, tee } = await startTee({ primary: deaf.url, limits: { primaryConnectTimeoutMs: 60 } });
  expect(await talk(port, [GET])).toMatch(/^HTTP\/1\.1 502 /);
  expect(tee.metrics.limits.primaryConnectTimeoutMs).toBe(1);
  await tee.drain();
  deaf.stop();
});

test.each([
  ["mirrorConnectTimeoutMs", startDeaf],
  ["mirrorTimeoutMs", () => answering("").start()],
] as const)("%s: the mirror has failed, and the caller has long been answered", async (limit, startCandidate) => {
  const primary = await answering(OK).start();
  const candidate = await startCandidate();
  const { port, tee, settled } = await startTee({
    primary: primary.url,
    candidate: candidate.url,
    limits: { [limit]: 60, drainIdleMs: 0 },
  });
  expect(await talk(port, [GET], { until: "ok" })).toMatch(/^HTTP\/1\.1 200 /);
  expect(await settled(1)).toMatchObject({ candidateFailed: 1 });
  expect(tee.metrics.limits[limit]).toBe(1);
  expect(tee.metrics.laneFailures.candidate.timeout).toBe(1);
  await tee.drain();
  await primary.stop();
  await candidate.stop();
});
