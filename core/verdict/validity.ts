import type { EndpointFacts, Facts, Mark, Odd, PlaceFacts } from "../noise/facts.ts";
import { findingKey } from "../noise/signature.ts";
import { totalOf } from "../noise/totals.ts";
import type { Accounting } from "./accounting.ts";
import { count, duration, percent, placesText } from "./sentences.ts";
import type { VerdictSettings } from "./settings.ts";

/** Shares of fewer than so many are not judged: one mishap among three would end a run. */
const MIN_JUDGED = 30;

/** Not shedBreaker: that is the candidate's doing, and every time-out that led to it is in the facts as a failure. */
const DROPS = ["tooLarge", "shedMemory", "shedInFlight", "shedOrder", "undelivered", "unsupported"] as const;

/** Sampled requests that were never compared for a reason of the tee's own, as a share of those sampled. */
export const dropShareOf = ({ outcomes }: Accounting): number =>
  share(
    DROPS.reduce((sum, outcome) => sum + outcomes[outcome], 0),
    outcomes.sampled,
  );

const share = (part: number, whole: number): number => (whole <= 0 ? 0 : part / whole);

/** Fewer pairs do not show that a lane always has the same value. */
export const MIN_CONSTANT_PAIRS = 10;

/**
 * Keys of the places at which all three lanes differ and each had one value of its own whatever was asked for: it belongs to the
 * instance. Of one and the same request it says nothing that a value never changes.
 */
const instanceKeysOf = ({ places, signatures }: EndpointFacts): ReadonlySet<string> => {
  const masked = new Map<string, number>();
  for (const { marks, n } of Object.values(signatures))
    for (const { place, kind, odd } of marks)
      if (odd === "all") masked.set(findingKey(place, kind), (masked.get(findingKey(place, kind)) ?? 0) + n);
  const hasMany = ({ examples }: PlaceFacts) => new Set(examples.map(({ request }) => request)).size > 1;
  const constant = Object.values(places).filter((its) => its.constant !== null && hasMany(its));
  const keys = constant.map(({ place, kind }) => findingKey(place, kind));
  return new Set(keys.filter((key) => (masked.get(key) ?? 0) >= MIN_CONSTANT_PAIRS));
};

/** The same, in words. */
export const instancePlacesOf = ({ endpoints }: Facts): readonly string[] =>
  Object.entries(endpoints)
    .flatMap(([endpoint, its]) => {
      const keys = instanceKeysOf(its);
      const places = Object.values(its.places).filter(({ place, kind }) => keys.has(findingKey(place, kind)));
      return places.map(({ place }) => `${endpoint} ${place}`);
    })
    .sort();

/**
 * Mean over all triples of the share of places at which all three lanes differ; equal answers, self-evident formats and values
 * of an instance have none.
 */
export const maskedShareOf = (facts: Facts): number => {
  const masked: number[] = [];
  let triples = 0;
  for (const its of Object.values(facts.endpoints)) {
    triples += its.triples;
    const instance = instanceKeysOf(its);
    const isMasked = ({ place, kind, odd }: Mark) => odd === "all" && !instance.has(findingKey(place, kind));
    for (const { marks, n, places } of Object.values(its.signatures)) {
      const all = new Set(marks.filter(isMasked).map(({ place }) => place)).size;
      if (all > 0) masked.push(n * Math.min(1, (all * n) / Math.max(n, places)));
    }
  }
  // Summed in one order, whatever order the facts came in: floating-point addition is not associative.
  const sum = masked.sort((a, b) => a - b).reduce((total, part) => total + part, 0);
  return Math.min(1, share(sum, triples));
};

/** Primary and secondary have another status, whichever of them the candidate is like: two overlays may fail alike. */
const OLD_DISAGREE: ReadonlySet<Odd> = new Set<Odd>(["primary", "secondary", "all"]);

/** How often the secondary failed or had another status than the primary, of how many. */
const instabilityOf = (facts: Facts): { readonly unstable: number; readonly of: number } => {
  let unstable = 0;
  let of = 0;
  for (const its of Object.values(facts.endpoints)) {
    unstable += its.secondaryFailed;
    of += its.triples + its.secondaryFailed;
    for (const { marks, n } of Object.values(its.signatures))
      if (marks.some(({ kind, odd }) => kind === "status" && OLD_DISAGREE.has(odd))) unstable += n;
  }
  return { unstable: Math.min(unstable, of), of };
};

