import type { Kind } from "../../../core/diff/place.ts";
import type { EndpointFacts, Facts, Mark, Odd, PlaceFacts, SignatureCount } from "../../../core/noise/facts.ts";
import { emptyEndpoint } from "../../../core/noise/merge.ts";
import { noOutcomes, type OutcomeCounts } from "../../../core/pair/outcome.ts";
import type { Accounting } from "../../../core/verdict/accounting.ts";
import { VerdictSettings } from "../../../core/verdict/settings.ts";

/** Facts made by hand: marks are written `place kind odd`, joined by `, `. */
export interface Planted {
  readonly pairs: number;
  readonly triples?: number;
  readonly seen?: Readonly<Record<string, number>>;
  readonly firstAt?: Readonly<Record<string, number>>;
  readonly part?: Partial<EndpointFacts>;
}

export const marksOf = (text: string): Mark[] =>
  text.split(", ").map((mark) => {
    const [place, kind, odd] = mark.split(" ");
    return { place: place!, kind: kind as Kind, odd: odd as Odd };
  });

export const endpointOf = ({ pairs, triples = pairs, seen = {}, firstAt = {}, part = {} }: Planted): EndpointFacts => {
  const signatures: Record<string, SignatureCount> = {};
  const places: Record<string, PlaceFacts> = {};
  for (const [text, n] of Object.entries(seen)) {
    const marks = marksOf(text);
    signatures[text] = { marks, n, places: n * 10 };
    for (const { place, kind } of marks)
      places[`${place}|${kind}`] = {
        place,
        kind,
        firstAt: firstAt[place] ?? 1_000,
        lastAt: 2_000,
        constant: null,
        examples: [],
      };
  }
  return { ...emptyEndpoint(), pairs, triples, signatures, places, clusters: ["c1"], ...part };
};

export const factsOf = (endpoints: Readonly<Record<string, Planted>>, part: Partial<Facts> = {}): Facts => ({
  control: "baseline",
  endpoints: Object.fromEntries(Object.entries(endpoints).map(([name, planted]) => [name, endpointOf(planted)])),
  tees: {},
  firstAt: 1_000,
  lastAt: 2_000,
  candidateAnswered: { firstAt: 1_000, lastAt: 2_000 },
  capped: {},
  hits: {},
  ...part,
});

export const accounted = (outcomes: Partial<OutcomeCounts> = {}, lost = 0): Accounting => ({
  outcomes: { ...noOutcomes(), ...outcomes },
  inFlight: 0,
  gap: {
    pairs: lost,
    segmentsMissing: 0,
    tees:
      lost === 0 ? [] : [{ tee: "a", epoch: "1", pairs: lost, segmentsMissing: 0, reason: "gone", isLowerBound: true }],
  },
});

export const DEFAULTS = VerdictSettings.parse({});
