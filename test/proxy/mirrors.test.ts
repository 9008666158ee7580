import { connect } from "node:net";
import { answering, RawServer, startTee, type TestTee, talk, text } from "./harness.ts";

const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
const GET = "GET /a?b=c HTTP/1.1\r\nHost: shop.test:8080\r\nAccept: */*\r\n\r\n";

const cleanUps: (() => Promise<void>)[] = [];
const serve = async (server: RawServer): Promise<RawServer> => {
  cleanUps.push(() => server.stop());
  return server.start();
};
const tee = async (options: Parameters<typeof startTee>[0]): Promise<TestTee> => {
  const started = await startTee({ ...options, limits: { drainMs: 300, ...options.limits } });
  cleanUps.unshift(() => started.tee.drain());
  return started;
};
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

test("candidate and secondary get the marked copy, the primary nothing of it; all three are captured", async () => {
  const primary = await serve(answering(OK));
  const candidate = await serve(answering(OK.replace("ok", "no")));
  const secondary = await serve(answering(OK));
  const { port, pairs, settled } = await tee({
    primary: primary.url,
    candidate: candidate.url,
    secondary: secondary.url,
  });
  await talk(port, [GET], { until: OK.length });
  expect(await settled(1)).toMatchObject({ sampled: 1, compared: 1 });
  expect(primary.bytes).toBe(GET);
  expect(candidate.bytes).toBe(
    `GET /a?b=c HTTP/1.1\r\nHost: 127.0.0.1:${candidate.port}\r\nAccept: */*\r\nx-shadowgraph-lane: candidate\r\nx-shadowgraph-request-id: t-e-1\r\n\r\n`,
  );
  expect(secondary.bytes).toContain("x-shadowgraph-lane: secondary\r\n");
  const [pair] = pairs;
  expect(text(pair!.request)).toBe(GET);
  expect(text(pair!.primary.raw)).toBe(OK);
  expect(pair!.candidate).toMatchObject({ outcome: "responded" });
  expect(text((pair!.candidate as unknown as { raw: Buffer[] }).raw)).toContain("no");
  expect(pair!.secondary).toMatchObject({ outcome: "responded" });
});

test.each([
  ["keep", "Host: shop.test:8080"],
  ["shadow", "Host: shop.test-shadow:8080"],
] as const)("host policy %s", async (host, line) => {
  const primary = await serve(answering(OK));
  const candidate = await serve(answering(OK));
  const entry = {
    candidate: {
      url: `${candidate.url}/base`,
      host,
      setHeaders: { Authorization: "Bearer c" },
      removeHeaders: ["accept"],
    },
  };
  const { port, settled } = await tee({ primary: primary.url, candidate: candidate.url, entry });
  await talk(port, [GET.replace("Accept", "Authorization: Bearer p\r\nAccept")], { until: OK.length });
  await settled(1);
  expect(candidate.bytes).toContain(`GET /base/a?b=c HTTP/1.1\r\n${line}\r\nAuthorization: Bearer c\r\n`);
  expect(candidate.bytes).not.toMatch(/accept:|Bearer p/i);
});

test.each([
  ["GET http://shop.test/a?b=http://c HTTP/1.1\r\nHost: shop.test\r\n\r\n", "GET /base/a?b=http://c HTTP/1.1"],
  ["GET http://shop.test?b=c HTTP/1.1\r\nHost: shop.test\r\n\r\n", "GET /base/?b=c HTTP/1.1"],
  ["GET http://shop.test HTTP/1.1\r\nHost: shop.test\r\n\r\n", "GET /base/ HTTP/1.1"],
  ["GET /go?to=http://c HTTP/1.0\r\n\r\n", "GET /base/go?to=http://c HTTP/1.1"],
])("%j is mirrored in origin form, with a Host", async (request, line) => {
  const primary = await serve(answering(OK));
  const candidate = await serve(answering(OK));
  const entry = { candidate: { url: `${candidate.url}/base` } };
  const { port, settled } = await tee({ primary: primary.url, candidate: candidate.url, entry });
  await talk(port, [request], { until: OK.length });
  await settled(1);
  expect(candidate.bytes).toContain(`${line}\r\nHost: 127.0.0.1:${candidate.port}\r\n`);
  expect(primary.bytes).toBe(request);
});

