import { factsKeyOf, readJudgement } from "../../../adapters/judgement.ts";
import { createRulesOf } from "../../../core/diff/allowed.ts";
import type { Rule } from "../../../core/diff/rules.ts";
import { comparisonKey, NO_RULES } from "../../../core/diff/rules.ts";
import { factsOf } from "../../../core/noise/facts-of.ts";
import { foldFacts } from "../../../core/noise/merge.ts";
import { VerdictSettings } from "../../../core/verdict/settings.ts";
import type { ApiDeps } from "../../../lambdas/api/deps.ts";
import { MINUTE } from "../../adapters/segments.ts";
import { ENDPOINT, KINDS_OF_RULE, ruledSegments } from "../diff-pairs/ruled.ts";
import { apiWithOverlay, SHOP } from "./api-under-test.ts";

const [, RULE, VALUE] = KINDS_OF_RULE[1]!;

/** An overlay with stored segments, compared under no rules. */
const withStored = async (minutes = [MINUTE, MINUTE + 1, MINUTE + 2], over: Partial<ApiDeps> = {}) => {
  const api = await apiWithOverlay({ readJudgement, ...over });
  const overlay = await api.ports.catalog.overlay("checkout");
  const segments = ruledSegments(overlay.run.id, minutes, VALUE, overlay.id);
  await api.ports.archive.put(segments.map((segment) => ({ segment, bytes: new Uint8Array() })));
  const facts = foldFacts(segments.map((segment) => factsOf(segment, createRulesOf(NO_RULES))));
  await api.ports.facts.putRollup(factsKeyOf(overlay.id, overlay.run.id, NO_RULES), "run", facts);
  const rules = (method: string, path: string, ...list: Rule[]) =>
    api.call(method, `/environments/checkout/rules${path}`, method === "GET" ? undefined : { rules: list });
  const clock = (ms: number) => void (api.now += ms);
  return { ports: api.ports, overlay, rules, clock };
};

test("a preview of rules that only ignore is exact, and changes nothing", async () => {
  const { rules } = await withStored();
  const { body } = await rules("POST", "/preview", { ignore: "body/v" }, { ignore: "body/none" });
  expect(body).toMatchObject({ pairs: 36, stored: 36, comes: [], stays: [{ place: "body/k" }] });
  expect(body.goes).toMatchObject([{ place: "body/v", kind: "value" }]);
  expect(body.rules).toMatchObject([
    { hits: expect.any(Number) },
    { hits: 0, note: expect.stringMatching(/never hit/) },
  ]);
  expect((await rules("GET", "")).body).toMatchObject({ version: 0, rules: [] });
});

test("of other rules it compares what is archived under both, and says how much of it", async () => {
  const { rules, ports, overlay } = await withStored();
  const { body } = await rules("POST", "/preview", RULE);
  expect(body).toMatchObject({ pairs: 36, stored: 36, goes: [], comes: [] });
  expect(body.stays.map(({ place }: { place: string }) => place).sort()).toEqual(["body/k", "body/v"]);
  expect(body.rules).toMatchObject([{ ...RULE, hits: expect.any(Number) }]);
  expect(body.rules[0].hits).toBeGreaterThan(0);
  expect(await ports.recompares.of(overlay.id, overlay.run.id)).toBeUndefined();
});

test("a preview ends in time, and then has looked at the whole span of the run", async () => {
  const { rules, ports, clock } = await withStored(Array.from({ length: 16 }, (_, i) => MINUTE + i));
  const seen: number[] = [];
  const { segments } = ports.archive;
  Object.assign(ports.archive, {
    segments: async (key: string) => {
      const found = [...(await segments(key))];
      for (const { openedAt } of found) seen.push(openedAt / 60_000 - MINUTE);
      clock(1_600);
      return found;
    },
  });
  const { body } = await rules("POST", "/preview", RULE);
  expect(body).toMatchObject({ pairs: 4 * 12, stored: 16 * 12 });
  expect(seen).toEqual([0, 8, 4, 12]);
});

test("a preview waits for declared endpoints and takes accepted ones for granted, as the verdict does", async () => {
  const settings = VerdictSettings.parse({ tolerance: 0.5 });
  const { rules, ports, overlay } = await withStored(undefined, { settings });
  const routes = [ENDPOINT, "GET /never-asked", "GET /accepted"];
  const services = { web: { ...SHOP.services.web, routes } };
  Object.assign(ports.catalog, {
    baseline: async () => ({ id: overlay.baseline, createdAt: 0, file: { ...SHOP, services } }),
  });
  await ports.catalog.putOverlay({ ...overlay, file: { ...overlay.file, accepted: ["GET /accepted"] } });
  const { body } = await rules("POST", "/preview", RULE, { ignore: "body/**" }, { ignore: "header/**" });
  expect(body.after.verdict).toBe("UNDECIDED");
  expect(body.after.reason).toContain("1 endpoint had too few pairs");
});

test("rules that change what comparisons find start one job; others none", async () => {
  const { rules, ports, overlay } = await withStored();
  const job = () => ports.recompares.of(overlay.id, overlay.run.id);
  expect((await rules("PUT", "", { ignore: "body/v" })).body.recomparing).toBeNull();
  expect(await job()).toBeUndefined();
  const { body } = await rules("PUT", "", RULE);
  expect(body).toMatchObject({ recomparing: { done: 0, total: 0 }, verdict: "UNDECIDED" });
  expect(await job()).toMatchObject({ version: expect.stringContaining(comparisonKey({ rules: [RULE] })), step: 1 });
  await rules("PUT", "", RULE, { ignore: "body/k" });
  expect(await job()).toMatchObject({ step: 1 });
});

test("what hides everything is pointed out when it is shown", async () => {
  const { rules } = await withStored();
  const { body } = await rules("PUT", "", { ignore: "body/**" });
  expect(body.rules).toMatchObject([{ note: expect.stringMatching(/hides a whole part/) }]);
});

test("suggestions say what speaks for them", async () => {
  const { rules } = await withStored();
  const { body } = await rules("GET", "/suggestions");
  expect(body.suggestions).toMatchObject([
    { rule: { set: "header/x-set" }, evidence: expect.stringMatching(/^The old version differs from itself/) },
  ]);
});

test("keys of lists are suggested for endpoints as findings show them", async () => {
  const { rules, ports, overlay } = await withStored();
  const itemsOf = (lane: string, index: number) => {
    const items = ["p", "q", "r"].map((sku) => ({ sku, label: `label of ${sku}`, price: index + sku.charCodeAt(0) }));
    return lane === "candidate" ? items.toReversed().map((item) => ({ ...item, price: item.price + 0.5 })) : items;
  };
  const segments = ruledSegments(overlay.run.id, [MINUTE + 9], itemsOf, overlay.id).map((segment) => ({
    ...segment,
    pairs: segment.pairs.map((pair, index) => ({ ...pair, endpoint: `GET /users/u${index}` })),
  }));
  await ports.archive.put(segments.map((segment) => ({ segment, bytes: new Uint8Array() })));
  const suggested = async () => {
    const { body } = await rules("GET", "/suggestions");
    return body.suggestions.flatMap(({ rule }: { rule: Rule }) => (rule.keyedBy === undefined ? [] : [rule.endpoint]));
  };
  expect(await suggested()).toEqual([]);
  await ports.endpointMap.learn(
    overlay.id,
    Array.from({ length: 70 }, (_, index) => `GET /users/u${index}`),
  );
  expect(await suggested()).toEqual(["GET /users/{slug}"]);
});
