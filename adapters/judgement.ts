import type { Rule, Rules } from "../core/diff/rules.ts";
import { withoutIgnored } from "../core/noise/apply.ts";
import type { Facts } from "../core/noise/facts.ts";
import { PARSER_VERSION } from "../core/noise/facts-of.ts";
import { emptyFacts } from "../core/noise/merge.ts";
import type { Overlay } from "../core/sampling/environment.ts";
import { type Accounting, accountingOf, type RunHeartbeat } from "../core/verdict/accounting.ts";
import { judge } from "../core/verdict/judge.ts";
import type { VerdictSettings } from "../core/verdict/settings.ts";
import type { Finding, Verdict } from "../core/verdict/verdict.ts";
import { minuteOf, RUN_SPAN, spanOfMinute } from "./minute.ts";
import type { FactsKey, FactsStore, Ports, Tees } from "./ports.ts";

/** What the stored facts of an overlay's run say under its rules: recomputed at each reading. */
export interface Judgement {
  readonly verdict: Verdict;
  readonly findings: readonly Finding[];
  /** Of the run, what the rules ignore left out. */
  readonly facts: Facts;
  readonly accounting: Accounting;
  /** Each rule with the pairs in which it ignored something. */
  readonly rules: readonly { readonly rule: Rule; readonly hits: number }[];
}

export interface ReadingOptions {
  /** Rules to try; the stored ones where left out. */
  readonly rules?: Rules;
  readonly settings: VerdictSettings;
  /** Milliseconds since 1970. */
  readonly now: number;
}

type ReadingPorts = Pick<Ports, "facts" | "rules" | "tees">;

export const factsKeyOf = (env: string, run: string): FactsKey => ({ env, run, version: PARSER_VERSION });

/** Judges the present run of an overlay from its run roll-up. Reads only. */
export const readJudgement = async (
  ports: ReadingPorts,
  overlay: Overlay,
  { rules, settings, now }: ReadingOptions,
): Promise<Judgement> => {
  const key = factsKeyOf(overlay.id, overlay.run.id);
  const [stored, applied, heartbeats] = await Promise.all([
    ports.facts.rollup(key, RUN_SPAN),
    rules ?? ports.rules.rules(overlay.id),
    heartbeatsOf(ports.tees, overlay),
  ]);
  const whole = stored ?? emptyFacts();
  const { facts, hits } = withoutIgnored(whole, applied);
  const accounting = accountingOf(whole.tees, heartbeats, now);
  const ratePerSecond = await rateOf(ports.facts, key, whole, now);
  const { verdict, findings } = judge({ facts, accounting, settings, attempts: overlay.run.attempt, ratePerSecond });
  return {
    verdict,
    findings,
    facts,
    accounting,
    rules: applied.rules.map((rule, i) => ({ rule, hits: hits[i] ?? 0 })),
  };
};

const heartbeatsOf = async (tees: Tees, { baseline, id, run }: Overlay): Promise<RunHeartbeat[]> => {
  const beats = await tees.heartbeats(baseline);
  return beats.flatMap(({ tee, epoch, at, state, outcomes }) => {
    const counts = outcomes[`${id}/${run.id}`];
    return counts === undefined ? [] : [{ tee, epoch, at, state, outcomes: counts }];
  });
};

/** Pairs a second, over the present minute and the one before. */
const rateOf = async (facts: FactsStore, key: FactsKey, whole: Facts, now: number): Promise<number> => {
  const minute = minuteOf(now);
  const recent = await Promise.all([minute - 1, minute].map((each) => facts.rollup(key, spanOfMinute(each))));
  const pairs = recent.reduce((sum, each) => sum + pairsIn(each), 0);
  const since = Math.max((minute - 1) * 60_000, whole.firstAt);
  return pairs / Math.max(1, (now - since) / 1_000);
};

const pairsIn = (facts: Facts | undefined): number =>
  Object.values(facts?.endpoints ?? {}).reduce((sum, { pairs }) => sum + pairs, 0);
