import { DeleteMessageCommand, ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { factsKeyOf, judgedRules, readJudgement } from "../../../adapters/judgement.ts";
import { minuteOf, RUN_SPAN } from "../../../adapters/minute.ts";
import { startRecompare } from "../../../adapters/recompares.ts";
import { createRulesOf } from "../../../core/diff/allowed.ts";
import { NO_RULES, type Rule } from "../../../core/diff/rules.ts";
import { withoutIgnored } from "../../../core/noise/apply.ts";
import { factsOf } from "../../../core/noise/facts-of.ts";
import { foldByMinute } from "../../../core/noise/merge.ts";
import type { Segment } from "../../../core/segment/segment.ts";
import { accountingOf } from "../../../core/verdict/accounting.ts";
import { judge } from "../../../core/verdict/judge.ts";
import { VerdictSettings } from "../../../core/verdict/settings.ts";
import { type DiffPairsPorts, processSegments } from "../../../lambdas/diff-pairs/process-segments.ts";
import { foldMinutes } from "../../../lambdas/judge/fold.ts";
import { judgeRun } from "../../../lambdas/judge/judge-run.ts";
import { type AwsStack, startStack } from "../../adapters/aws-stack.ts";
import { bytesOf, MINUTE } from "../../adapters/segments.ts";
import { type ApiUnderTest, apiUnderTest, CHECKOUT, SHOP } from "../api/api-under-test.ts";
import { eventOf } from "../sqs-event.ts";
import { ENDPOINT, KINDS_OF_RULE, ruledSegments } from "./ruled.ts";

const settings = VerdictSettings.parse({});
const MINUTES = [MINUTE, MINUTE, MINUTE + 1, MINUTE + 61];
const NOW = (MINUTE + 70) * 60_000;
let clock = NOW;
const now = () => clock;
let stack: AwsStack;
let ports: DiffPairsPorts & AwsStack["ports"];
let api: ApiUnderTest;

beforeAll(async () => {
  stack = await startStack({ visibilitySeconds: 60 });
  ports = stack.portsWith({}, now);
  api = apiUnderTest({ ports, now, readJudgement });
  await api.call("POST", "/baselines", { file: SHOP });
  jest.spyOn(console, "error").mockImplementation(() => {});
});
afterAll(() => stack.stop());
beforeEach(() => {
  clock = NOW;
});

const deliver = async (segments: readonly Segment[], to = ports): Promise<void> => {
  const bodies = segments.map((segment) => Buffer.from(bytesOf(segment)).toString("base64"));
  expect(await processSegments(eventOf(...bodies), to, now)).toEqual({ batchItemFailures: [] });
};

/** What waits in the segment queue, taken out of it. */
const taken = async (): Promise<readonly string[]> => {
  const { sqs } = stack.clients;
  const QueueUrl = stack.env.SEGMENT_QUEUE_URL;
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
  for (const { ReceiptHandle } of Messages) await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
  return Messages.map(({ Body }) => Body ?? "");
};
/** Works on what the steps ask for until they ask for nothing; gives the number of messages. */
const workOff = async (to: DiffPairsPorts = ports): Promise<number> => {
  for (let count = 0; ; ) {
    const bodies = await taken();
    if (bodies.length === 0) return count;
    count += bodies.length;
    await processSegments(eventOf(...bodies), to, now);
  }
};

let overlays = 0;
const newOverlay = async () => {
  const file = { ...CHECKOUT, name: `ov-${++overlays}` };
  const { body } = await api.call("POST", "/overlays", { baseline: "shop", file });
  return ports.catalog.overlay(body.id);
};
const setRules = (id: string, ...rules: Rule[]) => api.call("PUT", `/environments/${id}/rules`, { rules });
const readingOf = async (id: string) => readJudgement(ports, await ports.catalog.overlay(id), { settings, now: now() });

/** What judge does when it is woken. */
const fold = (env: string, run: string) => foldMinutes(ports.facts, factsKeyOf(env, run, NO_RULES), MINUTES);

/** As if the segments had been compared under the rules when they came. */
const fresh = (segments: readonly Segment[], rules: readonly Rule[]) => {
  const applied = { version: 1, rules: [...rules] };
  const byMinute = Map.groupBy(segments, ({ openedAt }) => minuteOf(openedAt));
  const facts = [...byMinute.values()].map((same) => same.map((segment) => factsOf(segment, createRulesOf(applied))));
  const whole = foldByMinute(facts);
  const without = withoutIgnored(whole, applied);
  const accounting = accountingOf(whole.tees, [], now());
  const judged = judge({ facts: without.facts, accounting, settings, attempts: 1, ratePerSecond: 0 });
  const recent = { pairs: 0, candidateFailed: 0 };
  return { ...judged, facts: without.facts, accounting, recent, rules: judgedRules(whole, applied, without.hits) };
};

describe.each(KINDS_OF_RULE)("%s, set after the fact", (_name, rule, value) => {
  test("judges stored data as a run under the rule from the beginning would have", async () => {
    const { id, run } = await newOverlay();
    const segments = ruledSegments(run.id, MINUTES, value, id);
    await deliver(segments);
    await fold(id, run.id);
    const before = await readingOf(id);
    const { body } = await setRules(id, rule);
    const isIgnore = rule.ignore !== undefined;
    expect(body.recomparing).toEqual(isIgnore ? null : { done: 0, total: 0 });
    expect(await workOff()).toBe(isIgnore ? 0 : 1);

    const after = await readingOf(id);
    expect(after).toEqual(fresh(segments, [rule]));
    expect(after.rules[0]?.hits).toBeGreaterThan(0);
    expect(after.facts).not.toEqual(before.facts);

    await setRules(id);
    await workOff();
    expect(await readingOf(id)).toEqual(before);
  });
});

test("answers are held against the baseline's schemas, at first and under changed rules", async () => {
  const ref = "#/components/schemas/Order";
  const schema = { type: "object" as const, properties: { k: { enum: [0] } } };
  const schemas = { web: { responses: { [ENDPOINT]: { "200": ref } }, schemas: { [ref]: schema } } };
  const services = { web: { ...SHOP.services.web, routes: [ENDPOINT] } };
  const file = { ...SHOP, name: "with-schemas", services };
  expect((await api.call("POST", "/baselines", { file, schemas })).status).toBe(201);
  const { body } = await api.call("POST", "/overlays", { baseline: file.name, file: { ...CHECKOUT, name: "held" } });
  const segments = ruledSegments(body.run.id, MINUTES, VALUE, body.id);
  const found = async () =>
    (await readingOf(body.id)).findings.flatMap(({ place, kind, count }) =>
      kind === "schema" ? [{ place, count }] : [],
    );
  await deliver(segments);
  await fold(body.id, body.run.id);
  const before = await found();
  // The candidate's `k` is 1 in pairs 0 and 7 of the 12 in each of the four segments; pair 7 has no secondary.
  expect(before).toEqual([{ place: "body/k", count: 8 }]);
  await setRules(body.id, TOLERANCE);
  expect(await workOff()).toBe(1);
  expect(await found()).toEqual(before);
});

const TOLERANCE: Rule = { tolerance: "body/v", absolute: 0.01 };
const [, , VALUE] = KINDS_OF_RULE[1]!;
const withStored = async (isOneBatch = false) => {
  const { id, run } = await newOverlay();
  const segments = ruledSegments(run.id, MINUTES, VALUE, id);
  for (const batch of isOneBatch ? [segments] : segments.map((segment) => [segment])) await deliver(batch);
  await fold(id, run.id);
  await judgeRun(ports, await ports.catalog.overlay(id), settings, now());
  return { id, run, segments };
};

describe("while what is stored is compared anew", () => {
  test.each([
    ["an object each", false, 4],
    ["two in one object", true, 3],
  ])(
    "the verdict is undecided and says how far it is; steps are bounded: segments, %s",
    async (_, isOneBatch, total) => {
      const { id, segments } = await withStored(isOneBatch);
      const reasons: string[] = [(await setRules(id, TOLERANCE)).body.reason];
      const hurried = () => (clock += 6_000);
      for (let bodies = await taken(); bodies.length > 0; bodies = await taken()) {
        await processSegments(eventOf(...bodies), ports, hurried);
        const { verdict, recomparing } = await readingOf(id);
        reasons.push(verdict.reason);
        if (recomparing !== undefined)
          expect(verdict).toMatchObject({ verdict: "UNDECIDED", needed: null, endpoints: [] });
      }
      expect(reasons.length).toBeGreaterThan(3);
      expect(reasons[0]).toBe("What is stored is about to be compared under the new rules");
      expect(reasons[1]).toMatch(`of ${total} stored objects are compared under the new rules`);
      expect(await readingOf(id)).toEqual(fresh(segments, [TOLERANCE]));
    },
  );

  test("its history keeps the verdicts of whole facts alone", async () => {
    const { id } = await withStored();
    const before = await ports.verdicts.history(id);
    await setRules(id, TOLERANCE);
    await judgeRun(ports, await ports.catalog.overlay(id), settings, now());
    expect(await ports.verdicts.history(id)).toEqual(before);
    await workOff();
  });

  test("what comes in meanwhile is compared under the new rules, and all of it is judged at the end", async () => {
    const { id, run, segments } = await withStored();
    await setRules(id, TOLERANCE);
    const [late] = ruledSegments(`${run.id}`, [...MINUTES, MINUTE + 62], VALUE, id).slice(-1);
    await deliver([late!]);
    await workOff();
    await judgeRun(ports, await ports.catalog.overlay(id), settings, now());
    expect((await readingOf(id)).facts).toEqual(fresh([...segments, late!], [TOLERANCE]).facts);
  });

  test("a batch that read the rules before the change is found in the archive", async () => {
    const { id, run, segments } = await withStored();
    const [late] = ruledSegments(run.id, [...MINUTES, MINUTE + 62], VALUE, id).slice(-1);
    let isChanged: Promise<unknown> = Promise.resolve();
    const rules = {
      ...ports.rules,
      rules: async (env: string) => {
        const old = await ports.rules.rules(env);
        await (isChanged = setRules(id, TOLERANCE));
        return old;
      },
    };
    await deliver([late!], { ...ports, rules });
    await isChanged;
    await workOff();
    expect((await readingOf(id)).facts).toEqual(fresh([...segments, late!], [TOLERANCE]).facts);
  });

  test("rules that change again end the job; those of before begin another", async () => {
    const { id, segments } = await withStored();
    await setRules(id, TOLERANCE);
    const [job] = await taken();
    await setRules(id, { ...TOLERANCE, absolute: 5 });
    await processSegments(eventOf(job!), ports, now);
    expect((await readingOf(id)).recomparing).toEqual({ done: 0, total: 0 });
    await setRules(id, TOLERANCE);
    await workOff();
    expect(await readingOf(id)).toEqual(fresh(segments, [TOLERANCE]));
  });
});

describe("faults of a step", () => {
  test.each(["put", "putRollup"] as const)("broken off at %s, it is delivered again and completed", async (at) => {
    const { id, segments } = await withStored();
    await setRules(id, TOLERANCE);
    const bodies = await taken();
    let calls = 0;
    const failing = {
      ...ports.facts,
      [at]: (...args: never[]) =>
        ++calls === 2
          ? Promise.reject(new Error("killed"))
          : (ports.facts[at] as (...all: never[]) => unknown)(...args),
    };
    const { batchItemFailures } = await processSegments(eventOf(...bodies), { ...ports, facts: failing }, now);
    expect(batchItemFailures).toEqual([{ itemIdentifier: "m0" }]);
    expect((await readingOf(id)).verdict.verdict).toBe("UNDECIDED");
    await processSegments(eventOf(...bodies), ports, now);
    expect(await readingOf(id)).toEqual(fresh(segments, [TOLERANCE]));
  });

  test("delivered twice, at once and later, it counts once", async () => {
    const { id, segments } = await withStored();
    await setRules(id, TOLERANCE);
    const [job] = await taken();
    await Promise.all([1, 2].map(() => processSegments(eventOf(job!), ports, now)));
    await processSegments(eventOf(job!, job!), ports, now);
    expect(await workOff()).toBe(0);
    expect(await readingOf(id)).toEqual(fresh(segments, [TOLERANCE]));
  });

  test("a step that is lost is asked for again by judge", async () => {
    const { id, segments } = await withStored();
    await setRules(id, TOLERANCE);
    await taken();
    const look = async () => judgeRun(ports, await ports.catalog.overlay(id), settings, now());
    await look();
    expect(await taken()).toEqual([]);
    clock += 121_000;
    await look();
    expect(await workOff()).toBe(1);
    expect((await readingOf(id)).findings).toEqual(fresh(segments, [TOLERANCE]).findings);
  });

  test("rules that were set without the API, as after a deploy of another parser, are seen by judge", async () => {
    const { id, segments } = await withStored();
    await ports.rules.putRules(id, { version: 1, rules: [TOLERANCE] });
    expect((await readingOf(id)).recomparing).toEqual({ done: 0, total: 0 });
    await judgeRun(ports, await ports.catalog.overlay(id), settings, now());
    await workOff();
    expect(await readingOf(id)).toEqual(fresh(segments, [TOLERANCE]));
  });

  test.each(['{"recompare":{}}', '{"recompare":{"env":"","run":"r","version":"1"}}', '{"recompare"'])(
    "the message %s fails alone",
    async (body) => {
      const { batchItemFailures } = await processSegments(eventOf(body), ports, now);
      expect(batchItemFailures).toHaveLength(1);
    },
  );

  test("of a run that nobody knows, it does nothing", async () => {
    const body = JSON.stringify({ recompare: { env: "gone", run: "gone", version: "1" } });
    expect(await processSegments(eventOf(body), ports, now)).toEqual({ batchItemFailures: [] });
  });
});

test("what is archived for longer than facts live is compared and judged as well", async () => {
  const { id, run, segments } = await withStored();
  clock += 15 * 86_400_000;
  await setRules(id, TOLERANCE);
  await workOff();
  const key = factsKeyOf(id, run.id, { rules: [TOLERANCE] });
  expect(await ports.facts.rollup(key, RUN_SPAN)).toEqual(fresh(segments, [TOLERANCE]).facts);
});

test("many at once who start it leave one job", async () => {
  const { id, run, segments } = await withStored();
  await ports.rules.putRules(id, { version: 1, rules: [TOLERANCE] });
  const key = factsKeyOf(id, run.id, { rules: [TOLERANCE] });
  await Promise.all([1, 2, 3].map(() => startRecompare(ports.recompares, key, now())));
  await workOff();
  expect(await readingOf(id)).toEqual(fresh(segments, [TOLERANCE]));
});
