import type { VerdictCrossing } from "../../adapters/ports.ts";
import type { Heartbeat } from "../../adapters/tees.ts";
import { NO_RULES } from "../../core/diff/rules.ts";
import { noOutcomes } from "../../core/pair/outcome.ts";
import type { ProbeRecord } from "../../core/sampling/writes.ts";
import { type AwsStack, startStack } from "./aws-stack.ts";

let stack: AwsStack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const beatOf = (change: Partial<Heartbeat> = {}): Heartbeat => ({
  tee: "tee",
  epoch: "e1",
  baseline: "bl-1",
  at: 1_000,
  state: "live",
  outcomes: { "ov-1/run-1": { ...noOutcomes(), sampled: 3 } },
  ...change,
});

describe("heartbeats", () => {
  test("the last word of each tee process is kept", async () => {
    const { tees } = stack.ports;
    await tees.beat(beatOf());
    await tees.beat(beatOf({ at: 2_000 }));
    await tees.beat(beatOf({ epoch: "e2" }));
    await tees.beat(beatOf({ baseline: "bl-2" }));
    expect(await tees.heartbeats("bl-1")).toEqual([beatOf({ at: 2_000 }), beatOf({ epoch: "e2" })]);
    expect(await tees.heartbeats("bl-none")).toEqual([]);
  });

  test("a beat that was overtaken changes nothing", async () => {
    const { tees } = stack.ports;
    await tees.beat(beatOf({ baseline: "bl-3", at: 9_000, state: "closed" }));
    await tees.beat(beatOf({ baseline: "bl-3", at: 8_000 }));
    expect(await tees.heartbeats("bl-3")).toMatchObject([{ at: 9_000, state: "closed" }]);
  });
});

describe("what was seen of the data", () => {
  test("is a row for each run, written once at each step", async () => {
    const { drifts } = stack.ports;
    expect(await drifts.of("ov-1", "run-1")).toBeUndefined();
    const first = { step: 1, at: 1_000, state: null };
    expect(await Promise.all([drifts.put("ov-1", "run-1", first), drifts.put("ov-1", "run-1", first)])).toContain(
      false,
    );
    const second = { step: 2, at: 1_000, state: { rules: 3, at: 1_000, reads: {} } };
    expect(await drifts.put("ov-1", "run-1", second)).toBe(true);
    expect(await drifts.put("ov-1", "run-1", { ...second, step: 4 })).toBe(false);
    expect(await drifts.of("ov-1", "run-1")).toEqual(second);
    expect(await drifts.of("ov-1", "run-2")).toBeUndefined();
  });
});

describe("rules", () => {
  test("are empty at version 0, and grow by one version at a change", async () => {
    const { rules } = stack.ports;
    expect(await rules.rules("ov-1")).toEqual(NO_RULES);
    await rules.putRules("ov-1", { version: 1, rules: [{ ignore: "body/time" }] });
    await rules.putRules("ov-1", { version: 2, rules: [{ ignore: "body/id" }] });
    expect(await rules.rules("ov-1")).toEqual({ version: 2, rules: [{ ignore: "body/id" }] });
  });

  test.each([1, 2, 4])("version %i after version 2 is a conflict", async (version) => {
    const { rules } = stack.ports;
    const env = `ov-stale-${version}`;
    await rules.putRules(env, { version: 1, rules: [] });
    await rules.putRules(env, { version: 2, rules: [] });
    await expect(rules.putRules(env, { version, rules: [] })).rejects.toMatchObject({ code: "conflict" });
  });

  test("a thousand long rules fit", async () => {
    const many = Array.from({ length: 1_000 }, (_, i) => ({
      ignore: `body/${i}/${"x".repeat(400)}`,
      because: "y".repeat(200),
    }));
    await stack.ports.rules.putRules("ov-many", { version: 1, rules: many });
    expect((await stack.ports.rules.rules("ov-many")).rules).toHaveLength(1_000);
  });
});

const crossingOf = (at: number, verdict: VerdictCrossing["verdict"], run = "run-1"): VerdictCrossing => ({
  at,
  run,
  verdict,
  reason: `at ${at}`,
  pairs: at,
});

describe("verdicts", () => {
  test("only changes are kept", async () => {
    const { verdicts } = stack.ports;
    expect(await verdicts.latest("ov-1", "run-1")).toBeUndefined();
    const said = ["UNDECIDED", "UNDECIDED", "SAFE", "SAFE", "REGRESSION"] as const;
    for (const [at, verdict] of said.entries()) await verdicts.append("ov-1", crossingOf(at, verdict));
    expect((await verdicts.history("ov-1")).map(({ at }) => at)).toEqual([0, 2, 4]);
    expect(await verdicts.latest("ov-1", "run-1")).toEqual(crossingOf(4, "REGRESSION"));
  });

  test("a reading older than the latest is left out", async () => {
    const { verdicts } = stack.ports;
    await verdicts.append("ov-2", crossingOf(10, "SAFE"));
    await verdicts.append("ov-2", crossingOf(9, "UNDECIDED"));
    expect(await verdicts.history("ov-2")).toHaveLength(1);
  });

  test("each run has a latest of its own, and the history is one", async () => {
    const { verdicts } = stack.ports;
    await verdicts.append("ov-3", crossingOf(1, "SAFE", "run-1"));
    await verdicts.append("ov-3", crossingOf(2, "SAFE", "run-11"));
    expect(await verdicts.latest("ov-3", "run-1")).toEqual(crossingOf(1, "SAFE", "run-1"));
    expect(await verdicts.history("ov-3")).toHaveLength(2);
  });

  test("judges that say the same at once leave one entry", async () => {
    const { verdicts } = stack.ports;
    await Promise.all(Array.from({ length: 6 }, () => verdicts.append("ov-4", crossingOf(1, "SAFE"))));
    expect(await verdicts.history("ov-4")).toHaveLength(1);
  });
});

