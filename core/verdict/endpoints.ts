import type { EndpointFacts } from "../noise/facts.ts";
import { emptyEndpoint } from "../noise/merge.ts";
import { pairsWith } from "../noise/totals.ts";
import type { Case } from "./case.ts";
import { clopperPearsonUpper } from "./evidence.ts";
import { latencyOf } from "./latency.ts";
import { type Safety, safetyOf } from "./safety.ts";
import { count, percent, some } from "./sentences.ts";
import type { VerdictSettings } from "./settings.ts";
import { faultsOf } from "./validity.ts";
import { BOUND_CONFIDENCE, type EndpointVerdict } from "./verdict.ts";

/**
 * Each endpoint judged by itself, as far as its own pairs go; those that are declared and were never seen stand among them.
 * Worst first, then by traffic.
 */
export const endpointVerdicts = (it: Case): EndpointVerdict[] => {
  const unseen = (it.declared ?? []).filter((endpoint) => it.whole.endpoints[endpoint] === undefined);
  const all = [...Object.entries(it.facts.endpoints), ...unseen.map((name) => [name, emptyEndpoint()] as const)];
  return all
    .map(([endpoint, its]) => verdictOf(endpoint, its, it))
    .sort((a, b) => ORDER[a.verdict] - ORDER[b.verdict] || b.pairs - a.pairs || (a.endpoint < b.endpoint ? -1 : 1));
};

const ORDER = { REGRESSION: 0, INVALID: 1, UNDECIDED: 2, SAFE: 3 } as const;

const verdictOf = (endpoint: string, its: EndpointFacts, it: Case): EndpointVerdict => {
  const { settings, facts, whole } = it;
  const own = it.findings.filter((finding) => finding.endpoint === endpoint);
  const safety = safetyOf({ ...facts, endpoints: { [endpoint]: its } }, own, settings);
  const [fault] = faultsOf(
    { ...whole, endpoints: { [endpoint]: whole.endpoints[endpoint] ?? its } },
    undefined,
    settings,
  );
  const confirmed = own.filter((finding) => finding.confirmed).length;
  const stopping = it.blocking.filter((finding) => finding.endpoint === endpoint).length;
  return {
    endpoint,
    ...decide(its, safety, fault, stopping, settings),
    pairs: its.pairs,
    triples: its.triples,
    diverging: safety.diverging,
    divergingBound: clopperPearsonUpper(safety.diverging, safety.tested, BOUND_CONFIDENCE),
    findings: { confirmed, total: own.length },
    undecided: its.undecided,
    noise: pairsWith(its, "secondary"),
    masked: pairsWith(its, "all"),
    clusters: its.clusters.length,
    divergingClusters: its.divergingClusters.length,
    latency: latencyOf(its.latency, facts.control === "control"),
  };
};

const decide = (
  its: EndpointFacts,
  safety: Safety,
  fault: string | undefined,
  stopping: number,
  settings: VerdictSettings,
): Pick<EndpointVerdict, "verdict" | "reason"> => {
  if (fault !== undefined) return { verdict: "INVALID", reason: fault };
  if (stopping > 0) return { verdict: "REGRESSION", reason: some(stopping, "confirmed finding") };
  if (its.pairs === 0) return { verdict: "UNDECIDED", reason: "not asked for yet" };
  const seen = `${count(safety.diverging)} of ${some(safety.tested, "pair")} diverge`;
  if (safety.evidence >= safety.threshold && its.pairs >= settings.minPairsPerEndpoint)
    return { verdict: "SAFE", reason: `${seen}: below ${percent(settings.tolerance)}` };
  return { verdict: "UNDECIDED", reason: `${seen}: too few pairs to call it safe alone` };
};
