// How often the verdict is wrong, by simulation: `node bench/simulate.ts [seed]`. Every number is a share of simulated runs in
// which something wrong was said at any look; a look is taken after every pair, or as stated.
import { pathToFileURL } from "node:url";
import type { Facts, Mark, PlaceFacts, SignatureCount } from "../core/noise/facts.ts";
import { emptyEndpoint, emptyFacts } from "../core/noise/merge.ts";
import { addSignature, findingKey, signatureKey } from "../core/noise/signature.ts";
import { noOutcomes } from "../core/pair/outcome.ts";
import { alarmEvidence, alphaShare, clopperPearsonUpper, pairsNeeded, safeEvidence } from "../core/verdict/evidence.ts";
import { judge } from "../core/verdict/judge.ts";
import { VerdictSettings } from "../core/verdict/settings.ts";

/** A number in [0, 1). */
export type Random = () => number;

/** sfc32 (Doty-Humphrey, PractRand): small, and good enough for counting. */
export const randomFrom = (seed: number): Random => {
  let [a, b, c, counter] = [seed | 0, 0x9e3779b9 | 0, 0x243f6a88 | 0, 1];
  const next = () => {
    const t = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return (t >>> 0) / 4_294_967_296;
  };
  for (let i = 0; i < 20; i += 1) next();
  return next;
};

/** Pairs until an event of this rate: geometric, from 1. */
const gap = (random: Random, rate: number): number => 1 + Math.floor(Math.log1p(-random()) / Math.log1p(-rate));

/** How one place of an A/A run went: when the candidate, the secondary, or the primary or all three stood apart. */
interface PlaceRun {
  readonly at: readonly number[];
  readonly who: readonly ("C" | "S" | "rest")[];
}

/** Each lane deviates by itself in `noise` of its answers; two deviations at once differ from each other as well. */
const placeRun = (random: Random, noise: number, pairs: number): PlaceRun => {
  const one = noise * (1 - noise) ** 2;
  const any = 1 - (1 - noise) ** 3;
  const at: number[] = [];
  const who: PlaceRun["who"][number][] = [];
  for (let pair = gap(random, any); pair <= pairs; pair += gap(random, any)) {
    const which = random() * any;
    at.push(pair);
    who.push(which < one ? "C" : which < 2 * one ? "S" : "rest");
  }
  return { at, who };
};

/** At most ln E, and quick: the mixture is no more than its best component. */
const evidenceBound = (b: number, c: number): number => {
  const n = b + c;
  return b <= c ? 0 : b * Math.log((2 * b) / n) + (c === 0 ? 0 : c * Math.log((2 * c) / n));
};

const isAlarmed = ({ who }: PlaceRun, threshold: number): boolean => {
  let [b, c] = [0, 0];
  for (const it of who) {
    if (it === "S") c += 1;
    if (it !== "C") continue;
    b += 1;
    if (evidenceBound(b, c) >= threshold && alarmEvidence(b, c) >= threshold) return true;
  }
  return false;
};

/** Diffy's rule (JoinedDifferences.scala, defaults of Settings.scala): raw > noise, 20 % relative, 0.03 % of the requests. */
const isFlaggedByDiffy = (raw: number, noise: number, pairs: number): boolean =>
  raw > noise && (Math.abs(raw - noise) / (raw + noise)) * 100 > 20 && (Math.abs(raw - noise) / pairs) * 100 > 0.03;

const diffyOn = ({ at, who }: PlaceRun, pairs: number): { end: boolean; anyLook: boolean } => {
  let [raw, noise, anyLook] = [0, 0, false];
  who.forEach((it, i) => {
    if (it !== "S") raw += 1;
    if (it !== "C") noise += 1;
    if (it === "C" && !anyLook) anyLook = isFlaggedByDiffy(raw, noise, at[i]!);
  });
  return { end: isFlaggedByDiffy(raw, noise, pairs), anyLook };
};

export interface FalseAlarms {
  readonly shadowgraph: number;
  readonly diffyEnd: number;
  readonly diffyAnyLook: number;
}