test("a trace is continued in the copy: same trace, another parent", async () => {
  const primary = await serve(answering(OK));
  const candidate = await serve(answering(OK));
  const { port, settled } = await tee({ primary: primary.url, candidate: candidate.url });
  const trace = `traceparent: 00-${"a".repeat(32)}-${"b".repeat(16)}-01`;
  await talk(port, [GET.replace("Accept", `${trace}\r\nAccept`)], { until: OK.length });
  await settled(1);
  expect(primary.bytes).toContain(trace);
  expect(candidate.bytes).toMatch(new RegExp(`traceparent: 00-${"a".repeat(32)}-[0-9a-f]{16}-01\r\n`));
  expect(candidate.bytes).not.toContain("b".repeat(16));
});

test("a request that is marked already is served and never mirrored", async () => {
  const primary = await serve(answering(OK));
  const candidate = await serve(answering(OK));
  const { port, outcomes } = await tee({ primary: primary.url, candidate: candidate.url });
  const marked = GET.replace("Accept", "X-Shadowgraph-Lane: candidate\r\nAccept");
  expect(await talk(port, [marked], { until: OK.length })).toBe(OK);
  expect(primary.bytes).toBe(marked);
  expect(outcomes().sampled).toBe(0);
  expect(candidate.connections).toBe(0);
});

test("a write is served and not mirrored", async () => {
  const primary = await serve(answering(OK));
  const candidate = await serve(answering(OK));
  const { port, outcomes } = await tee({ primary: primary.url, candidate: candidate.url });
  const write = "DELETE /a HTTP/1.1\r\nHost: a\r\n\r\n";
  expect(await talk(port, [write], { until: OK.length })).toBe(OK);
  expect(outcomes().sampled).toBe(0);
  expect(candidate.connections).toBe(0);
});

const hanging = () => new RawServer(() => {});
const CANDIDATES: [name: string, candidate: () => RawServer, outcome: object, reason: string | undefined][] = [
  ["never answers", hanging, { candidateFailed: 1 }, "timeout"],
  [
    "resets in the middle",
    () =>
      new RawServer((socket) => socket.write("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab", () => socket.destroy())),
    { candidateFailed: 1 },
    "reset",
  ],
  ["closes without a word", () => new RawServer((socket) => socket.destroy()), { candidateFailed: 1 }, "reset"],
  [
    "answers garbage",
    () => new RawServer((socket) => socket.write("garbage\r\n\r\n")),
    { candidateFailed: 1 },
    "invalid",
  ],
  [
    "drips one byte at a time",
    () => new RawServer((socket) => setInterval(() => socket.destroyed || socket.write("H"), 20).unref()),
    { candidateFailed: 1 },
    "invalid",
  ],
  [
    "floods",
    () =>
      new RawServer((socket) => {
        socket.write("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n");
        const more = () => {
          while (!socket.destroyed && socket.write(Buffer.alloc(65_536)));
        };
        socket.on("drain", more);
        more();
      }),
    { tooLarge: 1 },
    undefined,
  ],
  [
    "is cut off by its close",
    () => new RawServer((socket) => socket.end("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nab")),
    { compared: 1 },
    undefined,
  ],
];

