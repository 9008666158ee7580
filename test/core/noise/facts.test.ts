import fc from "fast-check";
import { withoutIgnored } from "../../../core/noise/apply.ts";
import { CAPS, OTHER_ENDPOINT, OTHER_PLACE } from "../../../core/noise/caps.ts";
import type { EndpointFacts, Facts } from "../../../core/noise/facts.ts";
import { factsOf } from "../../../core/noise/facts-of.ts";
import { emptyFacts, foldFacts, mergeFacts } from "../../../core/noise/merge.ts";
import { coarseMarks, findingKey, signatureKey } from "../../../core/noise/signature.ts";
import { sketchCount } from "../../../core/noise/sketch.ts";
import { noOutcomes } from "../../../core/pair/outcome.ts";
import type { Segment, StoredPair } from "../../../core/segment/segment.ts";
import { answer, failed, json, stub } from "../diff/captures.ts";
import { pairOf, segmentOf } from "./segments.ts";

const at = (facts: Facts, endpoint = "GET /a"): EndpointFacts => facts.endpoints[endpoint] as EndpointFacts;

describe("the facts of a segment", () => {
  test("equal pairs count, and leave no signature", () => {
    const facts = at(factsOf(segmentOf([pairOf(), pairOf({ secondary: stub() })])));
    expect(facts).toMatchObject({
      pairs: 2,
      triples: 1,
      undecided: 0,
      signatures: {},
      places: {},
      clusters: ["00000001"],
      divergingClusters: [],
    });
    expect(sketchCount(facts.latency.primary)).toBe(2);
    expect(sketchCount(facts.latency.secondary)).toBe(1);
  });

  test("pairs with the same marks are one signature", () => {
    const differing = pairOf({ primary: json('{"a":1}'), candidate: json('{"a":2}'), secondary: json('{"a":1}') });
    const facts = at(factsOf(segmentOf([differing, differing, pairOf()])));
    const marks = [{ place: "body/a", kind: "value", odd: "candidate" }] as const;
    expect(facts.signatures).toEqual({ [signatureKey(marks)]: { marks, n: 2, places: 6 } });
    expect(facts.divergingClusters).toEqual(["00000001"]);
    expect(Object.keys(facts.places)).toEqual([findingKey("body/a", "value")]);
  });

  test("the pair furthest behind the secondary is kept, or behind the primary where none answered", () => {
    const ms = (primary: number, candidate: number, secondary?: number) => ({
      primary: stub({ ms: primary }),
      candidate: stub({ ms: candidate }),
      ...(secondary === undefined ? {} : { secondary: stub({ ms: secondary }) }),
    });
    const pairs = [
      pairOf({ id: "a-1-1", ...ms(10, 90, 80) }),
      pairOf({ id: "a-1-2", ...ms(10, 40) }),
      pairOf({ id: "a-1-3", ...ms(50, 60, 20) }),
      pairOf({ id: "a-1-4", ...ms(50, 20, 30) }),
      pairOf({ id: "a-1-5", ...ms(1, 2, 1), candidate: failed("timeout") }),
    ];
    const { slowest } = at(factsOf(segmentOf(pairs))).latency;
    expect(slowest).toEqual([
      { pair: "a-1-3", at: pairs[2]!.at, request: "GET /a", primary: 50, candidate: 60, secondary: 20 },
    ]);
    expect(at(factsOf(segmentOf([pairs[3]!]))).latency.slowest).toEqual([]);
  });

  test("of many segments those furthest behind stay, at most so many", () => {
    const facts = Array.from({ length: CAPS.slowest + 3 }, (_, i) =>
      factsOf(segmentOf([pairOf({ id: `a-1-${i}`, candidate: stub({ ms: 100 + ((i * 5) % 8) }) })])),
    );
    const { slowest } = at(foldFacts(facts)).latency;
    expect(slowest.map(({ candidate }) => candidate)).toEqual([107, 106, 105, 104, 103]);
  });

  test("an example shows the request and what each lane had", () => {
    const request = {
      method: "GET",
      target: "/a?b=1",
      headers: [],
      body: { content: new Uint8Array(), bytes: 0, cut: false },
    };
    const pair = pairOf({ request, primary: json("1"), candidate: json("2"), secondary: json("1") });
    expect(at(factsOf(segmentOf([pair]))).places[findingKey("body", "value")]?.examples).toEqual([
      { pair: pair.id, at: pair.at, request: "GET /a?b=1", primary: "1", candidate: "2", secondary: "1" },
    ]);
  });

  test.each<[title: string, content: Uint8Array, cut: boolean, text: string | undefined]>([
    ["a short one whole", Buffer.from('{"a":"é"}'), false, '{"a":"é"}'],
    ["a long one cut", Buffer.from("é".repeat(1_000)), false, `${"é".repeat(299)}…`],
    ["one that was cut before as cut", Buffer.from("é").subarray(0, 1), true, "…"],
    ["one that is no text not at all", Buffer.from([0xff, 0xfe]), false, undefined],
  ])("an example holds the body of its request: %s", (_title, content, cut, text) => {
    const body = { content, bytes: content.length, cut };
    const request = { method: "POST", target: "/a", headers: [["Content-Type", "a/b"]] as const, body };
    const pair = pairOf({ request, primary: json("1"), candidate: json("2") });
    const [example] = at(factsOf(segmentOf([pair]))).places[findingKey("body", "value")]!.examples;
    expect(example!.content).toEqual(text === undefined ? undefined : { type: "a/b", text });
  });

  test("the candidate's divergence is kept as an example before earlier noise", () => {
    const noise = [0, 1, 2, 3].map((n) =>
      pairOf({ id: `n${n}`, at: 10 + n, primary: json("1"), candidate: json("1"), secondary: json("2") }),
    );
    const real = pairOf({ id: "real", at: 99, primary: json("1"), candidate: json("2"), secondary: json("1") });
    const [place] = Object.values(at(factsOf(segmentOf([...noise, real]))).places);
    expect(place?.examples.map(({ pair }) => pair)).toEqual(["real", "n0", "n1"]);
  });

  test("a value that each lane always has is constant, until one changes", () => {
    const pair = (c: string) => pairOf({ primary: json("1"), candidate: json(c) });
    const constant = (pairs: StoredPair[]) => Object.values(at(factsOf(segmentOf(pairs))).places)[0]?.constant;
    expect(constant([pair("2"), pair("2")])).not.toBeNull();
    expect(constant([pair("2"), pair("3")])).toBeNull();
  });

  test("failures are counted by lane and by outcome, and cut bodies are undecided", () => {
    const facts = factsOf(
      segmentOf([
        pairOf({ candidate: failed("timeout") }),
        pairOf({ secondary: failed("reset") }),
        pairOf({ primary: answer({ body: "{", cut: true }), candidate: json("{}") }),
      ]),
    );
    expect(at(facts)).toMatchObject({ pairs: 3, triples: 0, candidateFailed: 1, secondaryFailed: 1, undecided: 1 });
    expect(facts.tees["a.1"]).toMatchObject({ segments: 1, maxSeq: 0, compared: 2, candidateFailed: 1 });
  });

  test.each([
    ["slower", 20, 10, { slower: 1, faster: 0 }],
    ["faster", 10, 20, { slower: 0, faster: 1 }],
    ["by how much is not asked", 100.1, 100, { slower: 1, faster: 0 }],
    ["as fast", 100, 100, { slower: 0, faster: 0 }],
  ])("latency against the control: %s", (_, c, s, expected) => {
    const pair = pairOf({ candidate: stub({ ms: c }), secondary: stub({ ms: s }) });
    expect(at(factsOf(segmentOf([pair]))).latency).toMatchObject(expected);
    expect(at(factsOf(segmentOf([pair], { control: "baseline" }))).latency).toMatchObject({ slower: 0, faster: 0 });
  });
});

