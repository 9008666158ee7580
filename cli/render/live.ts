import { OUTCOMES } from "../../core/pair/outcome.ts";
import { neededText, progressOf } from "../../core/report/words.ts";
import { causesOf } from "../../core/verdict/groups.ts";
import type { EnvVerdictShape, FindingsShape, OverlayEnvironment } from "../../lambdas/api/shapes.ts";
import { COLOUR_OF, type Colour, type Paint } from "./paint.ts";
import { clip, number, pad, percent, plural, visible, widthOf } from "./text.ts";

const BAR_COLUMNS = 24;
const CAUSES_SHOWN = 5;
const VALUE_COLUMNS = 24;

export interface Story {
  readonly verdict: EnvVerdictShape;
  readonly outcomes: OverlayEnvironment["outcomes"];
  readonly findings: FindingsShape["findings"];
}

interface View {
  readonly columns: number;
  readonly paint: Paint;
}

type Part = string | { readonly text: string; readonly colour: Colour };

/** The verdict with its reason, how far it is, the figures behind it, and a finding of each cause: the story of the dashboard's first page. */
export const storyLines = (story: Story, view: View): string[] => {
  const { verdict, outcomes, findings } = story;
  const { label, share } = progressOf(verdict);
  const colour = COLOUR_OF[verdict.verdict];
  const lines: Part[][] = [
    [{ text: verdict.verdict, colour }, `  ${verdict.reason}`],
    [{ text: barText(share), colour }, ` ${label}`, { text: `  still needed: ${neededText(verdict)}`, colour: "dim" }],
    [figuresText(verdict)],
    [{ text: outcomesText(outcomes), colour: "dim" }],
  ];
  const causes = causesOf(findings).slice(0, CAUSES_SHOWN);
  return [...lines, ...causes.map(causeParts)].map((parts) => fitted(parts, view));
};

/** In one line, where nothing can be drawn over. */
export const storyLine = ({ verdict, outcomes }: Pick<Story, "verdict" | "outcomes">, paint: Paint): string => {
  const { needed, diverging } = verdict;
  const more = verdict.verdict === "UNDECIDED" && needed !== null ? ` (${number(needed)} pairs needed)` : "";
  const counts = `${outcomesText(outcomes)}  ${number(diverging)} diverging`;
  return `${counts}  ${paint(COLOUR_OF[verdict.verdict], `${verdict.verdict}${more}`)}`;
};

export const barText = (share: number): string => {
  const full = Math.round(BAR_COLUMNS * Math.min(1, share));
  return `${"█".repeat(full)}${"░".repeat(BAR_COLUMNS - full)}`;
};

const figuresText = ({ diverging, divergingBound, tolerance, findings, maskedShare }: EnvVerdictShape): string =>
  [
    `${number(diverging)} diverging, at most ${percent(divergingBound)} with 95 % confidence; tolerance ${percent(tolerance)}`,
    `${number(findings.confirmed)} confirmed of ${plural(findings.total, "finding")}, ${plural(findings.groups, "cause")}`,
    `masked ${percent(maskedShare)}`,
  ].join("   ");

/** Outcomes that are as they should be, and those that are not only where there are some. */
const outcomesText = (outcomes: OverlayEnvironment["outcomes"]): string => {
  const troubles = [...OUTCOMES, "gap" as const]
    .filter((name) => name !== "compared" && outcomes[name] > 0)
    .map((name) => `${number(outcomes[name])} ${name}`);
  return [`${number(outcomes.sampled)} sampled`, `${number(outcomes.compared)} compared`, ...troubles].join("  ");
};

const causeParts = ([first, ...others]: Readonly<FindingsShape["findings"]>): Part[] => {
  const { kind, confirmed, breaking, place, endpoint, count, pairs, examples } = first!;
  const [example] = examples;
  const values = example === undefined ? "" : `  ${short(example.primary)} → ${short(example.candidate)}`;
  const more = others.length === 0 ? "" : `, ${number(others.length)} more of this cause`;
  return [
    { text: `  ${pad(kind, 8)}`, colour: confirmed ? (breaking ? "red" : "yellow") : "dim" },
    `${place}  ${endpoint}  `,
    { text: `${percent(count / Math.max(1, pairs))}`, colour: "bold" },
    ` ${number(count)} of ${plural(pairs, "pair")}${more}`,
    { text: values, colour: "dim" },
  ];
};

const short = (value: string): string => (value === "" ? "nothing" : clip(visible(value), VALUE_COLUMNS));

/** Cut where the terminal ends: a line that breaks would be drawn over one too few. */
const fitted = (parts: readonly Part[], { columns, paint }: View): string => {
  let room = columns - 1;
  const shown: string[] = [];
  for (const part of parts) {
    const text = visible(typeof part === "string" ? part : part.text);
    const cut = clip(text, room);
    if (room <= 0) break;
    room -= widthOf(cut);
    shown.push(typeof part === "string" ? cut : paint(part.colour, cut));
    if (cut !== text) break;
  }
  return shown.join("");
};
