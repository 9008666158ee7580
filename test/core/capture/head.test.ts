import { headerValue, headerValues, parseHead } from "../../../core/capture/head.ts";
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