/** Shares of A/A runs that are accused somewhere: of nothing, for both versions are the same. */
export const falseAlarms = (
  seed: number,
  setup: { runs: number; pairs: number; places: number; noise: number; alpha: number },
): FalseAlarms => {
  const random = randomFrom(seed);
  const wrong = { shadowgraph: 0, diffyEnd: 0, diffyAnyLook: 0 };
  for (let run = 0; run < setup.runs; run += 1) {
    const places = Array.from({ length: setup.places }, () => placeRun(random, setup.noise, setup.pairs))
      .filter(({ at }) => at.length > 0)
      .sort((a, b) => a.at[0]! - b.at[0]!);
    if (places.some((place, i) => isAlarmed(place, Math.log(1 / alphaShare(setup.alpha, i + 1)))))
      wrong.shadowgraph += 1;
    const diffy = places.map((place) => diffyOn(place, setup.pairs));
    if (diffy.some(({ end }) => end)) wrong.diffyEnd += 1;
    if (diffy.some(({ anyLook }) => anyLook)) wrong.diffyAnyLook += 1;
  }
  return {
    shadowgraph: wrong.shadowgraph / setup.runs,
    diffyEnd: wrong.diffyEnd / setup.runs,
    diffyAnyLook: wrong.diffyAnyLook / setup.runs,
  };
};

/** Share of runs called safe at any look while exactly `tolerance` of the pairs diverge. */
export const wrongSafe = (
  seed: number,
  setup: { runs: number; tolerance: number; alpha: number; span: number },
): number => {
  const random = randomFrom(seed);
  const needed: number[] = [];
  const neededAt = (b: number): number => (needed[b] ??= pairsNeeded(b, setup.tolerance, setup.alpha) ?? Infinity);
  const horizon = neededAt(0) * setup.span;
  let wrong = 0;
  for (let run = 0; run < setup.runs; run += 1) {
    let b = 0;
    // Between two divergences evidence only grows, so the last pair before each of them is the look that decides.
    for (let at = gap(random, setup.tolerance); ; at += gap(random, setup.tolerance)) {
      if (Math.min(at - 1, horizon) >= neededAt(b)) wrong += 1;
      if (Math.min(at - 1, horizon) >= neededAt(b) || at > horizon) break;
      b += 1;
    }
  }
  return wrong / setup.runs;
};

export interface NoisyWrongSafe {
  readonly shadowgraph: number;
  /** The same test on max(0, b − c), as if the difference of two noisy counts were a count. */
  readonly plainDifference: number;
  /** Share of runs without any real divergence that are called safe by the last look. */
  readonly power: number;
}

/** Candidate and secondary both deviate at one place in `noise` of the pairs, the candidate in `tolerance` of them besides. */
export const noisyWrongSafe = (
  seed: number,
  setup: { runs: number; tolerance: number; noise: number; alpha: number; pairs: number; looks: number },
): NoisyWrongSafe => {
  const random = randomFrom(seed);
  const threshold = Math.log(1 / setup.alpha);
  const first = (pairsNeeded(0, setup.tolerance, setup.alpha) ?? 1) / setup.pairs;
  const looks = Array.from({ length: setup.looks }, (_, i) =>
    Math.ceil(setup.pairs * first ** (1 - (i + 1) / setup.looks)),
  );
  const run = (excess: number): { test: boolean; plain: boolean } => {
    const [up, any] = [setup.noise + excess, 2 * setup.noise + excess];
    let [b, c, test, plain] = [0, 0, false, false];
    let at = gap(random, any);
    for (const n of looks) {
      for (; at <= n; at += gap(random, any)) random() * any < up ? (b += 1) : (c += 1);
      test ||= safeEvidence(b, n, setup.tolerance, Math.min(b, c)) >= threshold;
      plain ||= safeEvidence(Math.max(0, b - c), n, setup.tolerance) >= threshold;
    }
    return { test, plain };
  };
  const wrong = Array.from({ length: setup.runs }, () => run(setup.tolerance));
  const right = Array.from({ length: setup.runs }, () => run(0));
  const share = (them: readonly { test: boolean; plain: boolean }[], which: "test" | "plain") =>
    them.filter((it) => it[which]).length / them.length;
  return { shadowgraph: share(wrong, "test"), plainDifference: share(wrong, "plain"), power: share(right, "test") };
};

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
          places[findingKey(place, kind)] ??= { place, kind, firstAt: pair, constant: null, examples: [] };
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

