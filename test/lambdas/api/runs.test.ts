import { factsKeyOf, readJudgement } from "../../../adapters/judgement.ts";
import { NO_RULES } from "../../../core/diff/rules.ts";
import { factsOf } from "../../../core/noise/facts-of.ts";
import type { Release } from "../../../core/release/release.ts";
import type { StoredPair } from "../../../core/segment/segment.ts";
import { json, stub } from "../../core/diff/captures.ts";
import { pairOf, segmentOf } from "../../core/noise/segments.ts";
import { type ApiUnderTest, apiWithOverlay } from "./api-under-test.ts";

const differingAt = (place: string): Partial<StoredPair> => {
  const body = (value: number) => json(JSON.stringify({ same: true, [place]: value }));
  return { primary: body(1), candidate: body(2), secondary: body(1) };
};
const EQUAL = { secondary: stub() };
const times = <T>(n: number, value: T): T[] => Array.from({ length: n }, () => value);

/** What is stored of the present run: these pairs. */
const store = async (api: ApiUnderTest, pairs: readonly Partial<StoredPair>[], version?: string): Promise<void> => {
  const { id, run } = await api.ports.catalog.overlay("checkout");
  const segment = segmentOf(
    pairs.map((pair, i) => pairOf({ id: `a-1-${i}`, ...pair })),
    { run: run.id },
  );
  const key = factsKeyOf(id, run.id, NO_RULES);
  await api.ports.facts.putRollup({ ...key, version: version ?? key.version }, "run", factsOf(segment));
};

const nextRun = (api: ApiUnderTest) =>
  api.call("PUT", "/environments/checkout/shadow", { enabled: true, newRun: true });

const twoRuns = async () => {
  const api = await apiWithOverlay({ readJudgement });
  await store(api, [...times(20, differingAt("old")), ...times(20, differingAt("both")), ...times(10, EQUAL)]);
  await nextRun(api);
  await store(api, [...times(30, differingAt("both")), ...times(16, differingAt("new")), ...times(14, EQUAL)]);
  const compare = async (query = "") => (await api.call("GET", `/environments/checkout/runs/compare${query}`)).body;
  return { api, compare };
};

const places = (findings: readonly { place: string }[]) => findings.map(({ place }) => place);

test("the present run and the one before it: what appeared, what vanished, what stayed, each with its counts", async () => {
  const { compare } = await twoRuns();
  const compared = await compare();
  expect(compared).toMatchObject({
    a: { attempt: 1, pairs: 50, diverging: 40, isPart: false },
    b: { attempt: 2, pairs: 60, diverging: 46, isPart: false },
    caution: null,
    totals: { appeared: 1, vanished: 1, stayed: 1 },
  });
  expect([places(compared.appeared), places(compared.vanished), places(compared.stayed)]).toEqual([
    ["body/new"],
    ["body/old"],
    ["body/both"],
  ]);
  expect(compared.appeared[0].b).toEqual({ count: 16, pairs: 60, confirmed: true });
  expect(compared.vanished[0]).toMatchObject({ a: { count: 20, pairs: 50 }, pairsInB: 60 });
  expect(compared.stayed[0]).toMatchObject({ a: { count: 20, pairs: 50 }, b: { count: 30, pairs: 60 } });
});

test("runs are named by id or by attempt, and either may be the earlier one", async () => {
  const { api, compare } = await twoRuns();
  const [second, first] = (await api.call("GET", "/environments/checkout/runs")).body.runs;
  expect(await compare(`?a=${first.id}&b=${second.id}`)).toEqual(await compare("?a=1&b=2"));
  expect(places((await compare("?a=2&b=1")).appeared)).toEqual(["body/old"]);
  expect((await compare("?a=7")).faults).toEqual([
    { field: "a", message: expect.stringMatching(/1 \(run-\d+\), 2 \(run-\d+\); got "7"/) },
  ]);
});

test("rules that ignore are applied to both as they are now", async () => {
  const { api, compare } = await twoRuns();
  await api.call("PUT", "/environments/checkout/rules", { rules: [{ ignore: "body/both" }] });
  expect(await compare()).toMatchObject({ totals: { appeared: 1, vanished: 1, stayed: 0 }, a: { diverging: 20 } });
});

test("a past run is shown as it was compared last, with a caution where that was otherwise", async () => {
  const api = await apiWithOverlay({ readJudgement });
  const { id, run } = await api.ports.catalog.overlay("checkout");
  const whole = { version: "1", done: 0, total: 0, next: null, untilMinute: 0, step: 1, at: api.now };
  await api.ports.recompares.put(id, run.id, whole);
  await store(api, times(20, differingAt("old")), "1");
  await nextRun(api);
  await store(api, times(20, EQUAL));
  const { body } = await api.call("GET", "/environments/checkout/runs/compare");
  expect(body).toMatchObject({ a: { pairs: 20, isPart: false }, caution: expect.stringMatching(/by other rules/) });
  expect(places(body.vanished)).toEqual(["body/old"]);
});

test("a run without pairs, and one that is compared anew, are pointed out", async () => {
  const api = await apiWithOverlay({ readJudgement });
  const compare = async () => (await api.call("GET", "/environments/checkout/runs/compare")).body;
  expect(await compare()).toMatchObject({ caution: "attempt 1 has no pairs", a: { attempt: 1 }, b: { attempt: 1 } });
  await store(api, times(20, EQUAL));
  const { id, run } = await api.ports.catalog.overlay("checkout");
  const next = { after: "", object: "", segments: 0 };
  const { version } = factsKeyOf(id, run.id, NO_RULES);
  const part = { version, done: 1, total: 9, next, untilMinute: 0, step: 1, at: api.now };
  await api.ports.recompares.put(id, run.id, part);
  expect(await compare()).toMatchObject({ caution: expect.stringMatching(/compared anew/), b: { isPart: true } });
});

describe("the history of runs", () => {
  const released = (env: string, run: Release["evidence"]["run"]): Release => ({
    id: "release-1",
    env,
    name: "checkout",
    baseline: "shop",
    version: "2.0.0",
    who: "ana",
    at: 1_700_000_100_000,
    evidence: { run, verdict: "SAFE", reason: "shown safe", pairs: 3_756, needed: 0, attempts: 1, tolerance: 0.001 },
    because: null,
    parts: [],
    step: 1,
    changedAt: 1_700_000_100_000,
  });

  test("a release stands with its evidence at the run that it rests on", async () => {
    const api = await apiWithOverlay();
    const { id, run } = await api.ports.catalog.overlay("checkout");
    await api.ports.releases.put(released(id, run));
    await nextRun(api);
    const { runs } = (await api.call("GET", "/environments/checkout/runs")).body;
    expect(runs).toMatchObject([
      { attempt: 2, current: true, release: null },
      {
        attempt: 1,
        current: false,
        release: { id: "release-1", who: "ana", evidence: { verdict: "SAFE", pairs: 3_756 } },
      },
    ]);
  });

  test("it stays when the overlay is deleted, by its id", async () => {
    const api = await apiWithOverlay();
    const { id, run } = await api.ports.catalog.overlay("checkout");
    await api.ports.catalog.recordRun(id, run);
    await api.ports.releases.put(released(id, run));
    await api.call("DELETE", "/overlays/checkout");
    const { runs } = (await api.call("GET", `/environments/${id}/runs`)).body;
    expect(runs).toMatchObject([{ attempt: 1, current: false, release: { evidence: { reason: "shown safe" } } }]);
    expect((await api.call("GET", "/environments/checkout/runs")).status).toBe(404);
  });
});
