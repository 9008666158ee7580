import { randomBytes } from "node:crypto";
import { type Message, ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { maxInlineSegmentBytes } from "../../adapters/segment-queue.ts";
import { readWake, type WakeMessage } from "../../adapters/wake.ts";
import { type AwsStack, startStack } from "./aws-stack.ts";
import { MINUTE } from "./segments.ts";

let stack: AwsStack;
beforeAll(async () => {
  stack = await startStack({ visibilitySeconds: 60 });
});
afterAll(() => stack.stop());

const receive = async (QueueUrl: string, WaitTimeSeconds = 0): Promise<readonly Message[]> => {
  const command = new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds, MaxNumberOfMessages: 10 });
  return (await stack.clients.sqs.send(command)).Messages ?? [];
};

test.each([
  ["of one byte", 1, false],
  ["small", 5_000, false],
  ["of the largest inline size", maxInlineSegmentBytes, false],
  ["one byte larger", maxInlineSegmentBytes + 1, true],
  ["of several megabytes", 4_000_000, true],
])("a segment that is %s arrives byte for byte", async (_, bytes, isClaim) => {
  const segment = randomBytes(bytes);
  await stack.ports.segments.send(segment, `tee.epoch.run.${bytes}`);
  const [message] = await receive(stack.env.SEGMENT_QUEUE_URL, 1);
  expect((message!.Body ?? "").startsWith("{")).toBe(isClaim);
  expect(Buffer.from(await stack.ports.inbox.open(message!.Body ?? "")).equals(segment)).toBe(true);
});

test("a view into a larger buffer is sent as itself", async () => {
  await stack.ports.segments.send(new Uint8Array([1, 2, 3, 4]).subarray(1, 3), "view");
  const [message] = await receive(stack.env.SEGMENT_QUEUE_URL, 1);
  expect([...(await stack.ports.inbox.open(message!.Body!))]).toEqual([2, 3]);
});

test.each([
  ["no JSON", "{nonsense", "invalid-input"],
  ["another object of the bucket", '{"claim":"archive/secret"}', "invalid-input"],
  ["an object that is gone", '{"claim":"claims/gone"}', "not-found"],
])("a message that is %s is refused", async (_, body, code) => {
  await expect(stack.ports.inbox.open(body)).rejects.toMatchObject({ code });
});

test("a queue that is not there is told with its cause", async () => {
  const { segments } = stack.portsWith({ SEGMENT_QUEUE_URL: `${stack.env.SEGMENT_QUEUE_URL}-gone` });
  await expect(segments.send(new Uint8Array(1), "id")).rejects.toMatchObject({
    code: "internal",
    cause: expect.any(Error),
  });
});

describe("wakes", () => {
  const keyOf = (run: string) => ({ env: "ov-1", run, version: "1" });
  const seen: { readonly wake: WakeMessage; readonly at: number }[] = [];
  let early: readonly Message[] = [];
  const written: number[] = [];

  beforeAll(async () => {
    const at = (now: number) => stack.portsWith({}, () => now).wake;
    await Promise.all(Array.from({ length: 20 }, () => at(1_000_000_500).judge(keyOf("many"), MINUTE)));
    await at(2_000_000_000).judge(keyOf("own"), MINUTE);
    await at(2_000_000_000).judge(keyOf("own"), MINUTE + 1);
    await at(2_000_001_000).judge(keyOf("own"), MINUTE);
    await at(2_000_000_000).judge({ ...keyOf("own"), env: "ov-2" }, MINUTE);
    early = await receive(stack.env.JUDGE_QUEUE_URL);
    // By the real clock, over the ends of several spans.
    for (let i = 0; i < 12; i++) {
      await new Promise((resolve) => setTimeout(resolve, 130));
      written.push(Date.now());
      await stack.ports.wake.judge(keyOf("after"), MINUTE);
    }
    for (const end = Date.now() + 4_000; Date.now() < end; ) {
      const messages = await receive(stack.env.JUDGE_QUEUE_URL, 1);
      for (const { Body } of messages) seen.push({ wake: readWake(Body!), at: Date.now() });
    }
  });
  const wakesOf = (run: string) => seen.map(({ wake }) => wake).filter((wake) => wake.run === run);

  test("are held back", () => {
    expect(early).toEqual([]);
  });

  test("of one minute in one span are one message", () => {
    expect(wakesOf("many")).toEqual([{ ...keyOf("many"), minute: MINUTE }]);
  });

  test("of other minutes, environments and later spans are messages of their own", () => {
    expect(wakesOf("own")).toHaveLength(4);
  });

  test("never leave a fact unread: after each one written there is a message that is seen later", () => {
    const lastSeenAt = Math.max(...seen.filter(({ wake }) => wake.run === "after").map(({ at }) => at));
    expect(lastSeenAt).toBeGreaterThan(written.at(-1)!);
    expect(wakesOf("after").length).toBeLessThan(written.length);
  });

  test.each(["{", "[]", '{"env":"e"}'])("that are %s are refused", (body) => {
    expect(() => readWake(body)).toThrow(expect.objectContaining({ code: "invalid-input" }));
  });
});
