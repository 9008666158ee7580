import { startTee, type TestTee, talk } from "./harness.ts";
import { HABITS, readAsTee, readSloppily, sloppyUpstream, strictUpstream, type Upstream } from "./sloppy.ts";

// What an attacker may send to make two servers disagree on where a request ends. Each attempt is refused before an upstream
// sees a byte of it, or passed on such that the tee, a strict upstream (node:http) and every sloppy one read the same requests.

const NEXT = "GET /next HTTP/1.1\r\nHost: a\r\n\r\n";
const SMUGGLED = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";
const LAST_CHUNK = "0\r\n\r\n";

const post = (fields: string, body = ""): string => `POST / HTTP/1.1\r\nHost: a\r\n${fields}\r\n${body}`;
const get = (fields: string): string => `GET / HTTP/1.1\r\n${fields}\r\n`;
const line = (startLine: string): string => `${startLine}\r\nHost: a\r\n\r\n`;
const coded = (value: string): string => post(`Transfer-Encoding:${value}\r\n`, `${LAST_CHUNK}${SMUGGLED}`);
const sized = (value: string): string => post(`Content-Length:${value}\r\n`, "abc");
const chunked = (body: string): string => post("Transfer-Encoding: chunked\r\n", body);
const hosted = (host: string): string => `GET / HTTP/1.1\r\nHost: ${host}\r\n\r\n`;

type Attempt = readonly [name: string, request: string];

