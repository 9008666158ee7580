import fc from "fast-check";
import { endOfHead, headerValue, headerValueIn, headerValues, parseHead } from "../../../core/capture/head.ts";
import { ShadowgraphError } from "../../../core/errors.ts";

const head = (text: string) => parseHead(Buffer.from(text, "latin1"));

test("order, case and multiplicity of header lines are kept, optional white space is not", () => {
  expect(head("GET /a HTTP/1.1\r\nHost: a\r\nX-B:  1 \t\r\nx-b:2\r\nEmpty:\r\nC: d:e\r\n\r\n")).toEqual({
    startLine: "GET /a HTTP/1.1",
    headers: [
      ["Host", "a"],
      ["X-B", "1"],
      ["x-b", "2"],
      ["Empty", ""],
      ["C", "d:e"],
    ],
  });
});

test("every byte of a value is one latin-1 character; a no-break space is no white space", () => {
  expect(head("HTTP/1.1 200 OK\r\nX: \xa0\xff\xe9\xa0\r\n\r\n").headers).toEqual([["X", "\xa0\xff\xe9\xa0"]]);
});

test("a head without headers", () => {
  expect(head("HTTP/1.1 204 No Content\r\n\r\n").headers).toEqual([]);
});

test.each([
  ["no start line", ""],
  ["an empty start line", "\r\n\r\n"],
  ["a line without a colon", "GET / HTTP/1.1\r\nHost\r\nA: b\r\n\r\n"],
  ["a line without a name", "GET / HTTP/1.1\r\n: b\r\n\r\n"],
  ["a line without an end", "GET / HTTP/1.1\r\nHost: b"],
])("%s is an internal error", (_, text) => {
  expect(() => head(text)).toThrow(ShadowgraphError);
});

test("header values are found whatever their case", () => {
  const { headers } = head("GET / HTTP/1.1\r\nACCEPT: a\r\nAccept: b\r\nX: c\r\n\r\n");
  expect(headerValue(headers, "accept")).toBe("a");
  expect(headerValues(headers, "accept")).toEqual(["a", "b"]);
  expect(headerValue(headers, "accep")).toBeUndefined();
});

test("the end of a head is found wherever it is", () => {
  const byte = fc.constantFrom(0x0d, 0x0a, 0x61);
  fc.assert(
    fc.property(fc.array(byte, { maxLength: 24 }), (list) => {
      const at = Buffer.from(list).indexOf("\r\n\r\n");
      expect(endOfHead(Buffer.from(list))).toBe(at === -1 ? -1 : at + 4);
    }),
    { numRuns: 2_000 },
  );
});

test("a header is the same whether all are read or one is looked for", () => {
  const line = fc.tuple(
    fc.constantFrom("A", "cookie", "Cookie", "COOKIE", "Cookies", "xcookie"),
    fc.constantFrom("", " a ", "\tb: c", "cookie:"),
  );
  fc.assert(
    fc.property(fc.array(line, { maxLength: 5 }), (lines) => {
      const text = `GET /cookie: HTTP/1.1\r\n${lines.map(([name, value]) => `${name}:${value}\r\n`).join("")}\r\n`;
      expect(headerValueIn(text, "cookie")).toBe(headerValue(head(text).headers, "cookie"));
    }),
  );
});
