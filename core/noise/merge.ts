import { laterOutcomes } from "../pair/outcome.ts";
import { addCapped, byText, CAPS, type Capped, MAX_CLUSTERS, OTHER_ENDPOINT } from "./caps.ts";
import type { EndpointFacts, Facts, LatencyFacts, TeeFacts } from "./facts.ts";
import { asMinute } from "./minute.ts";
import { capPlaces, mergePlaces } from "./place-facts.ts";
import { capSignatures, mergeSignatures } from "./signature.ts";
import { emptySketch, mergeSketches } from "./sketch.ts";
import { mergeSlowest } from "./slowest.ts";
import { mergeColdSlots } from "./warm-up.ts";

/** The facts of no segment: merging them in changes nothing. */
export const emptyFacts = (): Facts => ({
  control: "none",
  endpoints: {},
  tees: {},
  firstAt: 0,
  lastAt: 0,
  candidateAnswered: null,
  capped: {},
  hits: {},
});

export const emptyLatency = (): LatencyFacts => ({
  primary: emptySketch(),
  candidate: emptySketch(),
  secondary: emptySketch(),
  slower: 0,
  faster: 0,
  minutesSlower: 0,
  minutesFaster: 0,
  warmUp: null,
  slowest: [],
});

/** An endpoint that nobody asked for. */
export const emptyEndpoint = (): EndpointFacts => ({
  pairs: 0,
  triples: 0,
  undecided: 0,
  notFound: 0,
  candidateFailed: 0,
  secondaryFailed: 0,
  coldFailures: {},
  signatures: {},
  places: {},
  latency: emptyLatency(),
  clusters: [],
  divergingClusters: [],
});

/**
 * Commutative and associative, with `emptyFacts()` as identity: minutes, hours and runs fold in any order. Only `capped.places`, and
 * which of the endpoints never found are kept by name, may depend on the order, and only once their `capped` is not 0.
 */
export const mergeFacts = (a: Facts, b: Facts): Facts => {
  const { endpoints, capped } = capEndpoints(mergeEndpoints(a.endpoints, b.endpoints));
  return {
    control: mergeControls(a, b),
    endpoints,
    tees: mergeRecords(a.tees, b.tees, mergeTees),
    firstAt: a.firstAt === 0 || b.firstAt === 0 ? a.firstAt + b.firstAt : Math.min(a.firstAt, b.firstAt),
    lastAt: Math.max(a.lastAt, b.lastAt),
    candidateAnswered: mergeAnswered(a.candidateAnswered, b.candidateAnswered),
    capped: addCapped(addCapped(a.capped, b.capped), capped),
    hits: mergeRecords(a.hits, b.hits, (left, right) => left + right),
    ...mergeCalls(a, b),
  };
};

const mergeCalls = ({ calls: a }: Facts, { calls: b }: Facts): Pick<Facts, "calls"> => {
  if (a === undefined && b === undefined) return {};
  const sumOf = (count: "compared" | "unknown") => (a?.[count] ?? 0) + (b?.[count] ?? 0);
  return { calls: { compared: sumOf("compared"), unknown: sumOf("unknown") } };
};

const mergeAnswered = (a: Facts["candidateAnswered"], b: Facts["candidateAnswered"]): Facts["candidateAnswered"] =>
  a === null || b === null
    ? (a ?? b)
    : { firstAt: Math.min(a.firstAt, b.firstAt), lastAt: Math.max(a.lastAt, b.lastAt) };

/** All facts as one; in halves, because merging costs what both sides hold. */
export const foldFacts = (list: readonly Facts[]): Facts => {
  if (list.length === 0) return emptyFacts();
  let level = list;
  while (level.length > 1) {
    const next: Facts[] = [];
    for (let index = 0; index < level.length; index += 2) {
      const [a, b] = [level[index] as Facts, level[index + 1]];
      next.push(b === undefined ? a : mergeFacts(a, b));
    }
    level = next;
  }
  return level[0] as Facts;
};

/** All facts as one, those of each minute given together: what folding them by way of the store comes to. */
export const foldByMinute = (minutes: Iterable<readonly Facts[]>): Facts =>
  foldFacts([...minutes].map((its) => asMinute(foldFacts(its))));

/** Every segment names its tee, so facts without a tee are of no segment, and their control says nothing. */
const mergeControls = (a: Facts, b: Facts): Facts["control"] => {
  if (Object.keys(a.tees).length === 0) return b.control;
  if (Object.keys(b.tees).length === 0) return a.control;
  return a.control === b.control ? a.control : "mixed";
};

const mergeRecords = <T>(
  a: Readonly<Record<string, T>>,
  b: Readonly<Record<string, T>>,
  merge: (a: T, b: T) => T,
): Record<string, T> => {
  const sum: Record<string, T> = { ...a };
  for (const [key, value] of Object.entries(b)) {
    const known = sum[key];
    sum[key] = known === undefined ? value : merge(known, value);
  }
  return sum;
};

