import { factsKeyOf, readJudgement } from "../../../adapters/judgement.ts";
import type { Control } from "../../../core/capture/control.ts";
import { NO_RULES } from "../../../core/diff/rules.ts";
import { factsOf } from "../../../core/noise/facts-of.ts";
import { foldByMinute } from "../../../core/noise/merge.ts";
import type { StoredPair } from "../../../core/segment/segment.ts";
import { stub } from "../../core/diff/captures.ts";
import { pairOf, segmentOf } from "../../core/noise/segments.ts";
import { apiWithOverlay } from "./api-under-test.ts";

const AT = 1_700_000_000_000;

/** `count` pairs of an endpoint; the candidate takes `factor` times as long as the others, which take 10 to 20 ms. */
const pairsOf = (endpoint: string, count: number, factor: number): StoredPair[] =>
  Array.from({ length: count }, (_, i) => {
    const ms = 10 + (i % 11);
    return pairOf({
      id: `${endpoint}-${i}`,
      at: AT + i,
      endpoint,
      primary: stub({ ms }),
      candidate: stub({ ms: ms * factor }),
      secondary: stub({ ms }),
    });
  });

const asked = async (control: Control, pairs: readonly StoredPair[], query = "") => {
  const api = await apiWithOverlay({ readJudgement });
  const { id, run } = await api.ports.catalog.overlay("checkout");
  const minutes = Array.from({ length: 30 }, (_, minute) => {
    const later = pairs.map((pair) => ({ ...pair, at: pair.at + minute * 60_000 }));
    return [factsOf(segmentOf(later, { control, openedAt: AT + minute * 60_000 }))];
  });
  await api.ports.facts.putRollup(factsKeyOf(id, run.id, NO_RULES), "run", foldByMinute(minutes));
  return api.call("GET", `/environments/checkout/latency${query}`);
};

const shop = [...pairsOf("GET /a", 40, 2), ...pairsOf("GET /b", 20, 1)];

test("quantiles of each lane, their ratio and where it lies, by traffic; who is slower is named", async () => {
  const { status, body } = await asked("control", shop);
  expect(status).toBe(200);
  expect(body.endpoints.map((one: { endpoint: string }) => one.endpoint)).toEqual(["GET /a", "GET /b"]);
  const [a, b] = body.endpoints;
  expect(a).toMatchObject({
    pairs: 1_200,
    triples: 1_200,
    minutes: { slower: 30, faster: 0 },
    finding: { confirmed: true },
  });
  expect(b).toMatchObject({ minutes: { slower: 0, faster: 0 }, finding: null });
  expect(a.latency.ratio.p50).toBeCloseTo(2, 1);
  expect(a.interval.p50.low).toBeLessThanOrEqual(2);
  expect(a.interval.p50.high).toBeGreaterThanOrEqual(2);
  expect(body.overall).toMatchObject({ pairs: 1_800, triples: 1_800 });
});

test("the distribution holds every answer of every lane once, in bars without a gap", async () => {
  const { body } = await asked("control", [...shop, ...pairsOf("GET /c", 3, 9_999)]);
  const { distribution } = body;
  expect(distribution.length).toBeLessThanOrEqual(120);
  for (const lane of ["primary", "candidate", "secondary"])
    expect(distribution.reduce((sum: number, bar: Record<string, number>) => sum + bar[lane]!, 0)).toBe(1_890);
  for (const [i, bar] of distribution.entries()) if (i > 0) expect(bar.fromMs).toBeCloseTo(distribution[i - 1].toMs, 6);
});

test("the slowest pairs are those furthest behind, with the time of each lane", async () => {
  const { body } = await asked("control", shop);
  expect(body.slowest[0]).toEqual({
    endpoint: "GET /a",
    pair: "GET /a-10",
    at: AT + 10,
    request: "GET /a",
    primaryMs: 20,
    candidateMs: 40,
    secondaryMs: 20,
  });
});

test("without a control overlay there is no ratio, and nothing is said of minutes", async () => {
  const { body } = await asked("baseline", shop);
  expect(body.overall).toMatchObject({ latency: { ratio: null }, interval: null });
  expect(body.endpoints[0]).toMatchObject({ minutes: null, finding: null });
});

test("one endpoint can be asked for, and a part of the list", async () => {
  const one = (await asked("control", shop, `?endpoint=${encodeURIComponent("GET /b")}`)).body;
  expect([one.total, one.overall.pairs, one.slowest]).toEqual([1, 600, []]);
  const part = (await asked("control", shop, "?limit=1&offset=1")).body;
  expect([part.total, part.endpoints.length, part.endpoints[0].endpoint]).toEqual([2, 1, "GET /b"]);
  const none = await asked("control", shop, "?endpoint=GET%20/none");
  expect([none.status, none.body.code]).toEqual([404, "not-found"]);
});

test("before the first pair there is nothing, and no fault", async () => {
  const api = await apiWithOverlay({ readJudgement });
  expect((await api.call("GET", "/environments/checkout/latency")).body).toMatchObject({
    overall: { pairs: 0, latency: { primary: null, candidate: null, ratio: null }, interval: null },
    distribution: [],
    endpoints: [],
    slowest: [],
  });
});
