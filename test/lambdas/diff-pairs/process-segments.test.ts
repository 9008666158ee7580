import type { SQSEvent } from "aws-lambda";
import { factsKeyOf } from "../../../adapters/judgement.ts";
import type { Archive, FactsStore } from "../../../adapters/ports.ts";
import { NO_RULES } from "../../../core/diff/rules.ts";
import { type DiffPairsPorts, processSegments } from "../../../lambdas/diff-pairs/process-segments.ts";
import { type AwsStack, startStack } from "../../adapters/aws-stack.ts";
import { bytesOf, MINUTE, segmentOf } from "../../adapters/segments.ts";
import { eventOf } from "../sqs-event.ts";

let stack: AwsStack;
const now = () => (MINUTE + 1) * 60_000;
beforeAll(async () => {
  stack = await startStack();
  jest.spyOn(console, "error").mockImplementation(() => {});
});
afterAll(() => stack.stop());

const bodyOf = (seq: number, run: string) => Buffer.from(bytesOf(segmentOf({ seq, run }))).toString("base64");
const failedOf = async (event: SQSEvent, ports: DiffPairsPorts) =>
  (await processSegments(event, ports)).batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);

const wakesOf = (ports: DiffPairsPorts) => {
  const woken: [string, number][] = [];
  const wake = { judge: async (key: { run: string }, minute: number) => void woken.push([key.run, minute]) };
  return { ports: { ...ports, wake }, woken };
};
const factsIn = async (run: string) =>
  stack.portsWith({}, now).facts.ofMinute(factsKeyOf("ov-1", run, NO_RULES), MINUTE);
const archivedIn = async (run: string) => {
  const ids: string[] = [];
  for await (const { id } of stack.ports.archive.read("ov-1", run)) ids.push(id);
  return ids.sort();
};

test("a batch is archived, reduced to one fact item a segment, and wakes judge once a minute", async () => {
  const { ports, woken } = wakesOf(stack.ports);
  expect(await failedOf(eventOf(bodyOf(0, "good"), bodyOf(1, "good"), bodyOf(2, "good")), ports)).toEqual([]);
  expect(await archivedIn("good")).toEqual([0, 1, 2].map((seq) => `tee.epoch.good.${seq}`));
  const facts = await factsIn("good");
  expect(facts).toHaveLength(3);
  expect(facts[0]!.endpoints["GET /orders/{id}"]!.pairs).toBe(4);
  expect(woken).toEqual([["good", MINUTE]]);
});

test("a segment that was sent as a claim check is read from the bucket", async () => {
  await stack.ports.archive.put([]);
  const segment = segmentOf({ run: "claimed" });
  await stack.clients.s3.send(
    new (await import("@aws-sdk/client-s3")).PutObjectCommand({
      Bucket: stack.env.BUCKET_NAME,
      Key: "claims/claimed",
      Body: bytesOf(segment),
    }),
  );
  expect(await failedOf(eventOf('{"claim":"claims/claimed"}'), stack.ports)).toEqual([]);
  expect(await factsIn("claimed")).toHaveLength(1);
});

test.each([
  ["no segment", Buffer.from("nonsense").toString("base64")],
  ["no base64", "%%%"],
  ["a claim check whose object is gone", '{"claim":"claims/gone"}'],
  ["a claim check on another object", '{"claim":"archive/x"}'],
  ["empty", ""],
])("a message that is %s fails alone", async (name, poison) => {
  const run = `poison-${name.replaceAll(" ", "-")}`;
  expect(await failedOf(eventOf(bodyOf(0, run), poison, bodyOf(1, run)), stack.ports)).toEqual(["m1"]);
  expect(await factsIn(run)).toHaveLength(2);
  expect(await archivedIn(run)).toHaveLength(2);
});

test("a batch of poison alone is named message by message, not thrown", async () => {
  expect(await failedOf(eventOf("%%%", ""), stack.ports)).toEqual(["m0", "m1"]);
});

test("every segment delivered twice, in other batches, counts once", async () => {
  const bodies = [0, 1, 2, 3].map((seq) => bodyOf(seq, "twice"));
  for (const order of [
    [0, 1],
    [2, 3],
    [3, 0],
    [1, 2],
    [0, 0],
  ]) {
    expect(await failedOf(eventOf(...order.map((i) => bodies[i]!)), stack.ports)).toEqual([]);
  }
  expect(await factsIn("twice")).toHaveLength(4);
  expect(await archivedIn("twice")).toHaveLength(4);
});

test("broken off between archive and facts, the next delivery completes it", async () => {
  const failing: FactsStore = { ...stack.ports.facts, put: () => Promise.reject(new Error("killed")) };
  const { ports, woken } = wakesOf({ ...stack.ports, facts: failing });
  expect(await failedOf(eventOf(bodyOf(0, "broken"), bodyOf(1, "broken")), ports)).toEqual(["m0", "m1"]);
  expect(woken).toEqual([]);
  expect(await archivedIn("broken")).toHaveLength(2);
  expect(await factsIn("broken")).toEqual([]);
  expect(await failedOf(eventOf(bodyOf(1, "broken"), bodyOf(0, "broken")), stack.ports)).toEqual([]);
  expect(await factsIn("broken")).toHaveLength(2);
  expect(await archivedIn("broken")).toHaveLength(2);
});

test("without the archive nothing is reduced: it is the truth", async () => {
  const archive: Archive = { ...stack.ports.archive, put: () => Promise.reject(new Error("no bucket")) };
  expect(
    await failedOf(eventOf(bodyOf(0, "no-archive"), bodyOf(1, "no-archive")), { ...stack.ports, archive }),
  ).toEqual(["m0", "m1"]);
  expect(await factsIn("no-archive")).toEqual([]);
});

test("facts whose wake failed are delivered again, so that judge learns of them", async () => {
  const wake = {
    judge: (key: { run: string }) => (key.run === "deaf" ? Promise.reject(new Error("no queue")) : Promise.resolve()),
  };
  expect(await failedOf(eventOf(bodyOf(0, "deaf"), bodyOf(0, "heard")), { ...stack.ports, wake })).toEqual(["m0"]);
});
