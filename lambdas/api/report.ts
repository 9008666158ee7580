import type { Facts } from "../../core/noise/facts.ts";
import { pairsWith, sum } from "../../core/noise/totals.ts";
import type { Report } from "../../core/report/report.ts";
import type { Baseline, Overlay } from "../../core/sampling/environment.ts";
import type { Judgement } from "./deps.ts";
import { baselineRef, lanesView, outcomesView, rulesView } from "./views.ts";

const MAX_FINDINGS = 200;

export const reportOf = (input: {
  readonly overlay: Overlay;
  readonly baseline: Baseline;
  readonly judgement: Judgement;
  readonly at: number;
}): Report => {
  const { overlay, baseline, judgement, at } = input;
  return {
    env: overlay.id,
    name: overlay.file.name,
    at,
    baseline: baselineRef(baseline),
    run: overlay.run,
    lanes: lanesView(overlay, baseline),
    verdict: judgement.verdict,
    noisy: noisyPairs(judgement.facts),
    outcomes: outcomesView(judgement),
    findings: judgement.findings.slice(0, MAX_FINDINGS),
    total: judgement.findings.length,
    rules: rulesView(judgement),
  };
};

const noisyPairs = ({ endpoints }: Facts): number =>
  sum(Object.values(endpoints).map((its) => pairsWith(its, "secondary")));
