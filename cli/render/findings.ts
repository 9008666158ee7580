import { curlOf } from "../../core/report/curl.ts";
import { type Parted, parted } from "../../core/report/difference.ts";
import type { LanesOfService } from "../../core/report/report.ts";
import { lanesOf } from "../../core/report/words.ts";
import type { FindingsShape } from "../../lambdas/api/shapes.ts";
import type { Colour, Paint } from "./paint.ts";
import { type Cell, type Column, facts, tableLines } from "./table.ts";
import { clip, number, pad, percent, plural, time, visible, widthOf } from "./text.ts";

const COLUMNS: readonly Column[] = [
  { title: "confirmed" },
  { title: "endpoint" },
  { title: "place" },
  { title: "kind" },
  { title: "count/pairs", align: "right" },
  { title: "noise", align: "right" },
  { title: "masked", align: "right" },
  { title: "finding" },
];
type Finding = FindingsShape["findings"][number];
type Example = Finding["examples"][number];

const INDENT = "    ";

/** A line for each finding, one example of each side under it, and where to look next. */
export const findingsText = (
  { findings, total, run }: FindingsShape,
  view: { readonly env: string; readonly columns: number; readonly paint: Paint },
): string => {
  const { env, columns, paint } = view;
  if (total === 0) return `no findings in run ${visible(run)}\n\nNext: npx shadowgraph env verdict ${visible(env)}\n`;
  const [head = "", ...lines] = tableLines(COLUMNS, findings.map(row), paint);
  const body = lines.flatMap((line, i) => {
    const [example] = findings[i]?.examples ?? [];
    return example === undefined ? [line] : [line, ...exampleLines(example, columns, paint), ""];
  });
  const shown =
    findings.length < total ? `${number(findings.length)} of ${plural(total, "finding")}` : plural(total, "finding");
  const first = visible(findings[0]?.id ?? "ID");
  const next = [
    `Next: npx shadowgraph env diffs ${visible(env)} --finding ${first}   all its examples`,
    `      npx shadowgraph env verdict ${visible(env)}   what they mean together`,
    `      npx shadowgraph rules set ${visible(env)} --file rules.yaml   ignore a place that may differ`,
  ];
  return `${[`${shown} in run ${visible(run)}`, "", head, ...body, "", ...next].join("\n").replaceAll(/\n{3,}/g, "\n\n")}\n`;
};

const row = (finding: Finding): Cell[] => [
  finding.confirmed ? { text: "yes", colour: "red" } : { text: "not yet", colour: "dim" },
  finding.endpoint,
  finding.place,
  finding.breaking ? { text: finding.kind, colour: "red" } : finding.kind,
  `${number(finding.count)}/${number(finding.pairs)}`,
  number(finding.noise),
  number(finding.masked),
  finding.id,
];

const exampleLines = (example: Example, columns: number, paint: Paint): string[] => {
  const line = (lane: string, value: string) =>
    INDENT + paint("dim", pad(lane, 11)) + clip(shown(value), Math.max(20, columns - 16));
  return [line("request", example.request), ...lanesOf(example).map(([lane, value]) => line(lane, value))];
};

/** The request as a line to run again, and both values with what differs in colour. */
const wholeExampleLines = (example: Example, view: WholeView): string[] => {
  const { columns, paint, lanes } = view;
  const { command, hints } = curlOf(example, lanes);
  const name = (lane: string) => INDENT + paint("dim", pad(lane, 11));
  const [primary, candidate] = parted(shown(example.primary), shown(example.candidate));
  const shownIn = (lane: string, value: string) => {
    const room = Math.max(20, columns - 16);
    if (lane === "secondary") return clip(shown(value), room);
    return painted(lane === "primary" ? primary : candidate, lane === "primary" ? "green" : "red", { room, paint });
  };
  return [
    ...hints.map((hint) => INDENT + paint("dim", `# ${hint}`)),
    // Never cut: it is there to be copied.
    INDENT + command,
    ...lanesOf(example).map(([lane, value]) => name(lane) + shownIn(lane, value)),
  ];
};

const LEAD_COLUMNS = 30;

/** Cut to `room`, and if need be from the left as well, so that the difference is seen. */
const painted = (
  { before, own, after }: Parted,
  colour: Colour,
  { room, paint }: { readonly room: number; readonly paint: Paint },
): string => {
  const lead = widthOf(before) + Math.min(widthOf(own), 20) > room ? `…${before.slice(-LEAD_COLUMNS)}` : before;
  const differing = clip(own, Math.max(1, room - widthOf(lead)));
  const rest = room - widthOf(lead) - widthOf(differing);
  return lead + (differing === "" ? "" : paint(colour, differing)) + (rest > 0 ? clip(after, rest) : "");
};

const shown = (value: string): string => visible(value === "" ? "(nothing)" : value);

interface WholeView {
  readonly env: string;
  readonly columns: number;
  readonly paint: Paint;
  readonly lanes: readonly LanesOfService[];
}

/** One finding with all its examples. */
export const findingText = (finding: Finding, view: WholeView): string => {
  const head = facts(
    [
      ["finding", finding.id],
      ["endpoint", finding.endpoint],
      ["place", finding.place],
      ["kind", finding.breaking ? `${finding.kind}: breaks callers` : finding.kind],
      ["confirmed", finding.confirmed ? "yes" : "not yet"],
      ["evidence", `${finding.evidence.toFixed(1)} of the ${finding.threshold.toFixed(1)} it needs (ln)`],
      [
        "count",
        `${number(finding.count)} of ${plural(finding.pairs, "pair")} (${percent(finding.count / Math.max(1, finding.pairs))})`,
      ],
      ["noise", `${number(finding.noise)} (the secondary alone differs)`],
      ["masked", `${number(finding.masked)} (all lanes differ)`],
      ["first seen", time(finding.firstAt)],
      ...(finding.constantPerLane
        ? [
            [
              "note",
              "each lane always has one and the same value here: your change, or one that belongs to an instance",
            ] as const,
          ]
        : []),
    ],
    view.paint,
  );
  const examples = finding.examples.flatMap((example) => [
    `${visible(example.pair)} at ${time(example.at)}`,
    ...wholeExampleLines(example, view),
    "",
  ]);
  return `${head}\n${examples.length === 0 ? "no examples are kept\n" : `${examples.join("\n")}`}`;
};
