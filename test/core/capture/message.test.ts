import fc from "fast-check";
import { requestOf, respondedOf } from "../../../core/capture/message.ts";
import { ShadowgraphError } from "../../../core/errors.ts";

const META = { id: "t-e-1", at: 1_700_000_000_000, caller: "10.0.0.1" };
const bytes = (text: string) => Buffer.from(text, "latin1");
const text = (body: Uint8Array) => Buffer.from(body).toString("latin1");

test("a request as the caller sent it", () => {
  const request = requestOf(bytes("POST /a?b=1 HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc"), META);
  expect(request).toMatchObject({ ...META, method: "POST", target: "/a?b=1" });
  expect(request.headers).toEqual([
    ["Host", "h"],
    ["Content-Length", "3"],
  ]);
  expect(text(request.body)).toBe("abc");
});

test.each(["http://shop.example/a", "*", "/a%20b", "/\xe9"])("the target %s stays as it was", (target) => {
  expect(requestOf(bytes(`OPTIONS ${target} HTTP/1.1\r\nHost: h\r\n\r\n`), META).target).toBe(target);
});

test.each([
  ["HTTP/1.1 200 OK", 200],
  ["HTTP/1.0 404 Not Found", 404],
  ["HTTP/1.1 503 ", 503],
  ["HTTP/1.1 599", 599],
])("the status of %s", (line, status) => {
  const responded = respondedOf(bytes(`${line}\r\n\r\n`), 1.5);
  expect(responded).toMatchObject({ outcome: "responded", status, ms: 1.5 });
  expect(responded.body).toHaveLength(0);
});

test.each([
  ["one chunk", "3\r\nabc\r\n0\r\n\r\n", "abc"],
  ["chunks with extensions and trailers", "3;a=b\r\nabc\r\nA \r\n0123456789\r\n0\r\nX-Sum: 1\r\n\r\n", "abc0123456789"],
  ["line ends inside chunks", "4\r\n\r\n\r\n\r\n0\r\n\r\n", "\r\n\r\n"],
  ["leading zeros", "0003\r\nabc\r\n0\r\n\r\n", "abc"],
  ["no content", "0\r\n\r\n", ""],
  ["no body at all, as after HEAD", "", ""],
])("a chunked body: %s", (_, framed, body) => {
  const raw = `HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, Chunked\r\n\r\n${framed}`;
  expect(text(respondedOf(bytes(raw), 1).body)).toBe(body);
});

test("a body without chunked framing is left alone, whatever it looks like", () => {
  expect(text(respondedOf(bytes("HTTP/1.1 200 OK\r\n\r\n3\r\nabc\r\n0\r\n\r\n"), 1).body)).toBe(
    "3\r\nabc\r\n0\r\n\r\n",
  );
});

test("empty lines before a request are no part of it", () => {
  expect(requestOf(bytes("\r\n\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n"), META).method).toBe("GET");
});

const CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
test.each([
  ["no head", "HTTP/1.1 200 OK\r\n"],
  ["no status", "HTTP/1.1 OK\r\n\r\n"],
  ["a status that is no number", "HTTP/1.1 2x0 OK\r\n\r\n"],
  ["another protocol", "ICY 200 OK\r\n\r\n"],
  ["a chunk cut short", `${CHUNKED}5\r\nabc`],
  ["no last chunk", `${CHUNKED}3\r\nabc\r\n`],
  ["a chunk size that is no number", `${CHUNKED}g\r\n`],
  ["rubbish behind a chunk size", `${CHUNKED}3x\r\nabc\r\n0\r\n\r\n`],
  ["a chunk size beyond reason", `${CHUNKED}${"f".repeat(20)}\r\nabc\r\n0\r\n\r\n`],
  ["a chunk longer than its size", `${CHUNKED}2\r\nabc\r\n0\r\n\r\n`],
])("bytes with %s are an internal error", (_, raw) => {
  expect(() => respondedOf(bytes(raw), 1)).toThrow(ShadowgraphError);
});

test("a request without a target is an internal error", () => {
  expect(() => requestOf(bytes("GET HTTP/1.1\r\n\r\n"), META)).toThrow(ShadowgraphError);
});

test("whatever is chunked comes back", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ minLength: 1 })), (chunks) => {
      const framed = chunks.map((c) => Buffer.concat([bytes(`${c.length.toString(16)}\r\n`), c, bytes("\r\n")]));
      const raw = Buffer.concat([bytes(CHUNKED), ...framed, bytes("0\r\n\r\n")]);
      expect(Buffer.compare(respondedOf(raw, 1).body, Buffer.concat(chunks))).toBe(0);
    }),
  );
});

test("any bytes are read or an internal error, nothing else", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), fc.constantFrom("", CHUNKED, "GET / HTTP/1.1\r\n"), (rest, start) => {
      try {
        respondedOf(Buffer.concat([bytes(start), rest]), 1);
      } catch (error) {
        expect((error as ShadowgraphError).code).toBe("internal");
      }
    }),
  );
});
