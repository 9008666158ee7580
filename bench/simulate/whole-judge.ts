import type { Facts, Mark, PlaceFacts, SignatureCount } from "../../core/noise/facts.ts";
import { emptyEndpoint, emptyFacts } from "../../core/noise/merge.ts";
import { addSignature, findingKey, signatureKey } from "../../core/noise/signature.ts";
import { noOutcomes } from "../../core/pair/outcome.ts";
import { judge } from "../../core/verdict/judge.ts";
import { VerdictSettings } from "../../core/verdict/settings.ts";
import { gap, randomFrom } from "./random.ts";

/** Where the planted divergence shows: at a place that is never noisy, or each time at another of the noisy ones. */
export type Planting = "own place" | "noisy places";

/**
 * The whole of `judge` on facts as they grow: shares of runs that are SAFE, or REGRESSION, at any look. At each of `places` each lane
 * deviates in `noise` of the answers; the candidate diverges in `divergence` of the pairs besides.
 */
export const judgedRuns = (
  seed: number,
  setup: {
    runs: number;
    looks: readonly number[];
    places: number;
    noise: number;
    divergence: number;
    planted: Planting;
    tolerance: number;
  },
): { safe: number; regression: number } => {
  const random = randomFrom(seed);
  const settings = VerdictSettings.parse({ tolerance: setup.tolerance, maxMaskedShare: 0.5 });
  const accounting = { outcomes: noOutcomes(), inFlight: 0, gap: { pairs: 0, segmentsMissing: 0, tees: [] } };
  const one = setup.noise * (1 - setup.noise) ** 2;
  const any = 1 - (1 - setup.noise) ** 3;
  const names = Array.from({ length: setup.places }, (_, i) => `body/noisy${i}`);
  const ends = { safe: 0, regression: 0 };
  for (let run = 0; run < setup.runs; run += 1) {
    const signatures: Record<string, SignatureCount> = {};
    const places: Record<string, PlaceFacts> = {};
    const said = new Set<string>();
    const next = names.map(() => gap(random, any));
    let nextPlanted = setup.divergence > 0 ? gap(random, setup.divergence) : Infinity;
    let pair = 0;
    for (const look of setup.looks) {
      for (pair = Math.min(nextPlanted, ...next); pair <= look; pair = Math.min(nextPlanted, ...next)) {
        const marks = new Map<string, Mark>();
        for (const [i, place] of names.entries()) {
          if (next[i] !== pair) continue;
          next[i] = pair + gap(random, any);
          const which = random() * any;
          const odd = which < one ? "candidate" : which < 2 * one ? "secondary" : which < 3 * one ? "primary" : "all";
          marks.set(place, { place, kind: "value", odd });
        }
        if (pair === nextPlanted) {
          nextPlanted += gap(random, setup.divergence);
          const place = setup.planted === "own place" ? "body/planted" : names[Math.floor(random() * names.length)]!;
          if (!marks.has(place)) marks.set(place, { place, kind: "value", odd: "candidate" });
        }
        const list = [...marks.values()];
        addSignature(signatures, signatureKey(list), { marks: list, n: 1, places: 2 * setup.places });
        for (const { place, kind } of list)
          places[findingKey(place, kind)] ??= {
            place,
            kind,
            firstAt: pair,
            lastAt: pair,
            constant: null,
            examples: [],
          };
      }
      const endpoints = { "GET /": { ...emptyEndpoint(), pairs: look, triples: look, signatures, places } };
      const facts: Facts = { ...emptyFacts(), control: "baseline", endpoints, firstAt: 1, lastAt: look };
      said.add(judge({ facts, accounting, settings, attempts: 1 }).verdict.verdict);
    }
    if (said.has("SAFE")) ends.safe += 1;
    if (said.has("REGRESSION")) ends.regression += 1;
  }
  return { safe: ends.safe / setup.runs, regression: ends.regression / setup.runs };
};
