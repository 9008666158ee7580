import { factsKeyOf, readJudgement } from "../../../adapters/judgement.ts";
import { NO_RULES, type Rule } from "../../../core/diff/rules.ts";
import { factsOf } from "../../../core/noise/facts-of.ts";
import { noOutcomes, type OutcomeCounts } from "../../../core/pair/outcome.ts";
import type { StoredPair } from "../../../core/segment/segment.ts";
import { foldMinutes } from "../../../lambdas/judge/fold.ts";
import { failed, json, stub } from "../../core/diff/captures.ts";
import { pairOf, segmentOf } from "../../core/noise/segments.ts";
import { apiWithOverlay } from "./api-under-test.ts";

/** The first minute of an hour. */
const MINUTE = 28_333_320;
const at = (minute: number): number => (MINUTE + minute) * 60_000;

const lanes = (primary: string, candidate: string, secondary: string): Partial<StoredPair> => ({
  primary: json(primary),
  candidate: json(candidate),
  secondary: json(secondary),
});
const EQUAL = { secondary: stub() };
const DIVERGING = lanes('{"a":1}', '{"a":2}', '{"a":1}');
const NOISY = lanes('{"t":1}', '{"t":1}', '{"t":2}');
const MASKED = lanes('{"m":1}', '{"m":2}', '{"m":3}');

const timelineUnderTest = async () => {
  const api = await apiWithOverlay({ readJudgement });
  api.now = at(0);
  await api.call("PUT", "/environments/checkout/shadow", { enabled: true, newRun: true });
  const overlay = async () => api.ports.catalog.overlay("checkout");
  let seq = 0;
  /** Stores and folds the segment of a minute, as part of the present run. */
  const seen = async (
    minute: number,
    pairs: readonly Partial<StoredPair>[],
    outcomes: Partial<OutcomeCounts> = {},
    tee = "a",
  ) => {
    const { id, run } = await overlay();
    const key = factsKeyOf(id, run.id, NO_RULES);
    const segment = segmentOf(
      pairs.map((pair, i) => pairOf({ id: `${tee}-${seq}-${i}`, at: at(minute) + i, ...pair })),
      {
        openedAt: at(minute),
        stamp: { tee, epoch: "1", seq },
        outcomes: { ...noOutcomes(), ...outcomes },
      },
    );
    await api.ports.facts.put(key, MINUTE + minute, `${tee}.1.${run.id}.${seq++}`, factsOf(segment));
    await foldMinutes(api.ports.facts, key, [MINUTE + minute]);
  };
  const ask = async (query: string) => (await api.call("GET", `/environments/checkout/timeline${query}`)).body;
  return { api, seen, ask, restart: () => void (seq = 0) };
};

const span = (from: number, to: number) => `?from=${at(from)}&to=${at(to)}`;

test("a minute has its pairs by what became of them; minutes without any are left out", async () => {
  const { seen, ask } = await timelineUnderTest();
  await seen(0, [EQUAL, EQUAL, DIVERGING]);
  await seen(2, [NOISY, MASKED, MASKED, EQUAL]);
  const { grain, buckets, next } = await ask(span(0, 10));
  expect([grain, next]).toEqual(["minute", null]);
  expect(buckets).toMatchObject([
    { at: at(0), pairs: 3, diverging: 1, noise: 0, masked: 0 },
    { at: at(2), pairs: 4, diverging: 0, noise: 1, masked: 2 },
  ]);
});

test("what is noise in the whole run is no divergence in the minute that does not show it", async () => {
  const { seen, ask } = await timelineUnderTest();
  const asNoisy = lanes('{"t":1}', '{"t":2}', '{"t":1}');
  await seen(0, [asNoisy, EQUAL]);
  expect((await ask(span(0, 9))).buckets[0].diverging).toBe(1);
  await seen(1, [NOISY, NOISY]);
  await seen(2, [asNoisy, NOISY]);
  expect((await ask(span(0, 9))).buckets.map((one: { diverging: number }) => one.diverging)).toEqual([1, 0, 0]);
});

