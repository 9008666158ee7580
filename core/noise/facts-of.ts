import type { RulesOf } from "../diff/allowed.ts";
import type { Terms } from "../diff/compare.ts";
import { DIFF_LIMITS } from "../diff/limits.ts";
import type { SchemasOf } from "../diff/schemas.ts";
import { clip } from "../diff/text.ts";
import type { Segment, StoredCapture, StoredPair, StoredRequest } from "../segment/segment.ts";
import { addCapped, byText, type Capped, OTHER_PLACE } from "./caps.ts";
import type { EndpointFacts, Example, Facts, Mark, PlaceFacts, SignatureCount, SlowPair, TeeFacts } from "./facts.ts";
import { capClusters, capEndpoint, capEndpoints, emptyLatency } from "./merge.ts";
import { type LaneValues, type Marks, marksOf } from "./odd.ts";
import { addPlace } from "./place-facts.ts";
import { addSignature, capMarks, coarseKind, isCandidates, keyOfText, signatureText } from "./signature.ts";
import { SketchBuilder } from "./sketch.ts";
import { behind } from "./slowest.ts";
import { type ColdSlots, coldSlotsOf, mergeColdSlots } from "./warm-up.ts";

/** Of the comparison and of what facts are made of it; facts of two versions are never merged. */
export const PARSER_VERSION = "5";

/** What a segment is reduced to on these terms. Pure: the same segment always gives the same facts. */
export const factsOf = (
  segment: Segment,
  rulesOf: RulesOf = () => undefined,
  schemasOf: SchemasOf = () => undefined,
): Facts => {
  const builders = new Map<string, EndpointBuilder>();
  const hits: Record<string, number> = {};
  const answered = segment.pairs.filter(({ candidate }) => candidate.outcome === "responded").map(({ at }) => at);
  const candidateAnswered =
    answered.length === 0 ? null : { firstAt: smallest(answered), lastAt: -smallest(answered.map((at) => -at)) };
  let [firstAt, lastAt, candidateFailed] = [0, 0, 0];
  for (const pair of segment.pairs) {
    const { endpoint } = pair;
    let builder = builders.get(endpoint);
    if (builder === undefined) {
      const terms = { rules: rulesOf(endpoint), schemas: schemasOf(endpoint) };
      builders.set(endpoint, (builder = new EndpointBuilder(segment, candidateAnswered?.firstAt, terms)));
    }
    for (const rule of builder.add(pair)) hits[rule] = (hits[rule] ?? 0) + 1;
    if (firstAt === 0 || pair.at < firstAt) firstAt = pair.at;
    if (pair.at > lastAt) lastAt = pair.at;
    if (pair.candidate.outcome === "failed") candidateFailed++;
  }
  const built: Record<string, EndpointFacts> = {};
  let capped: Capped = {};
  for (const [endpoint, builder] of builders) {
    const its = builder.build();
    built[endpoint] = its.facts;
    capped = addCapped(capped, its.capped);
  }
  return {
    control: segment.control,
    ...capEndpoints({ endpoints: built, capped }),
    tees: { [`${segment.stamp.tee}.${segment.stamp.epoch}`]: teeFactsOf(segment, candidateFailed) },
    firstAt,
    lastAt,
    candidateAnswered,
    hits,
    ...(segment.calls && { calls: segment.calls }),
  };
};

const teeFactsOf = ({ stamp, pairs, outcomes, closedAt }: Segment, candidateFailed: number): TeeFacts => ({
  segments: 1,
  maxSeq: stamp.seq,
  compared: pairs.length - candidateFailed,
  candidateFailed,
  outcomes,
  lastAt: closedAt,
});

const smallest = (numbers: readonly number[]): number => numbers.reduce((a, b) => Math.min(a, b));

/** UTF-8 has at most 4 bytes a character; more than fits into an example is not read. */
const MAX_CONTENT_BYTES = 4 * DIFF_LIMITS.clipChars;

/** The body of a request as text; nothing where there is none, or where it is no UTF-8. */
const contentOf = ({ headers, body }: StoredRequest): Example["content"] => {
  if (body.content.length === 0) return undefined;
  const isCut = body.cut || body.content.length > MAX_CONTENT_BYTES;
  const [, type = ""] = headers.find(([name]) => name.toLowerCase() === "content-type") ?? [];
  try {
    const decoder = new TextDecoder("utf-8", { fatal: true });
    const text = decoder.decode(body.content.subarray(0, MAX_CONTENT_BYTES), { stream: isCut });
    return { type: clip(type), text: clip(isCut ? `${text}…` : text) };
  } catch {
    return undefined;
  }
};

const requestOf = ({ request, endpoint }: StoredPair): Pick<Example, "request" | "content"> => {
  if (request === undefined) return { request: clip(endpoint) };
  const content = contentOf(request);
  return { request: clip(`${request.method} ${request.target}`), ...(content && { content }) };
};

/** By time; whatever the order in which a segment holds its pairs. */
const inTurn = (a: StoredPair, b: StoredPair): number => a.at - b.at || byText(a.id, b.id);

const secondaryMs = ({ secondary }: StoredPair): number | null =>
  secondary?.outcome === "responded" ? secondary.ms : null;

const slowPairOf = (pair: StoredPair): SlowPair => ({
  pair: pair.id,
  at: pair.at,
  request: requestOf(pair).request,
  primary: pair.primary.ms,
  candidate: pair.candidate.ms,
  secondary: secondaryMs(pair),
});

