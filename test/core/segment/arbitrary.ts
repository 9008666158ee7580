import fc from "fast-check";
import { CONTROLS } from "../../../core/capture/control.ts";
import { OUTCOMES, type OutcomeCounts } from "../../../core/pair/outcome.ts";
import type { Segment, StoredBody, StoredPair } from "../../../core/segment/segment.ts";

const hex = (length: number) => fc.stringMatching(new RegExp(`^[0-9a-f]{${length}}$`));
const ms = fc.nat(10_000_000).map((hundredths) => hundredths / 100);
/** Any UTF-16 code units: header values are latin-1, but the codec promises nothing less than a string. */
const odd = fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)) });
const list = fc.array(fc.tuple(odd, odd), { maxLength: 4 });
const bytes = fc
  .oneof(
    fc.uint8Array({ maxLength: 40 }),
    fc.string({ unit: "binary", maxLength: 40 }).map((text) => Buffer.from(text)),
    fc.constantFrom(
      Buffer.alloc(0),
      Buffer.from("\ufeff{}"),
      Buffer.from([0xed, 0xa0, 0x80]),
      Buffer.from("~r:s:0123456789abcdef"),
    ),
  )
  .map((content) => Buffer.from(content));
const equalBody = fc.record({ kind: fc.constant("equal" as const), bytes: fc.nat() });
const contentBody = fc.record(
  { kind: fc.constant("content" as const), hash: hex(16), bytes: fc.nat(), content: bytes, cut: fc.boolean() },
  { requiredKeys: ["kind", "bytes", "content", "cut"] },
);
const body: fc.Arbitrary<StoredBody> = fc.oneof(equalBody, contentBody);
const headers = fc.oneof(
  fc.constant({ kind: "equal" as const }),
  list.map((lines) => ({ kind: "list" as const, list: lines })),
);
const status = fc.integer({ min: 100, max: 999 });
const responded = fc.record({ outcome: fc.constant("responded" as const), status, headers, body, ms });
const failed = fc.record({
  outcome: fc.constant("failed" as const),
  reason: fc.constantFrom("timeout", "refused", "reset", "invalid" as const),
  ms,
});
const at = fc.integer({ min: 0, max: 4e12 });
const text = fc.string({ minLength: 1, maxLength: 10 });
const stamp = fc.record({ tee: text, epoch: text, seq: fc.nat() });
const common = {
  id: fc.oneof(fc.nat(), odd, fc.constantFrom("007", "-1", "1e3", "9007199254740993")),
  at,
  endpoint: fc.oneof(fc.constantFrom("GET /orders/{id}", "GET /"), odd),
  cluster: hex(8),
};

const request = fc.record({
  method: text,
  target: odd,
  headers: list,
  body: fc.record({ content: bytes, bytes: fc.nat(), cut: fc.boolean() }),
});
const hashed = fc.oneof(
  fc.record({ kind: fc.constant("equal" as const), bytes: fc.nat(), hash: hex(16) }),
  fc.record({
    kind: fc.constant("content" as const),
    hash: hex(16),
    bytes: fc.nat(),
    content: bytes,
    cut: fc.boolean(),
  }),
);
const call = fc.record({ to: text, endpoint: odd, target: odd, type: odd, body: hashed });
const made = fc.array(call, { maxLength: 3 });
const calls = fc.record({ primary: made, candidate: made });

const unequal = fc.record(
  {
    ...common,
    request,
    primary: responded,
    candidate: fc.oneof(responded, failed),
    secondary: fc.oneof(responded, failed),
    calls,
  },
  { requiredKeys: ["id", "at", "endpoint", "cluster", "primary", "candidate"] },
);
/** Lanes that hold one and the same body, so that references are taken. */
const shared = fc.tuple(unequal, body).map(([pair, same]) => ({
  ...pair,
  primary: { ...pair.primary, body: same },
  ...(pair.secondary?.outcome === "responded" ? { secondary: { ...pair.secondary, body: { ...same } } } : {}),
}));
const equal = fc
  .record({ ...common, body: equalBody, status, ms: fc.tuple(ms, ms, fc.option(ms, { nil: undefined })) })
  .map(({ body, status, ms: [primaryMs, candidateMs, secondaryMs], ...rest }) => {
    const lane = (ms: number) => ({
      outcome: "responded" as const,
      status,
      headers: { kind: "equal" as const },
      body,
      ms,
    });
    const secondary = secondaryMs === undefined ? {} : { secondary: lane(secondaryMs) };
    return { ...rest, primary: lane(primaryMs), candidate: lane(candidateMs), ...secondary };
  });

const outcomes = fc.record(
  Object.fromEntries(["sampled", ...OUTCOMES].map((name) => [name, fc.nat()])) as Record<
    keyof OutcomeCounts,
    fc.Arbitrary<number>
  >,
);

const withIds = (
  pair: Omit<StoredPair, "id"> & { readonly id: number | string },
  tee: string,
  epoch: string,
): StoredPair => ({
  ...pair,
  id: typeof pair.id === "number" || /^[\d-]/.test(pair.id) ? `${tee}-${epoch}-${pair.id}` : pair.id,
});

/** Any segment at all. */
export const anySegment: fc.Arbitrary<Segment> = fc
  .record({
    id: text,
    env: text,
    run: text,
    stamp,
    openedAt: at,
    closedAt: at,
    control: fc.constantFrom(...CONTROLS),
    outcomes,
    calls: fc.option(fc.record({ compared: fc.nat(), unknown: fc.nat() }), { nil: undefined }),
    pairs: fc.array(fc.oneof(equal, unequal, shared), { maxLength: 8 }),
  })
  .map(({ calls: counts, ...segment }) => ({
    ...segment,
    ...(counts && { calls: counts }),
    pairs: segment.pairs.map((pair) => withIds(pair as StoredPair, segment.stamp.tee, segment.stamp.epoch)),
  }));
