import type { Lane } from "../../core/capture/capture.ts";
import { curlOf } from "../../core/report/curl.ts";
import { type Parted, parted } from "../../core/report/difference.ts";
import type { LanesOfService } from "../../core/report/report.ts";
import { lanesOf } from "../../core/report/words.ts";
import { causesOf } from "../../core/verdict/groups.ts";
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
const NAME_COLUMNS = 11;

/** A line for each finding, one example of each side under it, and where to look next. */
export const findingsText = ({ findings, total, run }: FindingsShape, view: View): string => {
  const { env, paint } = view;
  if (total === 0) return `no findings in run ${visible(run)}\n\nNext: npx shadowgraph env verdict ${visible(env)}\n`;
  const causes = causesOf(findings);
  const firsts = new Set(causes.map(([one]) => one));
  const [head = "", ...lines] = tableLines(
    COLUMNS,
    findings.map((one) => row(one, firsts.has(one))),
    paint,
  );
  const body = lines.flatMap((line, i) => {
    const [example] = firsts.has(findings[i]) ? (findings[i]?.examples ?? []) : [];
    return example === undefined ? [line] : [line, ...exampleLines(example, view), ""];
  });
  const counted =
    findings.length < total ? `${number(findings.length)} of ${plural(total, "finding")}` : plural(total, "finding");
  const shown =
    causes.length < findings.length
      ? `${counted}, ${plural(causes.length, "cause")} (↳ shares the one above)`
      : counted;
  const first = visible(findings[0]?.id ?? "ID");
  const next = [
    `Next: npx shadowgraph env diffs ${visible(env)} --finding ${first}   all its examples`,
    `      npx shadowgraph env verdict ${visible(env)}   what they mean together`,
    `      npx shadowgraph rules set ${visible(env)} --file rules.yaml   ignore a place that may differ`,
  ];
  return `${[`${shown} in run ${visible(run)}`, "", head, ...body, "", ...next].join("\n").replaceAll(/\n{3,}/g, "\n\n")}\n`;
};

const row = (finding: Finding, isFirst: boolean): Cell[] => [
  finding.confirmed ? { text: "yes", colour: "red" } : { text: "not yet", colour: "dim" },
  finding.endpoint,
  isFirst ? finding.place : `↳ ${finding.place}`,
  finding.breaking ? { text: finding.kind, colour: "red" } : finding.kind,
  `${number(finding.count)}/${number(finding.pairs)}`,
  number(finding.noise),
  number(finding.masked),
  finding.id,
];

interface View {
  readonly env: string;
  readonly columns: number;
  readonly paint: Paint;
}
interface WholeView extends View {
  readonly lanes: readonly LanesOfService[];
}

const named = (name: string, paint: Paint): string => INDENT + paint("dim", pad(name, NAME_COLUMNS));

const roomIn = (columns: number): number => Math.max(20, columns - INDENT.length - NAME_COLUMNS - 1);

const exampleLines = (example: Example, view: View): string[] => [
  named("request", view.paint) + clip(shown(example.request), roomIn(view.columns)),
  ...valueLines(example, view),
];

/** With the request as a line to run again; it is never cut, since it is there to be copied. */
const wholeExampleLines = (example: Example, view: WholeView): string[] => {
  const { command, hints } = curlOf(example, view.lanes);
  return [
    ...hints.map((hint) => INDENT + view.paint("dim", `# ${hint}`)),
    INDENT + command,
    ...valueLines(example, view),
  ];
};

/** The value of each lane, in colour where candidate and primary differ. */
const valueLines = (example: Example, { columns, paint }: View): string[] => {
  const [primary, candidate] = parted(shown(example.primary), shown(example.candidate));
  const room = roomIn(columns);
  const values: Readonly<Record<Lane, string>> = {
    primary: painted(primary, "green", { room, paint }),
    candidate: painted(candidate, "red", { room, paint }),
    secondary: clip(shown(example.secondary ?? ""), room),
  };
  return lanesOf(example).map(([lane]) => named(lane, paint) + values[lane]);
};

const LEAD_COLUMNS = 30;

/** Cut to `room`, and if need be from the left as well, so that the difference is seen. */
const painted = (
  { before, own, after }: Parted,
  colour: Colour,
  { room, paint }: { readonly room: number; readonly paint: Paint },
): string => {
  const lead =
    widthOf(before) + Math.min(widthOf(own), 20) > room ? `…${[...before].slice(-LEAD_COLUMNS).join("")}` : before;
  const differing = clip(own, Math.max(1, room - widthOf(lead)));
  const rest = room - widthOf(lead) - widthOf(differing);
  return lead + (differing === "" ? "" : paint(colour, differing)) + (rest > 0 ? clip(after, rest) : "");
};

const shown = (value: string): string => visible(value === "" ? "(nothing)" : value);

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
      ...(finding.group === finding.id ? [] : [["same cause as", finding.group] as const]),
      ...(finding.note === null ? [] : [["note", finding.note] as const]),
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