type Check = (facts: Facts, accounting: Accounting | undefined, settings: VerdictSettings) => string | undefined;

const isStable: Check = (facts, _accounting, settings) => {
  const { unstable, of } = instabilityOf(facts);
  if (of < MIN_JUDGED || unstable / of <= settings.maxUnstableShare) return undefined;
  return `The two old versions do not agree with each other: the secondary failed or had another status than the primary in ${count(unstable)} of ${count(of)} pairs (${percent(unstable / of)}, limit ${percent(settings.maxUnstableShare)}). Look at the secondary: too small, rate-limited, not the same version, or without the baseline's data or rights.`;
};

const isAccounted: Check = (_facts, accounting, settings) => {
  if (accounting === undefined) return undefined;
  const { gap, outcomes } = accounting;
  if (share(gap.pairs, outcomes.sampled) <= settings.maxGapShare) return undefined;
  const least = gap.tees.some(({ isLowerBound }) => isLowerBound) ? "at least " : "";
  const tees = gap.tees.map(({ tee, reason }) => `${tee}: ${reason}`).join("; ");
  return `Pairs are lost: ${least}${count(gap.pairs)} of ${count(outcomes.sampled)} sampled requests never arrived (limit ${percent(settings.maxGapShare)}). ${tees}. Look at the tee and the queue, then start a new run.`;
};

const isComplete: Check = (_facts, accounting, settings) => {
  if (accounting === undefined || accounting.outcomes.sampled < MIN_JUDGED) return undefined;
  const dropped = dropShareOf(accounting);
  if (dropped <= settings.maxDropShare) return undefined;
  const which = DROPS.filter((outcome) => accounting.outcomes[outcome] > 0);
  const list = which.map((outcome) => `${outcome} ${count(accounting.outcomes[outcome])}`).join(", ");
  return `Too many sampled requests were not compared: ${percent(dropped)} (limit ${percent(settings.maxDropShare)}): ${list}. Sample less, raise the limit that bites, or exclude these routes.`;
};

const isVisible: Check = (facts, _accounting, settings) => {
  const masked = maskedShareOf(facts);
  const triples = totalOf(facts, "triples");
  if (triples < MIN_JUDGED || masked <= settings.maxMaskedShare) return undefined;
  return `Too much cannot be judged: at ${percent(masked)} of the places all three answers differ (limit ${percent(settings.maxMaskedShare)}), so a change there would not show: ${mostMaskedOf(facts)}. Add rules for these places.`;
};

/** The places that are masked most often, with their endpoints. */
const mostMaskedOf = (facts: Facts): string => {
  const seen = new Map<string, number>();
  for (const [endpoint, { signatures }] of Object.entries(facts.endpoints))
    for (const { marks, n } of Object.values(signatures))
      for (const { place, odd } of marks)
        if (odd === "all") seen.set(`${endpoint} ${place}`, (seen.get(`${endpoint} ${place}`) ?? 0) + n);
  return placesText([...seen].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).map(([name]) => name));
};

const hasAnswered: Check = (facts) => {
  const pairs = totalOf(facts, "pairs");
  if (pairs < MIN_JUDGED || totalOf(facts, "candidateFailed") < pairs) return undefined;
  const span = facts.lastAt > facts.firstAt ? ` within ${duration((facts.lastAt - facts.firstAt) / 1_000)}` : "";
  return `The candidate was never healthy: it failed on all ${count(pairs)} requests${span}. Look at whether it runs and can be reached.`;
};

const CHECKS: readonly Check[] = [isStable, isAccounted, isComplete, isVisible, hasAnswered];

/** Why no verdict can be trusted, a sentence each; none if it can. Without accounting only what the facts show is checked. */
export const faultsOf = (
  facts: Facts,
  accounting: Accounting | undefined,
  settings: VerdictSettings,
): readonly string[] => CHECKS.map((check) => check(facts, accounting, settings)).filter((it) => it !== undefined);
