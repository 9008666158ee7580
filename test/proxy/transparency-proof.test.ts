import fc from "fast-check";
import { answering, RawServer, startTee, type TestTee, talk } from "./harness.ts";

// A recorder behind the tee and one in front: bytes in are bytes out, both ways, while every request is mirrored.

const FIELDS = [
  "",
  "HOST-LIKE: x\r\naccept:*/*\r\nACCEPT: text/plain\r\nAccept:\t\tx \r\n",
  "Cookie: a=b; c=d\r\ncookie: e=f\r\nX-Empty:\r\nX-Latin: caf\xe9 \xff\r\n",
  "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\nAuthorization: Basic Zm9v\r\n",
  "x-shadowgraph-lane: candidate\r\nx-shadowgraph-request-id: mine\r\n",
];
const METHODS = ["GET", "HEAD", "POST", "PUT", "OPTIONS"];
const BODIES = [
  "\r\n",
  "Content-Length: 4\r\n\r\n\0\xff\r\n",
  "content-length:0\r\n\r\n",
  'TRANSFER-encoding: Chunked\r\nTrailer: X-T\r\n\r\n3;x="y"\r\nabc\r\n0\r\nX-T:  1 \r\n\r\n',
];
const ANSWERS = [
  "HTTP/1.1 200 OK\r\ncontent-LENGTH:3\r\nSet-Cookie: a=b\r\nset-cookie: c=d\r\n\r\n\0\xff\n",
  "HTTP/1.1 299 \xe9\r\nTransfer-Encoding: chunked\r\n\r\n2;e=f\r\nab\r\n0\r\nX-T: y\r\n\r\n",
  "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 404 Not here\r\nX:\t y\r\nContent-Length: 0\r\n\r\n",
  'HTTP/1.1 304 \r\nContent-Length: 77\r\nETag: W/"x"\r\n\r\n',
];

interface Case {
  readonly method: string;
  readonly fields: string;
  readonly body: string;
  readonly answer: string;
}

let answers: string[] = [];
let requests: string[] = [];
let primary: RawServer;
let mirror: RawServer;
let tee: TestTee;
beforeAll(async () => {
  // One request at a time reaches the primary: it answers once the bytes of the next one have come.
  primary = await new RawServer((socket, _chunk, all) => {
    if (requests.length > 0 && all.endsWith(requests[0]!)) {
      requests.shift();
      socket.write(answers.shift()!, "latin1");
    }
  }).start();
  mirror = await answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").start();
  tee = await startTee({ primary: primary.url, candidate: mirror.url });
});
afterAll(async () => {
  await tee.tee.drain();
  await primary.stop();
  await mirror.stop();
});

const bytesOf = ({ method, fields, body }: Case, n: number): string =>
  `${method} /${n}?q=%20 HTTP/1.1\r\n${fields}hOsT:  a.test \r\n${body}`;

const prove = async (cases: readonly Case[]): Promise<void> => {
  const sent = cases.map(bytesOf);
  const expected = cases.map(({ method, answer }) =>
    method === "HEAD" ? `${answer.split("\r\n\r\n")[0]!.replace(/^HTTP\/1.1 103/, "HTTP/1.1 203")}\r\n\r\n` : answer,
  );
  requests = [...sent];
  answers = [...expected];
  primary.received.length = 0;
  const got = await talk(tee.port, [sent.join("")], { until: expected.join("").length });
  expect(got).toBe(expected.join(""));
  expect(primary.bytes).toBe(sent.join(""));
};

test("hand-made: 200 requests and answers of every shape pass byte for byte", async () => {
  let count = 0;
  for (const fields of FIELDS)
    for (const method of METHODS)
      for (const body of BODIES) {
        const of = (answer: string): Case => ({ method, fields, body, answer });
        const shapes = [ANSWERS[count % ANSWERS.length]!, ANSWERS[(count + 1) % ANSWERS.length]!];
        await prove(shapes.map(of));
        count += shapes.length;
      }
  expect(count).toBeGreaterThanOrEqual(200);
});

const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9!#$%&'*+.^|~-]{0,12}$/);
const text = fc.stringMatching(/^[\t !-~\x80-\xff]{0,24}$/);
const field = fc
  .tuple(name, text)
  .filter(([of]) => !/^(host|connection|upgrade|expect|content-length|transfer-encoding|proxy-connection)$/i.test(of))
  .map(([of, value]) => `${of}:${value}\r\n`);
const generated = fc.record({
  method: fc.constantFrom(...METHODS),
  fields: fc.array(field, { maxLength: 6 }).map((all) => all.join("")),
  body: fc.constantFrom(...BODIES),
  answer: fc
    .tuple(fc.array(field, { maxLength: 4 }), fc.constantFrom(...ANSWERS))
    .map(([all, answer]) => answer.replace(/\r\n/, () => `\r\n${all.join("")}`)),
});

test("generated: 1 000 requests and answers pass byte for byte", async () => {
  const four = fc.array(generated, { minLength: 4, maxLength: 4 });
  await fc.assert(fc.asyncProperty(four, prove), { numRuns: 250, endOnFailure: true });
}, 60_000);

test("what the mirror gets is marked; what came with a mark of its own is not among it", () => {
  expect(mirror.bytes).toContain("x-shadowgraph-lane: candidate\r\nx-shadowgraph-request-id: t-e-");
  expect(mirror.bytes).not.toContain("x-shadowgraph-request-id: mine");
});