test("an ignored place is no divergence, in minutes that are long folded too", async () => {
  const { api, seen, ask } = await timelineUnderTest();
  await seen(0, [DIVERGING, EQUAL]);
  const rules: Rule[] = [{ ignore: "body/a" }];
  await api.call("PUT", "/environments/checkout/rules", { rules });
  expect((await ask(span(0, 9))).buckets).toMatchObject([{ pairs: 2, diverging: 0 }]);
});

test("a candidate that is not up yet has not diverged", async () => {
  const { seen, ask } = await timelineUnderTest();
  await seen(0, [{ candidate: failed("refused") }, { candidate: failed("refused") }]);
  await seen(1, [EQUAL, EQUAL]);
  expect((await ask(span(0, 9))).buckets).toMatchObject([
    { pairs: 0, diverging: 0, outcomes: { candidateFailed: 2 } },
    { pairs: 2, diverging: 0 },
  ]);
});

test("outcomes are those of the time: what tees counted before is taken off", async () => {
  const { seen, ask } = await timelineUnderTest();
  await seen(0, [EQUAL, EQUAL], { sampled: 5, compared: 2, tooLarge: 3 });
  await seen(1, [EQUAL], { sampled: 9, compared: 3, tooLarge: 4, undelivered: 2 });
  await seen(2, [EQUAL], { sampled: 10, compared: 4, tooLarge: 4, undelivered: 2 });
  const outcomesIn = async (from: number) =>
    (await ask(span(from, 9))).buckets.map(({ outcomes: { sampled, compared, tooLarge, undelivered } }: never) => [
      sampled,
      compared,
      tooLarge,
      undelivered,
    ]);
  const all = [
    [5, 2, 3, 0],
    [4, 1, 1, 2],
    [1, 1, 0, 0],
  ];
  expect(await outcomesIn(0)).toEqual(all);
  expect(await outcomesIn(1)).toEqual(all.slice(1));
});

test("of a tee that was silent before, only what arrived is known to be of this time", async () => {
  const { seen, ask } = await timelineUnderTest();
  await seen(0, [EQUAL], { sampled: 5, compared: 1, tooLarge: 4 });
  await seen(5, [EQUAL], { sampled: 9, compared: 2, tooLarge: 7 });
  expect((await ask(span(3, 9))).buckets).toMatchObject([{ outcomes: { sampled: 1, compared: 1, tooLarge: 0 } }]);
});

test("what was stored before an outcome came to be counts none of it", async () => {
  const { seen, ask } = await timelineUnderTest();
  await seen(0, [EQUAL], { sampled: 3, compared: 1, tooLarge: 2, unsupported: undefined as never });
  expect((await ask(span(0, 9))).buckets[0].outcomes).toMatchObject({ sampled: 3, tooLarge: 2, unsupported: 0 });
});

test("a long time is told by hours", async () => {
  const { seen, ask } = await timelineUnderTest();
  for (const minute of [0, 1, 59, 61]) await seen(minute, [DIVERGING, EQUAL]);
  const { grain, buckets } = await ask(span(0, 7 * 60));
  expect(grain).toBe("hour");
  expect(buckets).toMatchObject([
    { at: at(0), pairs: 6, diverging: 3 },
    { at: at(60), pairs: 2, diverging: 1 },
  ]);
});

test("what does not fit is said to be there, and comes when it is asked for", async () => {
  const { seen, ask } = await timelineUnderTest();
  for (const minute of [0, 1, 2, 3, 4]) await seen(minute, [EQUAL]);
  const found: number[] = [];
  let from: number | null = at(0);
  let asked = 0;
  while (from !== null) {
    const { buckets, next }: { buckets: { at: number }[]; next: number | null } = await ask(
      `?from=${from}&to=${at(9)}&limit=2`,
    );
    found.push(...buckets.map((one) => one.at));
    from = next;
    asked++;
  }
  expect([asked, found]).toEqual([3, [0, 1, 2, 3, 4].map(at)]);
});

