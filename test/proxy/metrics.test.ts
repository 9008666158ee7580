import { readFileSync } from "node:fs";
import type { SinkEvents } from "../../proxy/capture-sink.ts";
import { BOUNDS_MS, Histogram, quantile } from "../../proxy/histogram.ts";
import { DEFAULT_LIMITS } from "../../proxy/limits.ts";
import { TeeMetrics } from "../../proxy/metrics.ts";
import { emfLines } from "../../proxy/metrics-emf.ts";
import { FAMILIES } from "../../proxy/metrics-table.ts";
import { metricsText } from "../../proxy/metrics-text.ts";
import { limitsReference, metricsReference } from "../../proxy/operation-reference.ts";
import { PrimaryHealth } from "../../proxy/primary-health.ts";
import { Tee } from "../../proxy/tee.ts";
import { answering, startTee, talk } from "./harness.ts";

const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
const GET = (path: string, more = "") => `GET ${path} HTTP/1.1\r\nHost: a\r\n${more}Connection: close\r\n\r\n`;

const figure = (text: string, series: string): number => {
  const line = text.split("\n").find((each) => each.startsWith(`shadowgraph_tee_${series} `));
  return line === undefined ? Number.NaN : Number(line.slice(line.lastIndexOf(" ") + 1));
};

test("a histogram counts each time in the bucket of the first bound not below it", () => {
  const histogram = new Histogram();
  for (const ms of [0, 0.01, 0.02, 1, 1.1, 60_000, 60_001]) histogram.add(ms);
  expect([...histogram.counts].flatMap((count, bucket) => (count === 0 ? [] : [[BOUNDS_MS[bucket], count]]))).toEqual([
    [0.01, 2],
    [0.025, 1],
    [1, 1],
    [2.5, 1],
    [60_000, 1],
    [undefined, 1],
  ]);
  expect(histogram.count).toBe(7);
});

test("a quantile lies within its bucket, and is 0 of nothing", () => {
  const histogram = new Histogram();
  expect(quantile(histogram.counts, 0.99)).toBe(0);
  for (let time = 1; time <= 100; time++) histogram.add(time / 10);
  expect(quantile(histogram.counts, 0.5)).toBeCloseTo(5, 0);
  expect(quantile(histogram.counts, 0.99)).toBeGreaterThan(5);
  expect(quantile(histogram.counts, 0.99)).toBeLessThanOrEqual(10);
});

test("what happened to requests, mirrors and pools is told, and nothing that the caller chose", async () => {
  const primary = await answering(OK).start();
  const candidate = await answering("HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n").start();
  const { port, tee, settled } = await startTee({ primary: primary.url, candidate: candidate.url });
  await talk(port, [GET("/secret-path?q=secret-query", "X-Who: secret-header\r\n")]);
  await talk(port, ["GET / HTTP/3.0\r\n\r\n"]);
  await settled(1);
  const text = metricsText(tee.read());
  expect(text).not.toMatch(/secret|X-Who/i);
  expect({
    requests: figure(text, "requests_total"),
    answers: figure(text, 'answers_total{class="2xx"}'),
    sampled: figure(text, 'sampled_total{env="env",run="run"}'),
    compared: figure(text, 'outcomes_total{env="env",run="run",outcome="compared"}'),
    added: figure(text, 'added_seconds_count{direction="request"}'),
    primary: figure(text, 'lane_seconds_count{lane="primary"}'),
    candidate: figure(text, 'lane_seconds_count{lane="candidate"}'),
    idle: figure(text, `mirror_connections{target="127.0.0.1:${candidate.port}",state="idle"}`),
    open: figure(text, `breaker_open{target="127.0.0.1:${candidate.port}"}`),
    healthy: figure(text, "healthy"),
  }).toEqual({
    requests: 1,
    answers: 1,
    sampled: 1,
    compared: 1,
    added: 1,
    primary: 1,
    candidate: 1,
    idle: 1,
    open: 0,
    healthy: 1,
  });
  expect(tee.metrics.events.refused).toBe(1);
  await tee.drain();
  await primary.stop();
  await candidate.stop();
});

