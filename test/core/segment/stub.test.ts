import { gzipSync } from "node:zlib";
import fc from "fast-check";
import type { Capture, HeaderList, RequestCapture, Responded } from "../../../core/capture/capture.ts";
import { noOutcomes } from "../../../core/pair/outcome.ts";
import type { Pair } from "../../../core/pair/pair.ts";
import { decodeSegment, encodePairs, encodeSegment, PairWriter } from "../../../core/segment/codec.ts";
import type { StoreOptions } from "../../../core/segment/safe-body.ts";
import type { StoredBody, StoredCapture } from "../../../core/segment/segment.ts";
import { storePair } from "../../../core/segment/stub.ts";
import { options } from "./store-options.ts";

const { hash } = options;
const JSON_TYPE = ["Content-Type", "application/json"] as const;

const responded = (body: string | Buffer = '{"a":1}', headers: HeaderList = [JSON_TYPE], status = 200): Responded => ({
  outcome: "responded",
  status,
  headers,
  body: Buffer.from(body),
  ms: 1.23456,
});
const failed: Capture = { outcome: "failed", reason: "timeout", ms: 10.001 };
const request = (part: Partial<RequestCapture> = {}): RequestCapture => ({
  id: "tee-epoch-1",
  at: 1_700_000_000_000,
  method: "POST",
  target: "/orders/1?token=x",
  headers: [
    ["Host", "h"],
    ["Date", "now"],
    ["Cookie", "sid=abc"],
  ],
  body: Buffer.from('{"pin":1234}'),
  caller: "10.0.0.1",
  ...part,
});
const pairOf = (pair: Partial<Pair> = {}): Pair => ({
  request: request(),
  primary: responded(),
  candidate: responded(),
  ...pair,
});
const store = (pair: Partial<Pair> = {}, more: Partial<StoreOptions> = {}) =>
  storePair(pairOf(pair), { ...options, ...more });
const bodyOf = (capture: StoredCapture | undefined): StoredBody => (capture as { body: StoredBody }).body;
const textOf = (capture: StoredCapture | undefined): string => {
  const body = bodyOf(capture);
  return body.kind === "equal"
    ? "equal"
    : Buffer.from(body.content)
        .toString()
        .replace(/~r:(.):[0-9a-f]{16}/g, "<$1>");
};

test("what is equal in all lanes ships as a size", () => {
  const stored = store({ secondary: responded() });
  const lane = {
    outcome: "responded",
    status: 200,
    headers: { kind: "equal" },
    body: { kind: "equal", bytes: 7 },
    ms: 1.23,
  };
  expect(stored).toEqual({
    id: "tee-epoch-1",
    at: 1_700_000_000_000,
    endpoint: "POST /orders/{id}",
    cluster: expect.stringMatching(/^[0-9a-f]{8}$/),
    primary: lane,
    candidate: lane,
    secondary: lane,
  });
});

test("beside a difference the request is kept, redacted, without what is volatile", () => {
  const { request } = store({ candidate: responded(undefined, undefined, 500) });
  expect(request?.method).toBe("POST");
  expect(request?.target).toMatch(/^\/orders\/1\?token=~r:s:/);
  expect(request?.headers).toEqual([
    ["Host", "h"],
    ["Cookie", expect.stringMatching(/^sid=~r:s:/)],
  ]);
  expect(Buffer.from(request!.body.content).toString()).toMatch(/^\{"pin":"~r:n:[0-9a-f]{16}"\}$/);
  expect(request?.body).toMatchObject({ bytes: 12, cut: false });
});

test("another status leaves the stubs of equal bodies and headers", () => {
  const { primary, candidate } = store({ candidate: responded(undefined, undefined, 500) });
  expect([primary.body.kind, bodyOf(candidate).kind, primary.headers.kind]).toEqual(["equal", "equal", "equal"]);
});