test.each(CANDIDATES)("a candidate that %s changes nothing for the caller", async (_name, make, outcome, reason) => {
  const primary = await serve(answering(OK));
  const candidate = await serve(make());
  const { port, pairs, settled } = await tee({
    primary: primary.url,
    candidate: candidate.url,
    limits: { mirrorTimeoutMs: 200 },
  });
  const began = performance.now();
  // On the first request of a connection and on every later one.
  expect(await talk(port, [GET, GET, GET], { gapMs: 5, until: OK.length * 3 })).toBe(OK.repeat(3));
  expect(performance.now() - began).toBeLessThan(190);
  const counts = await settled(3);
  for (const [name, count] of Object.entries(outcome)) expect(counts).toMatchObject({ [name]: count * 3 });
  if (reason !== undefined)
    expect(pairs.map((pair) => pair.candidate)).toMatchObject([{ reason }, { reason }, { reason }]);
});

test("a candidate that is not there is a failure: refused", async () => {
  const primary = await serve(answering(OK));
  const gone = await answering(OK).start();
  await gone.stop();
  const { port, pairs, settled } = await tee({ primary: primary.url, candidate: gone.url });
  expect(await talk(port, [GET], { until: OK.length })).toBe(OK);
  expect(await settled(1)).toMatchObject({ candidateFailed: 1 });
  expect(pairs[0]!.candidate).toMatchObject({ outcome: "failed", reason: "refused" });
});

test("a kept connection that the candidate closed is no failure of the candidate: the mirror goes again on a new one", async () => {
  const primary = await serve(answering(OK));
  const candidate = await serve(
    new RawServer((socket, _chunk, all) => {
      if (all.split("\r\n\r\n").length > 2) socket.destroy();
      else socket.write(OK);
    }),
  );
  const { port, settled } = await tee({ primary: primary.url, candidate: candidate.url });
  for (let i = 0; i < 4; i++) await talk(port, [GET], { until: OK.length });
  expect(await settled(4)).toMatchObject({ compared: 4 });
  expect(candidate.connections).toBe(4);
});

test("over the cap of mirrors in flight the mirror is shed and counted", async () => {
  const primary = await serve(answering(OK));
  const candidate = await serve(hanging());
  const { port, settled } = await tee({
    primary: primary.url,
    candidate: candidate.url,
    limits: { maxMirrorsInFlight: 2, mirrorTimeoutMs: 300 },
  });
  for (let i = 0; i < 5; i++) await talk(port, [GET], { until: OK.length });
  expect(await settled(5)).toMatchObject({ sampled: 5, shedInFlight: 3, candidateFailed: 2 });
});

test("over the memory budget the copy is shed and counted, the caller served; the memory comes back", async () => {
  const answer = `HTTP/1.1 200 OK\r\nContent-Length: 50000\r\n\r\n${"x".repeat(50_000)}`;
  const primary = await serve(answering(answer));
  const candidate = await serve(answering(OK));
  const { port, settled } = await tee({
    primary: primary.url,
    candidate: candidate.url,
    limits: { maxCopyBytes: 20_000 },
  });
  for (let i = 0; i < 3; i++) expect((await talk(port, [GET], { until: answer.length })).length).toBe(answer.length);
  expect(await settled(3)).toMatchObject({ shedMemory: 3 });
});

test("a caller that goes away is an outcome of its own", async () => {
  const primary = await serve(new RawServer(() => {}));
  const candidate = await serve(answering(OK));
  const { port, settled, outcomes } = await tee({ primary: primary.url, candidate: candidate.url });
  const socket = connect(port, "127.0.0.1");
  socket.write(GET);
  while (outcomes().sampled === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  socket.resetAndDestroy();
  expect(await settled(1)).toMatchObject({ abortedByCaller: 1 });
});

test("draining: requests end, the caller is told to close, no new connection is taken", async () => {
  const primary = await serve(new RawServer((socket) => setTimeout(() => socket.write(OK), 80)));
  const { port, tee: proxy } = await tee({ primary: primary.url, limits: { drainMs: 2_000 } });
  const answered = talk(port, [GET]);
  await new Promise((resolve) => setTimeout(resolve, 40));
  const drained = proxy.drain();
  expect(await answered).toBe("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");
  await drained;
  await expect(talk(port, [GET])).resolves.toBe("");
});
