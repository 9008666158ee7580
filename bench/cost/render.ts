import { ASSUMPTIONS } from "./assumptions.ts";
import { dollarsMonth, dollarsPerMillion, unitsPerMillion } from "./line.ts";
import type { CostResult } from "./result.ts";
import type { Scale } from "./scale.ts";

/** Three digits that say something, thousands apart. */
export const figure = (value: number): string => {
  if (value === 0) return "0";
  const digits =
    value >= 100 || Number.isInteger(value) ? 0 : Math.min(6, Math.max(0, 2 - Math.floor(Math.log10(value))));
  return value
    .toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits })
    .replaceAll(",", " ");
};

const dollars = (value: number): string => `$${value.toFixed(4)}`;
const dollarsOfMonth = (value: number): string =>
  `$${value.toLocaleString("en", { minimumFractionDigits: 2, maximumFractionDigits: 2 }).replaceAll(",", " ")}`;

/** Columns apart by two spaces; the first is on the left, and so is each that `left` names. */
const aligned = (rows: readonly (readonly string[])[], left: readonly number[] = []): string => {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? "").length)));
  const cell = (text: string, column: number): string =>
    column === 0 || left.includes(column) ? text.padEnd(widths[column]!) : text.padStart(widths[column]!);
  return rows.map((row) => row.map(cell).join("  ").trimEnd()).join("\n");
};

const UNIT = 3;

const billTable = ({ lines, load, perMillion, month }: CostResult): string =>
  aligned(
    [
      ["", "", "units", "unit", "$/million", "$/month"],
      ...lines.map((its, index) => [
        lines[index - 1]?.group === its.group ? "" : its.group,
        its.item,
        figure(unitsPerMillion(its, load.rps)),
        its.unit,
        dollars(dollarsPerMillion(its, load.rps)),
        dollarsOfMonth(dollarsMonth(its)),
      ]),
      ["total", "", "", "", dollars(perMillion), dollarsOfMonth(month)],
    ],
    [1, UNIT],
  );

const naiveTable = ({ groups, perMillion, naive }: CostResult): string =>
  aligned([
    ["$/million", "shadowgraph", "naive"],
    ...groups.map(({ group, ours, naive: its }) => [group, dollars(ours), dollars(its)]),
    ["total", dollars(perMillion), dollars(naive.perMillion)],
  ]);

const scaleRows = (scale: Scale): readonly (readonly string[])[] => [
  ["tees", `${figure(scale.tees)} of ${scale.vcpu} vCPU`],
  [
    "segments",
    `${figure(scale.segmentsPerSecond)}/s of ${figure(scale.pairsPerSegment)} pairs, ${figure(scale.segmentBytes)} bytes`,
  ],
  [
    "SQS",
    `${figure(scale.sqsSendsPerSecond)} messages/s, ${figure(scale.sqsMegabytesPerSecond)} MB/s, ${scale.pollers} pollers, ${figure(scale.messagesPerEvent)} messages an event`,
  ],
  ["diff-pairs", `${figure(scale.diffInvocationsPerSecond)} invocations/s, ${figure(scale.diffConcurrency)} at once`],
  ["judge", `${scale.wakesPerMinute} wakes a minute, ${figure(scale.judgeConcurrency)} at once`],
  ["DynamoDB", `${figure(scale.writeUnitsPerSecond)} WRU/s`],
  ["  a partition of facts", `${figure(scale.writeUnitsPerFactPartition)} WRU/s of 1 000`],
  ["  roll-ups of the run", `${figure(scale.writeUnitsOfRollups)} WRU/s of 1 000`],
  ["  heartbeats", `${figure(scale.writeUnitsOfHeartbeats)} WRU/s of 1 000`],
  ["  catalog", `${figure(scale.readUnitsOfCatalog)} RRU/s of 3 000`],
  ["a minute", `${figure(scale.factsPerMinute)} facts of ${figure(scale.factBytes)} bytes`],
  [
    "  its last fold",
    `${figure(scale.fold.seconds)} s, ${figure(scale.fold.heapMegabytes)} MB of heap, ${figure(scale.fold.readUnits)} RRU (${figure(scale.fold.readUnitsPerFactPartition)} in a partition)`,
  ],
  ["S3", `${figure(scale.s3PutsPerSecond)} PUT/s, archive ${figure(scale.archiveGbPerDay)} GB a day`],
];

const headOf = ({ load, measured }: CostResult): string => {
  const { pairs, segments, teeMicros } = measured;
  const secondary = load.hasSecondary ? ", with a secondary" : "";
  return `${figure(load.rps)} mirrored requests/s, ${figure(100 * load.divergence)} % diverging, answers of ${figure(load.bodyBytes)} bytes${secondary}
measured: ${figure(pairs)} pairs in ${figure(segments)} segments; a tee at ${figure(teeMicros)} µs a request`;
};

const MOST = 3;

/** The lines that weigh most. */
const mostOf = ({ lines, load }: CostResult): string =>
  lines
    .map((its) => ({ item: its.item, cost: dollarsPerMillion(its, load.rps) }))
    .sort((a, b) => b.cost - a.cost)
    .slice(0, MOST)
    .map(({ item, cost }) => `${item} ${dollars(cost)}`)
    .join(", ");

const budgetOf = (result: CostResult): string => {
  const { budget, perMillion, naive } = result;
  const judged =
    budget === undefined
      ? "stated, no budget"
      : `budget $${budget.dollars.toFixed(2)} (${budget.name}) ${budget.isMet ? "met" : "MISSED"}`;
  return [
    `${dollars(perMillion)} a million: ${judged}; most of it: ${mostOf(result)}`,
    `naive, one message and one item for each pair: ${dollars(naive.perMillion)} a million, ${naive.ratio.toFixed(2)} times as much`,
  ].join("\n");
};

export const render = (result: CostResult): string => {
  const impossible = result.impossible.map((what) => `over a bound: ${what}`);
  return [
    headOf(result),
    billTable(result),
    [budgetOf(result), ...impossible].join("\n"),
    naiveTable(result),
    aligned(scaleRows(result.scale), [1]),
    `Assumed\n${ASSUMPTIONS.map((text) => `  ${text}`).join("\n")}`,
  ].join("\n\n");
};

/** For programs: every line with its figures, and what was measured. */
export const renderJson = ({ measured, lines, naive, ...result }: CostResult): string => {
  const { load } = result;
  const shown = (all: CostResult["lines"]) =>
    all.map((its) => ({
      ...its,
      unitsPerMillion: unitsPerMillion(its, load.rps),
      dollarsPerMillion: dollarsPerMillion(its, load.rps),
      dollarsMonth: dollarsMonth(its),
    }));
  const { judged: _judged, load: _load, ...figures } = measured;
  const whole = {
    ...result,
    lines: shown(lines),
    naive: { ...naive, lines: shown(naive.lines) },
    measured: figures,
    assumptions: ASSUMPTIONS,
  };
  return JSON.stringify(whole, null, 2);
};
