import fc from "fast-check";
import type { Naming } from "../../../core/endpoints/naming.ts";
import type { Facts } from "../../../core/noise/facts.ts";
import { factsOf } from "../../../core/noise/facts-of.ts";
import { foldFacts, mergeFacts } from "../../../core/noise/merge.ts";
import { asMinute } from "../../../core/noise/minute.ts";
import { foundIn, isNamed, MIN_UNROUTED, rename, withUnrouted } from "../../../core/noise/rename.ts";
import { json, stub } from "../diff/captures.ts";
import { pairOf, segmentOf } from "./segments.ts";

const SLUGS: Naming = (endpoint) => endpoint.replace(/^GET \/users\/[^/]+/, "GET /users/{slug}");

const pair = fc
  .record({
    n: fc.nat(99),
    endpoint: fc.constantFrom("GET /users/ann", "GET /users/bob", "GET /users/bob/posts", "GET /orders"),
    cluster: fc.constantFrom("00000001", "00000002"),
    value: fc.constantFrom('{"a":1}', '{"a":2}', '{"b":1}'),
    ms: fc.constantFrom(1, 50),
    isFound: fc.boolean(),
  })
  .map(({ n, endpoint, cluster, value, ms, isFound }) => {
    const status = isFound ? 200 : 404;
    const lanes = {
      primary: { ...json('{"a":1}'), status },
      candidate: { ...json(value), status, ms },
      secondary: { ...json('{"a":1}'), status },
    };
    return pairOf({ id: `a-1-${n}-${endpoint}`, at: 1_700_000_000_000 + n, endpoint, cluster, ...lanes });
  });
const facts = fc.array(pair, { maxLength: 12 }).map((pairs) => factsOf(segmentOf(pairs)));

test("naming, then merging, is merging, then naming", () => {
  fc.assert(
    fc.property(facts, facts, (a, b) => {
      const merged = mergeFacts(rename(a, SLUGS), rename(b, SLUGS));
      expect(merged).toEqual(rename(mergeFacts(a, b), SLUGS));
      expect(asMinute(merged)).toEqual(asMinute(rename(asMinute(mergeFacts(a, b)), SLUGS)));
      expect(rename(merged, SLUGS)).toBe(merged);
      expect(isNamed(merged, SLUGS)).toBe(true);
    }),
  );
});

const asked = (endpoint: string, ...statuses: readonly number[]): Facts =>
  factsOf(
    segmentOf(statuses.map((status) => pairOf({ endpoint, primary: stub({ status }), candidate: stub({ status }) }))),
  );

test("only what the primary found at least once teaches", () => {
  const all = foldFacts([asked("GET /orders", 404, 200), asked("GET /.env", 404, 404), asked("GET /broken", 500)]);
  expect(foundIn(all)).toEqual(["GET /orders", "GET /broken"]);
});

describe("endpoints at which the primary never found anything", () => {
  const probes = (count: number): Facts[] => Array.from({ length: count }, (_, n) => asked(`GET /probe-${n}`, 404));
  const real = asked("GET /orders", 404, 200);
  const endpointsOf = (list: readonly Facts[]) => withUnrouted(foldFacts(list)).endpoints;

  test("are one where they are many", () => {
    const endpoints = endpointsOf([...probes(MIN_UNROUTED), real]);
    expect(Object.keys(endpoints).sort()).toEqual(["GET /orders", "{unrouted}"]);
    expect(endpoints["{unrouted}"]?.pairs).toBe(MIN_UNROUTED);
  });

  test("keep their names where they are few", () => {
    expect(Object.keys(endpointsOf([...probes(MIN_UNROUTED - 1), real]))).toHaveLength(MIN_UNROUTED);
  });

  test("get their names back once something is found there", () => {
    const endpoints = endpointsOf([...probes(MIN_UNROUTED + 1), asked("GET /probe-0", 200)]);
    expect(Object.keys(endpoints).sort()).toEqual(["GET /probe-0", "{unrouted}"]);
  });

  test("are the first to go over the cap", () => {
    const { endpoints } = foldFacts([
      ...Array.from({ length: 1_005 }, (_, n) => asked(`GET /${n}`, 404)),
      asked("GET /zoo", 200),
    ]);
    expect(endpoints["GET /zoo"]?.pairs).toBe(1);
  });
});
