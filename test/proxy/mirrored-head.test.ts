import { type CallKey, secondaryIdOf } from "../../core/sampling/call-id.ts";
import { LaneTarget } from "../../core/sampling/plan.ts";
import { mirroredHead } from "../../proxy/mirrored-head.ts";

const copyOf = (fields: string, to: Record<string, unknown> = {}): string => {
  const text = `GET /a HTTP/1.1\r\nHost: shop.test\r\n${fields}\r\n`;
  const target = LaneTarget.parse({ url: "http://candidate.test", ...to });
  const copy = mirroredHead("candidate", target)(
    { text, method: "GET", target: "/a", marked: false, webSocket: false },
    "id",
  );
  const end = "x-shadowgraph-lane: candidate\r\nx-shadowgraph-request-id: id\r\n\r\n";
  const start = "GET /a HTTP/1.1\r\nHost: candidate.test\r\n";
  expect(copy.startsWith(start) && copy.endsWith(end)).toBe(true);
  return copy.slice(start.length, -end.length);
};

test.each([
  ["close and keep-alive name nothing", "Connection: keep-alive, close\r\nA: 1\r\n", "A: 1\r\n"],
  ["a named field goes, whatever its case", "X-Hop: 1\r\nA: 1\r\nConnection: close, x-hop\r\n", "A: 1\r\n"],
  ["each time it is there", "X-Hop: 1\r\nA: 1\r\nx-hop: 2\r\nConnection:X-Hop\r\n", "A: 1\r\n"],
  [
    "names of several Connection fields",
    "Connection: te\r\nTE: trailers\r\nconnection: b ,,\tc\r\nB: 1\r\nC: 1\r\n",
    "",
  ],
  [
    "only whole names",
    "Connection: hop\r\nHop-2: 1\r\nX-Hop: 1\r\nA: hop: 1\r\n",
    "Hop-2: 1\r\nX-Hop: 1\r\nA: hop: 1\r\n",
  ],
  ["what is no name is no pattern either", "Connection: .*, (a\r\nA: 1\r\n", "A: 1\r\n"],
  [
    "a named trace is not continued",
    `Connection: traceparent\r\ntraceparent: 00-${"a".repeat(32)}-${"b".repeat(16)}-01\r\n`,
    "",
  ],
])("fields of the connection stay out of the copy (RFC 9110 7.6.1): %s", (_, fields, rest) => {
  expect(copyOf(fields)).toBe(rest);
});

test.each([
  "Authorization",
  "Cookie",
  "Content-Type",
  "Content-Encoding",
  "Accept",
  "Cache-Control",
  "If-None-Match",
  "Range",
])("%s is meant for all recipients: naming it does not keep it from the candidate", (name) => {
  expect(copyOf(`${name}: 1\r\nConnection: ${name.toLowerCase()}\r\n`)).toBe(`${name}: 1\r\n`);
});

test("where calls are told apart the secondary gets an id of its own, of the same form; the candidate keeps the caller's", () => {
  const trace = "0af7651916cd43dd8448eb211c80319c";
  const fields = `traceparent: 00-${trace}-b7ad6b7169203331-01\r\nX-Request-ID: 2f4e0f0c-1a2b-4c3d-8e4f-0123456789ab\r\n`;
  const text = `GET /a HTTP/1.1\r\nHost: a\r\n${fields}\r\n`;
  const target = LaneTarget.parse({ url: "http://secondary.test" });
  const copy = (lane: "candidate" | "secondary", key?: CallKey) =>
    mirroredHead(
      lane,
      target,
      undefined,
      key,
    )({ text, method: "GET", target: "/a", marked: false, webSocket: false }, "id");
  const traceIn = (head: string) => /traceparent: 00-([0-9a-f]{32})-/.exec(head)?.[1];
  expect([traceIn(copy("secondary")), traceIn(copy("candidate", "trace"))]).toEqual([trace, trace]);
  const own = traceIn(copy("secondary", "trace"));
  expect([own === trace, secondaryIdOf(own ?? "")]).toEqual([false, trace]);
  const byHeader = copy("secondary", { header: "x-request-id" });
  expect(traceIn(byHeader)).toBe(trace);
  expect(byHeader).toMatch(/X-Request-ID: 2f4e0f0c-1a2b-4c3d-8e4f-0123[0-9a-f]{8}\r/);
  expect(byHeader).not.toContain("-0123456789ab");
});

test("marks of the caller's own never reach a copy, in whatever case", () => {
  const forged =
    "X-Shadowgraph-Signature: v1.w.1.x\r\nx-shadowgraph-lane: primary\r\nX-SHADOWGRAPH-REQUEST-ID: mine\r\nA: 1\r\n";
  expect(copyOf(forged)).toBe("A: 1\r\n");
});

test("a caller cannot name away what the plan sets, nor the marks", () => {
  const to = { setHeaders: { "X-Env": "candidate" } };
  const named = "Connection: x-env, x-shadowgraph-lane, x-shadowgraph-request-id\r\n";
  expect(copyOf(named, to)).toBe("X-Env: candidate\r\n");
});
