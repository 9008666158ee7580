import { createNames } from "../../../adapters/endpoint-map.ts";
import { factsKeyOf as factsKeyUnder, readJudgement } from "../../../adapters/judgement.ts";
import { minuteOf, RUN_SPAN, spanOfHour, spanOfMinute } from "../../../adapters/minute.ts";
import type { FactsStore, Ports } from "../../../adapters/ports.ts";
import { NO_RULES } from "../../../core/diff/rules.ts";
import { MAX_NAMES_BELOW } from "../../../core/endpoints/slugs.ts";
import { factsOf } from "../../../core/noise/facts-of.ts";
import { noOutcomes } from "../../../core/pair/outcome.ts";
import { BaselineFile, Overlay } from "../../../core/sampling/environment.ts";
import { VerdictSettings } from "../../../core/verdict/settings.ts";
import { foldMinutes } from "../../../lambdas/judge/fold.ts";
import { judgeAll, judgeRun } from "../../../lambdas/judge/judge-run.ts";
import { metricsOf } from "../../../lambdas/judge/metrics.ts";
import { processWakes } from "../../../lambdas/judge/process-wakes.ts";
import { type AwsStack, startStack } from "../../adapters/aws-stack.ts";
import { segmentOf } from "../../adapters/segments.ts";
import { eventOf } from "../sqs-event.ts";

/** The first minute of an hour. */
const MINUTE = 29_000_040;
const settings = VerdictSettings.parse({});
const factsKeyOf = (env: string, run: string) => factsKeyUnder(env, run, NO_RULES);
let stack: AwsStack;
let ports: Ports;
let clock = (MINUTE + 1) * 60_000;
const now = () => clock;
const lines: string[] = [];

beforeAll(async () => {
  stack = await startStack();
  ports = stack.portsWith({}, now);
  jest.spyOn(process.stdout, "write").mockImplementation((line) => {
    lines.push(String(line));
    return true;
  });
});
afterAll(async () => {
  jest.restoreAllMocks();
  await stack.stop();
});
beforeEach(() => {
  lines.length = 0;
  clock = (MINUTE + 1) * 60_000;
});

const createOverlay = async (name: string): Promise<Overlay> => {
  const overlay = Overlay.parse({
    id: `ov-${name}`,
    baseline: `bl-${name}`,
    createdAt: 1,
    file: { name, services: { app: { url: "http://localhost:3001" } } },
    shadow: { enabled: true },
    run: { id: "run-1", attempt: 1, startedAt: 1, baselineVersion: "a", candidateVersion: "b" },
    revision: 0,
  });
  await ports.catalog.createOverlay(overlay);
  await ports.catalog.recordRun(overlay.id, overlay.run);
  return overlay;
};

const putFacts = async ({ id, run }: Overlay, seq: number, minute: number, pairs = 20): Promise<void> => {
  const segment = segmentOf({ env: id, run: run.id, seq, openedAt: minute * 60_000, pairs });
  await ports.facts.put(factsKeyOf(id, run.id), minute, segment.id, factsOf(segment));
};
const pairsIn = async ({ id, run }: Overlay, span: string): Promise<number | undefined> =>
  (await ports.facts.rollup(factsKeyOf(id, run.id), span))?.endpoints["GET /orders/{id}"]?.pairs;
const wakeOf = ({ id, run }: Overlay, minute: number) => JSON.stringify({ ...factsKeyOf(id, run.id), minute });
const events = { verdictChanged: async () => {} };
const judging = () => ({ ports: { ...ports, events }, baseline: "shop", settings, now });

