import { CONTROL_WORDS } from "../../core/report/words.ts";
import type { LatencyReportShape } from "../../lambdas/api/shapes-latency.ts";
import type { Paint } from "./paint.ts";
import { type Cell, type Column, facts, table } from "./table.ts";
import { milliseconds, number, plural, time, visible } from "./text.ts";

type Lanes = Pick<LatencyReportShape["endpoints"][number], "latency" | "interval">;
type Share = "p50" | "p95" | "p99";

const right = (title: string): Column => ({ title, align: "right" });
const RATIOS = [right("p50 ratio"), right("p99 ratio")];
const QUANTILES = [right("p50 candidate"), right("secondary"), right("p99 candidate"), right("secondary")];

/** What each lane took, the ratio to a control overlay with where it lies, and the pairs furthest behind. */
export const latencyText = (report: LatencyReportShape, env: string, paint: Paint): string => {
  if (report.overall.pairs === 0) return `no pairs in run ${visible(report.run)}\n`;
  const hasRatio = report.overall.interval !== null;
  const columns = [
    { title: "endpoint" },
    right("pairs"),
    ...QUANTILES,
    ...(hasRatio ? [...RATIOS, right("slower minutes")] : []),
  ];
  const rows = report.endpoints.map((one) => [
    one.endpoint,
    number(one.pairs),
    ...quantileCells(one),
    ...(hasRatio ? [...ratioCells(one, one.finding?.confirmed === true), minutesOf(one)] : []),
  ]);
  const all = [
    "all",
    number(report.overall.pairs),
    ...quantileCells(report.overall),
    ...(hasRatio ? [...ratioCells(report.overall, false), ""] : []),
  ];
  const left = report.total - report.endpoints.length;
  return [
    facts(
      [
        ["run", report.run],
        ["secondary", CONTROL_WORDS[report.control]],
      ],
      paint,
    ),
    table(columns, [...rows, all], paint) +
      (left > 0 ? `and ${plural(left, "more endpoint")}: --endpoint shows one\n` : ""),
    slowestText(report, paint),
    `Next: npx shadowgraph env diffs ${visible(env)} --kind latency   where it is confirmed to be slower\n`,
  ].join("\n");
};

const quantileCells = ({ latency: { candidate, secondary } }: Lanes): string[] =>
  (["p50", "p99"] as const).flatMap((share) => [msText(candidate?.[share]), msText(secondary?.[share])]);

const ratioCells = (lanes: Lanes, isConfirmed: boolean): Cell[] =>
  (["p50", "p99"] as const).map((share) => {
    const text = ratioText(lanes, share);
    return isConfirmed ? { text, colour: "red" } : text;
  });

/** `1.52 (1.40–1.60)`; of few pairs, which bound it by little or nothing, `0.94 (too few)`. */
const ratioText = ({ latency: { ratio }, interval }: Lanes, share: Share): string => {
  if (ratio === null || interval === null) return "";
  const { low, high } = interval[share];
  if (low === 0 && high === null) return `${figure(ratio[share])} (too few)`;
  return `${figure(ratio[share])} (${figure(low)}–${high === null ? "?" : figure(high)})`;
};

const minutesOf = ({ minutes }: LatencyReportShape["endpoints"][number]): string =>
  minutes === null ? "" : `${number(minutes.slower)}/${number(minutes.slower + minutes.faster)}`;

const slowestText = ({ slowest }: LatencyReportShape, paint: Paint): string => {
  if (slowest.length === 0) return "";
  const columns = [
    right("behind"),
    right("primary"),
    right("candidate"),
    right("secondary"),
    { title: "at" },
    { title: "request" },
  ];
  const rows = slowest
    .slice(0, 5)
    .map(({ primaryMs, candidateMs, secondaryMs, at, request }) => [
      msText(candidateMs - (secondaryMs ?? primaryMs)),
      msText(primaryMs),
      msText(candidateMs),
      msText(secondaryMs),
      time(at),
      request,
    ]);
  return `furthest behind\n${table(columns, rows, paint)}`;
};

const figure = (value: number): string => (value < 10 ? value.toFixed(2) : value.toFixed(0));

const msText = (ms: number | null | undefined): string => (ms == null ? "" : milliseconds(ms));
