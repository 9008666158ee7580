import { latencyText } from "../../cli/render/latency.ts";
import { paintOf } from "../../cli/render/paint.ts";
import type { LatencyReportShape } from "../../lambdas/api/shapes-latency.ts";
import { cliWithOverlay } from "./cli-under-test.ts";

const plain = paintOf({ isTerminal: false, env: {} });
const quantiles = { p50: 10, p95: 20, p99: 30 };
const lanes = {
  pairs: 1_200,
  triples: 1_200,
  latency: {
    primary: quantiles,
    candidate: { p50: 20, p95: 40, p99: 6 },
    secondary: quantiles,
    ratio: { p50: 2, p95: 2, p99: 0.2 },
  },
  interval: { p50: { low: 1.91, high: 2.1 }, p95: { low: 1.5, high: null }, p99: { low: 0, high: null } },
};
const report: LatencyReportShape = {
  env: "ov-1",
  run: "run-1",
  control: "control",
  confidence: 0.95,
  relativeError: 0.01,
  overall: lanes,
  distribution: [],
  endpoints: [
    { endpoint: "GET /a", ...lanes, minutes: { slower: 28, faster: 2 }, finding: { id: "f-1", confirmed: true } },
  ],
  total: 3,
  slowest: [
    {
      endpoint: "GET /a",
      pair: "a-1-1",
      at: 1_700_000_000_000,
      request: "GET /a?\u001b[2J",
      primaryMs: 10,
      candidateMs: 1_500,
      secondaryMs: null,
    },
  ],
};

test("a ratio stands beside where it lies; what few pairs say nothing of is said to be so", () => {
  const text = latencyText(report, "pr-7", plain);
  expect(text).toMatch(/GET \/a +1 200 +20 ms +10 ms +6 ms +30 ms +2\.00 \(1\.91–2\.10\) +0\.20 \(too few\) +28\/30/);
  expect(text).toContain("and 2 more endpoints");
});

test("the pair furthest behind is shown with the time of each lane, and drives no terminal", () => {
  expect(latencyText(report, "pr-7", plain)).toMatch(
    /1 490 ms +10 ms +1 500 ms +2023-11-14 22:13:20Z +GET \/a\?\\x1b\[2J/,
  );
});

test("without a control overlay there is no ratio", () => {
  const { latency, ...rest } = lanes;
  const alone = { ...rest, latency: { ...latency, ratio: null }, interval: null };
  const text = latencyText({ ...report, control: "baseline", overall: alone, endpoints: [] }, "pr-7", plain);
  expect(text).not.toContain("ratio");
  expect(text).toContain("latency is not judged");
});

test("before the first pair it says so", async () => {
  const cli = await cliWithOverlay();
  expect(await cli.run("env latency checkout")).toMatchObject({
    exit: 0,
    out: expect.stringMatching(/^no pairs in run /),
  });
  expect(await cli.run("env latency shop")).toMatchObject({ exit: 2, err: expect.stringContaining("is a baseline") });
});
