import { ASSUMED } from "../../../bench/cost/assumptions.ts";
import { billOf, naiveBillOf, ratesOf, tracesOf } from "../../../bench/cost/bill.ts";
import { addTallies, countsOf, type Tally, unitsOf } from "../../../bench/cost/cloud/meter.ts";
import { dollarsPerMillion, type Line, totalPerMillion } from "../../../bench/cost/line.ts";
import { type Effort, type Load, type Measured, measure } from "../../../bench/cost/measure.ts";
import { figure, render, renderJson } from "../../../bench/cost/render.ts";
import { budgetFor, impossibleAt, resultOf } from "../../../bench/cost/result.ts";
import { fleetOf, teeMicrosOf } from "../../../bench/cost/tee-cpu.ts";

// Much is computed here, beside whatever else the machine does.
jest.setTimeout(120_000);

const SMALL: Effort = { maxPairs: 1_500, maxBytes: 4e6, maxFacts: 200, maxWakes: 60, naivePairs: 20 };
const LOAD: Load = { rps: 20, divergence: 0.1, bodyBytes: 800, hasSecondary: false, teeMicros: undefined };
const LEAST: Effort = { maxPairs: 1_000, maxBytes: 2e6, maxFacts: 12, maxWakes: 3, naivePairs: 20 };

const lineOf = (lines: readonly Line[], item: string): Line => {
  const found = lines.find((its) => its.item === item);
  if (found === undefined) throw new Error(`no line "${item}"`);
  return found;
};

describe("of a rate of which a whole minute is simulated", () => {
  let measured: Measured;
  let lines: readonly Line[];
  /** Seconds in which this rate makes as many pairs as were measured. */
  let seconds: number;

  beforeAll(async () => {
    measured = await measure(LOAD, SMALL);
    lines = billOf(measured);
    seconds = measured.pairs / LOAD.rps;
  });

  test("each segment was sent once, and is one item of facts", () => {
    const { segments, sent, diff } = measured;
    expect(countsOf(sent, "sqs.SendMessage segments").calls).toBe(segments);
    expect(countsOf(diff.tally, "dynamodb.PutItem FACTS").calls).toBe(segments);
  });

  test.each<readonly [item: string, of: (its: Measured) => number]>([
    ["segments sent", ({ sent }) => unitsOf(sent, "sqs.SendMessage")],
    ["facts written", ({ diff }) => unitsOf(diff.tally, "dynamodb.PutItem FACTS")],
  ])("%s: the model bills what the adapters did", (item, of) => {
    expect(lineOf(lines, item).perSecond * seconds).toBeCloseTo(of(measured), 6);
  });

  test.each<readonly [item: string, of: (its: Measured) => number]>([
    ["archive and claim checks written", ({ diff }) => countsOf(diff.tally, "s3.PutObject").calls],
    ["markers of wakes", ({ diff }) => unitsOf(diff.tally, "dynamodb.PutItem WAKE")],
    ["rules and catalog read by diff-pairs", ({ diff }) => unitsOf(diff.tally, "dynamodb.GetItem", "dynamodb.Query")],
    ["diff-pairs invoked", ({ diff }) => diff.invocations],
  ])("%s: by invocation as the adapters did", (item, of) => {
    const { diff, polling } = measured;
    expect(lineOf(lines, item).perSecond / polling.invocationsPerSecond).toBeCloseTo(
      of(measured) / diff.invocations,
      6,
    );
  });

  test("what judge reads and writes in the minute is what its adapters did", () => {
    const { judged, wakesPerMinute, factsPerMinute } = measured;
    expect(judged.wakes).toHaveLength(wakesPerMinute);
    expect(judged.wakes.at(-1)?.facts).toBe(factsPerMinute);
    const tally = judged.wakes.reduce((sum: Tally, { work }) => addTallies(sum, work.tally), {});
    const { judge } = ratesOf(measured);
    const unasked = 1 / ASSUMED.judgeEverySeconds;
    const writes = unitsOf(tally, "dynamodb.PutItem");
    expect(judge.writes).toBeCloseTo((writes / wakesPerMinute) * (wakesPerMinute / 60 + (unasked * 8) / 3), 6);
    const facts = unitsOf(tally, "dynamodb.Query FACTS");
    const others = unitsOf(tally, "dynamodb.GetItem", "dynamodb.Query") - facts;
    expect(judge.otherReads).toBeCloseTo((others / wakesPerMinute) * (wakesPerMinute / 60 + unasked), 6);
    const ofSchedule = (judge.lastFold.factReads * ASSUMED.judgeMinutes) / ASSUMED.judgeEverySeconds;
    expect(Math.abs(judge.factReads - facts / 60)).toBeLessThanOrEqual(ofSchedule);
  });

  test("the table adds up, and says so as JSON as well", () => {
    const result = resultOf(measured);
    const sum = lines.reduce((all, its) => all + dollarsPerMillion(its, LOAD.rps), 0);
    expect(result.perMillion).toBeCloseTo(sum, 9);
    expect(result.groups.reduce((all, { ours }) => all + ours, 0)).toBeCloseTo(sum, 9);
    const json = JSON.parse(renderJson(result));
    expect(json.lines.map(({ item }: Line) => item)).toEqual(lines.map(({ item }) => item));
    expect(json.perMillion).toBeCloseTo(sum, 9);
    const text = render(result);
    for (const { item } of lines) expect(text).toContain(item);
    expect(text).toContain(`$${sum.toFixed(4)} a million`);
    expect(text).toContain("Assumed");
  });

  test("nothing is paid less than nothing, nor for what is no number", () => {
    for (const { perSecond, price } of [...lines, ...naiveBillOf(measured)]) {
      expect(Number.isFinite(perSecond * price)).toBe(true);
      expect(perSecond).toBeGreaterThanOrEqual(0);
    }
  });
});