const mergeTees = (a: TeeFacts, b: TeeFacts): TeeFacts => ({
  segments: a.segments + b.segments,
  maxSeq: Math.max(a.maxSeq, b.maxSeq),
  compared: a.compared + b.compared,
  candidateFailed: a.candidateFailed + b.candidateFailed,
  outcomes: laterOutcomes(a.outcomes, b.outcomes),
  lastAt: Math.max(a.lastAt, b.lastAt),
});

interface CappedEndpoints {
  readonly endpoints: Facts["endpoints"];
  readonly capped: Capped;
}

const mergeEndpoints = (a: Facts["endpoints"], b: Facts["endpoints"]): CappedEndpoints => {
  let capped: Capped = {};
  const endpoints = mergeRecords(a, b, (left, right) => {
    const merged = mergeEndpoint(left, right);
    capped = addCapped(capped, merged.capped);
    return merged.facts;
  });
  return { endpoints, capped };
};

/**
 * The smallest names stay, before them those at which the primary found something; all others become one, and `capped.endpoints`
 * counts their pairs.
 */
export const capEndpoints = ({ endpoints, capped }: CappedEndpoints): CappedEndpoints => {
  const names = Object.keys(endpoints).filter((name) => name !== OTHER_ENDPOINT);
  if (names.length <= CAPS.endpoints) return { endpoints, capped };
  const kept: Record<string, EndpointFacts> = { ...endpoints };
  let sum = capped;
  const isLost = (name: string): boolean => endpoints[name]?.notFound === endpoints[name]?.pairs;
  const byWorth = (a: string, b: string): number => Number(isLost(a)) - Number(isLost(b)) || byText(a, b);
  for (const name of names.sort(byWorth).slice(CAPS.endpoints)) {
    const facts = endpoints[name] as EndpointFacts;
    delete kept[name];
    const other = kept[OTHER_ENDPOINT];
    const merged = other === undefined ? { facts, capped: {} } : mergeEndpoint(other, facts);
    kept[OTHER_ENDPOINT] = merged.facts;
    sum = addCapped(addCapped(sum, merged.capped), { endpoints: facts.pairs });
  }
  return { endpoints: kept, capped: sum };
};

const mergeEndpoint = (a: EndpointFacts, b: EndpointFacts): { facts: EndpointFacts; capped: Capped } => {
  const sums = {
    pairs: a.pairs + b.pairs,
    triples: a.triples + b.triples,
    undecided: a.undecided + b.undecided,
    notFound: a.notFound + b.notFound,
    candidateFailed: a.candidateFailed + b.candidateFailed,
    secondaryFailed: a.secondaryFailed + b.secondaryFailed,
  };
  return capEndpoint({
    ...sums,
    coldFailures: mergeColdSlots(a.coldFailures, b.coldFailures),
    signatures: mergeSignatures(a.signatures, b.signatures),
    places: mergePlaces(a.places, b.places),
    latency: mergeLatency(a.latency, b.latency),
    clusters: mergeClusters(a.clusters, b.clusters),
    divergingClusters: mergeClusters(a.divergingClusters, b.divergingClusters),
  });
};

/** Cuts an endpoint to the caps, and says what that cost. */
export const capEndpoint = (facts: EndpointFacts): { facts: EndpointFacts; capped: Capped } => {
  const signatures = capSignatures(facts.signatures);
  const places = capPlaces(facts.places);
  const capped: Record<string, number> = {};
  if (signatures.surplus > 0) capped.signatures = signatures.surplus;
  if (places.surplus > 0) capped.places = places.surplus;
  return { facts: { ...facts, signatures: signatures.signatures, places: places.places }, capped };
};

export const mergeLatency = (a: LatencyFacts, b: LatencyFacts): LatencyFacts => ({
  primary: mergeSketches(a.primary, b.primary),
  candidate: mergeSketches(a.candidate, b.candidate),
  secondary: mergeSketches(a.secondary, b.secondary),
  slower: a.slower + b.slower,
  faster: a.faster + b.faster,
  minutesSlower: a.minutesSlower + b.minutesSlower,
  minutesFaster: a.minutesFaster + b.minutesFaster,
  warmUp: mergeWarmUps(a.warmUp, b.warmUp),
  slowest: mergeSlowest(a.slowest, b.slowest),
});

/** The earlier; of one minute, both: only parts of it, before it is folded, come as two. */
const mergeWarmUps = (a: LatencyFacts["warmUp"], b: LatencyFacts["warmUp"]): LatencyFacts["warmUp"] => {
  if (a === null || b === null) return a ?? b;
  if (a.at !== b.at) return a.at < b.at ? a : b;
  return { at: a.at, slower: a.slower + b.slower, faster: a.faster + b.faster };
};

/** The smallest of both: hashes have no meaning, so these are as good as any, and the same in any order. */
const mergeClusters = (a: readonly string[], b: readonly string[]): readonly string[] => capClusters([...a, ...b]);

export const capClusters = (clusters: Iterable<string>): readonly string[] =>
  [...new Set(clusters)].sort(byText).slice(0, MAX_CLUSTERS);
