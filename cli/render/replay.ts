import type { ReplayShape } from "../../lambdas/api/shapes-replay.ts";
import type { Paint } from "./paint.ts";
import { table, tableLines } from "./table.ts";
import { number, plural, time, visible } from "./text.ts";

interface View {
  readonly env: string;
  readonly paint: Paint;
  readonly isStopped: boolean;
}

const WHY: readonly (readonly [name: keyof ReplayShape["counts"], why: string])[] = [
  ["notStored", "not stored: their answers were the same in all lanes"],
  ["bodyNotStored", "with a body that is not stored: no text, or too large"],
  ["hidden", "with hidden values that are not given"],
  ["writes", "writes, which are not sent"],
  ["beyond", "over the bound of what is sent of one minute"],
];

/** How many of the window's requests can be sent, and why the others cannot. */
export const sendableText = ({ counts, requests, missing, unreadObjects, from, to }: ReplayShape): string => {
  const head = `${number(counts.ready)} of ${plural(requests, "request")} of the window (${time(from)} to ${time(to)}) can be sent`;
  const others = WHY.flatMap(([name, why]) => (counts[name] === 0 ? [] : [`  ${number(counts[name])} ${why}`]));
  const fills = Object.keys(missing).map((name) => `--fill ${visible(name)}=...`);
  const unread =
    unreadObjects === 0
      ? []
      : [`  and what is in ${plural(unreadObjects, "archived object")} of busy minutes that were not read`];
  const hint = fills.length === 0 ? [] : [`  give them with ${fills.join(" ")}`];
  return `${[head, ...others, ...hint, ...unread].join("\n")}\n`;
};

/** What can be sent, what was, and what came of it. No verdict: what is stored is what differed. */
export const replayText = (replay: ReplayShape, { env, paint, isStopped }: View): string => {
  const { requests, counts, sent, unanswered, lanes, endpoints, findings, total, run, phase, dryRun } = replay;
  if (requests === 0 && phase === "ended")
    return `no request of run ${visible(run)} is archived in the window (${time(replay.from)} to ${time(replay.to)})\n`;
  if (dryRun || sent === 0) return sendableText(replay) + (isStopped ? "stopped\n" : "");
  const control = lanes.controlIs === "baseline" ? "the baseline itself as control" : "control";
  const lines = [
    `${number(sent)} of ${number(counts.ready)} sent to ${visible(lanes.candidate)} and, twice, to ${visible(lanes.control)} (${control})${isStopped ? "; stopped, the rest was not sent" : ""}`,
    ...(unanswered === 0
      ? []
      : [
          `${plural(unanswered, "request")} could not be compared: the control did not answer, or an answer was too large`,
        ]),
  ];
  const rows = endpoints.map(({ endpoint, pairs, diverging, candidateFailed }) => [
    endpoint,
    number(pairs),
    number(diverging),
    number(candidateFailed),
  ]);
  const columns = [
    { title: "endpoint" },
    { title: "pairs", align: "right" as const },
    { title: "diverging", align: "right" as const },
    { title: "failed", align: "right" as const },
  ];
  return `${sendableText(replay)}${lines.join("\n")}\n\n${table(columns, rows, paint)}\n${findingsText(findings, total, paint)}\nMore: npx shadowgraph env replay ${visible(env)} --show --json   with examples\n`;
};

const findingsText = (findings: ReplayShape["findings"], total: number, paint: Paint): string => {
  if (total === 0) return "no findings: candidate and control agree\n";
  const columns = [
    { title: "confirmed" },
    { title: "endpoint" },
    { title: "place" },
    { title: "kind" },
    { title: "count/pairs", align: "right" as const },
    { title: "noise", align: "right" as const },
    { title: "in the run" },
    { title: "finding" },
  ];
  const rows = findings.map((one) => [
    one.confirmed ? { text: "yes", colour: "red" as const } : { text: "not yet", colour: "dim" as const },
    one.endpoint,
    one.place,
    one.breaking ? { text: one.kind, colour: "red" as const } : one.kind,
    `${number(one.count)}/${number(one.pairs)}`,
    number(one.noise),
    one.known ? "as well" : { text: "no", colour: "yellow" as const },
    one.id,
  ]);
  const head =
    findings.length < total ? `${number(findings.length)} of ${plural(total, "finding")}` : plural(total, "finding");
  return `${head}\n\n${tableLines(columns, rows, paint).join("\n")}\n`;
};
