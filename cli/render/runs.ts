import type { RunsComparedShape, RunsShape } from "../../lambdas/api/shapes-runs.ts";
import { COLOUR_OF, type Paint } from "./paint.ts";
import { type Cell, type Column, facts, table } from "./table.ts";
import { number, percent, plural, time, visible } from "./text.ts";

export const runsText = ({ runs }: RunsShape, env: string, paint: Paint): string => {
  const columns = ["attempt", "run", "since", "versions", "verdict", "reason", "released"].map((title) => ({ title }));
  const rows = runs.map(({ id, attempt, startedAt, baselineVersion, candidateVersion, current, verdicts, release }) => {
    const last = verdicts.at(-1);
    return [
      current ? { text: `${attempt} (now)`, colour: "bold" as const } : String(attempt),
      id,
      time(startedAt),
      `${candidateVersion} against ${baselineVersion}`,
      last === undefined ? "" : { text: last.verdict, colour: COLOUR_OF[last.verdict] },
      last?.reason ?? "",
      release === null ? "" : `${time(release.at)} by ${release.who}: ${release.outcome}`,
    ];
  });
  const next =
    runs.length < 2
      ? ""
      : `\nNext: npx shadowgraph env runs ${visible(env)} --compare ${runs[1]?.attempt}   what the present one finds otherwise\n`;
  return table(columns, rows, paint) + next;
};

const FINDING: readonly Column[] = [{ title: "endpoint" }, { title: "place" }, { title: "kind" }];
const right = (title: string): Column => ({ title, align: "right" });

/** What appeared first: it is what a release would bring. */
export const comparedText = (compared: RunsComparedShape, paint: Paint): string => {
  const { a, b, caution, appeared, vanished, stayed, totals } = compared;
  const [ofA, ofB] = [a, b].map(({ attempt }) => right(`attempt ${attempt}`)) as [Column, Column];
  const head = facts(
    [a, b].map((run) => [
      `attempt ${run.attempt}`,
      `${run.candidateVersion} against ${run.baselineVersion}, since ${time(run.startedAt)}: ${number(run.diverging)} of ${plural(run.pairs, "pair")} diverging`,
    ]),
    paint,
  );
  const section = (
    title: string,
    total: number,
    columns: readonly Column[],
    rows: readonly (readonly Cell[])[],
  ): string =>
    total === 0
      ? `${title}: none\n`
      : `${title}: ${number(total)}\n${table([...FINDING, ...columns, { title: "finding" }], rows, paint)}`;
  const name = ({
    endpoint,
    place,
    kind,
  }: (typeof stayed)[number] | (typeof appeared)[number] | (typeof vanished)[number]) => [endpoint, place, kind];
  return [
    head + (caution === null ? "" : `${paint("yellow", visible(caution))}\n`),
    section(
      "appeared",
      totals.appeared,
      [ofB],
      appeared.map((one) => [...name(one), seenCell(one.b), one.id]),
    ),
    section(
      "vanished",
      totals.vanished,
      [ofA, right(`pairs in ${b.attempt}`)],
      vanished.map((one) => [...name(one), seenCell(one.a), number(one.pairsInB), one.id]),
    ),
    section(
      "stayed",
      totals.stayed,
      [ofA, ofB],
      stayed.map((one) => [...name(one), seenCell(one.a), seenCell(one.b), one.id]),
    ),
  ].join("\n");
};

const seenCell = ({ count, pairs, confirmed }: RunsComparedShape["appeared"][number]["b"]): Cell => {
  const text = `${number(count)}/${number(pairs)} (${percent(pairs === 0 ? 0 : count / pairs)})`;
  return confirmed ? { text, colour: "red" } : text;
};
