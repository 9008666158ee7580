import fc from "fast-check";
import { decide, prepareEntry } from "../../../core/sampling/decide.ts";
import { PlanEntry, SAFE_METHODS } from "../../../core/sampling/plan.ts";
import type { SampledHead } from "../../../core/sampling/sampled-head.ts";

type Input = Partial<Omit<PlanEntry, "sampling">> & { readonly sampling?: object };
const PROBED = { sideEffects: "isolated", writes: { state: "mirrored", reason: "" } } as const;
const URL_OF_LANE = { url: "http://lane.example" };
const entryOf = (input: Input = {}): PlanEntry =>
  PlanEntry.parse({ env: "e", run: "r", candidate: URL_OF_LANE, control: "none", sampling: {}, ...input });
const headOf = (head: Partial<SampledHead> = {}): SampledHead => ({
  method: "GET",
  target: "/orders/1",
  headers: [],
  requestId: "tee-epoch-1",
  marked: false,
  ...head,
});
const because = (input: Input, head: Partial<SampledHead>) => {
  const decision = decide(entryOf(input), headOf(head));
  return decision.mirror ? "mirrored" : decision.because;
};

test.each<[string, Input, Partial<SampledHead>, string]>([
  ["anything safe, by default", {}, {}, "mirrored"],
  ["a marked request", {}, { marked: true }, "marked"],
  ["a write, by default", {}, { method: "POST" }, "method"],
  [
    "a write that is listed, side effects not kept away",
    { sampling: { match: { methods: ["POST"] } } },
    { method: "POST" },
    "sideEffects",
  ],
  ...(["unlisted", "undeclared", "unprobed", "waiting", "probing", "unclear", "failed"] as const).map(
    (state): [string, Input, Partial<SampledHead>, string] => [
      `a write that is listed, side effects isolated, of which the probe says ${state}`,
      { sideEffects: "isolated", writes: { state, reason: "" }, sampling: { match: { methods: ["POST"] } } },
      { method: "POST" },
      "probe",
    ],
  ),
  [
    "a write that is listed, side effects isolated, as a probe showed",
    { ...PROBED, sampling: { match: { methods: ["POST"] } } },
    { method: "POST" },
    "mirrored",
  ],
  ["a write that is not listed, side effects isolated", PROBED, { method: "DELETE" }, "method"],
  ["a safe method that is not listed", { sampling: { match: { methods: ["GET"] } } }, { method: "HEAD" }, "method"],
  ["an included path", { sampling: { match: { includePaths: ["/a", "/orders"] } } }, {}, "mirrored"],
  ["a path not included", { sampling: { match: { includePaths: ["/a"] } } }, {}, "path"],
  [
    "an excluded path inside an included one",
    { sampling: { match: { includePaths: ["/"], excludePaths: ["/orders"] } } },
    {},
    "path",
  ],
  [
    "an excluded path, percent-encoded",
    { sampling: { match: { excludePaths: ["/admin"] } } },
    { target: "/%61dmin/x" },
    "path",
  ],
  [
    "an excluded path behind dots and slashes",
    { sampling: { match: { excludePaths: ["/admin"] } } },
    { target: "//a/.././admin" },
    "path",
  ],
  [
    "an excluded path of an absolute target",
    { sampling: { match: { excludePaths: ["/admin"] } } },
    { target: "http://h/admin?a" },
    "path",
  ],
  [
    "a path that cannot be decoded",
    { sampling: { match: { includePaths: ["/%ff"] } } },
    { target: "/%ff" },
    "mirrored",
  ],
  [
    "an excluded path in the query",
    { sampling: { match: { excludePaths: ["/admin"] } } },
    { target: "/a?b=/admin" },
    "mirrored",
  ],
  [
    "a header as asked",
    { sampling: { match: { header: { name: "X-User", value: "internal" } } } },
    {
      headers: [
        ["x-user", "a"],
        ["X-USER", "internal"],
      ],
    },
    "mirrored",
  ],
  [
    "another value of the header",
    { sampling: { match: { header: { name: "X-User", value: "internal" } } } },
    { headers: [["X-User", "external"]] },
    "header",
  ],
  ["nothing at 0 percent", { sampling: { percent: 0 } }, {}, "percent"],
  ["a route at 100 percent", { sampling: { percent: 0, routes: [{ path: "/orders", percent: 100 }] } }, {}, "mirrored"],
  [
    "the longest route",
    {
      sampling: {
        routes: [
          { path: "/orders", percent: 100 },
          { path: "/orders/1", percent: 0 },
          { path: "/", percent: 100 },
        ],
      },
    },
    {},
    "percent",
  ],
])("%s", (_, input, head, expected) => {
  expect(because(input, head)).toBe(expected);
});