describe("folding", () => {
  test("minutes become hours, hours become the run, however often they are folded", async () => {
    const overlay = await createOverlay("spans");
    const minutes = [MINUTE, MINUTE + 59, MINUTE + 60];
    for (const [seq, minute] of minutes.entries()) await putFacts(overlay, seq, minute);
    clock = (MINUTE + 61) * 60_000;
    const key = factsKeyOf(overlay.id, overlay.run.id);
    for (let i = 0; i < 3; i++) await foldMinutes(ports.facts, key, minutes);
    expect(await pairsIn(overlay, spanOfMinute(MINUTE + 59))).toBe(20);
    expect(await pairsIn(overlay, spanOfHour(MINUTE / 60))).toBe(40);
    expect(await pairsIn(overlay, spanOfHour(MINUTE / 60 + 1))).toBe(20);
    expect(await pairsIn(overlay, RUN_SPAN)).toBe(60);
  });

  test("once the facts have expired, a late segment leaves the roll-ups as they were", async () => {
    const overlay = await createOverlay("sealed");
    const key = factsKeyOf(overlay.id, overlay.run.id);
    for (const seq of [0, 1]) await putFacts(overlay, seq, MINUTE);
    await foldMinutes(ports.facts, key, [MINUTE]);
    clock += 15 * 86_400_000;
    await putFacts(overlay, 2, MINUTE);
    await foldMinutes(ports.facts, key, [MINUTE]);
    expect(await pairsIn(overlay, RUN_SPAN)).toBe(40);
  });

  test("a slow judge that read less does not bury what a later one saw", async () => {
    const overlay = await createOverlay("overtaken");
    const key = factsKeyOf(overlay.id, overlay.run.id);
    await putFacts(overlay, 0, MINUTE);
    let goOn = () => {};
    const held = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const slow: FactsStore = {
      ...ports.facts,
      ofMinute: async (...args) => {
        const found = await ports.facts.ofMinute(...args);
        await held;
        return found;
      },
    };
    const slowFold = foldMinutes(slow, key, [MINUTE]);
    await putFacts(overlay, 1, MINUTE);
    await foldMinutes(ports.facts, key, [MINUTE]);
    goOn();
    await slowFold;
    expect(await pairsIn(overlay, RUN_SPAN)).toBe(40);
  });

  test("endpoints get their learned names, also in hours that were folded before", async () => {
    const overlay = await createOverlay("learning");
    const key = factsKeyOf(overlay.id, overlay.run.id);
    const names = await createNames(ports, overlay.id);
    const namesIn = async (span: string) => Object.keys((await ports.facts.rollup(key, span))!.endpoints);
    const put = async (seq: number, minute: number, users: readonly number[]): Promise<void> => {
      const segment = segmentOf({ env: overlay.id, run: overlay.run.id, seq, openedAt: minute * 60_000 });
      const [pair] = segment.pairs;
      const pairs = users.map((n) => ({ ...pair!, id: `u-${n}`, endpoint: `GET /users/name-${n}` }));
      await ports.facts.put(key, minute, segment.id, factsOf({ ...segment, pairs }));
      await foldMinutes(ports.facts, key, [minute], names);
    };
    clock = (MINUTE + 61) * 60_000;
    const all = Array.from({ length: MAX_NAMES_BELOW + 1 }, (_, n) => n);
    await put(0, MINUTE, all.slice(0, 40));
    expect(await namesIn(RUN_SPAN)).toHaveLength(40);
    await put(1, MINUTE + 60, all.slice(40));
    for (const span of [RUN_SPAN, spanOfHour(MINUTE / 60)]) expect(await namesIn(span)).toEqual(["GET /users/{slug}"]);
    expect((await ports.facts.rollup(key, RUN_SPAN))!.endpoints["GET /users/{slug}"]!.pairs).toBe(all.length);
    expect(await ports.endpointMap.learned(overlay.id)).toEqual(["GET /users/{slug}"]);
  });

  test("where every service has its routes listed, what fits none is unrouted and nothing is learned", async () => {
    const overlay = await createOverlay("routed");
    const services = { app: { url: "http://localhost:3000", routes: ["POST /orders"] } };
    const file = BaselineFile.parse({ name: "routed", services });
    await ports.catalog.createBaseline({ id: overlay.baseline, createdAt: 1, file });
    await putFacts(overlay, 0, MINUTE);
    const key = factsKeyOf(overlay.id, overlay.run.id);
    await foldMinutes(ports.facts, key, [MINUTE], await createNames(ports, overlay.id));
    expect(Object.keys((await ports.facts.rollup(key, RUN_SPAN))!.endpoints)).toEqual(["{unrouted}"]);
    expect(await ports.endpointMap.learned(overlay.id)).toEqual([]);
  });

  test("given routes name endpoints, and are waited for where they are mirrored", async () => {
    const overlay = await createOverlay("given");
    const routes = ["GET /orders/{number}", "GET /never", "POST /orders"];
    const file = BaselineFile.parse({ name: "given", services: { app: { url: "http://localhost:3000", routes } } });
    await ports.catalog.createBaseline({ id: overlay.baseline, createdAt: 1, file });
    await putFacts(overlay, 0, MINUTE);
    const { verdict } = await judgeRun(ports, overlay, settings, now());
    expect(verdict.endpoints.map(({ endpoint, pairs }) => [endpoint, pairs])).toEqual([
      ["GET /orders/{number}", 20],
      ["GET /never", 0],
    ]);
  });

  test("many folds at once of many minutes miss nothing", async () => {
    const overlay = await createOverlay("crowd");
    const key = factsKeyOf(overlay.id, overlay.run.id);
    clock = (MINUTE + 200) * 60_000;
    await Promise.all(
      Array.from({ length: 24 }, async (_, seq) => {
        const minute = MINUTE + (seq % 4) * 30;
        await putFacts(overlay, seq, minute);
        await foldMinutes(ports.facts, key, [minute]);
      }),
    );
    expect(await pairsIn(overlay, RUN_SPAN)).toBe(24 * 20);
  });
});