/** Small worlds, so that places, endpoints and clusters meet. */
const body = fc.record({ a: fc.integer({ min: 0, max: 2 }), b: fc.constantFrom(0, "x", null) }, { requiredKeys: [] });
const lane = fc.oneof(
  body.map((it) => json(JSON.stringify(it))),
  fc.constant(failed("timeout")),
);
const pair = fc.record({
  n: fc.nat(99),
  endpoint: fc.constantFrom("GET /a", "GET /b"),
  cluster: fc.constantFrom("00000001", "00000002"),
  primary: body.map((it) => json(JSON.stringify(it))),
  candidate: lane,
  secondary: fc.option(lane, { nil: undefined }),
});
const segments = fc.array(fc.array(pair, { maxLength: 6 }), { maxLength: 6 }).map((all) =>
  all.map((pairs, seq): Segment => {
    const its = pairs.map(({ n, secondary, ...rest }, index) =>
      pairOf({ ...rest, id: `a-1-${seq}-${index}`, at: 1_000 + n, ...(secondary ? { secondary } : {}) }),
    );
    return segmentOf(its, {
      stamp: { tee: "a", epoch: String(seq % 2), seq },
      openedAt: 1_000 + seq,
      control: seq < 4 ? "control" : "none",
    });
  }),
);

