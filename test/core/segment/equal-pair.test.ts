import fc from "fast-check";
import { requestOf, respondedOf } from "../../../core/capture/message.ts";
import { ShadowgraphError } from "../../../core/errors.ts";
import { noOutcomes } from "../../../core/pair/outcome.ts";
import { decodeSegment, encodePairs, PairWriter } from "../../../core/segment/codec.ts";
import { equalPairOf, type RawEqual } from "../../../core/segment/equal-pair.ts";
import { storePair } from "../../../core/segment/stub.ts";
import { options } from "./store-options.ts";

const stamp = { tee: "tee", epoch: "epoch", seq: 0 };
const OPENED_AT = 1_700_000_000_000;

const written = (write: (pairs: PairWriter) => void) => {
  const pairs = new PairWriter(stamp, OPENED_AT);
  write(pairs);
  const times = { openedAt: OPENED_AT, closedAt: OPENED_AT };
  const head = { id: "i", env: "e", run: "r", stamp, ...times, control: "none", outcomes: noOutcomes() } as const;
  return decodeSegment(encodePairs(head, pairs)).pairs;
};

/** The long way: everything is read, and nothing kept. */
const storedOf = ({ number, at, caller, request, answer, ms }: RawEqual) =>
  storePair(
    {
      request: requestOf(request, { id: `tee-epoch-${number}`, at, caller }),
      primary: respondedOf(answer, ms.primary),
      candidate: respondedOf(answer, ms.candidate),
      ...(ms.secondary === undefined ? {} : { secondary: respondedOf(answer, ms.secondary) }),
    },
    options,
  );

const line = fc.constantFrom("Host: h", "Cookie: a=b", "COOKIE:c", "authorization:  Basic eA== ", "X: cookie: z");
const start = fc.constantFrom("GET /orders/7?a=b", "HEAD /", "OPTIONS *", "POST http://h/users/1");
const request = fc
  .tuple(fc.constantFrom("", "\r\n"), start, fc.array(line, { maxLength: 4 }), fc.constantFrom("", "body"))
  .map(([before, first, lines, body]) => `${before}${[`${first} HTTP/1.1`, ...lines].join("\r\n")}\r\n\r\n${body}`);
const answer = fc.constantFrom(
  "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
  "\r\nHTTP/1.1 200 OK\r\nTiming-Allow-Origin: *\r\nContent-Length: 2\r\n\r\nok",
  "HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\n\r\n",
  "HTTP/1.1 200 OK\r\nA: b\r\ntransfer-encoding: gzip, Chunked\r\n\r\n2\r\nok\r\n1\r\n!\r\n0\r\n\r\n",
  "HTTP/1.0 404 Not Found\r\n\r\n2\r\nok\r\n0\r\n\r\n",
  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: gzip\r\n\r\n2\r\nok",
);
const ms = fc.nat(100_000).map((n) => n / 1_000);
const raw: fc.Arbitrary<RawEqual> = fc.record({
  number: fc.nat(),
  at: fc.nat().map((n) => OPENED_AT + n),
  caller: fc.constantFrom("10.0.0.1", "10.0.0.2"),
  request: request.map((text) => Buffer.from(text)),
  answer: answer.map((text) => Buffer.from(text)),
  ms: fc.record({ primary: ms, candidate: ms, secondary: fc.option(ms, { nil: undefined }) }),
});

test("pairs that are equal to the byte are written as if all of them had been read", () => {
  fc.assert(
    fc.property(fc.array(raw, { maxLength: 5 }), (raws) => {
      const short = written((pairs) => raws.forEach((one) => void pairs.addEqual(equalPairOf(one, options))));
      const long = written((pairs) => raws.forEach((one) => void pairs.add(storedOf(one))));
      expect(short).toEqual(long);
      expect(short).toEqual(raws.map(storedOf));
    }),
  );
});

test.each([
  ["no request", "GET HTTP/1.1\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n"],
  ["no answer", "GET / HTTP/1.1\r\n\r\n", "ICY 200 OK\r\n\r\n"],
  ["no end of a head", "GET / HTTP/1.1\r\n", "HTTP/1.1 200 OK\r\n\r\n"],
  ["broken chunks", "GET / HTTP/1.1\r\n\r\n", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc"],
])("bytes with %s are an internal error", (_, sent, answered) => {
  const bytes = { request: Buffer.from(sent), answer: Buffer.from(answered) };
  const ms = { primary: 1, candidate: 1, secondary: undefined };
  expect(() => equalPairOf({ number: 1, at: 1, caller: "", ...bytes, ms }, options)).toThrow(ShadowgraphError);
});