test("the text is in Prometheus' format: one HELP and TYPE a family, no series twice, buckets that only grow", async () => {
  const { tee } = await startTee({ primary: "http://127.0.0.1:1" });
  const text = metricsText(tee.read());
  const lines = text.trimEnd().split("\n");
  expect(lines.filter((line) => line.startsWith("# TYPE "))).toHaveLength(FAMILIES.length);
  const series = lines.filter((line) => !line.startsWith("#")).map((line) => line.slice(0, line.lastIndexOf(" ")));
  expect(new Set(series).size).toBe(series.length);
  for (const line of lines)
    expect(line).toMatch(
      /^(# (HELP|TYPE) shadowgraph_tee_\w+ .+|shadowgraph_tee_\w+(\{(\w+="[^"]*",?)+\})? [\d.e+-]+)$/,
    );
  await tee.drain();
});

test("what the shipper tells of itself is absent until it has told it, and once it has died", async () => {
  let events: SinkEvents | undefined;
  const sink = { append: () => true, drain: async () => {} };
  const tee = new Tee({ primaryUrl: "http://127.0.0.1:1", idPrefix: "t", limits: DEFAULT_LIMITS }, (_, its) => {
    events = its;
    return sink;
  });
  const told = () => {
    const text = metricsText(tee.read());
    const names = ["waiting_segments", "segments_in_flight", "segments_total", "segment_bytes_total"];
    return [...names, 'loop_delay_seconds{thread="shipper",quantile="1"}'].map((name) => figure(text, name));
  };
  expect(told()).toEqual(Array(5).fill(Number.NaN));
  const loopDelay = { p50Ms: 0, p99Ms: 0, maxMs: 5_000 };
  events!.reading({ loopDelay, waitingSegments: 1, segmentsInFlight: 2, sentSegments: 3, sentBytes: 4 });
  expect(told()).toEqual([1, 2, 3, 4, 5]);
  events!.shipperDied("out of memory");
  expect(told()).toEqual(Array(5).fill(Number.NaN));
  expect(figure(metricsText(tee.read()), "shipper_deaths_total")).toBe(1);
  await tee.drain();
});

test("a line for CloudWatch is one of ten seconds: alive, what was added since the last, few dimensions", async () => {
  const { tee } = await startTee({ primary: "http://127.0.0.1:1" });
  const lineOf = emfLines({ baseline: "b", service: "s", tee: "t" });
  tee.metrics.events.requests = 5;
  const first = JSON.parse(lineOf(tee.read(), 1));
  tee.metrics.events.requests = 7;
  tee.metrics.events.primaryFailed = 1;
  const second = JSON.parse(lineOf(tee.read(), 2));
  expect(first).toMatchObject({ Alive: 1, Requests: 5, PrimaryErrors: 0, Baseline: "b", Service: "s" });
  expect(second).toMatchObject({ Alive: 1, Requests: 2, PrimaryErrors: 1, _aws: { Timestamp: 2 } });
  const [directive, ofBaseline] = second._aws.CloudWatchMetrics;
  expect(ofBaseline).toEqual({
    Namespace: "Shadowgraph/Tee",
    Dimensions: [["Baseline"]],
    Metrics: [{ Name: "Sampled", Unit: "Count" }],
  });
  expect(directive).toMatchObject({ Namespace: "Shadowgraph/Tee", Dimensions: [["Baseline", "Service"]] });
  for (const { Name } of directive.Metrics) expect(typeof second[Name]).toBe("number");
  await tee.drain();
});

test.each([
  ["nothing happened", 0, 0, true],
  ["few failed, though all", 4, 0, true],
  ["many failed, but fewer than answered", 50, 60, true],
  ["more failed than were answered", 60, 50, false],
])("health: %s", (_, failed, answered, isHealthy) => {
  const metrics = new TeeMetrics();
  const health = new PrimaryHealth(metrics);
  metrics.events.primaryFailed = failed;
  metrics.lanes.primary.count = answered;
  expect(health.isHealthy).toBe(isHealthy);
  for (let second = 0; second < 10; second++) health.tick();
  expect(health.isHealthy).toBe(true);
});

test("docs/operation.md has the metrics and limits as they are (npx node proxy/operation-reference.ts prints them)", () => {
  const document = readFileSync("docs/operation.md", "utf8");
  expect(document).toContain(metricsReference());
  expect(document).toContain(limitsReference());
});