describe("a wake", () => {
  test("folds, judges, notes a changed verdict once and emits one line of metrics a run", async () => {
    const overlay = await createOverlay("woken");
    await putFacts(overlay, 0, MINUTE);
    await putFacts(overlay, 1, MINUTE - 1);
    const event = eventOf(wakeOf(overlay, MINUTE), wakeOf(overlay, MINUTE - 1), wakeOf(overlay, MINUTE));
    expect(await processWakes(event, judging())).toEqual({ batchItemFailures: [] });
    expect(await processWakes(event, judging())).toEqual({ batchItemFailures: [] });
    expect(await pairsIn(overlay, RUN_SPAN)).toBe(40);
    expect(await ports.verdicts.history(overlay.id)).toMatchObject([
      { verdict: "REGRESSION", run: "run-1", pairs: 40 },
    ]);
    expect(lines).toHaveLength(2);
    expect(JSON.parse(lines[0]!)).toMatchObject({
      _aws: { CloudWatchMetrics: [{ Namespace: "Shadowgraph/Shadow", Dimensions: [["Baseline", "env"]] }] },
      Baseline: "shop",
      env: "woken",
      Pairs: 40,
      Divergence: 50,
      Gap: 0,
      CandidateFailed: 0,
      VerdictCode: 3,
    });
  });

  test("that cannot be read fails alone, as does a run whose facts cannot be read", async () => {
    const [good, bad] = [await createOverlay("alone"), await createOverlay("unreadable")];
    await putFacts(good, 0, MINUTE);
    const ofMinute: FactsStore["ofMinute"] = (key, minute) =>
      key.env === bad.id ? Promise.reject(new Error("no table")) : ports.facts.ofMinute(key, minute);
    const faulty = { ...judging(), ports: { ...ports, events, facts: { ...ports.facts, ofMinute } } };
    const event = eventOf("{", wakeOf(good, MINUTE), wakeOf(bad, MINUTE), wakeOf(bad, MINUTE + 1));
    const failed = (await processWakes(event, faulty)).batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
    expect(failed).toEqual(["m0", "m2", "m3"]);
    expect(await pairsIn(good, RUN_SPAN)).toBe(20);
  });

  test("of a deleted overlay is folded and forgotten", async () => {
    const overlay = await createOverlay("deleted");
    await putFacts(overlay, 0, MINUTE);
    await ports.catalog.deleteOverlay(overlay.id);
    expect(await processWakes(eventOf(wakeOf(overlay, MINUTE)), judging())).toEqual({ batchItemFailures: [] });
    expect(await ports.verdicts.history(overlay.id)).toEqual([]);
  });

  test("of an earlier run is judged as that run, without metrics", async () => {
    const before = await createOverlay("moved-on");
    await putFacts(before, 0, MINUTE);
    await ports.catalog.putOverlay({ ...before, run: { ...before.run, id: "run-2", attempt: 2 } });
    await processWakes(eventOf(wakeOf(before, MINUTE)), judging());
    expect(await ports.verdicts.history(before.id)).toMatchObject([{ run: "run-1" }]);
    expect(lines).toEqual([]);
  });
});

describe("the safety net", () => {
  test("finds facts that no wake told of, now and about the last judged minute", async () => {
    const overlay = await createOverlay("unwoken");
    await putFacts(overlay, 0, MINUTE);
    await judgeRun(ports, overlay, settings, now());
    await putFacts(overlay, 1, MINUTE + 2);
    clock += 500 * 60_000;
    await putFacts(overlay, 2, minuteOf(clock) - 1);
    await judgeRun(ports, overlay, settings, now());
    expect(await pairsIn(overlay, RUN_SPAN)).toBe(60);
  });

  test("judges every overlay, also after one that cannot be judged", async () => {
    const [bad, good] = [await createOverlay("a-bad"), await createOverlay("z-good")];
    await putFacts(good, 0, MINUTE);
    const rollup: FactsStore["rollup"] = (key, span) =>
      key.env === bad.id ? Promise.reject(new Error("no table")) : ports.facts.rollup(key, span);
    const faulty = { ...judging(), ports: { ...ports, events, facts: { ...ports.facts, rollup } } };
    await expect(judgeAll(faulty)).rejects.toThrow(
      /1 overlays could not be judged, or their verdicts told: Error: no table/,
    );
    expect(await pairsIn(good, RUN_SPAN)).toBe(20);
  });
});

