import { factsKeyOf, readJudgement } from "../../../adapters/judgement.ts";
import { createRulesOf } from "../../../core/diff/allowed.ts";
import { NO_RULES } from "../../../core/diff/rules.ts";
import { factsOf } from "../../../core/noise/facts-of.ts";
import { foldFacts } from "../../../core/noise/merge.ts";
import type { StoredPair } from "../../../core/segment/segment.ts";
import type { ApiDeps } from "../../../lambdas/api/deps.ts";
import type { FindingPairsShape } from "../../../lambdas/api/shapes-pairs.ts";
import { MINUTE } from "../../adapters/segments.ts";
import { KINDS_OF_RULE, ruledSegments } from "../diff-pairs/ruled.ts";
import { apiWithOverlay } from "./api-under-test.ts";

const [, , VALUE] = KINDS_OF_RULE[0]!;

/** An overlay whose archive holds segments in three minutes, and one of its findings. */
const withFinding = async (over: Partial<ApiDeps> = {}) => {
  const api = await apiWithOverlay({ readJudgement, ...over });
  const overlay = await api.ports.catalog.overlay("checkout");
  const segments = ruledSegments(overlay.run.id, [MINUTE, MINUTE + 1, MINUTE + 2], VALUE, overlay.id);
  await api.ports.archive.put(segments.map((segment) => ({ segment, bytes: new Uint8Array() })));
  const facts = foldFacts(segments.map((segment) => factsOf(segment, createRulesOf(NO_RULES))));
  await api.ports.facts.putRollup(factsKeyOf(overlay.id, overlay.run.id, NO_RULES), "run", facts);
  const { findings } = (await api.call("GET", "/environments/checkout/diffs")).body;
  const finding = findings.find(({ place }: { place: string }) => place === "body/v");
  const ask = (query: string) => api.call("GET", `/environments/checkout/diffs/${finding.id}/pairs?${query}`);
  // Those without a secondary too, although they are not counted where others have one.
  const showing = segments.flatMap(({ pairs }) => pairs.filter(showsIt).map(({ id }) => id)).sort();
  return { api, ask, showing };
};

const answered = (capture: StoredPair["candidate"]) => {
  const body = capture.outcome === "responded" ? capture.body : undefined;
  return body?.kind === "content" ? JSON.parse(Buffer.from(body.content).toString()).v : undefined;
};
const showsIt = ({ primary, candidate }: StoredPair) => answered(primary) !== answered(candidate);

/** Page by page to the end. */
const all = async (ask: (query: string) => Promise<{ body: FindingPairsShape }>, limit: number) => {
  const pages: FindingPairsShape[] = [];
  for (let cursor: string | null = ""; cursor !== null; cursor = pages.at(-1)!.next)
    pages.push((await ask(`limit=${limit}${cursor === "" ? "" : `&cursor=${cursor}`}`)).body);
  return pages;
};

test("every stored pair that shows the finding comes once, whatever the size of the pages", async () => {
  const { ask, showing } = await withFinding();
  expect(showing.length).toBeGreaterThan(20);
  for (const limit of [1, 5, 20]) {
    const ids = (await all(ask, limit)).flatMap(({ pairs }) => pairs.map(({ pair }) => pair));
    expect(ids.toSorted()).toEqual(showing);
  }
});

test("a pair has the answers as they are kept, and where they differ", async () => {
  const { ask } = await withFinding();
  const [pair] = (await ask("limit=1")).body.pairs;
  expect(JSON.parse(pair.candidate.body.text).v).not.toEqual(JSON.parse(pair.primary.body.text).v);
  expect(pair.divergences).toContainEqual({ place: "body/v", kind: "value", alone: "candidate" });
  expect(pair).toMatchObject({ method: "GET", primary: { status: 200, failure: null } });
});

test("a search that takes too long goes on where it was, and always comes to an end", async () => {
  let now = 1_700_000_000_000;
  const { ask, showing } = await withFinding({ now: () => (now += 4_000) });
  const pages = await all(ask, 20);
  expect(pages.length).toBeGreaterThan(2);
  expect(pages.flatMap(({ pairs }) => pairs)).toHaveLength(showing.length);
});

test.each(["x", "1.2", "1.2.!", "-1.0."])("the cursor %j is refused by name", async (cursor) => {
  const { status, body } = await (await withFinding()).ask(`cursor=${encodeURIComponent(cursor)}`);
  expect(status).toBe(400);
  expect(body.faults[0].field).toBe("cursor");
});

test("a cursor leads to no other run or environment", async () => {
  const { api, ask } = await withFinding();
  const asked: (string | undefined)[] = [];
  const { objects } = api.ports.archive;
  Object.assign(api.ports.archive, {
    objects: (env: string, run: string, after?: string) => {
      asked.push(`${env}/${run}`);
      return objects(env, run, after);
    },
  });
  await ask(`cursor=0.0.${Buffer.from("archive/other/run/").toString("base64url")}`);
  const overlay = await api.ports.catalog.overlay("checkout");
  expect(asked).toEqual([`${overlay.id}/${overlay.run.id}`]);
});

test("of an unknown finding there are none", async () => {
  const { api } = await withFinding();
  expect((await api.call("GET", "/environments/checkout/diffs/nope/pairs")).status).toBe(404);
});
