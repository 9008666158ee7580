import { billOf, naiveBillOf } from "./bill.ts";
import { GROUPS, type Group, type Line, totalPerMillion } from "./line.ts";
import type { Load, Measured } from "./measure.ts";
import { MILLION, MONTH_SECONDS } from "./prices.ts";
import { type Scale, scaleOf } from "./scale.ts";

/** US dollars a million mirrored requests: by the share that differs, of 800-byte answers. */
const BUDGETS = [
  { name: "10 % diverging", divergence: 0.1, dollars: 0.25 },
  { name: "every body unequal", divergence: 1, dollars: 0.6 },
] as const;
const BUDGET_BODY_BYTES = 800;
/** Up to here what is there at all times is nearly all there is to pay: the cost is stated. */
const STATED_RPS = 1;

export interface Budget {
  readonly name: string;
  readonly dollars: number;
  readonly isMet: boolean;
}

export interface CostResult {
  readonly load: Load;
  readonly lines: readonly Line[];
  readonly perMillion: number;
  readonly month: number;
  /** Undefined where the load has none. */
  readonly budget: Budget | undefined;
  readonly naive: { readonly lines: readonly Line[]; readonly perMillion: number; readonly ratio: number };
  readonly groups: readonly { readonly group: Group; readonly ours: number; readonly naive: number }[];
  readonly scale: Scale;
  /** What AWS or the functions as they are set could not do at this rate. */
  readonly impossible: readonly string[];
  readonly measured: Measured;
}

export const budgetFor = (load: Load, perMillion: number): Budget | undefined => {
  const { divergence, bodyBytes, rps, hasSecondary } = load;
  if (bodyBytes !== BUDGET_BODY_BYTES || hasSecondary || rps <= STATED_RPS) return undefined;
  const found = BUDGETS.find((budget) => budget.divergence === divergence);
  return found === undefined
    ? undefined
    : { name: found.name, dollars: found.dollars, isMet: perMillion <= found.dollars };
};

const LAMBDA_SECONDS = 60;
const LAMBDA_MEGABYTES = 1_769;
/** As lib/diff-pairs.ts and lib/judge.ts bound them. */
const MAX_DIFF_CONCURRENCY = 20;
const MAX_JUDGE_CONCURRENCY = 10;
const PARTITION_WRU = 1_000;
const PARTITION_RRU = 3_000;

const say = (value: number): string => Math.round(value).toLocaleString("en").replaceAll(",", " ");

export const impossibleAt = ({ fold, ...scale }: Scale): readonly string[] => {
  const bounds: readonly (readonly [what: string, is: number, most: number, unit: string])[] = [
    ["the last fold of a minute, a time-out", fold.seconds, LAMBDA_SECONDS, "s"],
    ["the facts of a minute in judge's memory", fold.heapMegabytes, LAMBDA_MEGABYTES, "MB"],
    ["its look at the last minutes each minute, a time-out", fold.unaskedSeconds, LAMBDA_SECONDS, "s"],
    ["judge at once", scale.judgeConcurrency, MAX_JUDGE_CONCURRENCY, "invocations"],
    ["diff-pairs at once", scale.diffConcurrency, MAX_DIFF_CONCURRENCY, "invocations (maxDiffConcurrency)"],
    [
      "reads of a partition of facts, if the last fold of a minute took a second",
      fold.readUnitsPerFactPartition,
      PARTITION_RRU,
      "RRU/s",
    ],
    ["writes to a partition of facts", scale.writeUnitsPerFactPartition, PARTITION_WRU, "WRU/s"],
    ["writes of roll-ups", scale.writeUnitsOfRollups, PARTITION_WRU, "WRU/s"],
    ["heartbeats, in one partition", scale.writeUnitsOfHeartbeats, PARTITION_WRU, "WRU/s"],
    ["reads of the catalog, in one partition", scale.readUnitsOfCatalog, PARTITION_RRU, "RRU/s"],
  ];
  return bounds
    .filter(([, is, most]) => is > most)
    .map(([what, is, most, unit]) => `${what}: ${say(is)} of ${say(most)} ${unit}`);
};

export const resultOf = (measured: Measured): CostResult => {
  const { load } = measured;
  const [lines, naiveLines] = [billOf(measured), naiveBillOf(measured)];
  const [perMillion, naive] = [totalPerMillion(lines, load.rps), totalPerMillion(naiveLines, load.rps)];
  const scale = scaleOf(measured);
  const inGroup = (all: readonly Line[], group: Group): number =>
    totalPerMillion(
      all.filter((its) => its.group === group),
      load.rps,
    );
  return {
    load,
    lines,
    perMillion,
    month: (perMillion * load.rps * MONTH_SECONDS) / MILLION,
    budget: budgetFor(load, perMillion),
    naive: { lines: naiveLines, perMillion: naive, ratio: naive / perMillion },
    groups: GROUPS.map((group) => ({ group, ours: inGroup(lines, group), naive: inGroup(naiveLines, group) })),
    scale,
    impossible: impossibleAt(scale),
    measured,
  };
};
