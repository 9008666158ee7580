import { CONTROL_WORDS, neededText } from "../../core/report/words.ts";
import type { EnvVerdictShape } from "../../lambdas/api/shapes.ts";
import { COLOUR_OF, type Paint } from "./paint.ts";
import { facts, table } from "./table.ts";
import { number, percent, plural, visible } from "./text.ts";

export const verdictText = (verdict: EnvVerdictShape, env: string, paint: Paint): string => {
  const { reason } = verdict;
  const head = `${paint(COLOUR_OF[verdict.verdict], verdict.verdict)}  ${visible(env)}, attempt ${verdict.attempts}\n`;
  const sentences = [reason, ...verdict.reasons.filter((other) => other !== reason)];
  const figures = facts(
    [
      ["pairs", number(verdict.pairs)],
      ["needed", neededText(verdict)],
      ["diverging", `${number(verdict.diverging)} (at most ${percent(verdict.divergingBound)}, with 95 % confidence)`],
      ["tolerance", percent(verdict.tolerance)],
      ["masked", percent(verdict.maskedShare)],
      ["dropped", percent(verdict.dropShare)],
      ["secondary", CONTROL_WORDS[verdict.control]],
      [
        "findings",
        `${verdict.findings.confirmed} confirmed of ${verdict.findings.total}, ${plural(verdict.findings.groups, "cause")}`,
      ],
    ],
    paint,
  );
  const columns = [
    { title: "endpoint" },
    { title: "verdict" },
    { title: "pairs", align: "right" as const },
    { title: "diverging", align: "right" as const },
    { title: "at most", align: "right" as const },
    { title: "findings", align: "right" as const },
    { title: "noise", align: "right" as const },
    { title: "masked", align: "right" as const },
    { title: "reason" },
  ];
  const rows = verdict.endpoints.map((one) => [
    one.endpoint,
    { text: one.verdict, colour: COLOUR_OF[one.verdict] },
    number(one.pairs),
    number(one.diverging),
    percent(one.divergingBound),
    `${one.findings.confirmed}/${one.findings.total}`,
    number(one.noise),
    number(one.masked),
    one.reason,
  ]);
  const endpoints = rows.length === 0 ? "" : `\n${table(columns, rows, paint)}`;
  const next = verdict.findings.total === 0 ? "" : `\nNext: npx shadowgraph env diffs ${visible(env)}\n`;
  return `${head}${sentences.map((sentence) => `  ${visible(sentence)}\n`).join("")}\n${figures}${endpoints}${next}`;
};

/** While waiting: one line. */
export const progressText = (verdict: EnvVerdictShape): string =>
  `${verdict.verdict}: ${plural(verdict.pairs, "pair")}, needed: ${neededText(verdict)}`;