test("unequal bodies are kept redacted, with hash and size of the whole", () => {
  const { primary, candidate, secondary } = store({
    candidate: responded('{"a":2,"token":"t"}'),
    secondary: responded(),
  });
  expect([textOf(primary), textOf(candidate), textOf(secondary)]).toEqual([
    '{"a":1}',
    '{"a":2,"token":"<s>"}',
    '{"a":1}',
  ]);
  expect(bodyOf(candidate)).toMatchObject({ hash: hash(Buffer.from('{"a":2,"token":"t"}')), bytes: 19, cut: false });
  expect(primary.headers).toEqual({ kind: "list", list: [["Content-Type", "application/json"]] });
});

test("bodies that are kept whole need no hash; where something was taken away from one, all have theirs", () => {
  const whole = store({ candidate: responded('{"a":2}'), secondary: responded() });
  expect([whole.primary, whole.candidate, whole.secondary].map((lane) => bodyOf(lane).hash)).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
  const redacted = store({ candidate: responded('{"a":1,"token":"t"}') });
  expect(bodyOf(redacted.primary).hash).toBe(hash(Buffer.from('{"a":1}')));
  expect(bodyOf(redacted.candidate).hash).toBe(hash(Buffer.from('{"a":1,"token":"t"}')));
});

test("equal headers beside unequal bodies keep the type by which the bodies are read, and nothing where there is none", () => {
  const headers: HeaderList = [
    ["Server", "x"],
    ["CONTENT-TYPE", "text/html; token=secret"],
  ];
  const { primary, candidate } = store({ primary: responded("a", headers), candidate: responded("b", headers) });
  const list = [["CONTENT-TYPE", expect.stringMatching(/^text\/html; token=~r:s:[0-9a-f]{16}$/)]];
  expect(primary.headers).toEqual({ kind: "list", list });
  expect(candidate).toMatchObject({ headers: { kind: "list", list } });
  const untyped = store({ primary: responded("a", []), candidate: responded("b", []) });
  expect(untyped.primary.headers).toEqual({ kind: "equal" });
});

test("one body with two types is read twice", () => {
  const { primary, secondary } = store({
    primary: responded(" pin=1", [["Content-Type", "application/x-www-form-urlencoded"]]),
    candidate: failed,
    secondary: responded(" pin=1", [["Content-Type", "application/json"]]),
  });
  expect([textOf(primary), textOf(secondary)]).toEqual([" pin=<s>", " pin=<s>"]);
});

test("unequal headers are kept in all lanes, without volatile ones and, beside unequal bodies, those that follow from them", () => {
  const headers = (etag: string, more: HeaderList): HeaderList => [
    ["Date", etag],
    ["ETag", etag],
    ["Content-Length", etag],
    ...more,
  ];
  const unequalHeaders = {
    primary: responded("a", headers("1", [["X", "1"]])),
    candidate: responded("a", headers("2", [["X-Api-Key", "k"]])),
  };
  const { primary, candidate } = store(unequalHeaders);
  expect(primary.headers).toEqual({
    kind: "list",
    list: [
      ["ETag", "1"],
      ["X", "1"],
    ],
  });
  expect(candidate).toMatchObject({
    headers: {
      list: [
        ["ETag", "2"],
        ["X-Api-Key", expect.stringMatching(/^~r:s:/)],
      ],
    },
  });
  expect(primary.body.kind).toBe("equal");

  const both = store({ primary: unequalHeaders.primary, candidate: responded("b", headers("2", [])) });
  expect(both.primary.headers).toEqual({ kind: "list", list: [["X", "1"]] });
  expect(
    store({ primary: responded("a", headers("1", [])), candidate: responded("b", headers("2", [])) }).primary.headers
      .kind,
  ).toBe("equal");
});

test("answers to HEAD are compared by the length they promise", () => {
  const lane = (length: string) => responded("", [["Content-Length", length]]);
  const lanes = { primary: lane("1"), candidate: lane("2") };
  expect(store({ ...lanes, request: request({ method: "HEAD" }) }).primary.headers.kind).toBe("list");
  expect(store({ ...lanes, request: request({ method: "GET" }) }).primary.headers.kind).toBe("equal");
});

