import { zstdCompressSync, zstdDecompressSync } from "node:zlib";
import fc from "fast-check";
import type { ShadowgraphError } from "../../../core/errors.ts";
import { noOutcomes } from "../../../core/pair/outcome.ts";
import { decodeSegment, encodeSegment } from "../../../core/segment/codec.ts";
import type { Segment, StoredBody, StoredPair, StoredResponded } from "../../../core/segment/segment.ts";
import { anySegment } from "./arbitrary.ts";

/** A message taken apart: its lines, and the contents that they name. */
interface Wire {
  // biome-ignore lint/suspicious/noExplicitAny: what is spoiled has no type
  lines: any[];
  contents: Buffer;
}

const wireOf = (segment: Segment): Wire => {
  const whole = zstdDecompressSync(encodeSegment(segment));
  const end = 4 + whole.readUInt32BE();
  const lines = whole.toString("utf8", 4, end).split("\n");
  return { lines: lines.map((line) => JSON.parse(line)), contents: whole.subarray(end) };
};
const packedText = (text: string, contents: Uint8Array = Buffer.alloc(0)) => {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(Buffer.byteLength(text));
  return zstdCompressSync(Buffer.concat([length, Buffer.from(text), contents]));
};
const packed = ({ lines, contents }: Wire) =>
  packedText(lines.map((line) => JSON.stringify(line)).join("\n"), contents);

const lane = (body: StoredBody, ms = 1.25): StoredResponded => ({
  outcome: "responded",
  status: 200,
  headers: { kind: "equal" },
  body,
  ms,
});
const equal: StoredBody = { kind: "equal", bytes: 800 };
const content: StoredBody = {
  kind: "content",
  hash: "0123456789abcdef",
  bytes: 800,
  content: Buffer.from('{"a":1}'),
  cut: false,
};
const pairOf = (pair: Partial<StoredPair> = {}): StoredPair => ({
  id: "tee-epoch-7",
  at: 1_700_000_000_050,
  endpoint: "GET /orders/{id}",
  cluster: "89abcdef",
  primary: lane(equal),
  candidate: lane(equal, 2),
  ...pair,
});
const segmentOf = (...pairs: StoredPair[]): Segment => ({
  id: "tee.epoch.run.0",
  env: "env",
  run: "run",
  stamp: { tee: "tee", epoch: "epoch", seq: 0 },
  openedAt: 1_700_000_000_000,
  closedAt: 1_700_000_001_000,
  control: "control",
  outcomes: noOutcomes(),
  pairs,
});

test("any segment comes back as it was", () => {
  fc.assert(
    fc.property(anySegment, (segment) => {
      expect(decodeSegment(encodeSegment(segment))).toEqual(segment);
    }),
    { numRuns: 500 },
  );
});

test("pairs with nothing to show are columns of small numbers", () => {
  const { lines } = wireOf(
    segmentOf(pairOf({ secondary: lane(equal, 3) }), pairOf({ id: "tee-epoch-9", at: 1_700_000_000_051 })),
  );
  expect(lines).toHaveLength(1);
  expect(lines[0].pairs).toEqual({ i: [7, 2], a: [50, 1], e: [0, 0], c: [0, 0] });
  expect(lines[0].equal).toEqual({
    s: [200, 200],
    n: [800, 800],
    m: [
      [125, 125],
      [200, 200],
      [300, -1],
    ],
  });
});

test("a body that an earlier lane has as well is sent once", () => {
  const pair = pairOf({
    primary: lane(content),
    candidate: lane({ ...content, hash: "f".repeat(16) }),
    secondary: lane({ ...content }),
  });
  const { lines, contents } = wireOf(segmentOf(pair));
  expect(lines[1].l[2].b).toBe(0);
  expect(contents.toString()).toBe('{"a":1}{"a":1}');
  expect(decodeSegment(encodeSegment(segmentOf(pair))).pairs).toEqual([pair]);
});

test("segments of the version before, in which every content had a hash, are still read", () => {
  const segment = segmentOf(pairOf({ primary: lane(content) }));
  const wire = wireOf(segment);
  wire.lines[0].v = 2;
  expect(decodeSegment(packed(wire))).toEqual(segment);
});

