import type { Rules } from "../core/diff/rules.ts";
import { withoutIgnored } from "../core/noise/apply.ts";
import type { Facts } from "../core/noise/facts.ts";
import { emptyFacts } from "../core/noise/merge.ts";
import { withoutWarmUp } from "../core/noise/warm-up.ts";
import type { Overlay, Run } from "../core/sampling/environment.ts";
import { tellingFindings } from "../core/verdict/case.ts";
import type { VerdictSettings } from "../core/verdict/settings.ts";
import type { Finding } from "../core/verdict/verdict.ts";
import { factsKeyOf } from "./judgement.ts";
import { RUN_SPAN } from "./minute.ts";
import type { FactsKey, Ports } from "./ports.ts";

/** What is stored of a run, present or past. Rules that ignore are applied as they are now; by others it was compared as they were then. */
export interface RunFacts {
  readonly key: FactsKey;
  /** Whole, with warm-up. */
  readonly facts: Facts;
  readonly findings: readonly Finding[];
  /** Its archive is being compared anew: the facts are a part of it. */
  readonly isPart: boolean;
}

interface Terms {
  readonly rules: Rules;
  readonly settings: VerdictSettings;
}

/** Reads only. Of a run of which nothing is stored, no facts. */
export const readRunFacts = async (
  { facts: store, recompares }: Pick<Ports, "facts" | "recompares">,
  overlay: Pick<Overlay, "id" | "run">,
  run: Run,
  { rules, settings }: Terms,
): Promise<RunFacts> => {
  const compared = await recompares.of(overlay.id, run.id);
  const wanted = factsKeyOf(overlay.id, run.id, rules);
  // A past run stays as it was compared last: nothing compares its archive anew.
  const isPast = run.id !== overlay.run.id;
  const key = isPast && compared !== undefined ? { ...wanted, version: compared.version } : wanted;
  const { facts } = withoutIgnored((await store.rollup(key, RUN_SPAN)) ?? emptyFacts(), rules);
  return {
    key,
    facts,
    findings: tellingFindings(withoutWarmUp(facts), settings),
    isPart: compared !== undefined && (compared.version !== key.version || compared.next !== null),
  };
};