/** Without CPU, which differs from run to run. */
const calls = (measured: Measured): number =>
  totalPerMillion(
    billOf(measured).filter(({ unit }) => unit !== "GB-seconds"),
    measured.load.rps,
  );

const measureEach = async (loads: readonly Partial<Load>[]): Promise<readonly Measured[]> => {
  const all: Measured[] = [];
  for (const load of loads) all.push(await measure({ ...LOAD, ...load }, LEAST));
  return all;
};

test("larger bodies cost more", async () => {
  const sizes = [200, 800, 4_000].map((bodyBytes) => ({ rps: 1_000, divergence: 1, bodyBytes }));
  const [small, middle, large] = (await measureEach(sizes)).map(calls);
  expect(small).toBeLessThan(middle!);
  expect(middle).toBeLessThan(large!);
});

test("a secondary costs more", async () => {
  const [without, withOne] = (await measureEach([{ rps: 1_000 }, { rps: 1_000, hasSecondary: true }])).map(calls);
  expect(without).toBeLessThan(withOne!);
});

test("a million costs less the more there are, and less than naively from 100 a second on", async () => {
  const all = (await measureEach([{ rps: 100 }, { rps: 5_000 }])).map(resultOf);
  for (const { naive } of all) expect(naive.ratio).toBeGreaterThan(1);
  const [few, more] = all.map(({ perMillion }) => perMillion);
  expect(few).toBeGreaterThan(more!);
});

test("at a rate that no minute of judge can hold, it is said", async () => {
  const [measured] = await measureEach([{ rps: 1_000_000 }]);
  const { scale, impossible } = resultOf(measured!);
  expect(scale.factsPerMinute).toBeGreaterThan(20_000);
  expect(impossible.join("\n")).toContain("writes to a partition of facts");
  expect(impossibleAt({ ...scale, writeUnitsPerFactPartition: 1_000 }).join("\n")).not.toContain(
    "writes to a partition of facts",
  );
});

test("the CPU of a tee is that of docs/performance.md, and larger for more", () => {
  expect(teeMicrosOf({ ...LOAD, divergence: 0.1 })).toBeCloseTo(47, 1);
  expect(teeMicrosOf({ ...LOAD, divergence: 1 })).toBeCloseTo(91.3, 1);
  expect(teeMicrosOf({ ...LOAD, bodyBytes: 16_384 })).toBeGreaterThan(teeMicrosOf(LOAD));
  expect(teeMicrosOf({ ...LOAD, hasSecondary: true })).toBeGreaterThan(teeMicrosOf(LOAD));
});

test.each([
  [1, 47, { tasks: 2, vcpu: 0.25, gb: 0.5 }],
  [10_000, 47, { tasks: 2, vcpu: 0.5, gb: 1 }],
  [100_000, 47, { tasks: 10, vcpu: 1, gb: 2 }],
])("%i requests a second at %i µs want a fleet of", (rps, micros, fleet) =>
  expect(fleetOf(rps, micros)).toEqual(fleet),
);

test.each([
  [{ divergence: 0.1, rps: 1_000 }, 0.25, true],
  [{ divergence: 0.1, rps: 1_000 }, 0.2501, false],
  [{ divergence: 1, rps: 1_000 }, 0.6, true],
  [{ divergence: 0.1, rps: 1 }, 40, undefined],
  [{ divergence: 0.1, rps: 1_000, hasSecondary: true }, 0.1, undefined],
  [{ divergence: 0.1, rps: 1_000, bodyBytes: 900 }, 0.1, undefined],
  [{ divergence: 0.5, rps: 1_000 }, 0.1, undefined],
])("%j at $%d a million: budget met %s", (load, dollars, isMet) =>
  expect(budgetFor({ ...LOAD, ...load }, dollars)?.isMet).toBe(isMet),
);

test("traces: the first each second, then one in twenty", () => {
  expect(tracesOf(0.5)).toBe(0.5);
  expect(tracesOf(21)).toBe(2);
});

test.each([
  [0, "0"],
  [12, "12"],
  [1.234, "1.23"],
  [0.04567, "0.0457"],
  [12_345.6, "12 346"],
])("%d is shown as %s", (value, text) => expect(figure(value)).toBe(text));