describe("the key", () => {
  const trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  test.each<[string, object | string, SampledHead["headers"], string]>([
    ["the request id", "request", [["traceparent", trace]], "tee-epoch-1"],
    ["the trace id", "trace", [["Traceparent", trace]], "4bf92f3577b34da6a3ce929d0e0e4736"],
    ["the request id, without a trace", "trace", [], "tee-epoch-1"],
    ["the request id, with a broken trace", "trace", [["traceparent", "00-xyz-1-1"]], "tee-epoch-1"],
    [
      "the request id, with the invalid trace id",
      "trace",
      [["traceparent", trace.replace(/4bf9\w+/, "0".repeat(32))]],
      "tee-epoch-1",
    ],
    ["a header", { header: "X-User" }, [["x-user", "ann"]], "ann"],
    ["the request id, without the header", { header: "X-User" }, [], "tee-epoch-1"],
    [
      "a cookie",
      { cookie: "sid" },
      [
        ["Cookie", "a=b"],
        ["cookie", "xsid=c; sid=ann; d"],
      ],
      "ann",
    ],
    ["the request id, without the cookie", { cookie: "sid" }, [["Cookie", "sidx=1"]], "tee-epoch-1"],
  ])("is %s", (_, key, headers, id) => {
    const entry = prepareEntry(entryOf({ sampling: { key } }));
    expect(entry.idOf(headOf({ headers }))).toBe(id);
  });
});

const percent = fc.integer({ min: 0, max: 10_000 }).map((n) => n / 100);

test("the same id samples the same, and what is sampled at a percentage is sampled at a higher one", () => {
  fc.assert(
    fc.property(percent, percent, fc.string(), (a, b, requestId) => {
      const mirrored = (percent: number) => decide(entryOf({ sampling: { percent } }), headOf({ requestId })).mirror;
      const [low, high] = a < b ? [a, b] : [b, a];
      expect(mirrored(low)).toBe(mirrored(low));
      expect(mirrored(low) && !mirrored(high)).toBe(false);
    }),
  );
});

test("an entry prepared once decides as the entry of the plan does", () => {
  fc.assert(
    fc.property(
      percent,
      fc.constantFrom("GET", "POST", "BREW"),
      fc.string(),
      fc.boolean(),
      (p, method, requestId, marked) => {
        const entry = entryOf({
          sampling: { percent: p, match: { methods: ["GET", "POST"] } },
          ...PROBED,
        });
        const head = headOf({ method, requestId, marked });
        expect(decide(prepareEntry(entry), head)).toEqual(decide(entry, head));
      },
    ),
  );
});

describe.each([
  ["numbers in a row", (i: number) => `tee-1-5f0c-${i}`],
  [
    "trace-like ids",
    (i: number) =>
      Math.imul(i + 1, 0x9e3779b1)
        .toString(16)
        .padStart(32, "a"),
  ],
])("of %s", (_, idOf) => {
  const n = 40_000;
  const share = (input: Input) => {
    const entry = prepareEntry(entryOf(input));
    const decisions = Array.from({ length: n }, (_, i) => decide(entry, headOf({ requestId: idOf(i) })));
    const mirrored = decisions.filter((decision) => decision.mirror);
    return { mirrored: mirrored.length / n, secondary: mirrored.filter((d) => d.secondary).length / mirrored.length };
  };

  test.each([0.5, 1, 10, 33.33, 50, 90])("%d percent mirrors about so many", (percent) => {
    const expected = percent / 100;
    const margin = 5 * Math.sqrt((expected * (1 - expected)) / n);
    expect(Math.abs(share({ sampling: { percent } }).mirrored - expected)).toBeLessThan(margin);
  });

  test.each([
    [50, 50],
    [10, 10],
    [10, 80],
  ])(
    "%d percent mirrored, of these %d percent to the secondary: the hashes do not know each other",
    (percent, secondaryPercent) => {
      const got = share({ sampling: { percent }, secondary: LANE, control: "control", secondaryPercent });
      const expected = secondaryPercent / 100;
      const margin = 5 * Math.sqrt((expected * (1 - expected)) / (n * (percent / 100)));
      expect(Math.abs(got.secondary - expected)).toBeLessThan(margin);
    },
  );
});

const LANE = entryOf().candidate;
test.each<[string, Input, string, boolean]>([
  ["a safe request goes to the baseline once more", { control: "baseline", secondary: LANE }, "GET", true],
  ["a write never goes to the baseline once more", { control: "baseline", secondary: LANE }, "POST", false],
  ["a write goes to a control overlay", { control: "control", secondary: LANE }, "POST", true],
  ["without a secondary there is none", { control: "none" }, "GET", false],
  ["at 0 percent there is none", { control: "control", secondary: LANE, secondaryPercent: 0 }, "GET", false],
])("%s", (_, input, method, secondary) => {
  const sampling = { match: { methods: [...SAFE_METHODS, "POST"] } };
  expect(decide(entryOf({ ...PROBED, sampling, ...input }), headOf({ method }))).toEqual({
    mirror: true,
    secondary,
  });
});