test("64 pairs with nothing to show take at most 30 bytes each", () => {
  const random = fc.sample(fc.tuple(fc.integer(), fc.integer(), fc.integer()), {
    numRuns: 64,
    seed: 1,
  });
  const digits = (n: number) => (n >>> 0).toString(16).padStart(8, "0");
  const pairs = random.map(([c, d, e], i) => {
    const body: StoredBody = { kind: "equal", bytes: 700 + (c & 0xff) };
    const ms = (n: number) => Math.round(((n >>> 0) % 4_000) + 300) / 100;
    return pairOf({
      id: `tee-epoch-${1_000_000 + i}`,
      at: 1_700_000_000_000 + i * 3,
      endpoint: ["GET /orders/{id}", "GET /orders", "GET /users/{id}"][i % 3]!,
      cluster: digits(d),
      primary: lane(body, ms(e)),
      candidate: lane(body, ms(c)),
      secondary: lane(body, ms(d)),
    });
  });
  expect(encodeSegment(segmentOf(...pairs)).length / 64).toBeLessThan(30);
});

const refusal = (bytes: Uint8Array) => {
  try {
    decodeSegment(bytes);
  } catch (error) {
    const { code, faults } = error as ShadowgraphError;
    return { code, field: faults[0]?.field };
  }
  return "read";
};

