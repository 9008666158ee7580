import { answering, type RawServer, startTee, type TestTee, talk } from "./harness.ts";

const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

const REFUSED: [name: string, request: string, status: number][] = [
  ["no Host", "GET / HTTP/1.1\r\nX: y\r\n\r\n", 400],
  ["two Hosts", "GET / HTTP/1.1\r\nHost: a\r\nhost: b\r\n\r\n", 400],
  [
    "length and chunked (CL.TE)",
    "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    400,
  ],
  [
    "chunked and length (TE.CL)",
    "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n",
    400,
  ],
  [
    "an unknown transfer coding last",
    "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, x\r\n\r\n0\r\n\r\n",
    400,
  ],
  ["two different lengths", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc", 400],
  ["a signed length", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +3\r\n\r\nabc", 400],
  ["a bad chunk size", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0x3\r\nabc\r\n0\r\n\r\n", 400],
  ["bare LF", "GET / HTTP/1.1\nHost: a\n\n", 400],
  ["bare CR in a value", "GET / HTTP/1.1\r\nHost: a\r\nX: b\rc\r\n\r\n", 400],
  ["a folded line", "GET / HTTP/1.1\r\nHost: a\r\nX: b\r\n c\r\n\r\n", 400],
  ["NUL in a value", "GET / HTTP/1.1\r\nHost: a\r\nX: b\0c\r\n\r\n", 400],
  ["space before the colon", "GET / HTTP/1.1\r\nHost: a\r\nX : b\r\n\r\n", 400],
  ["Transfer-Encoding in HTTP/1.0", "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400],
  ["HTTP/2.0 as a version", "GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505],
  ["HTTP/0.9", "GET /\r\n\r\n", 400],
  ["another protocol", "OPTIONS / RTSP/1.0\r\nHost: a\r\n\r\n", 505],
  ["CONNECT", "CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n", 405],
  ["a TLS hello", "\x16\x03\x01\x02\x00\x01\x00", 400],
  ["a head over the limit", `GET / HTTP/1.1\r\nHost: a\r\nX: ${"y".repeat(70_000)}\r\n\r\n`, 431],
  ["a head over the limit that never ends", `GET / HTTP/1.1\r\nHost: a\r\nX: ${"y".repeat(70_000)}`, 431],
];

let primary: RawServer;
let tee: TestTee;
beforeAll(async () => {
  primary = await answering(OK).start();
  tee = await startTee({ primary: primary.url });
});
afterAll(async () => {
  await tee.tee.drain();
  await primary.stop();
});

test.each(REFUSED)("%s is refused, and the primary sees nothing of it", async (_name, request, status) => {
  const before = primary.bytes;
  const got = await talk(tee.port, [request]);
  expect(got).toMatch(new RegExp(`^HTTP/1\\.1 ${status} [\\s\\S]*Connection: close\r\n\r\nshadowgraph tee: `));
  expect(primary.bytes).toBe(before);
});

test("a bad chunk after a good beginning breaks the request off, at the primary too", async () => {
  const head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
  const silent = await (await import("./harness.ts")).answering(() => "").start();
  const own = await startTee({ primary: silent.url });
  const got = await talk(own.port, [`${head}3\r\nabc\r\n`, "zz\r\n"], { gapMs: 30 });
  expect(got).toMatch(/^HTTP\/1\.1 400 /);
  expect(silent.bytes).toBe(`${head}3\r\nabc\r\n`);
  await own.tee.drain();
  await silent.stop();
});

test("bytes after a request that closes are not passed on", async () => {
  const before = primary.bytes.length;
  const request = "GET /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
  await talk(tee.port, [`${request}GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n`]);
  expect(primary.bytes.slice(before)).toBe(request);
});

test("a primary that is not there: 502, and served as soon as it is", async () => {
  const gone = await answering(OK).start();
  const { port } = gone;
  await gone.stop();
  const own = await startTee({ primary: `http://127.0.0.1:${port}` });
  expect(await talk(own.port, ["GET / HTTP/1.1\r\nHost: a\r\n\r\n"])).toMatch(/^HTTP\/1\.1 502 [\s\S]*not reachable/);
  await own.tee.drain();
});

test("a head that drips in is given up at one deadline: 408", async () => {
  const own = await startTee({ primary: primary.url, limits: { headTimeoutMs: 120 } });
  const began = Date.now();
  const got = await talk(own.port, [..."GET / HTTP/1.1\r\nHost: abcdefghijklmnopqrstuvwxyz"], { gapMs: 30 });
  expect(got).toMatch(/^HTTP\/1\.1 408 /);
  expect(Date.now() - began).toBeLessThan(1_500);
  await own.tee.drain();
});

test("a primary that stays silent: 504", async () => {
  const silent = await answering(() => "").start();
  const own = await startTee({ primary: silent.url, limits: { primaryFirstByteTimeoutMs: 80 } });
  expect(await talk(own.port, ["GET / HTTP/1.1\r\nHost: a\r\n\r\n"])).toMatch(/^HTTP\/1\.1 504 /);
  await own.tee.drain();
  await silent.stop();
});
