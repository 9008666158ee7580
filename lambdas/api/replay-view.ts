import { withoutIgnored } from "../../core/noise/apply.ts";
import type { EndpointFacts } from "../../core/noise/facts.ts";
import { isCandidates } from "../../core/noise/signature.ts";
import { sum } from "../../core/noise/totals.ts";
import type { Replay } from "../../core/recheck/replay.ts";
import { findingsOf } from "../../core/verdict/findings.ts";
import { grouped } from "../../core/verdict/groups.ts";
import type { Call } from "./deps.ts";
import type { ResendTerms } from "./resend-terms.ts";
import type { ReplayShape } from "./shapes-replay.ts";

const MAX_FINDINGS = 200;

/** Findings are of the replay's own facts, by the rules as they are now. There is no verdict: what is stored is what differed. */
export const replayView = (
  replay: Replay,
  { rules }: ResendTerms,
  { settings }: Pick<Call, "settings">,
  waitMs = 0,
): ReplayShape => {
  const { id, env, run, at, who, lanes, from, to, speed, rate, dryRun, phase } = replay;
  const { counts, missing, unreadObjects, sent, unanswered, known } = replay;
  const { facts } = withoutIgnored(replay.facts, rules);
  const findings = grouped(findingsOf(facts, settings), facts);
  const ids = new Set(known);
  return {
    ...{ id, env, run, at, who, lanes, from, to, speed, rate, dryRun, phase },
    requests: sum(Object.values(counts)),
    ...{ counts, missing, unreadObjects, sent, unanswered },
    waitMs: Math.ceil(waitMs),
    endpoints: Object.entries(facts.endpoints)
      .map(([endpoint, its]) => ({
        endpoint,
        pairs: its.pairs,
        diverging: divergingIn(its),
        candidateFailed: its.candidateFailed,
      }))
      .sort((a, b) => b.diverging - a.diverging || b.pairs - a.pairs || (a.endpoint < b.endpoint ? -1 : 1)),
    findings: findings
      .slice(0, MAX_FINDINGS)
      .map((finding) => ({ ...finding, examples: [...finding.examples], known: ids.has(finding.id) })),
    total: findings.length,
  };
};

const divergingIn = ({ signatures }: EndpointFacts): number =>
  sum(Object.values(signatures).map(({ marks, n }) => (marks.some(isCandidates) ? n : 0)));