describe("a reading", () => {
  test("applies the stored rules, or those to try, and counts their hits; it writes nothing", async () => {
    const overlay = await createOverlay("ruled");
    await putFacts(overlay, 0, MINUTE);
    await judgeRun(ports, overlay, settings, now());
    const rule = { ignore: "body/price" };
    const tried = await readJudgement(ports, overlay, { rules: { version: 1, rules: [rule] }, settings, now: now() });
    expect(tried.findings).toEqual([]);
    expect(tried.rules).toEqual([{ rule, hits: 10, empties: [] }]);
    expect((await readJudgement(ports, overlay, { settings, now: now() })).findings).toHaveLength(1);
    await ports.rules.putRules(overlay.id, { version: 1, rules: [rule] });
    expect((await readJudgement(ports, overlay, { settings, now: now() })).findings).toEqual([]);
    expect(await ports.verdicts.history(overlay.id)).toHaveLength(1);
  });

  test("sees what a killed tee had sampled and never delivered", async () => {
    const overlay = await createOverlay("gap");
    await putFacts(overlay, 0, MINUTE);
    await judgeRun(ports, overlay, settings, now());
    const outcomes = { ...noOutcomes(), sampled: 30, compared: 20 };
    const beat = { tee: "tee", epoch: "epoch", baseline: overlay.baseline, at: now(), state: "live" } as const;
    await ports.tees.beat({ ...beat, outcomes: { [`${overlay.id}/${overlay.run.id}`]: outcomes } });
    const { accounting } = await readJudgement(ports, overlay, { settings, now: now() + 60_000 });
    expect(accounting.gap.pairs).toBe(10);
    const judgement = await readJudgement(ports, overlay, { settings, now: now() + 60_000 });
    expect(JSON.parse(metricsOf(overlay, judgement, { baseline: "shop", at: 5 }))).toMatchObject({
      Gap: expect.closeTo(33.33, 1),
      VerdictCode: 2,
    });
  });

  test("tells what share of the pairs of the last two minutes the candidate failed in, whatever the run was before", async () => {
    const overlay = await createOverlay("down");
    const { id, run } = overlay;
    await putFacts(overlay, 0, MINUTE - 5, 40);
    const segment = segmentOf({ env: id, run: run.id, seq: 1, openedAt: MINUTE * 60_000, pairs: 4 });
    const failed = { outcome: "failed", reason: "refused", ms: 1 } as const;
    const pairs = segment.pairs.map((pair, i) => (i === 0 ? pair : { ...pair, candidate: failed }));
    await ports.facts.put(factsKeyOf(id, run.id), MINUTE, segment.id, factsOf({ ...segment, pairs }));
    const recentAt = async (at: number) => {
      const { recent } = await judgeRun(ports, overlay, settings, at);
      return [recent.pairs, recent.candidateFailed];
    };
    expect(await recentAt((MINUTE + 1) * 60_000)).toEqual([4, 3]);
    expect(await recentAt((MINUTE + 3) * 60_000)).toEqual([0, 0]);
    const judgement = await readJudgement(ports, overlay, { settings, now: now() });
    expect(JSON.parse(metricsOf(overlay, judgement, { baseline: "shop", at: 5 }))).toMatchObject({
      CandidateFailed: 75,
    });
  });

  test("of an overlay without traffic is undecided", async () => {
    const overlay = await createOverlay("quiet");
    const { verdict, accounting } = await readJudgement(ports, overlay, { settings, now: now() });
    expect(verdict).toMatchObject({ verdict: "UNDECIDED", pairs: 0 });
    expect(accounting.outcomes).toEqual(noOutcomes());
  });
});

describe("what is stored was compared by another parser", () => {
  test("judge has it compared anew, once the functions of before have ended; until then nothing is decided", async () => {
    const overlay = await createOverlay("deployed");
    await putFacts(overlay, 0, MINUTE);
    await judgeRun(ports, overlay, settings, now());
    const { id, run } = overlay;
    const before = await ports.recompares.of(id, run.id);
    expect(before).toMatchObject({ version: factsKeyOf(id, run.id).version, next: null });
    await ports.recompares.put(id, run.id, { ...before!, version: "0", step: before!.step + 1 });
    const asked: unknown[] = [];
    const recompares = { ...ports.recompares, ask: async (...args: unknown[]) => void asked.push(args) };
    const { verdict } = await judgeRun({ ...ports, recompares }, overlay, settings, now());
    expect(verdict.verdict).toBe("UNDECIDED");
    expect(asked).toEqual([[factsKeyOf(id, run.id), 90]]);
  });
});
