import type { EndpointFacts, Facts } from "../noise/facts.ts";
import { quantile, type Sketch } from "../noise/sketch.ts";
import { safetyOf } from "./safety.ts";
import { count, percent, some } from "./sentences.ts";
import type { VerdictSettings } from "./settings.ts";
import { faultsOf } from "./validity.ts";
import type { EndpointVerdict, Finding, LatencySummary, Quantiles } from "./verdict.ts";

/** Requests to paths that the baseline does not know, such as those of scanners: shown, but not waited for. */
const UNROUTED = "{unrouted}";

/** Endpoints that have too few pairs to be called safe. */
export const uncoveredOf = (facts: Facts, settings: VerdictSettings): readonly (readonly [string, EndpointFacts])[] =>
  Object.entries(facts.endpoints)
    .filter(([name, its]) => !name.includes(UNROUTED) && its.pairs < settings.minPairsPerEndpoint)
    .sort(([a, x], [b, y]) => x.pairs - y.pairs || (a < b ? -1 : 1));

/**
 * Each endpoint judged by itself, as far as its own pairs go. `blocking` are the findings that make a REGRESSION.
 * Worst first, then by traffic.
 */
export const endpointVerdicts = (
  facts: Facts,
  findings: readonly Finding[],
  blocking: readonly Finding[],
  settings: VerdictSettings,
): EndpointVerdict[] =>
  Object.entries(facts.endpoints)
    .map(([endpoint, its]) => verdictOf(endpoint, its, facts, findings, blocking, settings))
    .sort((a, b) => ORDER[a.verdict] - ORDER[b.verdict] || b.pairs - a.pairs || (a.endpoint < b.endpoint ? -1 : 1));

const ORDER = { REGRESSION: 0, INVALID: 1, UNDECIDED: 2, SAFE: 3 } as const;

const verdictOf = (
  endpoint: string,
  its: EndpointFacts,
  facts: Facts,
  findings: readonly Finding[],
  blocking: readonly Finding[],
  settings: VerdictSettings,
): EndpointVerdict => {
  const alone: Facts = { ...facts, endpoints: { [endpoint]: its } };
  const own = findings.filter((finding) => finding.endpoint === endpoint);
  const safety = safetyOf(alone, own, settings);
  const decide = (): Pick<EndpointVerdict, "verdict" | "reason"> => {
    const [fault] = faultsOf(alone, undefined, settings);
    if (fault !== undefined) return { verdict: "INVALID", reason: fault };
    const stopping = blocking.filter((finding) => finding.endpoint === endpoint).length;
    if (stopping > 0) return { verdict: "REGRESSION", reason: some(stopping, "confirmed finding") };
    const seen = `${count(safety.diverging)} of ${some(safety.tested, "pair")} diverge`;
    if (safety.evidence >= safety.threshold && its.pairs >= settings.minPairsPerEndpoint)
      return { verdict: "SAFE", reason: `${seen}: below ${percent(settings.tolerance)}` };
    return { verdict: "UNDECIDED", reason: `${seen}: too few pairs to call it safe alone` };
  };
  return {
    endpoint,
    ...decide(),
    pairs: its.pairs,
    triples: its.triples,
    diverging: safety.diverging,
    undecided: its.undecided,
    masked: maskedPairs(its),
    clusters: its.clusters.length,
    latency: latencyOf(its, facts.control === "control"),
  };
};

/** Pairs with a place at which all three lanes differ. */
const maskedPairs = (its: EndpointFacts): number =>
  Object.values(its.signatures)
    .filter(({ marks }) => marks.some(({ odd }) => odd === "all"))
    .reduce((sum, { n }) => sum + n, 0);

const latencyOf = ({ latency }: EndpointFacts, hasControl: boolean): LatencySummary => {
  const [primary, candidate, secondary] = [latency.primary, latency.candidate, latency.secondary].map(quantilesOf);
  return {
    primary: primary ?? null,
    candidate: candidate ?? null,
    secondary: secondary ?? null,
    ratio: hasControl && candidate && secondary ? ratioOf(candidate, secondary) : null,
  };
};

const quantilesOf = (sketch: Sketch): Quantiles | null => {
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((q) => quantile(sketch, q));
  return p50 == null || p95 == null || p99 == null ? null : { p50, p95, p99 };
};

const ratioOf = (a: Quantiles, b: Quantiles): Quantiles | null =>
  Math.min(b.p50, b.p95, b.p99) > 0 ? { p50: a.p50 / b.p50, p95: a.p95 / b.p95, p99: a.p99 / b.p99 } : null;
