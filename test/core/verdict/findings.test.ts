import { noOutcomes } from "../../../core/pair/outcome.ts";
import { findingId, findingsOf } from "../../../core/verdict/findings.ts";
import { DEFAULTS, factsOf, type Planted } from "./planted.ts";

const GET = "GET /orders/{id}";
const only = (planted: Planted, part = {}) => findingsOf(factsOf({ [GET]: planted }, part), DEFAULTS);

test("a place at which the candidate alone differs often enough is confirmed", () => {
  const [finding] = only({ pairs: 2_031, seen: { "body/total value candidate": 412 } });
  expect(finding).toMatchObject({ place: "body/total", kind: "value", count: 412, noise: 0, confirmed: true });
  expect(finding).toMatchObject({ pairs: 2_031, breaking: false, signatures: 1 });
});

test("the first place is confirmed at 10 of the candidate alone, for it has 6/π² of α", () => {
  const at = (b: number) => only({ pairs: 100, seen: { "body/a value candidate": b } })[0]?.confirmed;
  expect([at(9), at(10)]).toEqual([false, true]);
});

test("noise alone makes no finding, as much noise as candidate none that is confirmed", () => {
  expect(
    only({ pairs: 100, seen: { "body/a value secondary": 9, "body/b value all": 9, "body/c value primary": 3 } }),
  ).toEqual([]);
  const seen = { "body/a value candidate": 40, "body/a value secondary": 38 };
  expect(only({ pairs: 1_000, seen })).toMatchObject([{ count: 40, noise: 38, confirmed: false }]);
});

test("noise in the secondary does not help to confirm what stood against too many that all differ", () => {
  const with_ = (secondary: number) =>
    only({
      pairs: 1_000,
      seen: { "body/a value candidate": 20, "body/a value all": 21, "body/a value secondary": secondary },
    })[0];
  expect(with_(0)?.confirmed).toBe(false);
  expect(with_(1)?.confirmed).toBe(false);
});

test("where all three mostly differ, two that agree do so by chance: never confirmed", () => {
  const at = (all: number) =>
    only({
      pairs: 2_000,
      seen: { "body/age value candidate": 98, "body/age value secondary": 7, "body/age value all": all },
    });
  expect(at(1_427)).toMatchObject([{ masked: 1_427, confirmed: false }]);
  expect(at(50)).toMatchObject([{ masked: 50, confirmed: true }]);
});

test("the i-th place to appear gets its share of α, whatever order the facts are in", () => {
  const seen = { "body/b value candidate": 1, "body/a value candidate": 1, "body/z value secondary": 1 };
  const firstAt = { "body/b": 1, "body/z": 2, "body/a": 3 };
  const thresholds = Object.fromEntries(
    only({ pairs: 10, seen, firstAt }).map(({ place, threshold }) => [place, Math.exp(-threshold)]),
  );
  expect(thresholds["body/b"]).toBeCloseTo(0.01 * (6 / Math.PI ** 2), 10);
  expect(thresholds["body/a"]).toBeCloseTo((0.01 * (6 / Math.PI ** 2)) / 9, 10);
});

test("ranked: confirmed, then breaking, then by reach", () => {
  const seen = {
    "body/rare value candidate": 20,
    "body/gone removed candidate": 15,
    "body/often value candidate": 500,
    "body/once removed candidate": 1,
  };
  const places = only({ pairs: 1_000, seen }).map(({ place }) => place);
  expect(places).toEqual(["body/gone", "body/often", "body/rare", "body/once"]);
});

test("an id is ten hex digits that depend on endpoint, place and kind alone", () => {
  const [finding] = only({ pairs: 10, seen: { "body/a value candidate": 1 } });
  expect(finding?.id).toBe(findingId(GET, "body/a", "value"));
  expect(finding?.id).toMatch(/^[0-9a-f]{10}$/);
});

