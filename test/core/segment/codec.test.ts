import { zstdCompressSync, zstdDecompressSync } from "node:zlib";
import fc from "fast-check";
import type { ShadowgraphError } from "../../../core/errors.ts";
import { noOutcomes } from "../../../core/pair/outcome.ts";
import { decodeSegment, encodeSegment } from "../../../core/segment/codec.ts";
import type { Segment, StoredBody, StoredPair, StoredResponded } from "../../../core/segment/segment.ts";
import { anySegment } from "./arbitrary.ts";

const wireOf = (segment: Segment) => JSON.parse(zstdDecompressSync(encodeSegment(segment)).toString());
const packed = (wire: unknown) => zstdCompressSync(JSON.stringify(wire));

const lane = (body: StoredBody, ms = 1.25): StoredResponded => ({
  outcome: "responded",
  status: 200,
  headers: { kind: "equal" },
  body,
  ms,
});
const equal: StoredBody = { kind: "equal", hash: "0123456789abcdef", bytes: 800 };
const content: StoredBody = { ...equal, kind: "content", content: Buffer.from('{"a":1}'), cut: false };
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

test("a pair with nothing to show is a row of ten at most", () => {
  const pair = pairOf({ secondary: lane(equal, 3) });
  expect(wireOf(segmentOf(pair)).pairs).toEqual([[7, 50, 0, "89abcdef", 200, "0123456789abcdef", 800, 1.25, 2, 3]]);
});

test("a body that an earlier lane has as well is sent once", () => {
  const pair = pairOf({
    primary: lane(content),
    candidate: lane({ ...content, hash: "f".repeat(16) }),
    secondary: lane({ ...content }),
  });
  expect(wireOf(segmentOf(pair)).pairs[0].l[2].b).toBe(0);
  expect(decodeSegment(encodeSegment(segmentOf(pair))).pairs).toEqual([pair]);
});

test("64 pairs with nothing to show take at most 60 bytes each", () => {
  const random = fc.sample(fc.tuple(fc.integer(), fc.integer(), fc.integer(), fc.integer(), fc.integer()), {
    numRuns: 64,
    seed: 1,
  });
  const digits = (n: number) => (n >>> 0).toString(16).padStart(8, "0");
  const pairs = random.map(([a, b, c, d, e], i) => {
    const body: StoredBody = { kind: "equal", hash: digits(a) + digits(b), bytes: 700 + (c & 0xff) };
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
  expect(encodeSegment(segmentOf(...pairs)).length / 64).toBeLessThan(60);
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
  type Wire = ReturnType<typeof wire>;

  test.each<[string, (wire: Wire) => void]>([
    ["v", (w) => void (w.v = 2)],
    ["run", (w) => void delete w.run],
    ["seq", (w) => void (w.seq = -1)],
    ["openedAt", (w) => void (w.openedAt = "now")],
    ["control", (w) => void (w.control = "both")],
    ["outcomes.compared", (w) => void (w.outcomes.compared = 1.5)],
    ["endpoints.0", (w) => void (w.endpoints[0] = 1)],
    ["segment", (w) => void (w.more = 1)],
    ["pairs", (w) => void (w.pairs = {})],
    ["pairs[0].length", (w) => void w.pairs[0].pop()],
    ["pairs[0].id", (w) => void (w.pairs[0][0] = -1)],
    ["pairs[0].at", (w) => void (w.pairs[0][1] = 0.5)],
    ["pairs[0].endpoint", (w) => void (w.pairs[0][2] = 2)],
    ["pairs[0].endpoint", (w) => void (w.pairs[0][2] = "length")],
    ["pairs[0].cluster", (w) => void (w.pairs[0][3] = "89ABCDEF")],
    ["pairs[0].status", (w) => void (w.pairs[0][4] = 99)],
    ["pairs[0].hash", (w) => void (w.pairs[0][5] = "0123456789abcde")],
    ["pairs[0].bytes", (w) => void (w.pairs[0][6] = -1)],
    ["pairs[0].candidate.ms", (w) => void (w.pairs[0][8] = null)],
    ["pairs[1].pair", (w) => void (w.pairs[1] = null)],
    ["pairs[1].id", (w) => void (w.pairs[1].i = null)],
    ["pairs[1].l", (w) => void (w.pairs[1].l = 3)],
    ["pairs[1].l", (w) => void w.pairs[1].l.pop()],
    ["pairs[1].l[0]", (w) => void w.pairs[1].l.reverse()],
    ["pairs[1].l[0].s", (w) => void (w.pairs[1].l[0].s = "200")],
    ["pairs[1].l[0].h", (w) => void (w.pairs[1].l[0].h = [["a"]])],
    ["pairs[1].l[0].b", (w) => void (w.pairs[1].l[0].b = 0)],
    ["pairs[1].l[0].b.h", (w) => void (w.pairs[1].l[0].b.h = 5)],
    ["pairs[1].l[0].b.x", (w) => void (w.pairs[1].l[0].b.x = true)],
    ["pairs[1].l[0].t", (w) => void delete w.pairs[1].l[0].b.t],
    ["pairs[1].l[0].t", (w) => void (w.pairs[1].l[0].b.d = "")],
    ["pairs[1].l[1].reason", (w) => void (w.pairs[1].l[1][0] = "bored")],
    ["pairs[1].l[1].lane", (w) => void (w.pairs[1].l[1] = null)],
    ["pairs[1].r", (w) => void (w.pairs[1].r = [])],
    ["pairs[1].r.m", (w) => void (w.pairs[1].r = {})],
  ])("%s", (field, spoil) => {
    const spoiled = wire();
    spoil(spoiled);
    expect(refusal(packed(spoiled))).toEqual({ code: "invalid-input", field });
  });

  test.each<[string, Uint8Array]>([
    ["nothing", Buffer.alloc(0)],
    ["no zstd", Buffer.from("{}")],
    ["no JSON", zstdCompressSync("{")],
    ["no object", packed([])],
    ["null", packed(null)],
    ["a list too deep to be written again", zstdCompressSync("[".repeat(100_000) + "]".repeat(100_000))],
    ["a bomb", zstdCompressSync(Buffer.alloc(80_000_000, 0x20))],
  ])("%s", (_, bytes) => {
    expect(refusal(bytes)).toEqual({ code: "invalid-input", field: "segment" });
  });

  test("a pair that is too deep to be shown", () => {
    const deep = "[".repeat(100_000) + "]".repeat(100_000);
    const text = JSON.stringify(wire()).replace('"89abcdef"', deep);
    expect(refusal(zstdCompressSync(text))).toEqual({ code: "invalid-input", field: "pairs[0].cluster" });
  });

  test("any JSON at all", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (pair, part) => {
        const spoiled = wire();
        spoiled.pairs[0] = pair;
        spoiled.pairs[1].l[0] = part;
        expect(refusal(packed(spoiled))).toMatchObject({ code: "invalid-input" });
      }),
    );
  });
});

test("the error says what is allowed and what it got", () => {
  const wire = wireOf(segmentOf(pairOf()));
  wire.pairs[0][4] = "OK";
  expect(() => decodeSegment(packed(wire))).toThrow(
    'the segment cannot be read: pairs[0].status must be 100 to 999; got "OK"',
  );
});