test.each<[string, Partial<Pair>]>([
  ["candidate", { candidate: failed }],
  ["secondary", { secondary: failed }],
])("where the %s failed, what the others answered is kept whole", (name, lanes) => {
  const stored = store(lanes);
  expect(stored.request).toBeDefined();
  expect(textOf(stored.primary)).toBe('{"a":1}');
  expect(stored.primary.headers).toEqual({ kind: "list", list: [JSON_TYPE] });
  expect(stored[name as "candidate"]).toEqual({ outcome: "failed", reason: "timeout", ms: 10 });
});

describe("a body is kept", () => {
  const gzipped = (text: string): Responded => responded(gzipSync(text), [JSON_TYPE, ["Content-Encoding", "gzip"]]);

  test("without its content coding, its hash that of the content", () => {
    const { primary } = store({ primary: gzipped('{"a":1,"pin":2}'), candidate: gzipped("{}") });
    expect(textOf(primary)).toBe('{"a":1,"pin":"<n>"}');
    expect(primary.body).toMatchObject({ hash: hash(Buffer.from('{"a":1,"pin":2}')), bytes: 15 });
  });

  test("one content compressed in two ways has one hash", () => {
    const { primary, candidate } = store({ primary: gzipped('{"a":1}'), candidate: responded('{"a":1}') });
    expect(bodyOf(candidate)).toEqual(primary.body);
  });

  test.each<[string, Responded]>([
    ["binary", responded(Buffer.from([0, 1, 2]), [["Content-Type", "image/png"]])],
    ["broken", responded("no gzip", [JSON_TYPE, ["Content-Encoding", "gzip"]])],
    ["of an unknown coding", responded("x", [JSON_TYPE, ["Content-Encoding", "compress"]])],
    ["a bomb", gzipped(" ".repeat(200_000))],
  ])("as hash and size alone where it cannot be read and so not be redacted: %s", (_, primary) => {
    const { body } = store({ primary, candidate: responded("{}") }).primary;
    const bytes = primary.body.length;
    expect(body).toEqual({ kind: "content", hash: hash(primary.body), bytes, content: new Uint8Array(0), cut: true });
  });

  test("up to its bound, its hash that of the whole", () => {
    const whole = `{"a":"${"é".repeat(5_000)}"}`;
    const { body } = store({ primary: responded(whole) }).primary;
    expect(body).toMatchObject({ cut: true, bytes: Buffer.byteLength(whole), hash: hash(Buffer.from(whole)) });
    expect(whole.startsWith(textOf(store({ primary: responded(whole) }).primary))).toBe(true);
    expect((body as { content: Uint8Array }).content.length).toBeLessThanOrEqual(1_000);
  });

  test("uncut where only its secrets made it too long", () => {
    const whole = `{"token":"${"x".repeat(1_500)}"}`;
    expect(store({ primary: responded(whole) }).primary.body).toMatchObject({ cut: false });
    expect(textOf(store({ primary: responded(whole) }).primary)).toBe('{"token":"<s>"}');
  });

  test.each([990, 993, 996, 999, 1_000, 1_001])(
    "without a trace of a card number that the cut goes through, at %d",
    (at) => {
      const whole = `"${" ".repeat(at - 8)}4111111111111111"`;
      expect(textOf(store({ primary: responded(whole) }).primary)).not.toContain("4111");
    },
  );
});

test("the cluster is of endpoint and session, and says nothing of either", () => {
  const cluster = (part: Partial<RequestCapture>) => store({ request: request(part) }).cluster;
  const same = cluster({});
  expect(cluster({ target: "/orders/2", caller: "10.9.9.9", id: "tee-epoch-2" })).toBe(same);
  expect(cluster({ target: "/users/2" })).not.toBe(same);
  expect(cluster({ headers: [["cookie", "sid=other"]] })).not.toBe(same);
  expect(
    cluster({
      headers: [
        ["authorization", "a"],
        ["cookie", "1"],
      ],
    }),
  ).toBe(
    cluster({
      headers: [
        ["Cookie", "2"],
        ["Authorization", "a"],
      ],
    }),
  );
  expect(cluster({ headers: [] })).not.toBe(cluster({ headers: [], caller: "10.0.0.2" }));
});