const REFUSED: Readonly<Record<number, readonly Attempt[]>> = {
  400: [
    // Two lengths in one message, RFC 9112 6.1-6.3.
    ["CL.TE", post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", `${LAST_CHUNK}${SMUGGLED}`)],
    ["TE.CL", post("Transfer-Encoding: chunked\r\nContent-Length: 4\r\n", `2b\r\n${SMUGGLED}\r\n${LAST_CHUNK}`)],
    ["CL.TE with a length of zero", post("Content-Length: 0\r\nTransfer-Encoding: chunked\r\n", LAST_CHUNK)],
    ["CL.TE where TE is no coding", post("Content-Length: 5\r\nTransfer-Encoding: x\r\n", "abcde")],
    ["CL.TE in HTTP/1.0", "POST / HTTP/1.0\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"],
    ["TE in HTTP/1.0", "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"],
    // Transfer-Encoding in disguise, RFC 9112 6.1 and 7.
    ["TE: xchunked", coded(" xchunked")],
    ["TE: x chunked", coded(" x chunked")],
    ["TE: chunked x", coded(" chunked x")],
    ["TE: x;chunked", coded(" x;chunked")],
    ["TE: chunked;q=1", coded(" chunked;q=1")],
    ["TE: a quoted chunked", coded(' "chunked"')],
    ["TE: chunked in single quotes", coded(" 'chunked'")],
    ["TE: chunked, chunked", coded(" chunked, chunked")],
    ["TE: chunked with an empty element behind", coded(" chunked,")],
    ["TE: chunked, identity", coded(" chunked, identity")],
    ["TE: chunked, gzip", coded(" chunked, gzip")],
    ["TE: identity", coded(" identity")],
    ["TE: vertical tab before", coded(" \x0bchunked")],
    ["TE: vertical tab behind", coded(" chunked\x0b")],
    ["TE: form feed before", coded(" \x0cchunked")],
    ["TE: a tab behind, which is legal and yet refused", coded(" chunked\t")],
    ["TE: NUL behind", coded(" chunked\0")],
    ["TE: no-break space before", coded(" \xa0chunked")],
    ["TE: byte FF behind", coded(" chunked\xff")],
    ["TE: bare LF before", coded("\n chunked")],
    ["TE: bare CR before", coded("\r chunked")],
    ["TE: folded", coded("\r\n chunked")],
    ["TE: folded with a tab", coded("\r\n\tchunked")],
    ["TE twice", coded(" chunked\r\nTransfer-Encoding: chunked")],
    ["TE: chunked, then identity", coded(" chunked\r\nTransfer-Encoding: identity")],
    ["TE: identity, then chunked", coded(" identity\r\nTransfer-Encoding: chunked")],
    ["TE: empty, then chunked", coded("\r\nTransfer-Encoding: chunked")],
    ["TE: chunked, then another case", coded(" chunked\r\ntransfer-encoding: x")],
    ["TE with a space before the colon", post("Transfer-Encoding : chunked\r\n", LAST_CHUNK)],
    ["TE with a tab before the colon", post("Transfer-Encoding\t: chunked\r\n", LAST_CHUNK)],
    ["TE behind a space", post(" Transfer-Encoding: chunked\r\n", LAST_CHUNK)],
    ["TE behind a bare CR", post("X: y\rTransfer-Encoding: chunked\r\n", LAST_CHUNK)],
    ["TE behind a bare LF", post("X: y\nTransfer-Encoding: chunked\r\n", LAST_CHUNK)],
    ["TE with NUL in its name", post("Transfer\0-Encoding: chunked\r\n", LAST_CHUNK)],
    ["TE with an underscore", post("Transfer_Encoding: chunked\r\n", LAST_CHUNK)],
    ["Content_Length", post("Content_Length: 5\r\n", "abcde")],
    // Content-Length, RFC 9110 8.6 and RFC 9112 6.3.
    ["two different lengths", sized(" 3\r\nContent-Length: 0")],
    ["the same length twice", sized(" 3\r\nContent-Length: 3")],
    ["a list of the same length", sized(" 3, 3")],
    ["a list of lengths", sized(" 0, 3")],
    ["+3", sized(" +3")],
    ["-3", sized(" -3")],
    ["0x3", sized(" 0x3")],
    ["3.0", sized(" 3.0")],
    ["3e0", sized(" 3e0")],
    ["3 3", sized(" 3 3")],
    ["'3'", sized(" '3'")],
    ["3;", sized(" 3;")],
    ["3 and NUL", sized(" 3\0")],
    ["3 and a vertical tab", sized(" 3\x0b")],
    ["a tab behind the length, which is legal and yet refused", sized(" 3\t")],
    ["an empty length", sized("")],
    ["a folded length", sized(" 0\r\n 3")],
    ["a length over 64 bits that wraps to 3", sized(" 18446744073709551619")],
    ["a length of 40 digits", sized(` ${"9".repeat(40)}`)],
    ["arabic digits", sized(" \xd9\xa3")],
    ["a length with a space before the colon", post("Content-Length : 3\r\n", "abc")],
    // Chunks, RFC 9112 7.1.
    ["a chunk size of 0x3", chunked(`0x3\r\nabc\r\n${LAST_CHUNK}`)],
    ["a chunk size of +3", chunked(`+3\r\nabc\r\n${LAST_CHUNK}`)],
    ["a chunk size of -1", chunked(`-1\r\nabc\r\n${LAST_CHUNK}`)],
    ["a chunk size of 0_3", chunked(`0_3\r\nabc\r\n${LAST_CHUNK}`)],
    ["no chunk size", chunked(`\r\nabc\r\n${LAST_CHUNK}`)],
    ["a chunk size of no hex", chunked(`g\r\nabc\r\n${LAST_CHUNK}`)],
    ["a space before the chunk size", chunked(` 3\r\nabc\r\n${LAST_CHUNK}`)],
    ["a space behind the chunk size", chunked(`3 \r\nabc\r\n${LAST_CHUNK}`)],
    ["a tab behind the chunk size", chunked(`3\t\r\nabc\r\n${LAST_CHUNK}`)],
    ["a chunk size over 64 bits", chunked(`10000000000000003\r\nabc\r\n${LAST_CHUNK}`)],
    ["bare LF behind the chunk size", chunked(`3\nabc\r\n${LAST_CHUNK}`)],
    ["bare CR behind the chunk size", chunked(`3\rabc\r\n${LAST_CHUNK}`)],
    ["NUL behind the chunk size", chunked(`3\0\r\nabc\r\n${LAST_CHUNK}`)],
    ["a chunk longer than its size", chunked(`3\r\nabcd\r\n${LAST_CHUNK}`)],
    ["bare LF behind the chunk", chunked(`3\r\nabc\n${LAST_CHUNK}`)],
    ["bare CR behind the chunk", chunked(`3\r\nabc\r${LAST_CHUNK}`)],
    ["nothing behind the chunk", chunked(`3\r\nabc${LAST_CHUNK}`)],
    ["bare LF in a chunk extension's name", chunked(`3;x\nabc\r\n${LAST_CHUNK}`)],
    ["bare LF in a chunk extension's value", chunked(`2;x=y\nab\r\n2b\r\n${SMUGGLED}\r\n${LAST_CHUNK}`)],
    ["bare LF in a quoted chunk extension", chunked(`3;x="\n"\r\nabc\r\n${LAST_CHUNK}`)],
    ["bare CR in a chunk extension", chunked(`3;x=y\rz\r\nabc\r\n${LAST_CHUNK}`)],
    ["CRLF in a quoted chunk extension", chunked(`3;x="\r\n"\r\nabc\r\n${LAST_CHUNK}`)],
    ["NUL in a chunk extension", chunked(`3;x=\0\r\nabc\r\n${LAST_CHUNK}`)],
    ["an empty chunk extension", chunked(`3;\r\nabc\r\n${LAST_CHUNK}`)],
    ["a chunk extension with spaces", chunked(`3; x = y\r\nabc\r\n${LAST_CHUNK}`)],
    ["bare LF behind the last chunk", chunked("0\n\r\n")],
    ["bare LF at the end of the body", chunked("0\r\n\n")],
    ["a trailer with bare LF", chunked("0\r\nX: y\n\r\n")],
    ["a folded trailer", chunked("0\r\nX: y\r\n z\r\n\r\n")],
    ["a trailer that sets a length, RFC 9110 6.5.1", chunked(`0\r\nContent-Length: 33\r\n\r\n${SMUGGLED}`)],
    ["a trailer that sets a coding", chunked(`0\r\nTransfer-Encoding: chunked\r\n\r\n${LAST_CHUNK}`)],
    ["a trailer that sets another coding", chunked(`0\r\nTransfer-Encoding: gzip\r\n\r\n${LAST_CHUNK}`)],
    // Line ends and control bytes, RFC 9112 2.2 and 5, RFC 9110 5.5.
    ["bare LF in all lines", "GET / HTTP/1.1\nHost: a\n\n"],
    ["bare LF behind the start line", "GET / HTTP/1.1\nHost: a\r\n\r\n"],
    ["bare LF behind a field", get("Host: a\nX: y\r\n")],
    ["bare LF at the end of the head", "GET / HTTP/1.1\r\nHost: a\r\n\n"],
    ["bare CR in all lines", "GET / HTTP/1.1\rHost: a\r\r"],
    ["bare CR behind the start line", "GET / HTTP/1.1\rHost: a\r\n\r\n"],
    ["bare CR in a value", get("Host: a\r\nX: b\rc\r\n")],
    ["bare CR before a field", get("Host: a\r\n\rX: y\r\n")],
    ["CR CR LF", get("Host: a\r\r\n")],
    ["CR CR LF at the end of the head", "GET / HTTP/1.1\r\nHost: a\r\n\r\r\n\r\n"],
    ["LF CR", "GET / HTTP/1.1\n\rHost: a\n\r\n\r"],
    ["a folded value", get("Host: a\r\nX: b\r\n c\r\n")],
    ["a folded value with a tab", get("Host: a\r\nX: b\r\n\tc\r\n")],
    ["a folded Host", get("Host: a\r\n b\r\n")],
    ["a space before the first field", get(" Host: a\r\nX: y\r\n")],
    ["a tab before the first field", get("\tX: y\r\nHost: a\r\n")],
    ["a space before the start line", line(" GET / HTTP/1.1")],
    ["a space before the colon", get("Host: a\r\nX : y\r\n")],
    ["a tab before the colon", get("Host: a\r\nX\t: y\r\n")],
    ["Host with a space before the colon", get("Host : a\r\n")],
    ["a field without a name", get("Host: a\r\n: y\r\n")],
    ["a field without a colon", get("Host: a\r\nX\r\n")],
    ["NUL in a name", get("Host: a\r\nX\0: y\r\n")],
    ["NUL in a value", get("Host: a\r\nX: b\0c\r\n")],
    ["a control byte in a value", get("Host: a\r\nX: b\x01c\r\n")],
    ["DEL in a value", get("Host: a\r\nX: b\x7fc\r\n")],
    ["a byte over 7F in a name", get("Host: a\r\nX\xe9: y\r\n")],
    ["a separator in a name", get("Host: a\r\nX(y): z\r\n")],
    // The start line, RFC 9112 3.
    ["no version (HTTP/0.9)", "GET /\r\n\r\n"],
    ["a lower-case method", line("get / HTTP/1.1")],
    ["an unknown method", line("SMUGGLE / HTTP/1.1")],
    ["a method with NUL", line("GE\0T / HTTP/1.1")],
    ["HTTP/1.2", line("GET / HTTP/1.2")],
    ["HTTP/1", line("GET / HTTP/1")],
    ["HTTP/1.10", line("GET / HTTP/1.10")],
    ["HTTP/01.1", line("GET / HTTP/01.1")],
    ["http/1.1", line("GET / http/1.1")],
    ["HTTP /1.1", line("GET / HTTP /1.1")],
    ["the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"],
    ["two spaces before the version", line("GET /  HTTP/1.1")],
    ["two spaces before the target", line("GET  / HTTP/1.1")],
    ["tabs for spaces", line("GET\t/\tHTTP/1.1")],
    ["a space behind the version", line("GET / HTTP/1.1 ")],
    ["a space in the target", line("GET /a b HTTP/1.1")],
    ["a start line in the target", line("GET / HTTP/1.1 /smuggled HTTP/1.1")],
    ["a tab in the target", line("GET /a\tb HTTP/1.1")],
    ["NUL in the target", line("GET /\0 HTTP/1.1")],
    ["a control byte in the target", line("GET /\x01 HTTP/1.1")],
    ["a byte over 7F in the target", line("GET /\xe9 HTTP/1.1")],
    ["a target without a slash", line("GET next HTTP/1.1")],
    ["an empty target", line("GET  HTTP/1.1")],
    // Host, RFC 9112 3.2 and RFC 9110 4.2.4.
    ["no Host", get("X: y\r\n")],
    ["two Hosts", get("Host: a\r\nhost: b\r\n")],
    ["the same Host twice", get("Host: a\r\nHost: a\r\n")],
    ["two Hosts in HTTP/1.0", "GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n"],
    ["a list of Hosts", hosted("a, b")],
    ["a list of Hosts without a space", hosted("a,b")],
    ["a space in Host", hosted("a b")],
    ["user information in Host", hosted("a@b")],
    ["a path in Host", hosted("a/b")],
    ["a scheme in Host", hosted("http://a")],
    ["a port that is no number", hosted("a:80x")],
    ["two ports", hosted("a:80:81")],
    ["a byte over 7F in Host", hosted("\xe9")],
    ["absolute form with another Host", line("GET http://b/ HTTP/1.1")],
    ["absolute form with another port", line("GET http://a:81/ HTTP/1.1")],
    ["absolute form without Host", "GET http://a/ HTTP/1.1\r\n\r\n"],
    ["absolute form with user information", line("GET http://b@a/ HTTP/1.1")],
    ["absolute form with a password", line("GET http://a:80@b/ HTTP/1.1")],
    ["Host called a connection field, RFC 9110 7.6.1", get("Host: a\r\nConnection: close, host\r\n")],
    ["Content-Length called a connection field", post("Connection: Content-Length\r\nContent-Length: 3\r\n", "abc")],
    ["Transfer-Encoding called a connection field", post("Connection: transfer-encoding\r\n", "")],
    ["a TLS hello", "\x16\x03\x01\x02\x00\x01\x00"],
  ],
  405: [["CONNECT, RFC 9110 9.3.6", line("CONNECT a:443 HTTP/1.1")]],
  431: [
    ["a field over the limit, RFC 6585 5", get(`Host: a\r\nX: ${"y".repeat(70_000)}\r\n`)],
    ["a target over the limit", line(`GET /${"y".repeat(70_000)} HTTP/1.1`)],
    ["a head that never ends", `GET / HTTP/1.1\r\nHost: a\r\nX: ${"y".repeat(70_000)}`],
    ["empty lines that never end", "\r\n".repeat(40_000)],
    ["20 000 fields", get(`Host: a\r\n${"X: y\r\n".repeat(20_000)}`)],
  ],
  501: [
    ["TE: gzip, chunked, RFC 9112 6.1", coded(" gzip, chunked")],
    ["TE: identity, chunked", coded(" identity, chunked")],
    ["TE: x, chunked", coded(" x, chunked")],
    ["TE: an empty element before", coded(" , chunked")],
    ["TE: empty", coded("")],
  ],
  505: [
    ["HTTP/2.0, RFC 9110 15.6.6", line("GET / HTTP/2.0")],
    ["HTTP/0.9 by name", line("GET / HTTP/0.9")],
    ["RTSP", line("OPTIONS / RTSP/1.0")],
    ["ICE", line("SOURCE / ICE/1.0")],
  ],
};

const UPGRADE = "Connection: Upgrade\r\nUpgrade: ";
const PASSED: readonly (readonly [name: string, request: string, seen: readonly string[]])[] = [
  ["two in one packet", NEXT + NEXT, ["GET /next", "GET /next"]],
  [
    "a body that looks like a request",
    sized(` ${SMUGGLED.length}`).replace(/abc$/, SMUGGLED),
    [`POST / ${SMUGGLED}`.trim()],
  ],
  [
    "a chunk that looks like a request",
    chunked(`28\r\n${SMUGGLED.padEnd(40)}\r\n${LAST_CHUNK}`) + NEXT,
    [`POST / ${SMUGGLED.padEnd(40)}`.trim(), "GET /next"],
  ],
  ["a length with zeros before it", sized(" 003") + NEXT, ["POST / abc", "GET /next"]],
  ["a length between white space", sized("\t 3  ") + NEXT, ["POST / abc", "GET /next"]],
  ["TE: Chunked in capitals", post("TRANSFER-ENCODING: CHUNKED\r\n", LAST_CHUNK) + NEXT, ["POST /", "GET /next"]],
  [
    "TE: chunked between white space",
    post("Transfer-Encoding:\t chunked  \r\n", LAST_CHUNK) + NEXT,
    ["POST /", "GET /next"],
  ],
  [
    "a chunk size with zeros before it",
    chunked(`${"0".repeat(30)}3\r\nabc\r\n000\r\n\r\n`) + NEXT,
    ["POST / abc", "GET /next"],
  ],
  ["a chunk size in capitals", chunked(`A\r\nabcdefghij\r\n${LAST_CHUNK}`) + NEXT, ["POST / abcdefghij", "GET /next"]],
  ["chunk extensions", chunked(`3;x;y=z;q="a;\\"b"\r\nabc\r\n0;last\r\n\r\n`) + NEXT, ["POST / abc", "GET /next"]],
  ["trailers", chunked(`3\r\nabc\r\n0\r\nX: y\r\nHost: b\r\n\r\n`) + NEXT, ["POST / abc", "GET /next"]],
  ["a POST without a length has no body", post("") + NEXT, ["POST /", "GET /next"]],
  ["GET with a body", `GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc${NEXT}`, ["GET / abc", "GET /next"]],
  [
    "HEAD with a chunked body",
    `HEAD / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n${LAST_CHUNK}${NEXT}`,
    ["HEAD / abc", "GET /next"],
  ],
  ["empty lines before a request", `\r\n\r\n${NEXT}\r\n${NEXT}`, ["GET /next", "GET /next"]],
  [
    "Expect with a body at once",
    post("Expect: 100-continue\r\nContent-Length: 3\r\n", "abc") + NEXT,
    ["POST / abc", "GET /next"],
  ],
  ["Expect without a body", get("Host: a\r\nExpect: 100-continue\r\n") + NEXT, ["GET /", "GET /next"]],
  ["an unknown Expect", post("Expect: 200-ok\r\nContent-Length: 3\r\n", "abc") + NEXT, ["POST / abc", "GET /next"]],
  [
    "Upgrade with a body",
    post(`${UPGRADE}websocket\r\nContent-Length: 3\r\n`, "abc") + NEXT,
    ["POST / abc", "GET /next"],
  ],
  [
    "Upgrade with a chunked body",
    post(`${UPGRADE}h2c\r\nTransfer-Encoding: chunked\r\n`, `3\r\nabc\r\n${LAST_CHUNK}`) + NEXT,
    ["POST / abc", "GET /next"],
  ],
  ["Upgrade that is declined", get(`Host: a\r\n${UPGRADE}h2c\r\n`) + NEXT, ["GET /", "GET /next"]],
  ["a byte over 7F in a value", get("Host: a\r\nX: \xff\r\n") + NEXT, ["GET /", "GET /next"]],
  ["an empty Host", get("Host:\r\n") + NEXT, ["GET /", "GET /next"]],
  ["an address as Host", hosted("[::1]:8080") + NEXT, ["GET /", "GET /next"]],
  [
    "absolute form with the same Host",
    `GET http://A:80/x HTTP/1.1\r\nHost: a\r\n\r\n${NEXT}`,
    ["GET http://A:80/x", "GET /next"],
  ],
  ["a path of two slashes", `GET //b/x HTTP/1.1\r\nHost: a\r\n\r\n${NEXT}`, ["GET //b/x", "GET /next"]],
  ["asterisk form", `OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n${NEXT}`, ["OPTIONS *", "GET /next"]],
  ["HTTP/1.0 without Host", "GET / HTTP/1.0\r\n\r\n", ["GET /"]],
  ["HTTP/1.0, kept open", `GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n${NEXT}`, ["GET /", "GET /next"]],
  ["bytes after Connection: close", get("Host: a\r\nConnection: close\r\n") + SMUGGLED, ["GET /"]],
  ["bytes after keep-alive, close", get("Host: a\r\nConnection: keep-alive, close\r\n") + SMUGGLED, ["GET /"]],
  ["bytes after an HTTP/1.0 request", `POST / HTTP/1.0\r\nContent-Length: 3\r\n\r\nabc${SMUGGLED}`, ["POST / abc"]],
  ["300 fields", get(`Host: a\r\n${"X: y\r\n".repeat(300)}`) + NEXT, ["GET /", "GET /next"]],
];

const upstreams: Record<string, Upstream> = {};
const tees: Record<string, TestTee> = {};
beforeAll(async () => {
  for (const [name, start] of [
    ["sloppy", sloppyUpstream],
    ["strict", strictUpstream],
  ] as const) {
    upstreams[name] = await start();
    tees[name] = await startTee({ primary: upstreams[name].url });
  }
});
afterAll(async () => {
  for (const tee of Object.values(tees)) await tee.tee.drain();
  for (const upstream of Object.values(upstreams)) await upstream.stop();
});

const send = async (name: string, pieces: readonly string[]) => {
  const got = await talk(tees[name]!.port, pieces, { end: true });
  await upstreams[name]!.idle();
  return { got, ...upstreams[name]!.take() };
};

const byteByByte = (request: string): Buffer[] => [...request].map((byte) => Buffer.from(byte, "latin1"));

describe.each(Object.entries(REFUSED))("refused with %s", (status, attempts) => {
  test.each(attempts)("%s", async (_name, request) => {
    const answer = new RegExp(`^HTTP/1\\.1 ${status} [^]*Connection: close\r\n\r\nshadowgraph tee: `);
    for (const name of ["sloppy", "strict"]) {
      const { got, seen, bytes } = await send(name, [request]);
      expect(got).toMatch(answer);
      expect(seen).toEqual([]);
      expect(bytes).toBe("");
    }
    expect(readAsTee(byteByByte(request)).seen).toEqual([]);
  });

  test.each(attempts)("%s, after a good request on the same connection", async (_name, request) => {
    const { got, seen, bytes } = await send("sloppy", [NEXT + request]);
    expect(got).toMatch(new RegExp(`^HTTP/1\\.1 200 OK[^]*ok(?=HTTP/1\\.1 ${status} )`));
    expect(seen).toEqual(["GET /next"]);
    expect(bytes).toBe(NEXT);
  });
});

test.each(PASSED)("passed on, and read the same by all: %s", async (_name, request, expected) => {
  for (const pieces of [[request], [request.slice(0, request.length / 2), request.slice(request.length / 2)]]) {
    for (const name of ["sloppy", "strict"]) expect((await send(name, pieces)).seen).toEqual(expected);
    const { bytes } = await send("sloppy", pieces);
    expect(request.startsWith(bytes)).toBe(true);
    for (const habits of HABITS) expect(readSloppily(bytes, habits)).toEqual({ seen: expected, rest: "" });
  }
  expect(readAsTee(byteByByte(request)).seen).toEqual(expected);
});
