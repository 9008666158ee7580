import fc from "fast-check";
import { factsOf } from "../../../core/noise/facts-of.ts";
import { foldByMinute } from "../../../core/noise/merge.ts";
import type { Segment } from "../../../core/segment/segment.ts";
import { judge } from "../../../core/verdict/judge.ts";
import { failed, json } from "../diff/captures.ts";
import { pairOf, segmentOf } from "../noise/segments.ts";
import { accounted, DEFAULTS } from "./planted.ts";

const START = 1_700_000_000_000;
const MINUTE_MS = 60_000;

const body = fc.record(
  { total: fc.integer({ min: 0, max: 2 }), state: fc.constantFrom("open", "paid") },
  { requiredKeys: [] },
);
const lane = fc.oneof(
  { weight: 6, arbitrary: body.map((it) => json(JSON.stringify(it))) },
  { weight: 1, arbitrary: fc.constant(failed("refused")) },
);
const pair = fc.record({
  endpoint: fc.constantFrom("GET /a", "GET /b"),
  cluster: fc.constantFrom("00000001", "00000002"),
  primary: body.map((it) => json(JSON.stringify(it))),
  candidate: lane,
  secondary: fc.option(lane, { nil: undefined }),
});
/** Segments of a few minutes, each with an id of its own. */
const segments = fc.array(fc.array(pair, { minLength: 1, maxLength: 8 }), { maxLength: 12 }).map((all) =>
  all.map((pairs, seq): Segment => {
    const openedAt = START + seq * 25_000;
    const its = pairs.map(({ secondary, ...rest }, i) =>
      pairOf({ ...rest, id: `a-1-${seq}-${i}`, at: openedAt + i, ...(secondary ? { secondary } : {}) }),
    );
    return segmentOf(its, {
      id: `a.1.r.${seq}`,
      stamp: { tee: "a", epoch: "1", seq },
      openedAt,
      closedAt: openedAt + 9,
    });
  }),
);

/** What the store and the judge do: an item a segment, minutes of items, a run of minutes. */
const judged = (delivered: readonly Segment[]) => {
  const items = new Map(delivered.map((segment) => [segment.id, segment]));
  const minutes = Map.groupBy(items.values(), ({ openedAt }) => Math.floor(openedAt / MINUTE_MS));
  const facts = foldByMinute([...minutes.values()].map((its) => its.map((segment) => factsOf(segment))));
  return judge({ facts, accounting: accounted(), settings: DEFAULTS, attempts: 1 });
};

test("in whatever order segments come, and however often, the verdict and its findings are the same", () => {
  fc.assert(
    fc.property(segments, fc.array(fc.nat()), (list, keys) => {
      const again = keys.map((key) => list[key % Math.max(1, list.length)]).filter((one) => one !== undefined);
      const mixed = [...again, ...list].map((one, i) => [keys[i % Math.max(1, keys.length)] ?? i, one] as const);
      const delivered = mixed.sort(([a], [b]) => a - b).map(([, one]) => one);
      expect(judged(delivered)).toEqual(judged(list));
    }),
    { numRuns: 60 },
  );
});