describe("merging", () => {
  test("commutative, associative, with the empty facts as identity", () => {
    fc.assert(
      fc.property(segments, segments, segments, (x, y, z) => {
        const [a, b, c] = [x, y, z].map((it) => foldFacts(it.map((segment) => factsOf(segment)))) as [
          Facts,
          Facts,
          Facts,
        ];
        expect(mergeFacts(a, b)).toEqual(mergeFacts(b, a));
        expect(mergeFacts(mergeFacts(a, b), c)).toEqual(mergeFacts(a, mergeFacts(b, c)));
        expect(mergeFacts(a, emptyFacts())).toEqual(a);
      }),
    );
  });

  test("neither the order of segments nor that of pairs nor how pairs are bundled changes the facts", () => {
    fc.assert(
      fc.property(segments, fc.infiniteStream(fc.nat()), (list, stream) => {
        const shuffled = <T>(items: readonly T[]): T[] =>
          items
            .map((item) => [stream.next().value as number, item] as const)
            .sort((a, b) => a[0] - b[0])
            .map(([, item]) => item);
        const mixed = shuffled(list).map((it) => factsOf({ ...it, pairs: shuffled(it.pairs) }));
        expect(foldFacts(mixed)).toEqual(foldFacts(list.map((segment) => factsOf(segment))));
      }),
    );
  });

  test("the later snapshot of a tee's counts stands, and controls that differ are mixed", () => {
    const outcomes = (sampled: number) => ({ ...noOutcomes(), sampled });
    const a = factsOf(segmentOf([pairOf()], { outcomes: outcomes(5) }));
    const b = factsOf(
      segmentOf([pairOf()], { outcomes: outcomes(9), stamp: { tee: "a", epoch: "1", seq: 3 }, control: "none" }),
    );
    expect(mergeFacts(a, b)).toMatchObject({
      control: "mixed",
      tees: { "a.1": { segments: 2, maxSeq: 3, compared: 2, outcomes: { sampled: 9 } } },
    });
  });
});

