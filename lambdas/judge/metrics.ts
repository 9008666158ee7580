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

/**
 * `Divergence` and `Gap` are percent of the run's pairs and of its sampled requests; `Pairs` counts those judged so far.
 * `CandidateFailed` is percent of the pairs of this minute and the one before, so that it tells of a candidate that is down now.
 */
const METRICS = [
  { Name: "Divergence", Unit: "Percent" },
  { Name: "Pairs", Unit: "Count" },
  { Name: "Gap", Unit: "Percent" },
  { Name: "CandidateFailed", Unit: "Percent" },
  { Name: "VerdictCode", Unit: "None" },
] as const;

/** Of the schedule alone: one look at every overlay has come to its end. */
const ALIVE = { Name: "Alive", Unit: "Count" } as const;

const Namespace = "Shadowgraph/Shadow";
export const DIRECTIVES = {
  overlay: { Namespace, Dimensions: [["Baseline", "env"]], Metrics: METRICS },
  judge: { Namespace, Dimensions: [["Baseline"]], Metrics: [ALIVE] },
} as const;

interface Line {
  readonly baseline: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

const aboutOf = ({ baseline, at }: Line, directive: (typeof DIRECTIVES)[keyof typeof DIRECTIVES]) => ({
  _aws: { Timestamp: at, CloudWatchMetrics: [directive] },
  Baseline: baseline,
});

/** One line of CloudWatch's embedded metric format. Figures and names only, never a body. */
export const metricsOf = ({ file, run }: Overlay, { verdict, accounting, recent }: Judgement, line: Line): string =>
  JSON.stringify({
    ...aboutOf(line, DIRECTIVES.overlay),
    env: file.name,
    run: run.id,
    Divergence: percentOf(verdict.diverging, verdict.pairs),
    Pairs: verdict.pairs,
    Gap: percentOf(accounting.gap.pairs, accounting.outcomes.sampled),
    CandidateFailed: percentOf(recent.candidateFailed, recent.pairs),
    VerdictCode: VERDICT_CODES[verdict.verdict],
  } satisfies Record<(typeof METRICS)[number]["Name"], number> & Record<string, unknown>);

// Not console.log: the Lambda runtime puts a time stamp before its lines, and then they are no metrics any more.
const write = (line: string): void => void process.stdout.write(`${line}\n`);

export const writeMetrics = (overlay: Overlay, judgement: Judgement, line: Line): void =>
  write(metricsOf(overlay, judgement, line));

export const writeAlive = (line: Line): void => write(JSON.stringify({ ...aboutOf(line, DIRECTIVES.judge), Alive: 1 }));

const percentOf = (part: number, whole: number): number => (whole === 0 ? 0 : (100 * part) / whole);
