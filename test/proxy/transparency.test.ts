import { connect } from "node:net";
import { answering, PROBED, RawServer, startTee, type TestTee, talk, text } from "./harness.ts";

const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
const running: { stop(): Promise<void> }[] = [];
const tees: TestTee[] = [];

const serve = async (server: RawServer): Promise<RawServer> => {
  running.push(server);
  return server.start();
};
const tee = async (options: Parameters<typeof startTee>[0]): Promise<TestTee> => {
  const started = await startTee(options);
  tees.push(started);
  return started;
};

afterEach(async () => {
  for (const started of tees.splice(0)) await started.tee.drain();
  for (const server of running.splice(0)) await server.stop();
});

const REQUESTS: [name: string, request: string, answer: string][] = [
  ["a GET", "GET /a?b=c HTTP/1.1\r\nHoSt:  x.test \r\nX-Odd:\tvalue\r\nx-odd: 2\r\n\r\n", OK],
  ["a head in odd case and order", "GET / HTTP/1.1\r\naccept: */*\r\nHOST: a\r\nCookie: a=b; c=d\r\n\r\n", OK],
  ["a body by length", "POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab\0\xffe", OK],
  [
    "a chunked body with extension and trailer",
    "POST /p HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTrailer: X-T\r\n\r\n3;x=1\r\nabc\r\n2\r\nde\r\n0\r\nX-T: 1\r\n\r\n",
    OK,
  ],
  [
    "a chunked answer with a trailer",
    "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
    "HTTP/1.1 200 Fine\r\nTransfer-Encoding: chunked\r\nTrailer: X-T\r\n\r\n3\r\nabc\r\n0\r\nX-T: 1\r\n\r\n",
  ],
  [
    "an answer to HEAD with a length",
    "HEAD / HTTP/1.1\r\nHost: a\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n",
  ],
  ["204", "GET / HTTP/1.1\r\nHost: a\r\n\r\n", "HTTP/1.1 204 No Content\r\nX: y\r\n\r\n"],
  ["304 with a length", "GET / HTTP/1.1\r\nHost: a\r\n\r\n", "HTTP/1.1 304 Not Modified\r\nContent-Length: 7\r\n\r\n"],
  ["an interim answer", "GET / HTTP/1.1\r\nHost: a\r\n\r\n", `HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n${OK}`],
  [
    "a latin-1 header",
    "GET / HTTP/1.1\r\nHost: a\r\nX: caf\xe9\r\n\r\n",
    "HTTP/1.1 200 OK\r\nX: \xfc\r\nContent-Length: 0\r\n\r\n",
  ],
  [
    "an answer without a reason phrase",
    "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
    "HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n",
  ],
  ["absolute form", "GET http://a/x HTTP/1.1\r\nHost: a\r\n\r\n", OK],
  ["asterisk form", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", OK],
  ["empty lines before the start line", "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", OK],
];

/** Answers once the whole request has come. */
const answerWhenWhole = (request: string, answer: string): RawServer =>
  new RawServer((socket, chunk, all) => {
    if (all.length >= request.length && all.length - chunk.length < request.length) socket.write(answer, "latin1");
  });

test.each(REQUESTS)("%s passes byte for byte, both ways", async (_name, request, answer) => {
  const primary = await serve(answerWhenWhole(request, answer));
  const candidate = await serve(answering(OK));
  const { port } = await tee({ primary: primary.url, candidate: candidate.url });
  const got = await talk(port, [request], { until: answer.length });
  expect(got).toBe(answer);
  expect(primary.bytes).toBe(request);
});

test.each(REQUESTS)("%s passes when it comes byte by byte", async (_name, request, answer) => {
  const primary = await serve(answerWhenWhole(request, answer));
  const { port } = await tee({ primary: primary.url });
  expect(await talk(port, [...request], { until: answer.length })).toBe(answer);
  expect(primary.bytes).toBe(request);
});

test("a request split at every byte is captured the same", async () => {
  const request = "POST /p HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n";
  const entry = { ...PROBED, sampling: { match: { methods: ["POST"] } } };
  const primary = await serve(
    new RawServer((socket, _chunk, all) => {
      if (all.endsWith("0\r\n\r\n")) socket.write(OK);
    }),
  );
  const candidate = await serve(
    new RawServer((socket, _chunk, all) => {
      if (all.endsWith("0\r\n\r\n")) socket.write(OK);
    }),
  );
  const { port, pairs, settled } = await tee({ primary: primary.url, candidate: candidate.url, entry });
  for (let at = 1; at < request.length; at++)
    await talk(port, [request.slice(0, at), request.slice(at)], { until: OK.length, gapMs: 1 });
  await settled(request.length - 1);
  expect(new Set(pairs.map((pair) => text(pair.request)))).toEqual(new Set([request]));
});

test("pipelined requests are answered in order, and each is mirrored", async () => {
  const primary = await serve(answering((head) => OK.replace("ok", head.slice(5, 7))));
  const candidate = await serve(answering(OK));
  const { port, settled } = await tee({ primary: primary.url, candidate: candidate.url });
  const request = (n: number) => `GET /${n} HTTP/1.1\r\nHost: a\r\n\r\n`;
  const numbers = Array.from({ length: 30 }, (_, i) => i + 10);
  const got = await talk(port, [numbers.map(request).join("")], { until: OK.length * 30 });
  expect(got).toBe(numbers.map((n) => OK.replace("ok", `${n}`)).join(""));
  expect(primary.connections).toBe(1);
  expect(await settled(30)).toMatchObject({ sampled: 30, compared: 30 });
});

test("an answer that comes before the request is whole reaches the caller, and the rest still reaches the primary", async () => {
  const head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n";
  let isAnswered = false;
  const primary = await serve(
    new RawServer((socket) => {
      if (!isAnswered) socket.write(OK);
      isAnswered = true;
    }),
  );
  const { port } = await tee({ primary: primary.url });
  const got = await talk(port, [`${head}01234`, "56789", "GET / HTTP/1.1\r\nHost: a\r\n\r\n"], {
    gapMs: 50,
    until: "never",
    end: true,
  });
  expect(got).toBe(OK);
  expect(primary.bytes).toBe(`${head}0123456789GET / HTTP/1.1\r\nHost: a\r\n\r\n`);
});

test("the body of an answer that lasts until the close passes, and the caller's connection ends with it", async () => {
  const answer = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nall of it";
  const primary = await serve(new RawServer((socket) => socket.end(answer)));
  const candidate = await serve(answering(OK));
  const { port, pairs, settled } = await tee({ primary: primary.url, candidate: candidate.url });
  expect(await talk(port, ["GET / HTTP/1.0\r\n\r\n"])).toBe(answer);
  await settled(1);
  expect(text(pairs[0]!.primary.raw)).toBe(answer);
});

test("bytes that are no HTTP answer pass through to the close, unmirrored and counted", async () => {
  const primary = await serve(new RawServer((socket) => socket.end("\x00\x01 not http at all")));
  const candidate = await serve(answering(OK));
  const { port, settled } = await tee({ primary: primary.url, candidate: candidate.url });
  expect(await talk(port, ["GET / HTTP/1.1\r\nHost: a\r\n\r\n"])).toBe("\x00\x01 not http at all");
  expect(await settled(1)).toMatchObject({ primaryFailed: 1 });
});

test("100-continue: the caller waits for the primary's word, the candidate gets the body at once", async () => {
  const head = "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n";
  const primary = await serve(
    new RawServer((socket, _chunk, all) => {
      if (all === head) socket.write("HTTP/1.1 100 Continue\r\n\r\n");
      if (all.endsWith("abc")) socket.write(OK);
    }),
  );
  const candidate = await serve(
    new RawServer((socket, _chunk, all) => {
      if (all.endsWith("abc")) socket.write(OK);
    }),
  );
  const entry = { ...PROBED, sampling: { match: { methods: ["POST"] } } };
  const { port, pairs, settled } = await tee({ primary: primary.url, candidate: candidate.url, entry });
  const socket = connect(port, "127.0.0.1");
  let got = "";
  socket.write(head);
  await new Promise<void>((resolve) => {
    socket.on("data", (chunk) => {
      got += chunk;
      if (got === "HTTP/1.1 100 Continue\r\n\r\n") socket.write("abc");
      if (got.endsWith("ok")) resolve();
    });
  });
  socket.destroy();
  expect(got).toBe(`HTTP/1.1 100 Continue\r\n\r\n${OK}`);
  await settled(1);
  expect(candidate.bytes.toLowerCase()).not.toContain("expect:");
  expect(text(pairs[0]!.primary.raw)).toBe(OK);
});

test("a WebSocket is tunnelled and not mirrored", async () => {
  const primary = await serve(
    new RawServer((socket, chunk, all) => {
      if (all.endsWith("\r\n\r\n"))
        socket.write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\nhello");
      else socket.write(chunk);
    }),
  );
  const candidate = await serve(answering(OK));
  const { port, settled } = await tee({ primary: primary.url, candidate: candidate.url });
  const request = "GET /chat HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n";
  const got = await talk(port, [request, "\x81\x00frames"], { gapMs: 50, until: "frames" });
  expect(got).toContain("101 Switching");
  expect(got).toContain("hello");
  expect(await settled(1)).toMatchObject({ unsupported: 1 });
  expect(candidate.connections).toBe(0);
});

test("another upgrade that the primary accepts is broken off with 502", async () => {
  const primary = await serve(
    answering("HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n"),
  );
  const { port } = await tee({ primary: primary.url });
  const got = await talk(port, ["GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n"]);
  expect(got).toMatch(/^HTTP\/1\.1 502 /);
});

test("of another upgrade's 101 that comes in two pieces nothing reaches the caller", async () => {
  const primary = await serve(
    new RawServer((socket) => {
      socket.write("HTTP/1.1 101 Switching Proto");
      setTimeout(() => socket.write("cols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\nframes"), 50);
    }),
  );
  const { port } = await tee({ primary: primary.url });
  const got = await talk(port, ["GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n"]);
  expect(got).not.toMatch(/101|frames/);
  expect(got).toMatch(/^HTTP\/1\.1 502 /);
});

test("an upgrade that the primary declines leaves an ordinary connection", async () => {
  const primary = await serve(answering(OK));
  const { port } = await tee({ primary: primary.url });
  const asked = "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n";
  expect(await talk(port, [asked, "GET /2 HTTP/1.1\r\nHost: a\r\n\r\n"], { gapMs: 30, until: OK.length * 2 })).toBe(
    OK + OK,
  );
});

test("a 64 MB answer streams with backpressure and is not copied beyond the cap", async () => {
  const chunk = Buffer.alloc(65_536, "x");
  const primary = await serve(
    new RawServer((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${chunk.length * 1_000}\r\n\r\n`);
      let left = 1_000;
      const more = () => {
        while (left > 0) {
          left--;
          if (!socket.write(chunk)) {
            socket.once("drain", more);
            return;
          }
        }
      };
      more();
    }),
  );
  const candidate = await serve(answering(OK));
  const { port, settled } = await tee({ primary: primary.url, candidate: candidate.url });
  const socket = connect(port, "127.0.0.1");
  socket.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  let bytes = 0;
  await new Promise<void>((resolve) => {
    socket.on("data", (data) => {
      bytes += data.length;
      if (bytes >= chunk.length * 1_000) resolve();
    });
  });
  socket.destroy();
  expect(await settled(1)).toMatchObject({ tooLarge: 1 });
});

test("half-close: a caller that has said all still gets its answer", async () => {
  const primary = await serve(
    new RawServer((socket) => {
      setTimeout(() => socket.write(OK), 30);
    }),
  );
  const { port } = await tee({ primary: primary.url });
  expect(await talk(port, ["GET / HTTP/1.1\r\nHost: a\r\n\r\n"], { end: true })).toBe(OK);
});
