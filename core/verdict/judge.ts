import { caseOf, forecastOf, type JudgeInput } from "./case.ts";
import { endpointVerdicts } from "./endpoints.ts";
import { clopperPearsonUpper } from "./evidence.ts";
import { remarksOf } from "./remarks.ts";
import { decide } from "./table.ts";
import { dropShareOf, maskedShareOf } from "./validity.ts";
import { BOUND_CONFIDENCE, type Finding, type Verdict } from "./verdict.ts";

export interface Judged {
  readonly verdict: Verdict;
  readonly findings: readonly Finding[];
}

/** The verdict on a run: a pure function of its facts, the same in whatever order they arrived. */
export const judge = (input: JudgeInput): Judged => {
  const it = caseOf(input);
  const { facts, findings, safety, settings, pairs } = it;
  const { verdict, reason, more, needed } = decide(it);
  return {
    verdict: {
      verdict,
      reason,
      reasons: [reason, ...more, ...remarksOf(it)],
      pairs,
      needed,
      forecastSeconds: forecastOf(needed, input.ratePerSecond),
      attempts: input.attempts,
      tolerance: settings.tolerance,
      diverging: safety.diverging,
      divergingBound: clopperPearsonUpper(safety.diverging, safety.tested, BOUND_CONFIDENCE),
      maskedShare: maskedShareOf(facts),
      dropShare: dropShareOf(input.accounting),
      control: facts.control,
      findings: countsOf(findings),
      endpoints: input.recomparing === undefined ? endpointVerdicts(it) : [],
    },
    findings,
  };
};

const countsOf = (findings: readonly Finding[]): Verdict["findings"] => ({
  confirmed: findings.filter(({ confirmed }) => confirmed).length,
  total: findings.length,
  groups: new Set(findings.map(({ group }) => group)).size,
});
