import type { Rule } from "../../../core/diff/rules.ts";
import type { Segment, StoredPair } from "../../../core/segment/segment.ts";
import { segmentWith } from "../../adapters/segments.ts";
import { answer, json } from "../../core/diff/captures.ts";

export const ENDPOINT = "GET /orders/{id}";

type Lane = "primary" | "candidate" | "secondary";
type Value = (lane: Lane, index: number) => unknown;

/** A rule of each kind, and values of three lanes at `body/v` of which it lets some pass, but not all. */
export const KINDS_OF_RULE: readonly (readonly [name: string, rule: Rule, value: Value])[] = [
  ["ignore", { ignore: "body/v" }, (lane, i) => (lane === "candidate" ? i : 0)],
  [
    "absolute tolerance",
    { tolerance: "body/v", absolute: 0.01 },
    (lane, i) => (lane === "candidate" ? (i % 3 === 0 ? 2 : 1.005) : 1),
  ],
  [
    "relative tolerance",
    { tolerance: "body/v", relative: 0.01 },
    (lane, i) => (lane === "secondary" ? 101 : lane === "candidate" && i % 4 === 0 ? 150 : 100),
  ],
  [
    "tolerance in ulp",
    { tolerance: "body/v", ulp: 2 },
    (lane, i) => (lane === "candidate" ? (i % 2 === 0 ? 0.1 + 0.2 : 0.4) : 0.3),
  ],
  [
    "free order",
    { orderFree: "body/v" },
    (lane, i) => (lane === "candidate" ? (i % 3 === 0 ? ["b", "a", "c"] : ["c", "b", "x"]) : ["a", "b", "c"]),
  ],
  [
    "keyed by",
    { keyedBy: "body/v", key: "sku" },
    (lane, i) => {
      const items = ["p", "q", "r"].map((sku, at) => ({ id: `${lane}-${i}-${at}`, sku, price: at }));
      return lane === "candidate" ? [items[2], items[0], { ...items[1], price: i }] : items;
    },
  ],
  [
    "format",
    { format: "body/v", is: "hash" },
    (lane, i) =>
      lane === "candidate" && i % 5 === 0 ? "none" : `${{ primary: 1, candidate: 2, secondary: 3 }[lane]}abcdef${i}0`,
  ],
  [
    "similar prose",
    { similar: "body/v", atLeast: 0.6 },
    (lane, i) =>
      lane === "candidate" && i % 4 === 0
        ? "no idea"
        : `the quick brown fox jumps over the lazy dog ${{ primary: "now", candidate: "today", secondary: "soon" }[lane]}`,
  ],
  ["a set in a header", { set: "header/x-set" }, () => 1],
];

const SETS: Readonly<Record<Lane, string>> = { primary: "a, b", candidate: "b, a", secondary: "a,b" };

const capture = (lane: Lane, index: number, value: Value) => {
  const { body } = json(JSON.stringify({ v: value(lane, index), k: lane === "candidate" && index % 7 === 0 ? 1 : 0 }));
  const set = index % 6 === 0 ? "c" : SETS[lane];
  return {
    ...answer({
      headers: [
        ["content-type", "application/json"],
        ["x-set", set],
      ],
    }),
    body,
  };
};

const pairOf = (index: number, openedAt: number, value: Value): StoredPair => ({
  id: `p-${openedAt}-${index}`,
  at: openedAt + index,
  endpoint: ENDPOINT,
  cluster: `0000000${index % 5}`,
  primary: capture("primary", index, value),
  candidate: capture("candidate", index, value),
  ...(index % 4 === 3 ? {} : { secondary: capture("secondary", index, value) }),
});

/** One segment of each of these minutes, twelve pairs in each. */
export const ruledSegments = (run: string, minutes: readonly number[], value: Value, env = "ov-1"): Segment[] =>
  minutes.map((minute, seq) => {
    const openedAt = minute * 60_000;
    const pairs = Array.from({ length: 12 }, (_, index) => pairOf(index, openedAt, value));
    return segmentWith(pairs, { env, run, seq, openedAt });
  });
