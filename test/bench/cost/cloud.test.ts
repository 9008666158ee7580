import { isShadowgraphError } from "../../../adapters/fault.ts";
import { type Cloud, createCloud } from "../../../bench/cost/cloud/cloud.ts";
import { BYTES_PER_MS, LATENCY_MS, Latencies } from "../../../bench/cost/cloud/latency.ts";
import { countsOf } from "../../../bench/cost/cloud/meter.ts";
import { NO_RULES } from "../../../core/diff/rules.ts";

let cloud: Cloud;
beforeEach(() => {
  cloud = createCloud(() => 1_767_225_600_000);
});
afterEach(() => cloud.close());

const KEY = { env: "ov-1", run: "run-1", version: "5" };

test("a small segment is one message of its base64, and comes back as it was", async () => {
  const segment = Buffer.alloc(60_000, 3);
  await cloud.ports.segments.send(segment, "tee.epoch.run.0");
  const [message] = cloud.receive("segments");
  expect(Buffer.from(await cloud.ports.inbox.open(message!.body))).toEqual(segment);
  const tally = cloud.meter.take();
  expect(countsOf(tally, "sqs.SendMessage segments")).toMatchObject({ calls: 1, units: 2, requestBytes: 80_000 });
  expect(Object.keys(tally).filter((name) => name.startsWith("s3"))).toEqual([]);
});

test("a large one is an object, a claim check, and a read", async () => {
  const segment = Buffer.alloc(800_000, 3);
  await cloud.ports.segments.send(segment, "tee.epoch.run.0");
  const [message] = cloud.receive("segments");
  expect(Buffer.from(await cloud.ports.inbox.open(message!.body))).toEqual(segment);
  const tally = cloud.meter.take();
  expect(countsOf(tally, "sqs.SendMessage segments")).toMatchObject({ calls: 1, units: 1 });
  expect(countsOf(tally, "s3.PutObject claims")).toMatchObject({ calls: 1, units: 1 });
  expect(countsOf(tally, "s3.GetObject claims")).toMatchObject({ calls: 1, units: 1, responseBytes: 800_000 });
});

test("a marker that is there already is paid for and sends nothing", async () => {
  await cloud.ports.wake.judge(KEY, 29_000_000);
  await cloud.ports.wake.judge(KEY, 29_000_000);
  const tally = cloud.meter.take();
  expect(countsOf(tally, "dynamodb.PutItem WAKE")).toMatchObject({ calls: 2, units: 2, refused: 1 });
  expect(countsOf(tally, "sqs.SendMessage judge").calls).toBe(1);
});

test("conditions of rules and pages of queries hold as in DynamoDB", async () => {
  const { rules, tees } = cloud.ports;
  await rules.putRules("ov-1", { ...NO_RULES, version: 1 });
  const again = await rules.putRules("ov-1", { ...NO_RULES, version: 1 }).catch((error: unknown) => error);
  expect(isShadowgraphError(again, "conflict")).toBe(true);
  await rules.putRules("ov-1", { ...NO_RULES, version: 2 });
  expect((await rules.rules("ov-1")).version).toBe(2);
  const beat = { epoch: "e", baseline: "b", at: 5, state: "live" as const, outcomes: {} };
  await tees.beat({ ...beat, tee: "t1" });
  await tees.beat({ ...beat, tee: "t2" });
  await tees.beat({ ...beat, tee: "t2", at: 4, state: "closed" });
  expect((await tees.heartbeats("b")).map(({ tee, state }) => [tee, state])).toEqual([
    ["t1", "live"],
    ["t2", "live"],
  ]);
});

test("more than a page of items is read page by page, each item once", async () => {
  const noise = (seed: number): string =>
    Array.from({ length: 40_000 }, (_, at) => String.fromCharCode(33 + ((at * seed * 7_919) % 90))).join("");
  for (let tee = 0; tee < 60; tee++)
    await cloud.ports.audit.append("ov-1", {
      at: tee,
      id: `a${tee}`,
      who: "me",
      what: noise(tee * tee + 1),
      before: null,
      after: null,
    });
  cloud.meter.take();
  expect((await cloud.ports.audit.entries("ov-1")).map(({ id }) => id).sort()).toEqual(
    Array.from({ length: 60 }, (_, tee) => `a${tee}`).sort(),
  );
});

describe("waiting is counted and not waited for", () => {
  let cpuMs = 0;
  const waitedFor = async (work: (latencies: Latencies) => Promise<unknown>): Promise<number> => {
    const latencies = new Latencies(() => cpuMs);
    latencies.start();
    await work(latencies);
    return latencies.took().waitedMs;
  };

  test("calls at once take as long as the slowest", async () => {
    const waited = await waitedFor((its) =>
      Promise.all([its.wait("dynamodb", 0), its.wait("s3", 0), its.wait("sqs", 0)]),
    );
    expect(waited).toBe(LATENCY_MS.s3);
  });

  test("calls in turn add up, and so do their bytes", async () => {
    const waited = await waitedFor(async (its) => {
      await its.wait("dynamodb", 0);
      await its.wait("dynamodb", 2 * BYTES_PER_MS);
    });
    expect(waited).toBe(2 * LATENCY_MS.dynamodb + 2);
  });

  test("what is computed meanwhile is not waited for", async () => {
    const waited = await waitedFor(async (its) => {
      const answer = its.wait("s3", 0);
      cpuMs += 20;
      await answer;
    });
    expect(waited).toBe(LATENCY_MS.s3 - 20);
  });
});