test("reading ends in time, with at least one minute more", async () => {
  const { api, seen, ask } = await timelineUnderTest();
  for (const minute of [0, 1, 2]) await seen(minute, [EQUAL]);
  const { spans } = api.ports.facts;
  Object.assign(api.ports.facts, {
    async *spans(...args: Parameters<typeof spans>) {
      for await (const one of spans(...args)) {
        api.now += 6_000;
        yield one;
      }
    },
  });
  expect(await ask(span(0, 9))).toMatchObject({ buckets: [{ at: at(0) }], next: at(1) });
});

test("runs stand side by side, each with its own pairs; what changed is marked, with who did it", async () => {
  const { api, seen, ask, restart } = await timelineUnderTest();
  await seen(0, [EQUAL]);
  api.now = at(3);
  await api.call("PUT", "/environments/checkout/shadow", { enabled: true, newRun: true, percent: 5 });
  restart();
  await seen(3, [DIVERGING, DIVERGING]);
  api.now = at(4);
  await api.call("PUT", "/environments/checkout/rules", { rules: [{ ignore: "body/x" }] });
  api.now = at(5);
  await api.call("PUT", "/environments/checkout/shadow", { enabled: false });
  const { run } = await api.ports.catalog.overlay("checkout");
  const { buckets, marks } = await ask(span(0, 9));
  expect(buckets).toMatchObject([
    { at: at(0), pairs: 1 },
    { at: at(3), run: run.id, pairs: 2 },
  ]);
  expect(buckets[0].run).not.toBe(run.id);
  const told = marks.map((mark: { at: number; kind: string; text: string; who: string | null }) => [
    (mark.at - at(0)) / 60_000,
    mark.kind,
    mark.text,
    mark.who,
  ]);
  expect(told).toEqual([
    [0, "run", expect.stringMatching(/^attempt 2, run run-\d+: 2\.0\.0 against 1\.0\.0$/), null],
    [0, "shadow", "mirroring 100 %", "tester"],
    [3, "run", expect.stringMatching(/^attempt 3/), null],
    [3, "shadow", "mirroring 5 %", "tester"],
    [4, "verdict", expect.stringMatching(/^UNDECIDED: /), null],
    [4, "rules", "rules, version 1", "tester"],
    [5, "shadow", "mirroring off", "tester"],
  ]);
});

test.each([
  [`?from=${at(5)}&to=${at(4)}`, "from", /must not be after/],
  ["?from=yesterday", "from", /2026-11-21T20:00:00Z.*got "yesterday"/],
  ["?to=1e9", "to", /milliseconds/],
  ["?grain=day", "grain", /minute/],
  ["?limit=401", "limit", /400/],
])("%s is refused", async (query, field, message) => {
  const { ask } = await timelineUnderTest();
  expect((await ask(query)).faults).toEqual([{ field, message: expect.stringMatching(message) }]);
});

test("of a time to come no more is asked for than can be there", async () => {
  const { api, seen, ask } = await timelineUnderTest();
  await seen(0, [EQUAL]);
  const { spans } = api.ports.facts;
  const asked: number[] = [];
  Object.assign(api.ports.facts, {
    spans: (...args: Parameters<typeof spans>) => {
      asked.push(args[3]);
      return spans(...args);
    },
  });
  api.now = at(5);
  const { buckets } = await ask(`?from=${at(0)}&to=9999-12-31T00:00:00Z`);
  expect([buckets.length, asked]).toEqual([1, [Math.floor(at(65) / 3_600_000)]]);
});

test("without a time it is the last hour; a time can be written as people do", async () => {
  const { api, seen, ask } = await timelineUnderTest();
  await seen(0, [EQUAL]);
  await seen(30, [EQUAL]);
  api.now = at(80);
  expect((await ask("")).buckets).toMatchObject([{ at: at(30) }]);
  expect(await ask(`?from=${new Date(at(0)).toISOString()}`)).toMatchObject({ from: at(0), to: at(80) });
});