describe("caps", () => {
  const object = (keys: readonly string[], value: number) =>
    json(JSON.stringify(Object.fromEntries(keys.map((key) => [key, value]))));
  const differing = (keys: readonly string[], n: number, endpoint = "GET /a"): StoredPair =>
    pairOf({
      id: `p${n}`,
      at: n + 1,
      endpoint,
      primary: object(keys, 1),
      candidate: object(keys, 2),
      secondary: object(keys, 1),
    });
  const names = (count: number, prefix = "k"): string[] => Array.from({ length: count }, (_, i) => `${prefix}${i}x`);
  const fold = (pairs: readonly StoredPair[], size: number): Facts => {
    const bundles: Facts[] = [];
    for (let from = 0; from < pairs.length; from += size)
      bundles.push(factsOf(segmentOf(pairs.slice(from, from + size))));
    return foldFacts(bundles);
  };

  test("signatures over the cap still diverge, and every pair is in one, in any order", () => {
    const pairs = names(600).map((key, n) => differing([key], n));
    const facts = fold(pairs, 7);
    const { signatures } = at(facts);
    expect(Object.values(signatures).reduce((sum, { n }) => sum + n, 0)).toBe(600);
    expect(Object.keys(signatures)).toHaveLength(CAPS.signatures + 1);
    expect(signatures[signatureKey([{ place: OTHER_PLACE, kind: "value", odd: "candidate" }])]?.n).toBe(100);
    expect(facts.capped.signatures).toBe(100);
    const other = fold(pairs.toReversed(), 64);
    expect(at(other).signatures).toEqual(signatures);
    expect(at(other).places).toEqual(at(facts).places);
    expect(other.capped.signatures).toBe(100);
  });

  test("places over the cap are one", () => {
    const facts = fold(
      names(400).map((key, n) => differing([key], n)),
      50,
    );
    expect(Object.keys(at(facts).places)).toHaveLength(CAPS.places + 1);
    expect(at(facts).places[findingKey(OTHER_PLACE, "value")]).toMatchObject({ examples: { length: 3 } });
    expect(facts.capped.places).toBeGreaterThan(0);
  });

  test("marks over the cap are one, and counted", () => {
    const wide = (value: number) =>
      json(
        JSON.stringify({
          x: Object.fromEntries(names(40).map((k) => [k, value])),
          y: Object.fromEntries(names(40).map((k) => [k, value])),
          z: Object.fromEntries(names(40).map((k) => [k, value])),
        }),
      );
    const facts = factsOf(segmentOf([pairOf({ primary: wide(1), candidate: wide(2) })]));
    const [signature] = Object.values(at(facts).signatures);
    expect(signature?.marks).toHaveLength(CAPS.marks + 1);
    expect(signature?.marks).toContainEqual({ place: OTHER_PLACE, kind: "value", odd: "unknown" });
    expect(facts.capped).toEqual({ marks: 20 });
  });

  test("endpoints over the cap are one, and their pairs are counted", () => {
    const facts = fold(
      names(1_010, "GET /").map((endpoint, n) => differing(["a"], n, endpoint)),
      100,
    );
    expect(Object.keys(facts.endpoints)).toHaveLength(CAPS.endpoints + 1);
    expect(at(facts, OTHER_ENDPOINT)).toMatchObject({ pairs: 10 });
    expect(Object.values(at(facts, OTHER_ENDPOINT).signatures)[0]?.n).toBe(10);
    expect(facts.capped.endpoints).toBe(10);
  });

  test("coarse marks keep who differs and how grave it is", () => {
    const marks = [
      { place: "status", kind: "status", odd: "candidate" },
      { place: "body/a", kind: "value", odd: "candidate" },
      { place: "body/b", kind: "removed", odd: "candidate" },
      { place: "body/c", kind: "order", odd: "secondary" },
    ] as const;
    const coarse = coarseMarks(marks);
    expect(coarse).toEqual([
      { place: OTHER_PLACE, kind: "removed", odd: "candidate" },
      { place: "status", kind: "status", odd: "candidate" },
      { place: OTHER_PLACE, kind: "value", odd: "secondary" },
    ]);
    expect(coarseMarks(coarse)).toEqual(coarse);
  });
});

describe("ignoring", () => {
  const rules = { version: 1, rules: [{ ignore: "body/a" }, { endpoint: "GET /b", ignore: "body/**" }] };

  test("is exact: the facts are those of a run in which those places never differed", () => {
    const same = (from: unknown, it: StoredPair["candidate"], endpoint: string): StoredPair["candidate"] => {
      if (it.outcome === "failed" || it.body.kind === "equal") return it;
      if (endpoint === "GET /b") return json(JSON.stringify(from));
      const { a: _, ...own } = JSON.parse(new TextDecoder().decode(it.body.content));
      const { a } = from as { a?: number };
      return json(JSON.stringify(a === undefined ? own : { ...own, a }));
    };
    const bodyOf = (it: StoredPair["primary"]) =>
      JSON.parse(new TextDecoder().decode((it.body as { content: Uint8Array }).content));
    fc.assert(
      fc.property(segments, (list) => {
        const never = list.map((segment) => ({
          ...segment,
          pairs: segment.pairs.map((it) => ({
            ...it,
            candidate: same(bodyOf(it.primary), it.candidate, it.endpoint),
            ...(it.secondary ? { secondary: same(bodyOf(it.primary), it.secondary, it.endpoint) } : {}),
          })),
        }));
        const figures = (facts: Facts) =>
          Object.entries(facts.endpoints).map(([name, { divergingClusters: _, ...its }]) => [name, its]);
        const { facts } = withoutIgnored(foldFacts(list.map((segment) => factsOf(segment))), rules);
        expect(figures(facts)).toEqual(figures(foldFacts(never.map((segment) => factsOf(segment)))));
      }),
    );
  });

  test("hits are counted per rule, in pairs", () => {
    const pair = pairOf({ primary: json('{"a":1,"b":1}'), candidate: json('{"a":2,"b":2}') });
    const facts = factsOf(segmentOf([pair, pair, { ...pair, endpoint: "GET /b" }]));
    const applied = withoutIgnored(facts, rules);
    expect(applied.hits).toEqual([3, 1]);
    expect(at(applied.facts, "GET /b")).toMatchObject({ signatures: {}, places: {}, divergingClusters: [] });
    expect(withoutIgnored(facts, { version: 0, rules: [] }).facts).toBe(facts);
  });
});
