import type { Judgement } from "../../adapters/judgement.ts";
import type { Overlay } from "../../core/sampling/environment.ts";
import type { VerdictName } from "../../core/verdict/verdict.ts";

/** Larger is worse, so that an alarm is a threshold. */
const VERDICT_CODES: Readonly<Record<VerdictName, number>> = {
  SAFE: 0,
  UNDECIDED: 1,
  INVALID: 2,
  REGRESSION: 3,
};

/** `Divergence` and `Gap` are percent of the run's pairs and of its sampled requests; `Pairs` counts those judged so far. */
const METRICS = [
  { Name: "Divergence", Unit: "Percent" },
  { Name: "Pairs", Unit: "Count" },
  { Name: "Gap", Unit: "Percent" },
  { Name: "VerdictCode", Unit: "None" },
] as const;

/** One line of CloudWatch's embedded metric format. Figures and names only, never a body. */
export const metricsOf = ({ file, run }: Overlay, { verdict, accounting }: Judgement, now: number): string =>
  JSON.stringify({
    _aws: {
      Timestamp: now,
      CloudWatchMetrics: [{ Namespace: "Shadowgraph/Shadow", Dimensions: [["env"]], Metrics: METRICS }],
    },
    env: file.name,
    run: run.id,
    Divergence: percentOf(verdict.diverging, verdict.pairs),
    Pairs: verdict.pairs,
    Gap: percentOf(accounting.gap.pairs, accounting.outcomes.sampled),
    VerdictCode: VERDICT_CODES[verdict.verdict],
  } satisfies Record<(typeof METRICS)[number]["Name"], number> & Record<string, unknown>);

// Not console.log: the Lambda runtime puts a time stamp before its lines, and then they are no metrics any more.
export const writeMetrics = (overlay: Overlay, judgement: Judgement, now: number): void => {
  process.stdout.write(`${metricsOf(overlay, judgement, now)}\n`);
};

const percentOf = (part: number, whole: number): number => (whole === 0 ? 0 : (100 * part) / whole);