describe("what is no segment is refused, and the field named", () => {
  const wire = () =>
    wireOf(
      segmentOf(pairOf(), pairOf({ primary: lane(content), candidate: { outcome: "failed", reason: "reset", ms: 1 } })),
    );

  test.each<[string, (first: Wire["lines"][0], second: Wire["lines"][0]) => void]>([
    ["v", (w) => void (w.v = 1)],
    ["run", (w) => void delete w.run],
    ["seq", (w) => void (w.seq = -1)],
    ["openedAt", (w) => void (w.openedAt = "now")],
    ["control", (w) => void (w.control = "both")],
    ["outcomes.compared", (w) => void (w.outcomes.compared = 1.5)],
    ["endpoints.0", (w) => void (w.endpoints[0] = 1)],
    ["clusters", (w) => void (w.clusters = {})],
    ["segment", (w) => void (w.more = 1)],
    ["pairs", (w) => void (w.pairs = [])],
    ["pairs.i", (w) => void (w.pairs.i = 2)],
    ["pairs.i", (w) => void (w.pairs.i = Array(65_537).fill(0))],
    ["pairs.a", (w) => void w.pairs.a.pop()],
    ["pairs.e", (w) => void w.pairs.e.push(0)],
    ["pairs.c", (w) => void (w.pairs.c = null)],
    ["equal", (w) => void (w.equal = 1)],
    ["equal.s", (w) => void w.equal.s.push(200)],
    ["equal.n", (w) => void (w.equal.n = [])],
    ["equal.m", (w) => void w.equal.m.pop()],
    ["equal.m.1", (w) => void (w.equal.m[1] = "1")],
    ["pairs[0].id", (w) => void (w.pairs.i[0] = -1)],
    ["pairs[0].id", (w) => void (w.pairs.i[0] = null)],
    ["pairs[1].id", (w) => void (w.pairs.i[1] = Number.MAX_SAFE_INTEGER)],
    ["pairs[0].at", (w) => void (w.pairs.a[0] = 0.5)],
    ["pairs[0].at", (w) => void (w.pairs.a[0] = Number.MAX_SAFE_INTEGER)],
    ["pairs[0].endpoint", (w) => void (w.pairs.e[0] = 2)],
    ["pairs[0].endpoint", (w) => void (w.pairs.e[0] = "length")],
    ["pairs[0].cluster", (w) => void (w.pairs.c[0] = 1)],
    ["pairs[0].cluster", (w) => void (w.clusters[0] = "89ABCDEF")],
    ["pairs[0].status", (w) => void (w.equal.s[0] = 99)],
    ["pairs[0].bytes", (w) => void (w.equal.n[0] = -1)],
    ["pairs[0].primary.ms", (w) => void (w.equal.m[0][0] = -1)],
    ["pairs[0].candidate.ms", (w) => void (w.equal.m[1][0] = null)],
    ["pairs[0].secondary.ms", (w) => void (w.equal.m[2][0] = -2)],
    ["pairs[1].status", (_, line) => void (line.p = 2)],
    ["lines[0].p", (_, line) => void (line.p = "1")],
    ["pairs[1].l", (_, line) => void (line.l = 3)],
    ["pairs[1].l", (_, line) => void line.l.pop()],
    ["pairs[1].l[0]", (_, line) => void line.l.reverse()],
    ["pairs[1].l[0].s", (_, line) => void (line.l[0].s = "200")],
    ["pairs[1].l[0].m", (_, line) => void (line.l[0].m = 0.5)],
    ["pairs[1].l[0].h", (_, line) => void (line.l[0].h = [["a"]])],
    ["pairs[1].l[0].b", (_, line) => void (line.l[0].b = 0)],
    ["pairs[1].l[0].b.h", (_, line) => void (line.l[0].b.h = 5)],
    ["pairs[1].l[0].b.x", (_, line) => void (line.l[0].b.x = true)],
    ["pairs[1].l[0].b.c", (_, line) => void (line.l[0].b.c = 8)],
    ["pairs[1].l[0].b.c", (_, line) => void (line.l[0].b.c = -1)],
    ["contents", (_, line) => void (line.l[0].b.c = 6)],
    ["pairs[1].l[1].reason", (_, line) => void (line.l[1][0] = "bored")],
    ["pairs[1].l[1].lane", (_, line) => void (line.l[1] = null)],
    ["pairs[1].r", (_, line) => void (line.r = [])],
    ["pairs[1].r.m", (_, line) => void (line.r = {})],
  ])("%s", (field, spoil) => {
    const spoiled = wire();
    spoil(spoiled.lines[0], spoiled.lines[1]);
    expect(refusal(packed(spoiled))).toEqual({ code: "invalid-input", field });
  });

  test.each<[string, (wire: Wire) => void]>([
    ["lines[0].pair", ({ lines }) => void (lines[1] = null)],
    ["equal.s", ({ lines }) => void lines.push(lines[1])],
    ["equal.s", ({ lines }) => void lines.pop()],
    ["contents", (w) => void (w.contents = Buffer.concat([w.contents, Buffer.alloc(1)]))],
    ["pairs[1].l[0].b.c", (w) => void (w.contents = w.contents.subarray(1))],
  ])("lines and contents: %s", (field, spoil) => {
    const spoiled = wire();
    spoil(spoiled);
    expect(refusal(packed(spoiled))).toEqual({ code: "invalid-input", field });
  });

  test("two lines of one pair", () => {
    const spoiled = wire();
    spoiled.lines[0].equal = { s: [], n: [], m: [[], [], []] };
    spoiled.lines.push(spoiled.lines[1]);
    expect(refusal(packed(spoiled))).toEqual({ code: "invalid-input", field: "pairs[0].status" });
  });

  const deep = "[".repeat(100_000) + "]".repeat(100_000);
  test.each<[string, Uint8Array]>([
    ["nothing", Buffer.alloc(0)],
    ["no zstd", Buffer.from("{}")],
    ["no length", zstdCompressSync(Buffer.from("{}"))],
    ["a length beyond the end", zstdCompressSync(Buffer.from("\xff\0\0\0{}", "latin1"))],
    ["no JSON", packedText("{")],
    ["no object", packedText("[]")],
    ["null", packedText("null")],
    ["a list too deep to be written again", packedText(deep)],
    ["a bomb", zstdCompressSync(Buffer.alloc(80_000_000, 0x20))],
  ])("%s", (_, bytes) => {
    expect(refusal(bytes)).toEqual({ code: "invalid-input", field: "segment" });
  });

  test("a pair that is too deep to be shown", () => {
    const text = JSON.stringify(wireOf(segmentOf(pairOf())).lines[0]).replace('"89abcdef"', deep);
    expect(refusal(packedText(text))).toEqual({ code: "invalid-input", field: "pairs[0].cluster" });
  });

  test("any JSON at all", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (column, part) => {
        const spoiled = wire();
        spoiled.lines[0].pairs.a = column;
        spoiled.lines[1].l[0] = part;
        expect(refusal(packed(spoiled))).toMatchObject({ code: "invalid-input" });
      }),
    );
  });

  test("any byte changed: read or refused, never anything else", () => {
    const whole = zstdDecompressSync(encodeSegment(segmentOf(pairOf(), pairOf({ primary: lane(content) }))));
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(255), (at, byte) => {
        const spoiled = Buffer.from(whole);
        spoiled[at] = byte;
        const result = refusal(zstdCompressSync(spoiled));
        if (result !== "read") expect(result).toMatchObject({ code: "invalid-input" });
      }),
    );
  });
});

test("the error says what is allowed and what it got", () => {
  const wire = wireOf(segmentOf(pairOf()));
  wire.lines[0].equal.s[0] = "OK";
  expect(() => decodeSegment(packed(wire))).toThrow(
    'the segment cannot be read: pairs[0].status must be 100 to 999; got "OK"',
  );
});