test("nothing written is a view of the captures: their buffer is used again", () => {
  const raw = Buffer.from('{"a":1}{"b":2}');
  const pair = pairOf({
    request: request({ body: raw.subarray(0, 7) }),
    primary: { ...responded(), body: raw.subarray(0, 7) },
    candidate: { ...responded(), body: raw.subarray(7) },
  });
  const stamp = { tee: "tee", epoch: "epoch", seq: 0 };
  const writer = new PairWriter(stamp, 0);
  writer.add(storePair(pair, options));
  raw.fill(0);
  const times = { openedAt: 0, closedAt: 0 };
  const head = { id: "i", env: "e", run: "r", stamp, ...times, control: "none", outcomes: noOutcomes() } as const;
  const [written] = decodeSegment(encodePairs(head, writer)).pairs;
  expect([textOf(written!.primary), textOf(written!.candidate)]).toEqual(['{"a":1}', '{"b":2}']);
  expect(Buffer.from(written!.request!.body.content).toString()).toBe('{"a":1}');
});

const SECRET = "hunter2-and-more";
const secretBody = fc.constantFrom(
  `{"a":1,"password":"${SECRET}"}`,
  `{"credentials":{"x":["${SECRET}"]}}`,
  `[{"api_key": "${SECRET}"}, {"url":"/?access_token=${SECRET}"}]`,
  `{"note":"Bearer ${SECRET}","body":"{\\"secret\\":\\"${SECRET}\\"}"`,
  `password=${SECRET}&a=b`,
  "{}",
);
const lane: fc.Arbitrary<Responded> = fc
  .tuple(
    secretBody,
    fc.constantFrom("application/json", "text/plain", "application/x-www-form-urlencoded"),
    fc.boolean(),
  )
  .map(([body, type, isGzip]) =>
    responded(isGzip ? gzipSync(body) : body, [
      ["Content-Type", type],
      ["Set-Cookie", `sid=${SECRET}; Path=/`],
      ...(isGzip ? ([["Content-Encoding", "gzip"]] as const) : []),
    ]),
  );

test("no secret reaches a segment, and every stored pair comes back from one", () => {
  fc.assert(
    fc.property(
      lane,
      fc.oneof(lane, fc.constant(failed)),
      fc.option(lane, { nil: undefined }),
      secretBody,
      (primary, candidate, secondary, sent) => {
        const target = `/login?password=${SECRET}`;
        const headers: HeaderList = [
          ["Authorization", `Bearer ${SECRET}`],
          ["Cookie", `a=${SECRET}`],
        ];
        const pair = { request: request({ target, headers, body: Buffer.from(sent) }), primary, candidate };
        const stored = storePair(secondary === undefined ? pair : { ...pair, secondary }, options);
        const stamp = { tee: "tee", epoch: "epoch", seq: 0 };
        const segment = {
          id: "i",
          env: "e",
          run: "r",
          stamp,
          openedAt: 1,
          closedAt: 2,
          control: "none" as const,
          outcomes: noOutcomes(),
          pairs: [stored],
        };
        const back = decodeSegment(encodeSegment(segment));
        expect(back).toEqual(segment);
        const texts: string[] = [];
        const visit = (value: unknown): void => {
          if (value instanceof Uint8Array) texts.push(Buffer.from(value).toString("latin1"));
          else if (typeof value === "object" && value !== null) Object.values(value).forEach(visit);
          else texts.push(String(value));
        };
        visit(back);
        expect(texts.join("\n")).not.toContain(SECRET);
      },
    ),
    { numRuns: 300 },
  );
});
