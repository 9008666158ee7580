import { PutObjectCommand } from "@aws-sdk/client-s3";
import type { Archive } from "../../adapters/ports.ts";
import type { Segment } from "../../core/segment/segment.ts";
import { type AwsStack, startStack } from "./aws-stack.ts";
import { bytesOf, MINUTE, segmentOf } from "./segments.ts";

let stack: AwsStack;
let archive: Archive;
beforeAll(async () => {
  stack = await startStack();
  archive = stack.ports.archive;
});
afterAll(() => stack.stop());

const received = (segment: Segment) => ({ segment, bytes: bytesOf(segment) });
const idsIn = async (env: string, run: string): Promise<string[]> => {
  const ids: string[] = [];
  for await (const segment of archive.read(env, run)) ids.push(segment.id);
  return ids;
};
const batch = (run: string, ...seqs: number[]) => seqs.map((seq) => received(segmentOf({ run, seq })));

test("segments come back as they were, minute by minute", async () => {
  const [late, early] = [
    segmentOf({ run: "whole", seq: 1, openedAt: (MINUTE + 10) * 60_000 }),
    segmentOf({ run: "whole" }),
  ];
  await archive.put([received(late), received(early)]);
  const found: Segment[] = [];
  for await (const segment of archive.read("ov-1", "whole")) found.push(segment);
  expect(found.map(({ id }) => id)).toEqual([early.id, late.id]);
  expect(found[0]).toEqual(early);
});

test.each([
  [
    "the same batch",
    [
      [0, 1, 2],
      [0, 1, 2],
    ],
  ],
  [
    "the same batch in another order",
    [
      [0, 1, 2],
      [2, 0, 1],
    ],
  ],
  ["other batches", [[0, 1], [1, 2], [0], [2, 1]]],
])("segments delivered twice in %s are read once", async (name, batches) => {
  const run = name.replaceAll(" ", "-");
  for (const seqs of batches) await archive.put(batch(run, ...seqs));
  expect((await idsIn("ov-1", run)).sort()).toEqual([0, 1, 2].map((seq) => `tee.epoch.${run}.${seq}`));
});

test("a batch of several runs and environments is kept apart", async () => {
  const segments = [segmentOf({ run: "a" }), segmentOf({ run: "b" }), segmentOf({ env: "ov-2", run: "a" })];
  await archive.put(segments.map(received));
  expect(await idsIn("ov-1", "a")).toHaveLength(1);
  expect(await idsIn("ov-1", "b")).toHaveLength(1);
  expect(await idsIn("ov-2", "a")).toHaveLength(1);
  expect(await idsIn("ov-1", "none")).toEqual([]);
});

test("ids that look like paths stay in their folder", async () => {
  const sly = segmentOf({ env: "..", run: "../../ov-1/x" });
  await archive.put([received({ ...sly, id: "../../../../sly" })]);
  expect(await idsIn("..", "../../ov-1/x")).toEqual(["../../../../sly"]);
});

test("a run of more objects than one page of a listing is read whole", async () => {
  const at = (seq: number) => (MINUTE + (seq % 7)) * 60_000;
  const all = Array.from({ length: 1_050 }, (_, seq) =>
    received(segmentOf({ run: "paged", seq, pairs: 1, openedAt: at(seq) })),
  );
  for (let from = 0; from < all.length; from += 50) {
    await Promise.all(all.slice(from, from + 50).map((one) => archive.put([one])));
  }
  expect(new Set(await idsIn("ov-1", "paged")).size).toBe(1_050);
});

test("a batch over the size of one object becomes several", async () => {
  const big = Array.from({ length: 3 }, (_, seq) => ({
    ...received(segmentOf({ run: "big", seq })),
    bytes: bytesOf(segmentOf({ run: "big", seq })),
  }));
  const padded = big.map(({ segment, bytes }) => ({ segment, bytes: Buffer.concat([bytes, Buffer.alloc(5_000_000)]) }));
  await archive.put(padded);
  const { clients, env } = stack;
  const { ListObjectsV2Command } = await import("@aws-sdk/client-s3");
  const list = await clients.s3.send(
    new ListObjectsV2Command({ Bucket: env.BUCKET_NAME, Prefix: "archive/ov-1/big/" }),
  );
  expect(list.Contents).toHaveLength(3);
});

test("an object that was cut short is an error, not fewer segments", async () => {
  const Body = Buffer.concat([Buffer.from([0, 0, 9, 9]), Buffer.alloc(5)]);
  await stack.clients.s3.send(
    new PutObjectCommand({ Bucket: stack.env.BUCKET_NAME, Key: "archive/ov-1/cut/1/x", Body }),
  );
  await expect(idsIn("ov-1", "cut")).rejects.toMatchObject({ code: "internal" });
});

test("objects outlast the emulator", async () => {
  const before = await startStack();
  await before.ports.archive.put(batch("kept", 0));
  await before.end();
  const after = await startStack({ dataDir: before.dataDir });
  const found: string[] = [];
  try {
    for await (const { id } of after.ports.archive.read("ov-1", "kept")) found.push(id);
  } finally {
    await after.stop();
  }
  expect(found).toEqual(["tee.epoch.kept.0"]);
});
