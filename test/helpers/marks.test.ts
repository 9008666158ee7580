import { createMarkReader, type MarkedRequest } from "../../helpers/marks.mjs";
import { marksWith } from "../../proxy/marks.ts";

const KEY = "a-key-of-the-tee-0123456789abcdef";
const NOW = 1_700_000_000_000;
const markOf = createMarkReader({ keys: KEY, now: () => NOW });

interface Sent {
  readonly method?: string;
  readonly target?: string;
  readonly id?: string;
  readonly lane?: "candidate" | "secondary";
  readonly key?: string;
  readonly at?: number;
}
const PATH = "/orders/1";

/** A copy as a tee marks it. */
const copyOf = ({
  method = "POST",
  target = `${PATH}?a=b`,
  id = "tee1-lx1-17",
  lane,
  key = KEY,
  at = NOW,
}: Sent = {}) => {
  const lines = marksWith(key, "tee1-lx1", () => at)(lane ?? "candidate")(method, target, id);
  const fields = lines.split("\r\n").slice(0, -1);
  const headers = Object.fromEntries(fields.map((line) => line.split(": ") as [string, string]));
  return { method, path: PATH, headers };
};
const changed = (sent: Sent, over: Partial<MarkedRequest>): MarkedRequest => ({ ...copyOf(sent), ...over });
const withHeader = (sent: Sent, name: string, value: string | readonly string[]): MarkedRequest => {
  const copy = copyOf(sent);
  return { ...copy, headers: { ...copy.headers, [`x-shadowgraph-${name}`]: value } };
};

test.each<[string, MarkedRequest]>([
  ["a write", copyOf()],
  ["a write without a query", copyOf({ target: PATH })],
  ["a read", copyOf({ method: "GET" })],
  ["a read of the same half minute, of another path and number", changed({ method: "GET" }, { path: "/elsewhere" })],
  ["of the control overlay", copyOf({ lane: "secondary" })],
  ["signed a minute and a half ago", copyOf({ at: NOW - 89_000 })],
  ["signed by a tee whose clock is ahead", copyOf({ at: NOW + 29_000 })],
])("a mark of a tee is known: %s", (_, request) => {
  expect(markOf(request)).toMatchObject({
    lane: expect.stringMatching(/candidate|secondary/),
    requestId: "tee1-lx1-17",
  });
});

const READ = copyOf({ method: "GET" }).headers;
test.each<[string, MarkedRequest]>([
  ["no mark", { method: "POST", path: PATH, headers: {} }],
  [
    "a lane and an id alone",
    {
      method: "POST",
      path: PATH,
      headers: { "x-shadowgraph-lane": "candidate", "x-shadowgraph-request-id": "tee1-lx1-17" },
    },
  ],
  ["another key", copyOf({ key: "another-key-0123456789abcdef01234567" })],
  ["the signature of a read on a write", { method: "POST", path: PATH, headers: READ }],
  ["the signature of a read on a method nobody knows", { method: "BREW", path: PATH, headers: READ }],
  ["another method", changed({}, { method: "DELETE" })],
  ["another path", changed({}, { path: "/orders/2" })],
  ["another request", withHeader({}, "request-id", "tee1-lx1-18")],
  ["another tee's reads", withHeader({ method: "GET" }, "request-id", "tee2-lx1-17")],
  ["another lane", withHeader({}, "lane", "secondary")],
  ["the primary as a lane", withHeader({}, "lane", "primary")],
  ["signed too long ago", copyOf({ at: NOW - 92_000 })],
  ["signed far in the future", copyOf({ at: NOW + 40_000 })],
  [
    "a scope of its own",
    withHeader({}, "signature", copyOf().headers["x-shadowgraph-signature"]!.replace(".w.", ".x.")),
  ],
  [
    "a later end",
    withHeader(
      {},
      "signature",
      copyOf().headers["x-shadowgraph-signature"]!.replace(/\.\d+\./, (it) => `.${Number(it.slice(1, -1)) + 1}.`),
    ),
  ],
  ["a signature cut short", withHeader({}, "signature", copyOf().headers["x-shadowgraph-signature"]!.slice(0, -1))],
  ["a signature of no length", withHeader({}, "signature", "v1.w.1700000060.")],
  ["a header that came twice", withHeader({}, "lane", "candidate, candidate")],
  ["a header as a list", withHeader({}, "signature", [copyOf().headers["x-shadowgraph-signature"]!])],
])("what is no mark of a tee is none: %s", (_, request) => {
  expect(markOf(request)).toBeUndefined();
});

test("without a key no mark is known", () => {
  expect(createMarkReader({ keys: "", now: () => NOW })(copyOf())).toBeUndefined();
});

test("while one key takes the place of another both are known, a third is not", () => {
  const both = createMarkReader({ keys: `${KEY},the-next-key-0123456789abcdef-0123`, now: () => NOW });
  expect(both(copyOf())).toBeDefined();
  expect(both(copyOf({ key: "the-next-key-0123456789abcdef-0123" }))).toBeDefined();
  expect(both(copyOf({ key: "a-third-key-0123456789abcdef-01234" }))).toBeUndefined();
});

test("a short key is refused, and not shown", () => {
  expect(() => createMarkReader({ keys: "hunter2" })).toThrow("a mark key must have at least 32 characters; got 7");
});

test("safe requests share a signature for half a minute; each write has its own", () => {
  let now = NOW;
  const mark = marksWith(KEY, "tee1-lx1", () => now)("candidate");
  const signature = (method: string, id: string) => /signature: (\S+)/.exec(mark(method, PATH, id))![1];
  const first = signature("GET", "tee1-lx1-1");
  now += 29_999;
  expect(signature("HEAD", "tee1-lx1-2")).toBe(first);
  now += 1;
  expect(signature("GET", "tee1-lx1-3")).not.toBe(first);
  expect(signature("POST", "tee1-lx1-4")).not.toBe(signature("POST", "tee1-lx1-5"));
  // A clock that was set back.
  now = NOW - 3_600_000;
  const request = {
    method: "GET",
    path: PATH,
    headers: { ...READ, "x-shadowgraph-signature": signature("GET", "tee1-lx1-6") },
  };
  expect(createMarkReader({ keys: KEY, now: () => now })(request)).toBeDefined();
});