describe("without a secondary", () => {
  const alone = (seen: Record<string, number>, part = {}) =>
    only({ pairs: 1_000, triples: 0, seen }, { control: "none", ...part });

  test("a changed value is shown but cannot be confirmed", () => {
    expect(alone({ "body/a value unknown": 900 })).toMatchObject([{ count: 900, confirmed: false, evidence: 0 }]);
  });

  test("fields only ever removed are confirmed, fields that come and go are not", () => {
    expect(alone({ "body/a removed unknown": 12 })).toMatchObject([{ confirmed: true, noise: 0 }]);
    const flapping = alone({ "body/a removed unknown": 12, "body/a added reverse": 11 });
    expect(flapping.map(({ confirmed }) => confirmed)).toEqual([false, false]);
  });

  test("a field that is only ever new is confirmed, and does not break", () => {
    expect(alone({ "body/a added reverse": 12 })).toMatchObject([{ count: 12, confirmed: true, breaking: false }]);
  });

  test("worse statuses are weighed against better ones", () => {
    expect(alone({ "status status unknown": 12 })).toMatchObject([{ confirmed: true }]);
    const both = alone({ "status status unknown": 12, "status status reverse": 10 });
    expect(both).toMatchObject([{ confirmed: false, noise: 10 }]);
  });

  test("failures of the candidate are weighed against those of the primary in the run", () => {
    const tee = { segments: 1, maxSeq: 0, compared: 0, candidateFailed: 0, lastAt: 0 };
    const tees = (primaryFailed: number) => ({ tees: { a: { ...tee, outcomes: { ...noOutcomes(), primaryFailed } } } });
    expect(alone({ "failure failure unknown": 12 }, tees(0))).toMatchObject([{ confirmed: true, breaking: true }]);
    expect(alone({ "failure failure unknown": 12 }, tees(11))).toMatchObject([{ confirmed: false, noise: 11 }]);
  });
});

test("failures of the secondary are noise of the candidate's", () => {
  const seen = { "failure failure candidate": 12, "failure failure secondary": 11 };
  expect(only({ pairs: 500, triples: 489, seen })).toMatchObject([{ count: 12, noise: 11, confirmed: false }]);
});

test("a value that each lane always had is pointed out", () => {
  const constant = { primary: "aa", candidate: "bb" };
  const place = { place: "header/x-host", kind: "header" as const, firstAt: 1, lastAt: 1, constant, examples: [] };
  const at = (n: number) =>
    only({ pairs: 40, seen: { "header/x-host header candidate": n }, part: { places: { p: place } } })[0]
      ?.constantPerLane;
  expect([at(40), at(39), at(12)]).toEqual([true, false, false]);
});

describe("latency", () => {
  // One value a lane: bin 300 against bin 250 of a 1 % sketch is about 2.7 times as slow.
  const latency = (slower: number, faster: number, bin = "300", minutes: readonly [number, number] = [40, 2]) => ({
    primary: { zero: 0, bins: {} },
    candidate: { zero: 0, bins: { [bin]: slower + faster } },
    secondary: { zero: 0, bins: { "250": slower + faster } },
    slower,
    faster,
    minutesSlower: minutes[0],
    minutesFaster: minutes[1],
    warmUp: null,
    slowest: [],
  });
  const judged = (control: string, its: ReturnType<typeof latency>) =>
    only({ pairs: 1_000, part: { latency: its } }, { control });

  test("is judged against a control overlay and against nothing else", () => {
    expect(judged("control", latency(600, 200))).toMatchObject([
      { kind: "latency", count: 600, noise: 200, confirmed: true },
    ]);
    expect(judged("baseline", latency(600, 200))).toEqual([]);
    expect(judged("none", latency(600, 200))).toEqual([]);
  });

  test("pairs of one busy minute are one witness, however many", () => {
    expect(judged("control", latency(900, 20, "300", [2, 0]))).toMatchObject([{ count: 900, confirmed: false }]);
  });

  test("needs a slower median as well as slower pairs", () => {
    expect(judged("control", latency(600, 200, "251"))).toEqual([]);
    expect(judged("control", latency(410, 390, "300", [21, 19]))).toMatchObject([{ confirmed: false }]);
  });
});
