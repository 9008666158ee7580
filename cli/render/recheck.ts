import type { State } from "../../core/recheck/state.ts";
import type { RecheckShape } from "../../lambdas/api/shapes-recheck.ts";
import type { Colour, Paint } from "./paint.ts";
import { type Column, tableLines } from "./table.ts";
import { clip, number, percent, plural, time, visible } from "./text.ts";

const NAMES: Readonly<Record<State, readonly [name: string, colour: Colour]>> = {
  stillThere: ["still there", "red"],
  unclear: ["unclear", "yellow"],
  unseen: ["not seen again", "yellow"],
  goneOnBoth: ["gone on both", "yellow"],
  notSent: ["cannot be re-sent", "yellow"],
  pending: ["not finished", "dim"],
  fixed: ["fixed", "green"],
};
const ORDER = Object.keys(NAMES) as State[];

const COLUMNS: readonly Column[] = [
  { title: "state" },
  { title: "endpoint" },
  { title: "place" },
  { title: "kind" },
  { title: "shown/sent", align: "right" },
  { title: "confidence", align: "right" },
  { title: "finding" },
];
const INDENT = "    ";

interface View {
  readonly env: string;
  readonly columns: number;
  readonly paint: Paint;
  readonly isStopped: boolean;
}

/** 0: all are fixed; 1: one is still there; 3: of some it is not known. */
export const recheckExit = ({ findings }: RecheckShape): number => {
  if (findings.some(({ state }) => state === "stillThere")) return 1;
  return findings.every(({ state }) => state === "fixed") ? 0 : 3;
};

/** A line for each finding with the reason under it, those that are still there first; what is new below. */
export const recheckText = (recheck: RecheckShape, view: View): string => {
  const { findings, lanes, requests, done, total, others, run } = recheck;
  const { env, paint, columns } = view;
  if (findings.length === 0)
    return `no confirmed findings in run ${visible(run)}: nothing to recheck; --all takes those that are not confirmed\n`;
  const sorted = findings.toSorted((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state));
  const control = lanes.controlIs === "baseline" ? "the baseline itself as control" : "control";
  const [head = "", ...rows] = tableLines(COLUMNS, sorted.map(row), paint);
  const room = Math.max(20, columns - INDENT.length);
  const under = (text: string): string => INDENT + paint("dim", clip(visible(text), room));
  const lines = rows.flatMap((line, i) => {
    const finding = sorted[i];
    if (finding === undefined || finding.state === "fixed") return [line];
    const { example, reason } = finding;
    const shown =
      example === null
        ? []
        : [
            example.request,
            `control    ${example.control || "(nothing)"}`,
            `candidate  ${example.candidate || "(nothing)"}`,
          ];
    return [line, under(reason), ...shown.map(under)];
  });
  const counts = ORDER.flatMap((state) => {
    const count = findings.filter((one) => one.state === state).length;
    return count === 0 ? [] : [paint(NAMES[state][1], `${number(count)} ${NAMES[state][0]}`)];
  });
  const hidden = findings.flatMap(({ missing }) => missing);
  const fills = [...new Set(hidden)].map((name) => `--fill ${visible(name)}=...`);
  return `${[
    `${plural(findings.length, "finding")} of run ${visible(run)}, rechecked ${time(recheck.at)}: ${counts.join(", ")}`,
    `${plural(requests, "request")}, ${number(done)} of ${plural(total, "repetition")} sent to ${visible(lanes.candidate)} and, twice, to ${visible(lanes.control)} (${control})`,
    ...(view.isStopped ? ["stopped: what was sent stands, the rest was not sent"] : []),
    "",
    head,
    ...lines,
    ...(others.length === 0
      ? []
      : ["", "the candidate differs where it did not in the run:", ...others.map(otherLine)]),
    ...(fills.length === 0 ? [] : ["", `Next: npx shadowgraph env recheck ${visible(env)} ${fills.join(" ")}`]),
    ...(sorted.some(({ state }) => state === "unseen")
      ? ["", `Next: npx shadowgraph env recheck ${visible(env)} --times 20   more repetitions make it sure`]
      : []),
  ].join("\n")}\n`;
};

const row = ({
  state,
  endpoint,
  place,
  kind,
  shown,
  repetitions,
  confidence,
  id,
}: RecheckShape["findings"][number]) => {
  const [text, colour] = NAMES[state];
  const sent = state === "notSent" ? "" : `${number(shown)}/${number(repetitions)}`;
  return [{ text, colour }, endpoint, place, kind, sent, confidence === null ? "" : sure(confidence), id];
};

/** Never 100 %: so sure nobody is. */
const sure = (confidence: number): string => (confidence >= 0.9995 ? "> 99.9 %" : percent(confidence));

const otherLine = ({ endpoint, place, kind, count }: RecheckShape["others"][number]): string =>
  `${INDENT}${visible(endpoint)}  ${visible(place)}  ${kind}  ${plural(count, "repetition")}`;
