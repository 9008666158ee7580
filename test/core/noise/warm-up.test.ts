import type { Facts } from "../../../core/noise/facts.ts";
import { factsOf } from "../../../core/noise/facts-of.ts";
import { foldFacts } from "../../../core/noise/merge.ts";
import { asMinute } from "../../../core/noise/minute.ts";
import { withoutWarmUp } from "../../../core/noise/warm-up.ts";
import type { StoredPair } from "../../../core/segment/segment.ts";
import { failed, stub } from "../diff/captures.ts";
import { pairOf, segmentOf } from "./segments.ts";

const START = 1_700_000_000_000;
const second = (at: number): number => START + at * 1_000;

/** Pairs of one segment: the seconds at which the candidate failed, and at which it answered. */
const segment = (down: readonly number[], up: readonly number[], part: Partial<StoredPair> = {}) =>
  factsOf(
    segmentOf([
      ...down.map((at) => pairOf({ at: second(at), candidate: failed("refused"), secondary: stub(), ...part })),
      ...up.map((at) => pairOf({ at: second(at), secondary: stub(), ...part })),
    ]),
  );
const counts = (facts: Facts) => {
  const { pairs, triples, candidateFailed, signatures } = withoutWarmUp(facts).endpoints["GET /a"]!;
  return { pairs, triples, candidateFailed, marked: Object.values(signatures).reduce((sum, { n }) => sum + n, 0) };
};

describe("failures before the candidate's first answer", () => {
  test("are left out, in whatever order the segments came", () => {
    const segments = [segment([0, 1, 2], []), segment([3, 4], [5, 6]), segment([], [7, 8])];
    const up = { pairs: 4, triples: 4, candidateFailed: 0, marked: 0 };
    expect(counts(foldFacts(segments))).toEqual(up);
    expect(counts(foldFacts(segments.toReversed()))).toEqual(up);
  });

  test("those of a candidate that answered and failed then are not", () => {
    const facts = foldFacts([segment([], [0, 1]), segment([2, 3, 4], []), segment([5], [6])]);
    expect(counts(facts)).toEqual({ pairs: 7, triples: 7, candidateFailed: 4, marked: 4 });
  });

  test("an answer at another endpoint is one", () => {
    const facts = foldFacts([segment([], [0], { endpoint: "GET /b" }), segment([1, 2], [3])]);
    expect(counts(facts)).toMatchObject({ pairs: 3, candidateFailed: 2 });
  });

  test("are counted apart where there is no secondary", () => {
    const alone = factsOf(
      segmentOf([pairOf({ at: second(0), candidate: failed("refused") }), pairOf({ at: second(1) })]),
    );
    expect(counts(alone)).toEqual({ pairs: 1, triples: 0, candidateFailed: 0, marked: 0 });
  });

  test("of a candidate that never answered are all there are", () => {
    expect(counts(segment([0, 1, 2], []))).toEqual({ pairs: 0, triples: 0, candidateFailed: 0, marked: 0 });
  });
});

describe("a minute as a witness of latency", () => {
  const slow = (at: number) => pairOf({ at: second(at), candidate: stub({ ms: 9 }), secondary: stub({ ms: 3 }) });
  const minute = (pairs: readonly StoredPair[]) => asMinute(factsOf(segmentOf(pairs)));
  const latency = (facts: Facts) => facts.endpoints["GET /a"]!.latency;

  test("is one, however many pairs were slower; the first one is remembered as warm-up", () => {
    const [first, next] = [minute([slow(0), slow(1)]), minute([slow(60), slow(61), slow(62)])];
    expect(latency(foldFacts([next, first]))).toMatchObject({
      minutesSlower: 2,
      warmUp: { at: second(0), slower: 1, faster: 0 },
    });
  });

  test("is none if a lane was down for half of it", () => {
    const down = pairOf({ at: second(2), candidate: failed("refused"), secondary: stub() });
    expect(latency(minute([slow(0), down]))).toMatchObject({ minutesSlower: 0, minutesFaster: 0 });
  });
});
