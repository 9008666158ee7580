import { randomBytes } from "node:crypto";
import { ListObjectsV2Command } from "@aws-sdk/client-s3";
import { expiryOfMinute, spanOfHour, spanOfMinute } from "../../adapters/minute.ts";
import type { FactsKey, FactsStore } from "../../adapters/ports.ts";
import type { Facts } from "../../core/noise/facts.ts";
import { factsOf } from "../../core/noise/facts-of.ts";
import { emptyFacts } from "../../core/noise/merge.ts";
import { type AwsStack, startStack } from "./aws-stack.ts";
import { MINUTE, segmentOf } from "./segments.ts";

let stack: AwsStack;
let facts: FactsStore;
beforeAll(async () => {
  stack = await startStack();
  facts = stack.portsWith({}, () => MINUTE * 60_000).facts;
});
afterAll(() => stack.stop());

const keyOf = (run: string): FactsKey => ({ env: "ov-1", run, version: "1" });
const ofSegment = (seq: number): Facts => factsOf(segmentOf({ seq }));
/** Facts of so many segments; `bytes` of it cannot be compressed. */
const weighing = (segments: number, bytes = 0): Facts => ({
  ...emptyFacts(),
  tees: { "tee.epoch": { ...ofSegment(0).tees["tee.epoch"]!, segments } },
  capped: bytes === 0 ? {} : { [randomBytes(bytes).toString("base64")]: 1 },
});
const objectsUnder = async (prefix: string) =>
  (await stack.clients.s3.send(new ListObjectsV2Command({ Bucket: stack.env.BUCKET_NAME, Prefix: prefix }))).Contents ??
  [];

test("a minute holds the facts of each segment once, however often they were written", async () => {
  const key = keyOf("once");
  for (const seq of [0, 1, 2, 1, 0]) await facts.put(key, MINUTE, `segment.${seq}`, ofSegment(seq));
  const found = await facts.ofMinute(key, MINUTE);
  expect(found).toHaveLength(3);
  expect(found).toEqual(expect.arrayContaining([ofSegment(0), ofSegment(1), ofSegment(2)]));
});

test.each([
  ["another environment", { ...keyOf("apart"), env: "ov-2" }, MINUTE],
  ["an environment and a run that only together spell the same", { env: "ov-1#apart", run: "1", version: "1" }, MINUTE],
  ["another run", keyOf("apart2"), MINUTE],
  ["another version", { ...keyOf("apart"), version: "2" }, MINUTE],
  ["another minute", keyOf("apart"), MINUTE + 1],
])("%s shares nothing", async (_, key, minute) => {
  await facts.put(keyOf("apart"), MINUTE, "segment.0", ofSegment(0));
  expect(await facts.ofMinute(key, minute)).toEqual([]);
});

test("a minute of several megabytes is read whole", async () => {
  const key = keyOf("paged");
  const many = Array.from({ length: 60 }, (_, i) => facts.put(key, MINUTE, `segment.${i}`, weighing(1, 100_000)));
  await Promise.all(many);
  expect(await facts.ofMinute(key, MINUTE)).toHaveLength(60);
});

test("facts too large for an item are stored in the bucket and read the same", async () => {
  const key = keyOf("large");
  const large = weighing(1, 600_000);
  await facts.put(key, MINUTE, "segment.large", large);
  await facts.put(key, MINUTE, "segment.large", large);
  expect(await facts.ofMinute(key, MINUTE)).toEqual([large]);
  expect(await objectsUnder("spill/expiring/")).toHaveLength(1);
});

test("facts of an expired minute are none at all, whether or not they are still stored", async () => {
  const key = keyOf("expired");
  await facts.put(key, MINUTE, "segment.0", ofSegment(0));
  const expiry = expiryOfMinute(MINUTE, stack.env.FACTS_TTL_DAYS) * 1_000;
  expect(await stack.portsWith({}, () => expiry - 1).facts.ofMinute(key, MINUTE)).toHaveLength(1);
  expect(await stack.portsWith({}, () => expiry).facts.ofMinute(key, MINUTE)).toEqual([]);
});

test("a roll-up is replaced by one of as many segments or more, never by one of fewer", async () => {
  const key = keyOf("grown");
  expect(await facts.rollup(key, "run")).toBeUndefined();
  for (const segments of [2, 5, 3]) await facts.putRollup(key, "run", weighing(segments));
  expect(await facts.rollup(key, "run")).toEqual(weighing(5));
  const other = { ...weighing(5), lastAt: 7 };
  await facts.putRollup(key, "run", other);
  expect(await facts.rollup(key, "run")).toEqual(other);
});

test("roll-ups are found by the beginning of their span", async () => {
  const key = keyOf("spans");
  const spans = ["minute/483333/28999999", "minute/483333/28999980", "minute/48333/2899999", "hour/483333", "run"];
  for (const [i, span] of spans.entries()) await facts.putRollup(key, span, weighing(i + 1));
  expect(await facts.rollups(key, "minute/483333/")).toEqual([weighing(2), weighing(1)]);
  expect(await facts.rollups(key, "hour/")).toEqual([weighing(4)]);
  expect(await facts.rollups(key, "")).toHaveLength(5);
});

test("minutes and hours are read in their order, from one number to another", async () => {
  const key = keyOf("ranges");
  for (const [i, minute] of [28_999_979, 28_999_980, 28_999_985, 29_000_040, 29_000_041].entries())
    await facts.putRollup(key, spanOfMinute(minute), weighing(i + 1));
  for (const hour of [483_333, 483_334]) await facts.putRollup(key, spanOfHour(hour), weighing(hour));
  await facts.putRollup(key, "run", weighing(9));
  const read = async (grain: "minute" | "hour", first: number, last: number) => {
    const found: [number, Facts][] = [];
    for await (const { number, facts: its } of facts.spans(key, grain, first, last)) found.push([number, its]);
    return found;
  };
  expect(await read("minute", 28_999_980, 29_000_040)).toEqual([
    [28_999_980, weighing(2)],
    [28_999_985, weighing(3)],
    [29_000_040, weighing(4)],
  ]);
  expect(await read("hour", 0, 999_999)).toEqual([
    [483_333, weighing(483_333)],
    [483_334, weighing(483_334)],
  ]);
  expect(await read("minute", 1, 2)).toEqual([]);
});

test("a large roll-up leaves one object behind, however often it is replaced, and none once it is small", async () => {
  const key = keyOf("replaced");
  for (const segments of [1, 2, 3]) {
    const large = weighing(segments, 600_000);
    await facts.putRollup(key, "run", large);
    expect(await facts.rollup(key, "run")).toEqual(large);
  }
  expect(await objectsUnder("spill/kept/")).toHaveLength(1);
  await facts.putRollup(key, "run", weighing(4));
  expect(await objectsUnder("spill/kept/")).toEqual([]);
});

test("readers of a large roll-up that is being replaced always get one of its states", async () => {
  const key = keyOf("busy");
  await facts.putRollup(key, "run", weighing(1, 400_000));
  let isWriting = true;
  const writing = (async () => {
    for (let segments = 2; segments < 12; segments++) await facts.putRollup(key, "run", weighing(segments, 400_000));
    isWriting = false;
  })();
  let last = 0;
  while (isWriting) {
    const { tees } = (await facts.rollup(key, "run"))!;
    expect(tees["tee.epoch"]!.segments).toBeGreaterThanOrEqual(last);
    last = tees["tee.epoch"]!.segments;
  }
  await writing;
});
