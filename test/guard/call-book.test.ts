import { CallBook, type HeardCall } from "../../guard/call-book.ts";
import { DEFAULT_GUARD_LIMITS, type GuardLimits } from "../../guard/limits.ts";

const call = (target: string, bytes = 0): HeardCall => ({
  ...{ to: "payments", method: "POST", target, type: "", body: Buffer.alloc(bytes), bytes, hash: `${target}${bytes}` },
});

const bookOf = (over: Partial<GuardLimits> = {}) => {
  const clock = { now: 1_000_000 };
  return { clock, book: new CallBook({ ...DEFAULT_GUARD_LIMITS, ...over }, () => clock.now) };
};

test("over its bytes the oldest is forgotten, counted, and from then on less is known", () => {
  const { clock, book } = bookOf({ maxBookBytes: 10_000 });
  clock.now += 30_000;
  for (let id = 0; id < 20; id++) book.note("primary", `id${id}`, call("/a", 500));
  expect(book.bytes).toBeLessThanOrEqual(10_000);
  expect([book.of("id0"), book.of("id19")?.primary.length]).toEqual([undefined, 1]);
  expect(book.counts.forgotten.memory).toBeGreaterThan(0);
  expect(book.coversMs).toBe(0);
  clock.now += 500;
  expect(book.coversMs).toBe(500);
});

test("one call larger than all bytes is forgotten at once and leaves nothing behind", () => {
  const { book } = bookOf({ maxBookBytes: 1_000 });
  book.note("primary", "a", call("/a", 5_000))({ status: 200, headers: [], body: Buffer.alloc(5_000) });
  expect([book.bytes, book.ids]).toEqual([0, 0]);
});

test("over its calls an id is said to be cut; what is old is forgotten, also calls without an id", () => {
  const { clock, book } = bookOf({ maxCallsPerId: 2, bookAgeMs: 1_000 });
  for (let made = 0; made < 3; made++) book.note("candidate", "id", call(`/${made}`));
  book.note("primary", undefined, call("/charges/7"));
  expect(book.of("id")).toMatchObject({ isCut: true, candidate: [{ target: "/0" }, { target: "/1" }] });
  expect(book.unnamed()).toEqual(["payments POST /charges/{id}"]);
  clock.now += 1_001;
  book.forgetOld();
  expect([book.of("id"), book.bytes, book.unnamed()]).toEqual([undefined, 0, []]);
});

test("calls that come after somebody asked are counted as late", () => {
  const { book } = bookOf();
  book.note("primary", "id", call("/a"));
  book.of("id");
  book.note("candidate", "id", call("/a"));
  expect(book.counts.late).toBe(1);
});

test("too many names without an id: then nothing is covered", () => {
  const { clock, book } = bookOf();
  clock.now += 60_000;
  const name = (n: number) => [...String(n)].map((digit) => "abcdefghij"[Number(digit)]).join("");
  for (let n = 0; n <= 1_000; n++) book.note("candidate", undefined, call(`/${name(n)}`));
  expect([book.unnamed().length, book.coversMs]).toEqual([1_000, 0]);
});
