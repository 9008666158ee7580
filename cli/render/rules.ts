import { stringify } from "yaml";
import { patternOf, type Rule, sayingOf } from "../../core/diff/rules.ts";
import type { PreviewShape, RulesShape, SuggestionsShape } from "../../lambdas/api/shapes.ts";
import { COLOUR_OF, type Colour, type Paint } from "./paint.ts";
import { type Cell, table } from "./table.ts";
import { number, plural, visible } from "./text.ts";

type Rules = RulesShape["rules"];
type Decided = PreviewShape["before"];

const COLUMNS = [
  { title: "place" },
  { title: "rule" },
  { title: "endpoint" },
  { title: "hits", align: "right" as const },
  { title: "because" },
  { title: "note", maxWidth: 120 },
];

const rulesTable = (rules: Rules, paint: Paint): string => {
  const rows = rules.map(({ hits, note, ...rule }) => [
    patternOf(rule),
    sayingOf(rule),
    rule.endpoint ?? "all",
    number(hits),
    rule.because ?? "",
    { text: note ?? "", colour: "yellow" as const },
  ]);
  return rows.length === 0 ? "no rules\n" : table(COLUMNS, rows, paint);
};

const decidedText = ({ verdict, reason }: Decided, paint: Paint): string =>
  `${paint(COLOUR_OF[verdict], verdict)}, ${visible(reason)}\n`;

export const rulesText = (shown: RulesShape, paint: Paint): string =>
  `${rulesTable(shown.rules, paint)}\nversion ${shown.version}: ${decidedText(shown, paint)}`;

/** What other rules would change, and how much of what is stored says so. */
export const previewText = (preview: PreviewShape, env: string, file: string, paint: Paint): string => {
  const { before, after, pairs, stored, goes, comes, stays } = preview;
  const basis =
    pairs === stored
      ? `judged: all ${plural(stored, "stored pair")}`
      : `compared under both: ${number(pairs)} of ${plural(stored, "stored pair")}, spread over the run; the rest may change the verdict`;
  const changes = [
    ...changeRows("comes", "red", comes),
    ...changeRows("stays", "dim", stays),
    ...changeRows("goes", "green", goes),
  ];
  const counted = `${plural(goes.length, "finding")} go, ${number(comes.length)} come, ${number(stays.length)} stay\n`;
  const list = changes.length === 0 ? counted : `${counted}\n${table(CHANGE_COLUMNS, changes, paint)}`;
  const verdicts = `before: ${decidedText(before, paint)}after:  ${decidedText(after, paint)}${basis}\n`;
  const next = `Nothing is changed yet. Next: npx shadowgraph rules set ${visible(env)} --file ${visible(file)}\n`;
  return [verdicts, list, rulesTable(preview.rules, paint), next].join("\n");
};

const CHANGE_COLUMNS = [
  { title: "finding" },
  { title: "confirmed" },
  { title: "endpoint" },
  { title: "place" },
  { title: "kind" },
  { title: "count", align: "right" as const },
];

const MAX_SHOWN = 15;

/** The first of them; `--json` has all. */
const changeRows = (change: string, colour: Colour, findings: PreviewShape["goes"]): Cell[][] => {
  const rest = findings.length - MAX_SHOWN;
  const rows = findings
    .slice(0, MAX_SHOWN)
    .map(({ endpoint, place, kind, count, confirmed }) => [
      { text: change, colour },
      confirmed ? "yes" : "not yet",
      endpoint,
      place,
      kind,
      number(count),
    ]);
  return rest > 0 ? [...rows, [{ text: change, colour }, `${number(rest)} more`]] : rows;
};

/** The suggestions alone, each as YAML below what speaks for it: ready to be pasted. */
export const suggestionsText = ({ suggestions }: SuggestionsShape, env: string, paint: Paint): string => {
  if (suggestions.length === 0)
    return "no suggestions: no place differs in the old version itself, or all such places have rules\n";
  const next = [
    `Next: npx shadowgraph rules suggest ${visible(env)} --out rules.yaml   writes these after the present rules`,
    `      npx shadowgraph rules preview ${visible(env)} --file rules.yaml   what they would change`,
  ];
  return `rules:\n${suggestions.map((one) => suggestionYaml(one, (text) => paint("dim", text))).join("")}\n${next.join("\n")}\n`;
};

/** rules.yaml: the present rules, then the suggested ones with their evidence as comments. */
export const suggestedFile = (present: Rules, { suggestions }: SuggestionsShape): string => {
  const rules = present.map(({ hits: _h, note: _n, ...rule }) => ruleYaml(rule));
  return `rules:\n${rules.join("")}${suggestions.map((one) => suggestionYaml(one, (text) => text)).join("")}`;
};

const MAX_EXAMPLE_CHARS = 60;

const suggestionYaml = (
  { rule, evidence, warning, examples: [example] }: SuggestionsShape["suggestions"][number],
  comment: (text: string) => string,
): string => {
  const clipped = (text: string) => (text.length > MAX_EXAMPLE_CHARS ? `${text.slice(0, MAX_EXAMPLE_CHARS)}…` : text);
  const lanes = example && [example.primary, example.candidate, ...(example.secondary ? [example.secondary] : [])];
  const lines = [
    evidence,
    ...(warning === undefined ? [] : [`Careful: ${warning}.`]),
    ...(lanes === undefined ? [] : [`e.g. ${lanes.map((text) => clipped(text || "(nothing)")).join(" | ")}`]),
  ];
  return `${lines.map((line) => comment(`  # ${visible(line)}\n`)).join("")}${ruleYaml(rule)}`;
};

const ruleYaml = (rule: Rule): string => stringify([rule], { lineWidth: 0 }).replaceAll(/^(?=.)/gm, "  ");
