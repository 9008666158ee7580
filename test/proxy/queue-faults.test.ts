import { BatchWriter, recordBytes, type Source } from "../../proxy/batch.ts";
import { DEFAULT_LIMITS } from "../../proxy/limits.ts";
import type { Ended } from "../../proxy/messages.ts";
import { Shipper } from "../../proxy/shipper.ts";

// The queue is down, slow or throttled: pairs wait within bounds, what is lost is counted, nothing is thrown.

const SOURCE: Source = { key: "env/run", env: "env", run: "run", control: "none", redaction: "" };
const REQUEST = Buffer.from("GET /a HTTP/1.1\r\nHost: a\r\n\r\n");
const ANSWER = Buffer.from("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");

const batchOf = (number: number): Buffer => {
  const pair = {
    source: SOURCE,
    number,
    at: 1,
    caller: "",
    request: [REQUEST],
    primary: { raw: [ANSWER], ms: 1 },
    candidate: { outcome: "responded", raw: [ANSWER], ms: 1 },
    secondary: undefined,
  } as const;
  const batch = new BatchWriter(new ArrayBuffer(recordBytes(pair)));
  batch.write(pair, 0);
  return Buffer.from(batch.buffer, 0, batch.end);
};

/** A shipper of one pair to a segment over a queue that does as it is told. */
const shipping = (send: (id: string) => Promise<void>, limits: Partial<typeof DEFAULT_LIMITS> = {}) => {
  const counts: Record<string, number> = {};
  const sent: string[] = [];
  const shipper = new Shipper(
    {
      tee: "t",
      epoch: "e",
      key: new Uint8Array(32),
      limits: { ...DEFAULT_LIMITS, maxSegmentPairs: 1, ...limits },
      nextSeq: {},
    },
    {
      send: (_segment, id) => {
        sent.push(id);
        return send(id);
      },
      now: () => 1,
      ended: (ended: readonly Ended[]) => {
        for (const { outcome, requests } of ended)
          if (requests > 0) counts[outcome] = (counts[outcome] ?? 0) + requests;
      },
      numbered: () => {},
      failed: () => {},
    },
  );
  let number = 0;
  const add = (pairs: number): void => {
    for (let i = 0; i < pairs; i++) shipper.add(batchOf(number++), [SOURCE], {});
  };
  return { shipper, add, counts, sent };
};

const aTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test.each([
  ["is down", new Error("ECONNREFUSED")],
  ["throttles", Object.assign(new Error("Rate exceeded"), { name: "RequestThrottled" })],
])("the queue %s: its segments are undelivered; once it takes them again they are compared", async (_name, error) => {
  let isDown = true;
  const { shipper, add, counts } = shipping(() => (isDown ? Promise.reject(error) : Promise.resolve()));
  add(5);
  await shipper.drain({});
  expect(counts).toEqual({ undelivered: 5 });
  isDown = false;
  add(5);
  await shipper.drain({});
  expect(counts).toEqual({ undelivered: 5, compared: 5 });
});

test("the queue throttles every other segment: each pair has one outcome", async () => {
  let calls = 0;
  const { shipper, add, counts } = shipping(() => (calls++ % 2 ? Promise.resolve() : Promise.reject(new Error("no"))));
  add(20);
  await shipper.drain({});
  expect(counts).toEqual({ undelivered: 10, compared: 10 });
});

test("the queue hangs: segments wait up to the bounds, more are undelivered at once; all that waited goes when it is back", async () => {
  const releases: (() => void)[] = [];
  let hangs = true;
  const { shipper, add, counts, sent } = shipping(
    () => (hangs ? new Promise<void>((resolve) => releases.push(resolve)) : Promise.resolve()),
    { maxSegmentsInFlight: 2, maxWaitingSegments: 3 },
  );
  add(10);
  await aTurn();
  expect(sent).toHaveLength(2);
  expect(counts).toEqual({ undelivered: 5 });
  hangs = false;
  for (const release of releases) release();
  await shipper.drain({});
  expect(sent).toHaveLength(5);
  expect(counts).toEqual({ undelivered: 5, compared: 5 });
});

test("the queue is slow: never more than maxSegmentsInFlight at once, in order, none lost", async () => {
  let [now, most] = [0, 0];
  const { shipper, add, counts, sent } = shipping(
    async () => {
      most = Math.max(most, ++now);
      await new Promise((resolve) => setTimeout(resolve, 5));
      now--;
    },
    { maxSegmentsInFlight: 3, maxWaitingSegments: 50 },
  );
  add(20);
  await shipper.drain({});
  expect(most).toBe(3);
  expect(sent).toEqual(Array.from({ length: 20 }, (_, seq) => `t.e.run.${seq}`));
  expect(counts).toEqual({ compared: 20 });
});
