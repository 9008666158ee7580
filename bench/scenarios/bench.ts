// The labelled scenarios of test/scenarios, judged by us and by Diffy's rule: `node bench/scenarios/bench.ts [family]`.
import { pathToFileURL } from "node:url";
import { DERIVED_HEADERS } from "../../core/capture/volatile.ts";
import { type Accusation, accusationsOf, isExpected } from "../../test/scenarios/expect.ts";
import { exchangesOf, judgeScenario } from "../../test/scenarios/run.ts";
import { readScenarios, type Scenario } from "../../test/scenarios/scenario.ts";
import { diffyAccusations } from "./diffy.ts";

/** Of one scenario or of many. */
interface Score {
  readonly scenarios: number;
  /** Places accused, those of them rightly; findings expected, those of them found. */
  readonly accused: number;
  readonly rightly: number;
  readonly expected: number;
  readonly found: number;
  /** Services without a finding to be found, those of them accused; services with one, those of them called sound. */
  readonly clean: number;
  readonly cleanAccused: number;
  readonly broken: number;
  readonly brokenMissed: number;
}

const NOTHING: Score = {
  scenarios: 0,
  accused: 0,
  rightly: 0,
  expected: 0,
  found: 0,
  clean: 0,
  cleanAccused: 0,
  broken: 0,
  brokenMissed: 0,
};

const sum = (a: Score, b: Score): Score =>
  Object.fromEntries(
    Object.keys(NOTHING).map((key) => [key, a[key as keyof Score] + b[key as keyof Score]]),
  ) as unknown as Score;

/** Where the label is INVALID nothing is to be said of the candidate, so that nobody is right or wrong about it. */
const scoreOf = ({ expected }: Scenario, accusations: readonly Accusation[]): Score => {
  if (expected.verdict === "INVALID") return { ...NOTHING, scenarios: 1 };
  const real = [...expected.findings, ...expected.shown];
  const rightly = accusations.filter((it) => real.some((one) => isExpected(it, one))).length;
  const found = expected.findings.filter((one) => accusations.some((it) => isExpected(it, one))).length;
  const isBroken = expected.findings.length > 0;
  const isClean = real.length === 0;
  return {
    scenarios: 1,
    accused: accusations.length,
    rightly,
    expected: expected.findings.length,
    found,
    clean: Number(isClean),
    cleanAccused: Number(isClean && accusations.length > 0),
    broken: Number(isBroken),
    brokenMissed: Number(isBroken && found === 0),
  };
};

/** Of the connection, or following from the body: not held against Diffy, whose proxy may drop or rewrite them. */
const FORGIVEN: ReadonlySet<string> = new Set([...DERIVED_HEADERS, "connection", "keep-alive", "transfer-encoding"]);

/** Diffy cannot do without a secondary, and gets our ignore rules. */
const diffyOf = (scenario: Scenario): readonly Accusation[] => {
  const { expected, rules } = scenario;
  const lanes = scenario.lanes === "none" ? ("control" as const) : scenario.lanes;
  const ignored = new Set(rules.map(({ ignore }) => ignore));
  return diffyAccusations(exchangesOf({ ...scenario, lanes })).filter((it) => {
    if (expected.findings.some((one) => isExpected(it, one))) return true;
    return !ignored.has(it.place) && !FORGIVEN.has(it.place.slice("header/".length));
  });
};

const percent = (part: number, whole: number): string => (whole === 0 ? "-" : `${((part / whole) * 100).toFixed(1)} %`);

const cells = ({ accused, rightly, expected, found, ...score }: Score): readonly string[] => [
  percent(rightly, accused),
  percent(found, expected),
  `${score.cleanAccused} of ${score.clean}`,
  `${score.brokenMissed} of ${score.broken}`,
];

const HEADS = ["precision", "recall", "clean accused", "broken missed"] as const;

const alignedTable = (rows: readonly (readonly string[])[]): string => {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const line = (row: readonly string[]) =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join("  ");
  return rows.map(line).join("\n");
};

interface Scores {
  readonly ours: Score;
  readonly diffy: Score;
}

interface Scored extends Scores {
  readonly family: string;
  /** Our verdict is the expected one; Diffy gives none. */
  readonly isRight: boolean;
}

const both = (list: readonly Scores[]): Scores => ({
  ours: list.map(({ ours }) => ours).reduce(sum, NOTHING),
  diffy: list.map(({ diffy }) => diffy).reduce(sum, NOTHING),
});

/** One table: precision and recall of findings, clean services accused, broken ones missed; by family and in total. */
export const benchScenarios = (family?: string): void => {
  const scenarios = readScenarios().filter((it) => family === undefined || it.family === family);
  const scored = scenarios.map((it): Scored => {
    const judged = judgeScenario(it);
    const isRight = judged.verdict.verdict === it.expected.verdict;
    return { family: it.family, isRight, ours: scoreOf(it, accusationsOf(judged)), diffy: scoreOf(it, diffyOf(it)) };
  });
  const row = (name: string, list: readonly Scored[]): readonly string[] => {
    const { ours, diffy } = both(list);
    const right = list.filter(({ isRight }) => isRight).length;
    return [name, String(ours.scenarios), String(right), ...cells(ours), ...cells(diffy)];
  };
  const families = [...Map.groupBy(scored, (it) => it.family)].map(([name, list]) => row(name, list));
  const heads = [
    "family",
    "scenarios",
    "verdict right, ours",
    ...HEADS.map((head) => `${head}, ours`),
    ...HEADS.map((head) => `${head}, Diffy`),
  ];
  console.log(alignedTable([heads, ...families, row("total", scored)]));
  console.log(
    "\nDiffy: its published rule (raw > noise, 20 % relative, 0.03 % of requests) on the same pairs, with a control where we had none" +
      "\nand with our ignore rules. Headers of the connection, and those that follow from the body, are not held against it.",
  );
};

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href)
  benchScenarios(process.argv[2]);
