import { ShadowgraphError } from "../../core/errors.ts";
import type { EndpointFacts, LatencyFacts } from "../../core/noise/facts.ts";
import { emptyLatency, mergeLatency } from "../../core/noise/merge.ts";
import { binsOf, edgesOf, RELATIVE_ERROR, type Sketch } from "../../core/noise/sketch.ts";
import { behind } from "../../core/noise/slowest.ts";
import { sum } from "../../core/noise/totals.ts";
import { latencyOf, RATIO_CONFIDENCE, ratioIntervals } from "../../core/verdict/latency.ts";
import type { Finding } from "../../core/verdict/verdict.ts";
import type { Reading } from "./reading.ts";
import type { LatencyReportShape } from "./shapes-latency.ts";

const MAX_BARS = 120;
const MAX_SLOWEST = 20;
const LANES = ["primary", "candidate", "secondary"] as const;

interface Asked {
  /** All of them where left out. */
  readonly endpoint?: string | undefined;
  readonly limit: number;
  readonly offset: number;
}

/** @throws ShadowgraphError "not-found" for an endpoint without pairs */
export const latencyReport = (
  { overlay, judgement }: Reading,
  { endpoint, limit, offset }: Asked,
): LatencyReportShape => {
  const { facts, findings } = judgement;
  const named = Object.entries(facts.endpoints).filter(([name]) => endpoint === undefined || name === endpoint);
  if (endpoint !== undefined && named.length === 0)
    throw new ShadowgraphError("not-found", `no pair of the present run is of the endpoint "${endpoint}"`);
  const hasControl = facts.control === "control";
  const byTraffic = named.toSorted(([a, x], [b, y]) => y.pairs - x.pairs || (a < b ? -1 : 1));
  const latency = named.reduce((all, [, its]) => mergeLatency(all, its.latency), emptyLatency());
  return {
    env: overlay.id,
    run: overlay.run.id,
    control: facts.control,
    confidence: RATIO_CONFIDENCE,
    relativeError: RELATIVE_ERROR,
    overall: lanesOf({ ...totalsOf(named.map(([, its]) => its)), latency }, hasControl),
    distribution: distributionOf(latency),
    endpoints: byTraffic
      .slice(offset, offset + limit)
      .map(([name, its]) => ({ endpoint: name, ...rowOf(its, hasControl), finding: slownessOf(name, findings) })),
    total: named.length,
    slowest: slowestOf(named),
  };
};

const totalsOf = (all: readonly EndpointFacts[]) => ({
  pairs: sum(all.map(({ pairs }) => pairs)),
  triples: sum(all.map(({ triples }) => triples)),
});

const lanesOf = (
  { pairs, triples, latency }: Pick<EndpointFacts, "pairs" | "triples" | "latency">,
  hasControl: boolean,
) => {
  const summary = latencyOf(latency, hasControl);
  return { pairs, triples, latency: summary, interval: summary.ratio === null ? null : ratioIntervals(latency) };
};

const rowOf = (its: EndpointFacts, hasControl: boolean) => ({
  ...lanesOf(its, hasControl),
  minutes: hasControl ? { slower: its.latency.minutesSlower, faster: its.latency.minutesFaster } : null,
});

const slownessOf = (endpoint: string, findings: readonly Finding[]) => {
  const found = findings.find((one) => one.kind === "latency" && one.endpoint === endpoint);
  return found === undefined ? null : { id: found.id, confirmed: found.confirmed };
};

/** At most `MAX_BARS`, each of as many bins of the sketches; what took no time stands in the first. */
const distributionOf = (latency: LatencyFacts): LatencyReportShape["distribution"] => {
  const bins = LANES.flatMap((lane) => binsOf(latency[lane]).map(({ bin }) => bin));
  const [first, last] = [
    bins.reduce((a, b) => Math.min(a, b), Infinity),
    bins.reduce((a, b) => Math.max(a, b), -Infinity),
  ];
  if (bins.length === 0) return [];
  const width = Math.ceil((last - first + 1) / MAX_BARS);
  const bars = Math.ceil((last - first + 1) / width);
  const [primary = [], candidate = [], secondary = []] = LANES.map((lane) =>
    heightsOf(latency[lane], first, width, bars),
  );
  return Array.from({ length: bars }, (_, i) => ({
    fromMs: edgesOf(first + i * width).from,
    toMs: edgesOf(first + (i + 1) * width - 1).to,
    primary: primary[i] ?? 0,
    candidate: candidate[i] ?? 0,
    secondary: secondary[i] ?? 0,
  }));
};

const heightsOf = (sketch: Sketch, first: number, width: number, bars: number): number[] => {
  const heights = Array.from({ length: bars }, () => 0);
  heights[0] = sketch.zero;
  for (const { bin, count } of binsOf(sketch)) {
    const bar = Math.floor((bin - first) / width);
    heights[bar] = (heights[bar] ?? 0) + count;
  }
  return heights;
};

const slowestOf = (endpoints: readonly (readonly [string, EndpointFacts])[]): LatencyReportShape["slowest"] =>
  endpoints
    .flatMap(([endpoint, { latency }]) => latency.slowest.map((its) => ({ endpoint, its })))
    .sort((a, b) => behind(b.its) - behind(a.its) || a.its.at - b.its.at)
    .slice(0, MAX_SLOWEST)
    .map(({ endpoint, its: { pair, at, request, primary, candidate, secondary } }) => ({
      endpoint,
      pair,
      at,
      request,
      primaryMs: primary,
      candidateMs: candidate,
      secondaryMs: secondary,
    }));