describe("verdicts that other tools are to be told of", () => {
  test("wait, each with what its own run said before, until they are told", async () => {
    const { verdicts } = stack.ports;
    expect(await verdicts.append("ov-5", crossingOf(1, "UNDECIDED"))).toBe(true);
    expect(await verdicts.append("ov-5", crossingOf(2, "UNDECIDED"))).toBe(false);
    await verdicts.append("ov-5", crossingOf(3, "SAFE", "run-2"));
    await verdicts.append("ov-5", crossingOf(4, "REGRESSION"));
    const untold = await verdicts.untold("ov-5");
    expect(untold).toEqual([
      { ...crossingOf(1, "UNDECIDED"), from: null, number: 1 },
      { ...crossingOf(3, "SAFE", "run-2"), from: null, number: 1 },
      { ...crossingOf(4, "REGRESSION"), from: "UNDECIDED", number: 2 },
    ]);
    for (const change of [untold[0]!, untold[2]!, untold[0]!]) await verdicts.told("ov-5", change);
    expect(await verdicts.untold("ov-5")).toEqual([untold[1]]);
    expect(await verdicts.history("ov-5")).toHaveLength(3);
    expect(await verdicts.latest("ov-5", "run-1")).toEqual(crossingOf(4, "REGRESSION"));
  });
});

test("audit entries are in the order of time, each once, whatever they hold", async () => {
  const { audit } = stack.ports;
  const entryOf = (at: number, id: string) => ({
    at,
    id,
    who: "me",
    what: "rules",
    before: null,
    after: { list: [1, "#%", {}] },
  });
  for (const [at, id] of [
    [20, "b"],
    [3, "a"],
    [20, "a"],
    [20, "b"],
  ] as const)
    await audit.append("ov-1", entryOf(at, id));
  expect(await audit.entries("ov-1")).toEqual([entryOf(3, "a"), entryOf(20, "a"), entryOf(20, "b")]);
  expect(await audit.entries("ov-1", { from: 4, to: 20 })).toEqual([entryOf(20, "a"), entryOf(20, "b")]);
  expect(await audit.entries("ov-1", { from: 3, to: 19 })).toEqual([entryOf(3, "a")]);
  expect(await audit.entries("ov-1", { from: 21, to: 1_800_000_000_000 })).toEqual([]);
});

describe("the latest of its kind", () => {
  const at = (step: number, id = "a") => ({ env: "ov-latest", step, id }) as Loose;

  test("is replaced step by step: of two that write the same one, one wins", async () => {
    const { rechecks } = stack.ports;
    expect(await rechecks.of("ov-latest")).toBeUndefined();
    expect(await rechecks.put(at(1))).toBe(true);
    expect(await Promise.all([rechecks.put(at(2, "b")), rechecks.put(at(2, "c"))])).toEqual(
      expect.arrayContaining([true, false]),
    );
    expect(await rechecks.put(at(2, "d"))).toBe(false);
    expect((await rechecks.of("ov-latest"))?.step).toBe(2);
  });
});

// biome-ignore lint/suspicious/noExplicitAny: only what the store looks at matters
type Loose = any;
describe("probes", () => {
  const recordOf = (change: Partial<ProbeRecord> = {}): ProbeRecord => ({
    ...{ env: "ov-1", run: "run-1", service: "web", key: "k", sideEffects: "isolated", state: "probing" },
    ...{ reason: "a canary is being written (try 1)", tee: "tee-a", at: 1_000, tries: 1, nextAt: 5_000 },
    ...change,
  });

  test("are claimed by one tee, taken over when they are overdue, and ended by who holds them", async () => {
    const { probes } = stack.ports;
    expect(await probes.claim(recordOf())).toBe(true);
    expect(await probes.claim(recordOf({ tee: "tee-b", at: 4_999, tries: 2 }))).toBe(false);
    const taken = recordOf({ tee: "tee-b", at: 5_000, tries: 2, nextAt: 9_000 });
    expect(await probes.claim(taken)).toBe(true);
    expect(await probes.end(recordOf({ state: "failed" }))).toBe(false);
    expect(await probes.end({ ...taken, state: "unclear", nextAt: 8_000 })).toBe(true);
    expect(await probes.end({ ...taken, state: "failed" })).toBe(false);
    const again = recordOf({ tee: "tee-a", at: 8_000, tries: 3, nextAt: 12_000 });
    expect(await probes.claim({ ...again, at: 7_999 })).toBe(false);
    expect(await probes.claim(again)).toBe(true);
    expect(await probes.end({ ...again, state: "passed" })).toBe(true);
    expect(await probes.claim(recordOf({ at: 99_000, tries: 4 }))).toBe(false);
    expect(await probes.of("ov-1")).toEqual([{ ...again, state: "passed" }]);
  });

  test("belong to one run, one service and one declaration, and are no heartbeats", async () => {
    const { probes, tees } = stack.ports;
    for (const change of [{}, { run: "run-10" }, { service: "cart" }, { key: "other" }])
      expect(await probes.claim(recordOf({ env: "ov-2", ...change }))).toBe(true);
    expect(await probes.of("ov-2")).toHaveLength(4);
    expect(await probes.of("ov-2", "run-1")).toHaveLength(3);
    expect(await probes.of("ov-2", "run-10")).toMatchObject([{ run: "run-10" }]);
    expect(await tees.heartbeats("PROBES")).toEqual([]);
  });
});
