import { comparisonKey, type Rule, type Rules, ruleKey } from "../core/diff/rules.ts";
import { withoutIgnored } from "../core/noise/apply.ts";
import type { Facts } from "../core/noise/facts.ts";
import { PARSER_VERSION } from "../core/noise/facts-of.ts";
import { emptyFacts } from "../core/noise/merge.ts";
import { sum, totalOf } from "../core/noise/totals.ts";
import { emptiedBy } from "../core/rules/notes.ts";
import { mirroredRoutes, type Overlay } from "../core/sampling/environment.ts";
import { isWrite } from "../core/sampling/plan.ts";
import { type Accounting, accountingOf, type RunHeartbeat } from "../core/verdict/accounting.ts";
import type { JudgeInput } from "../core/verdict/case.ts";
import type { DriftSeen } from "../core/verdict/drift.ts";
import { judge } from "../core/verdict/judge.ts";
import type { VerdictSettings } from "../core/verdict/settings.ts";
import type { Finding, Verdict } from "../core/verdict/verdict.ts";
import type { Drifts } from "./drifts.ts";
import { readRouting } from "./endpoint-map.ts";
import { minuteOf, RUN_SPAN, spanOfMinute } from "./minute.ts";
import type { FactsKey, FactsStore, Ports, Recompare } from "./ports.ts";
import type { Tees } from "./tees.ts";

/** What the stored facts of an overlay's run say under its rules: recomputed at each reading. */
export interface Judgement {
  readonly verdict: Verdict;
  readonly findings: readonly Finding[];
  /** Of the run, what the rules ignore left out. */
  readonly facts: Facts;
  readonly accounting: Accounting;
  /** Where the overlay declares reads that tell of its data. */
  readonly drift?: DriftSeen;
  readonly recent: Recent;
  readonly rules: readonly JudgedRule[];
  /** While the archive is compared anew: objects done, and in all. Nothing of the accounting is known until then. */
  readonly recomparing?: Progress;
}

export interface JudgedRule {
  readonly rule: Rule;
  /** Pairs in which it was needed. */
  readonly hits: number;
  /** Endpoints at which it alone hides all that differs. */
  readonly empties: readonly string[];
}

/** Of the present minute and the one before. */
export interface Recent {
  readonly pairs: number;
  /** Pairs in which the candidate failed. */
  readonly candidateFailed: number;
}

export type Progress = Pick<Recompare, "done" | "total">;

export interface ReadingOptions {
  /** Rules to try; the stored ones where left out. */
  readonly rules?: Rules;
  readonly settings: VerdictSettings;
  /** Milliseconds since 1970. */
  readonly now: number;
}

type ReadingPorts = Pick<Ports, "catalog" | "drifts" | "facts" | "recompares" | "rules" | "tees">;

/** Of the facts that comparisons under these rules make. */
export const factsKeyOf = (env: string, run: string, rules: Pick<Rules, "rules">): FactsKey => {
  const key = comparisonKey(rules);
  return { env, run, version: key === "" ? PARSER_VERSION : `${PARSER_VERSION}.${key}` };
};

/** Judges the present run of an overlay from its run roll-up. Reads only. */
export const readJudgement = async (
  ports: ReadingPorts,
  overlay: Overlay,
  { rules, settings, now }: ReadingOptions,
): Promise<Judgement> => {
  const applied = rules ?? (await ports.rules.rules(overlay.id));
  const key = factsKeyOf(overlay.id, overlay.run.id, applied);
  // Before the facts: those of the last step are there once it is known as done.
  const recomparing = progressOf(await ports.recompares.of(key.env, key.run), key.version);
  const [stored, heartbeats, { routes }, drift] = await Promise.all([
    ports.facts.rollup(key, RUN_SPAN),
    heartbeatsOf(ports.tees, overlay),
    readRouting(ports.catalog, overlay.id),
    driftSeen(ports.drifts, overlay),
  ]);
  const whole = stored ?? emptyFacts();
  const { facts, hits } = withoutIgnored(whole, applied);
  const accounting = recomparing === undefined ? accountingOf(whole.tees, heartbeats, now) : accountingOf({}, [], now);
  const recent = await recentOf(ports.facts, key, now);
  const { verdict, findings } = judge({
    facts,
    accounting,
    ...standardOf(overlay, routes, settings),
    ratePerSecond: rateOf(recent, whole, now),
    ...(drift && { drift }),
    ...(recomparing && { recomparing }),
  });
  return {
    verdict,
    findings,
    facts,
    accounting,
    ...(drift && { drift }),
    recent,
    rules: judgedRules(whole, applied, hits),
    ...(recomparing && { recomparing }),
  };
};

/** By what an overlay is judged, whatever its facts. */
export const standardOf = (
  overlay: Overlay,
  routes: readonly string[],
  settings: VerdictSettings,
): Pick<JudgeInput, "settings" | "attempts" | "declared"> => ({
  settings: { ...settings, acceptedEndpoints: [...settings.acceptedEndpoints, ...(overlay.file.accepted ?? [])] },
  attempts: overlay.run.attempt,
  declared: mirroredRoutes(routes, overlay),
});

/** Undefined where all that is archived is compared for facts of this version. */
const progressOf = (recompare: Recompare | undefined, version: string): Progress | undefined => {
  if (recompare === undefined) return undefined;
  if (recompare.version !== version) return { done: 0, total: 0 };
  return recompare.next === null ? undefined : { done: recompare.done, total: recompare.total };
};

/** @param ignored hits of the rules that ignore, by their place in the list */
export const judgedRules = (whole: Facts, { rules }: Rules, ignored: readonly number[]): JudgedRule[] =>
  rules.map((rule, index) => ({
    rule,
    hits: rule.ignore === undefined ? (whole.hits[ruleKey(rule)] ?? 0) : (ignored[index] ?? 0),
    empties: emptiedBy(whole, rule),
  }));

const heartbeatsOf = async (tees: Tees, { baseline, id, run }: Overlay): Promise<RunHeartbeat[]> => {
  const beats = await tees.heartbeats(baseline);
  return beats.flatMap(({ tee, epoch, at, state, outcomes }) => {
    const counts = outcomes[`${id}/${run.id}`];
    return counts === undefined ? [] : [{ tee, epoch, at, state, outcomes: counts }];
  });
};

const driftSeen = async (drifts: Drifts, { id, run, file }: Overlay): Promise<DriftSeen | undefined> => {
  if (file.drift === undefined) return undefined;
  const { reads, versions } = file.drift;
  const takesWrites = file.sideEffects !== "none" && file.sampling.match.methods.some(isWrite);
  return { reads, versions, state: (await drifts.of(id, run.id))?.state ?? undefined, takesWrites };
};

const recentOf = async (facts: FactsStore, key: FactsKey, now: number): Promise<Recent> => {
  const minute = minuteOf(now);
  const rollups = await Promise.all([minute - 1, minute].map((each) => facts.rollup(key, spanOfMinute(each))));
  const total = (count: "pairs" | "candidateFailed") =>
    sum(rollups.map((each) => (each === undefined ? 0 : totalOf(each, count))));
  return { pairs: total("pairs"), candidateFailed: total("candidateFailed") };
};

/** Pairs a second. */
const rateOf = ({ pairs }: Recent, whole: Facts, now: number): number => {
  const since = Math.max((minuteOf(now) - 1) * 60_000, whole.firstAt);
  return pairs / Math.max(1, (now - since) / 1_000);
};