/** Collects the pairs of one endpoint in one segment. */
class EndpointBuilder {
  readonly #openedAt: number;
  /** When the candidate first answered in the segment. */
  readonly #upAt: number;
  readonly #hasControl: boolean;
  readonly #terms: Terms;
  readonly #counts = { pairs: 0, triples: 0, undecided: 0, notFound: 0, candidateFailed: 0, secondaryFailed: 0 };
  readonly #sketches = { primary: new SketchBuilder(), candidate: new SketchBuilder(), secondary: new SketchBuilder() };
  #cold: ColdSlots = {};
  #slower = 0;
  #faster = 0;
  /** The pair furthest behind, and by how many milliseconds. */
  #slowest: StoredPair | undefined;
  #behind = 0;
  readonly #clusters = new Set<string>();
  readonly #divergingClusters = new Set<string>();
  /** By `signatureText`, which is hashed once at the end. */
  readonly #signatures: Record<string, SignatureCount> = {};
  readonly #places: Record<string, PlaceFacts> = {};
  #surplusMarks = 0;

  constructor({ openedAt, control }: Segment, upAt = Number.POSITIVE_INFINITY, terms: Terms = {}) {
    this.#upAt = upAt;
    this.#terms = terms;
    this.#openedAt = openedAt;
    this.#hasControl = control === "control";
  }

  /** Gives the keys of the rules that the pair needed. */
  add(pair: StoredPair): ReadonlySet<string> {
    const { primary, candidate, secondary } = pair;
    this.#counts.pairs++;
    this.#clusters.add(pair.cluster);
    if (primary.status === 404) this.#counts.notFound++;
    if (candidate.outcome === "failed") this.#addFailure(pair);
    if (secondary?.outcome === "responded") this.#counts.triples++;
    if (secondary?.outcome === "failed") this.#counts.secondaryFailed++;
    this.#sketches.primary.add(primary.ms);
    if (candidate.outcome === "responded") this.#sketches.candidate.add(candidate.ms);
    if (secondary?.outcome === "responded") this.#sketches.secondary.add(secondary.ms);
    if (this.#hasControl) this.#compareLatency(candidate, secondary);
    if (candidate.outcome === "responded") this.#lookAtLatency(pair, candidate.ms);
    const found = marksOf(primary, candidate, secondary, pair.at, this.#terms, pair.calls);
    if (found.undecided !== null) this.#counts.undecided++;
    if (found.marks.length > 0) this.#addMarks(pair, found);
    return found.used;
  }

  #addFailure({ at, secondary }: StoredPair): void {
    this.#counts.candidateFailed++;
    if (at >= this.#upAt || secondary?.outcome === "failed") return;
    const failures = { at, triples: secondary === undefined ? 0 : 1, alone: secondary === undefined ? 1 : 0 };
    this.#cold = mergeColdSlots(this.#cold, coldSlotsOf(failures));
  }

  #compareLatency(candidate: StoredCapture, secondary: StoredCapture | undefined): void {
    if (candidate.outcome === "failed" || secondary === undefined || secondary.outcome === "failed") return;
    if (candidate.ms > secondary.ms) this.#slower++;
    if (secondary.ms > candidate.ms) this.#faster++;
  }

  #lookAtLatency(pair: StoredPair, candidate: number): void {
    const ms = behind({ primary: pair.primary.ms, candidate, secondary: secondaryMs(pair) });
    if (ms <= 0 || ms < this.#behind) return;
    const isTie = ms === this.#behind && this.#slowest !== undefined;
    if (isTie && inTurn(this.#slowest as StoredPair, pair) <= 0) return;
    this.#slowest = pair;
    this.#behind = ms;
  }

  #addMarks(pair: StoredPair, found: Marks): void {
    const { marks, surplus } = capMarks(found.marks);
    this.#surplusMarks += surplus;
    addSignature(this.#signatures, signatureText(marks), { marks, n: 1, places: found.places });
    if (found.marks.some(isCandidates)) this.#divergingClusters.add(pair.cluster);
    const kept = new Set(marks);
    const request = requestOf(pair);
    for (const [index, mark] of found.marks.entries()) {
      const named = kept.has(mark) ? mark : { place: OTHER_PLACE, kind: coarseKind(mark.kind) };
      addPlace(this.#places, this.#placeFactsOf(pair, request, named, found.values[index] as LaneValues));
    }
  }

  #placeFactsOf(
    pair: StoredPair,
    request: Pick<Example, "request" | "content">,
    { place, kind }: Pick<Mark, "place" | "kind">,
    { hashes, ...values }: LaneValues,
  ): PlaceFacts {
    return {
      place,
      kind,
      firstAt: this.#openedAt,
      lastAt: this.#openedAt,
      constant: hashes,
      examples: [{ pair: pair.id, at: pair.at, ...request, ...values }],
    };
  }

  build(): { readonly facts: EndpointFacts; readonly capped: Capped } {
    const { primary, candidate, secondary } = this.#sketches;
    const { facts, capped } = capEndpoint({
      ...this.#counts,
      coldFailures: this.#cold,
      signatures: Object.fromEntries(
        Object.entries(this.#signatures).map(([text, signature]) => [keyOfText(text), signature]),
      ),
      places: this.#places,
      latency: {
        ...emptyLatency(),
        primary: primary.build(),
        candidate: candidate.build(),
        secondary: secondary.build(),
        slower: this.#slower,
        faster: this.#faster,
        slowest: this.#slowest === undefined ? [] : [slowPairOf(this.#slowest)],
      },
      clusters: capClusters(this.#clusters),
      divergingClusters: capClusters(this.#divergingClusters),
    });
    return { facts, capped: this.#surplusMarks > 0 ? addCapped(capped, { marks: this.#surplusMarks }) : capped };
  }
}
