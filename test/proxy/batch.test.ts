import * as fc from "fast-check";
import { BatchWriter, type RawPair, recordBytes, type Source } from "../../proxy/batch.ts";
import { type RawRecord, readRecords } from "../../proxy/records.ts";

const chunks = fc.array(
  fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
  { maxLength: 4 },
);
const ms = fc.double({ min: 0, max: 1e6, noNaN: true });
const lane = fc.oneof(
  fc.record({ outcome: fc.constant("responded" as const), raw: chunks, ms }),
  fc.record({
    outcome: fc.constant("failed" as const),
    reason: fc.constantFrom("timeout" as const, "refused" as const, "reset" as const, "invalid" as const),
    ms,
  }),
);
const source = fc.record({
  key: fc.constantFrom("a/r", "b/r"),
  env: fc.constantFrom("a", "b"),
  run: fc.constant("r"),
  control: fc.constantFrom("control" as const, "none" as const),
  redaction: fc.constantFrom("", "{}"),
});
const pair: fc.Arbitrary<RawPair> = fc.record({
  source,
  number: fc.integer({ min: 0, max: 2 ** 40 }),
  at: fc.integer({ min: 0, max: 2 ** 45 }),
  caller: fc.constantFrom("", "127.0.0.1", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"),
  request: chunks,
  primary: fc.record({ raw: chunks, ms }),
  candidate: lane,
  secondary: fc.option(lane, { nil: undefined }),
});
const answeredBy = (lane: RawPair["candidate"], { raw }: RawPair["primary"]): RawPair["candidate"] =>
  lane.outcome === "failed" ? lane : { ...lane, raw };
/** Mostly a lane answers as the primary does. */
const agreeing = fc.tuple(pair, fc.boolean(), fc.boolean()).map(
  ([each, candidate, secondary]): RawPair => ({
    ...each,
    candidate: candidate ? answeredBy(each.candidate, each.primary) : each.candidate,
    secondary: secondary && each.secondary ? answeredBy(each.secondary, each.primary) : each.secondary,
  }),
);

const hex = (raw: Buffer | readonly Buffer[]): string =>
  (Array.isArray(raw) ? Buffer.concat(raw as Buffer[]) : (raw as Buffer)).toString("hex");
const plain = (of: { outcome: string; ms: number; raw?: Buffer | readonly Buffer[]; reason?: string } | undefined) =>
  of === undefined ? undefined : { ...of, raw: of.raw === undefined ? undefined : hex(of.raw) };

test("what is written into a batch is what is read from it, record after record", () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(pair, agreeing), { minLength: 1, maxLength: 6 }), (pairs) => {
      const sources: Source[] = [];
      const batch = new BatchWriter(new ArrayBuffer(pairs.reduce((sum, each) => sum + recordBytes(each), 0)));
      for (const each of pairs) {
        sources.push(each.source);
        expect(batch.hasRoomFor(recordBytes(each))).toBe(true);
        batch.write(each, sources.length - 1);
      }
      const read: RawRecord[] = [];
      readRecords(Buffer.from(batch.buffer, 0, batch.end), sources, (record) => read.push(record));
      expect(
        read.map(({ source, number, at, caller, request, answer, ms, candidate, secondary }) => ({
          ...{ source, number, at, caller },
          request: hex(request),
          primary: { raw: hex(answer), ms: ms.primary },
          candidate: plain(candidate),
          secondary: plain(secondary),
        })),
      ).toEqual(
        pairs.map((each) => ({
          ...each,
          request: hex(each.request),
          primary: { raw: hex(each.primary.raw), ms: each.primary.ms },
          candidate: plain(each.candidate),
          secondary: plain(each.secondary),
        })),
      );
      for (const [index, record] of read.entries()) {
        const { primary, candidate, secondary } = pairs[index]!;
        const same = (lane: RawPair["secondary"]) =>
          lane?.outcome === "responded" && hex(lane.raw) === hex(primary.raw);
        expect([record.isSame("candidate"), record.isSame("secondary")]).toEqual([same(candidate), same(secondary)]);
        expect(record.isEqual).toBe(same(candidate) && (secondary === undefined || same(secondary)));
        expect(record.ms).toEqual({ primary: primary.ms, candidate: candidate.ms, secondary: secondary?.ms });
      }
    }),
  );
});

test("an answer equal to the primary's is written once", () => {
  const answer = [Buffer.from("x".repeat(1_000))];
  const ofLanes = (candidate: Buffer[], secondary: Buffer[]): number => {
    const batch = new BatchWriter(new ArrayBuffer(8_192));
    const lane = (raw: Buffer[]) => ({ outcome: "responded", raw, ms: 1 }) as const;
    const source = { key: "a/r", env: "a", run: "r", control: "none", redaction: "" } as const;
    const primary = { raw: answer, ms: 1 };
    batch.write(
      {
        source,
        number: 1,
        at: 1,
        caller: "",
        request: [],
        primary,
        candidate: lane(candidate),
        secondary: lane(secondary),
      },
      0,
    );
    return batch.end;
  };
  expect(ofLanes([Buffer.from("y".repeat(1_000))], [Buffer.from("z".repeat(1_000))])).toBeGreaterThan(3_000);
  expect(ofLanes([Buffer.from(answer[0]!)], [Buffer.from(answer[0]!)])).toBeLessThan(1_200);
});
