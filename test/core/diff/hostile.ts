import type { StoredResponded } from "../../../core/segment/segment.ts";
import { json } from "./captures.ts";

const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
const items = (count: number, make: (index: number) => unknown) => () => json(JSON.stringify(range(count).map(make)));
const text = (make: () => string) => (): StoredResponded => json(make());
const MIB = 1 << 20;

/** A shuffle that is the same each time. */
const shuffled = (count: number): number[] => range(count).map((index) => (index * 7_919) % count);

/** Pairs that cost a careless comparison seconds. `expected`: the places and kinds, or that it gives up. */
export const HOSTILE: readonly {
  readonly name: string;
  readonly left: () => StoredResponded;
  readonly right: () => StoredResponded;
  readonly expected: "undecided" | readonly string[];
}[] = [
  {
    name: "10 000 disjoint objects without ids",
    left: items(10_000, (i) => ({ a: i, b: `x${i}` })),
    right: items(10_000, (i) => ({ a: -i - 1, b: `y${i}` })),
    expected: ["body/*/a value", "body/*/b value"],
  },
  {
    name: "10 000 disjoint objects with ids",
    left: items(10_000, (i) => ({ id: i, b: 1 })),
    right: items(10_000, (i) => ({ id: i + 10_000, b: 1 })),
    expected: ["body/*/id value"],
  },
  {
    name: "10 000 shuffled objects with ids",
    left: items(10_000, (i) => ({ id: i, b: `x${i}` })),
    right: () => json(JSON.stringify(shuffled(10_000).map((i) => ({ id: i, b: `x${i}` })))),
    expected: ["body order"],
  },
  {
    name: "10 000 shuffled objects without ids",
    left: items(10_000, (i) => ({ a: i, b: `x${i}` })),
    right: () => json(JSON.stringify(shuffled(10_000).map((i) => ({ a: i, b: `x${i}` })))),
    expected: ["body order"],
  },
  {
    name: "100 arrays of 200 disjoint numbers",
    left: items(100, (i) => range(200).map((j) => i * 1_000 + j)),
    right: items(100, (i) => range(200).map((j) => -i * 1_000 - j - 1)),
    expected: ["body/*/* value"],
  },
  {
    name: "depth 10 000",
    left: text(() => `${"[".repeat(10_000)}1${"]".repeat(10_000)}`),
    right: text(() => `${"[".repeat(10_000)}2${"]".repeat(10_000)}`),
    expected: [`body${"/*".repeat(64)}/… value`],
  },
  {
    name: "depth 10 000 of objects, exact numbers",
    left: text(() => `${'{"a":'.repeat(10_000)}1.0${"}".repeat(10_000)}`),
    right: text(() => `${'{"a":'.repeat(10_000)}2.0${"}".repeat(10_000)}`),
    expected: [`body${"/a".repeat(64)}/… value`],
  },
  {
    name: "1 MiB of records, one differs",
    left: items(9_000, (i) => ({
      id: i,
      name: `a name of some length ${i}`,
      price: i * 1.25,
      tags: ["a", "b"],
      ok: true,
    })),
    right: items(9_000, (i) => ({
      id: i,
      name: `a name of some length ${i}`,
      price: i === 4_500 ? 0 : i * 1.25,
      tags: ["a", "b"],
      ok: true,
    })),
    expected: ["body/*/price value"],
  },
  {
    name: "1 MiB of empty arrays",
    left: text(() => `[${"[],".repeat(MIB / 3)}[]]`),
    right: text(() => `[${"[],".repeat(MIB / 3)}[1]]`),
    expected: "undecided",
  },
  {
    name: "1 MiB of zeros",
    left: text(() => `[${"0,".repeat(MIB / 2)}0]`),
    right: text(() => `[${"0,".repeat(MIB / 2)}1]`),
    expected: ["body/* value"],
  },
  {
    name: "1 MiB of zeros against ones",
    left: text(() => `[${"0,".repeat(MIB / 2)}0]`),
    right: text(() => `[${"1,".repeat(MIB / 2)}1]`),
    expected: "undecided",
  },
  {
    name: "1 MiB of exact numbers",
    left: text(() => `[${"1.0,".repeat(MIB / 4)}0]`),
    right: text(() => `[${"1.0,".repeat(MIB / 4)}1]`),
    expected: "undecided",
  },
  {
    name: "one string of 1 MiB",
    left: text(() => JSON.stringify("x".repeat(MIB))),
    right: text(() => JSON.stringify(`${"x".repeat(MIB)}y`)),
    expected: ["body value"],
  },
  {
    name: "one number of 1 MiB",
    left: text(() => "1".repeat(MIB)),
    right: text(() => `${"1".repeat(MIB - 1)}2`),
    expected: ["body value"],
  },
  {
    name: "1 MiB of quotes and backslashes",
    left: text(() => JSON.stringify(['"\\'.repeat(MIB / 4)])),
    right: text(() => JSON.stringify([`${'"\\'.repeat(MIB / 4)}x`])),
    expected: ["body/* value"],
  },
  {
    name: "100 000 keys",
    left: text(() => JSON.stringify(Object.fromEntries(range(100_000).map((i) => [`k${i}x`, i])))),
    right: text(() => JSON.stringify(Object.fromEntries(range(100_000).map((i) => [`k${i}x`, i + 1])))),
    expected: "undecided",
  },
  {
    name: "20 000 keys, all others",
    left: text(() => JSON.stringify(Object.fromEntries(range(20_000).map((i) => [`k${i}x`, i])))),
    right: text(() => JSON.stringify(Object.fromEntries(range(20_000).map((i) => [`j${i}x`, i])))),
    expected: "undecided",
  },
  {
    name: "one key 20 000 times",
    left: text(() => `{${'"a":1,'.repeat(20_000)}"b":1}`),
    right: text(() => `{${'"a":1,'.repeat(20_000)}"b":2}`),
    expected: ["body/b value"],
  },
];