const percent = (share: number): string => `${Number((share * 100).toPrecision(3))} %`;
const table = (title: string, rows: readonly Record<string, string | number>[]): void => {
  console.log(`\n${title}`);
  console.table(rows);
};

const main = (seed: number): void => {
  const bound = (share: number, runs: number) => percent(clopperPearsonUpper(Math.round(share * runs), runs, 0.95));
  const setup = { runs: 400, pairs: 2_000, alpha: 0.01 };
  const alarms = [0.001, 0.01, 0.1, 0.3].flatMap((noise) =>
    [1, 10, 50, 200].map((places) => {
      const rates = falseAlarms(seed + places, { ...setup, noise, places });
      return {
        "noise of a lane": percent(noise),
        places,
        "false REGRESSION, any look": percent(rates.shadowgraph),
        "95 % bound": bound(rates.shadowgraph, setup.runs),
        "Diffy, any look": percent(rates.diffyAnyLook),
        "Diffy, at the end": percent(rates.diffyEnd),
      };
    }),
  );
  table(`Two identical versions, ${setup.runs} runs of ${setup.pairs} pairs, α = ${percent(setup.alpha)}`, alarms);

  const safe = [0.01, 0.001, 0.0001].map((tolerance) => {
    const runs = 10_000;
    const rate = wrongSafe(seed, { runs, tolerance, alpha: 0.05, span: 30 });
    const needed = pairsNeeded(0, tolerance, 0.05) ?? "none";
    return {
      tolerance: percent(tolerance),
      "pairs to SAFE": needed,
      "wrong SAFE, any look": percent(rate),
      "95 % bound": bound(rate, runs),
    };
  });
  table("Exactly the tolerance diverges, 10 000 runs up to 30 times the pairs of SAFE, α = 5 %", safe);

  const noisy = [0.001, 0.01, 0.05].map((noise) => {
    const [runs, pairs] = [400, 400_000];
    const rates = noisyWrongSafe(seed, { runs, pairs, noise, tolerance: 0.001, alpha: 0.05, looks: 40 });
    return {
      "noise of a lane": percent(noise),
      "wrong SAFE, 40 looks": percent(rates.shadowgraph),
      "95 % bound": bound(rates.shadowgraph, runs),
      "plain test on b − c": percent(rates.plainDifference),
      "SAFE where nothing diverges": percent(rates.power),
    };
  });
  table(
    "A noisy place and exactly the tolerance (0.1 %) beyond its noise, 400 runs up to 400 000 pairs, α = 5 %",
    noisy,
  );

  const [runs, tolerance] = [200, 0.01];
  const looks = [250, 400, 600, 900, 1_300, 2_000, 3_000, 4_500, 7_000, 10_000, 15_000, 20_000];
  const cases = [
    { divergence: 0, planted: "own place" },
    { divergence: tolerance, planted: "own place" },
    { divergence: tolerance, planted: "noisy places" },
    { divergence: 3 * tolerance, planted: "noisy places" },
  ] as const;
  const judged = cases.map((it) => {
    const ends = judgedRuns(seed, { runs, looks, places: 20, noise: 0.002, tolerance, ...it });
    return {
      "really diverging": it.divergence === 0 ? "nothing" : `${percent(it.divergence)} of pairs, at ${it.planted}`,
      SAFE: percent(ends.safe),
      REGRESSION: percent(ends.regression),
    };
  });
  table(
    "The whole judge, 20 places of 0.2 % noise a lane, tolerance 1 %, 200 runs of 12 looks up to 20 000 pairs",
    judged,
  );
};

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href)
  main(Number(process.argv[2] ?? 1));
