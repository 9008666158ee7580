import { causesOf } from "../verdict/groups.ts";
import type { Finding } from "../verdict/verdict.ts";
import { curlOf } from "./curl.ts";
import { parted } from "./difference.ts";
import { code, fenced, fitted, headOf, plain, row, type Section } from "./markdown-text.ts";
import type { Report } from "./report.ts";
import { milliseconds, number, percent, plural, time, visible } from "./text.ts";
import { causesText, figuresOf, neededText, outcomesOf, remarksOf, ruleText } from "./words.ts";

/** What GitHub takes as one comment. */
export const MAX_MARKDOWN_CHARS = 65_536;
/** More are no longer read in a comment. */
const MAX_FINDINGS = 25;
const MAX_TABLE_CHARS = 15_000;

/** Hidden first line, by which the comment of an earlier report of the same environment is found. */
export const markerOf = (name: string): string => `<!-- shadowgraph-report: ${name} -->`;

/** For a pull request. Text of others (paths, bodies, reasons) is kept from acting as markup. At most `MAX_MARKDOWN_CHARS`. */
export const reportMarkdown = (report: Report): string =>
  fitted(
    [summary, remarks, findings, endpoints, outcomes, rules, examples].flatMap((section) => section(report)),
    MAX_MARKDOWN_CHARS,
  );

const MARK = { SAFE: "✅", REGRESSION: "❌", UNDECIDED: "⏳", INVALID: "⚠️" } as const;

const more =
  (noun: string, command: string) =>
  (left: number): string =>
    `\n${plural(left, `more ${noun}`)}: \`npx shadowgraph ${command}\``;

const summary = (report: Report): readonly Section[] => {
  const { name, baseline, run, verdict, at } = report;
  const head = [
    markerOf(name),
    `## ${MARK[verdict.verdict]} Shadowgraph: ${verdict.verdict}`,
    "",
    `**${plain(verdict.reason)}**`,
    "",
    `Still needed: ${neededText(verdict)}.`,
    "",
    `${code(name)} ${plain(run.candidateVersion)} against ${code(baseline.name)} ${plain(run.baselineVersion)}, ` +
      `run since ${time(run.startedAt)}, reported ${time(at)}.`,
    "",
    headOf(["", ""]),
    ...figuresOf(report).map(([what, value]) => row([what, value])),
  ];
  return [{ head: head.join("\n") }];
};

const remarks = (report: Report): readonly Section[] => {
  const blocks = remarksOf(report).map((remark) => `- ${plain(remark)}`);
  return [{ head: "", blocks, more: more("remark", `env verdict ${report.name}`), maxChars: MAX_TABLE_CHARS }];
};

const findings = ({ name, verdict, findings: all, total }: Report): readonly Section[] => {
  const title = "\n### Findings";
  if (total === 0) return [{ head: `${title}\n\nNone.` }];
  const titles = ["confirmed", "endpoint", "place", "kind", "diverging pairs:", "noise:", "masked:"];
  const blocks = causesOf(all.slice(0, MAX_FINDINGS)).flatMap((cause) =>
    cause.map((finding, index) =>
      row([
        finding.confirmed ? "yes" : "not yet",
        code(finding.endpoint),
        (index === 0 ? "" : "↳ ") + code(finding.place),
        finding.breaking ? `**${finding.kind}**` : finding.kind,
        `${number(finding.count)} of ${number(finding.pairs)}`,
        number(finding.noise),
        number(finding.masked),
      ]),
    ),
  );
  return [
    {
      head: `${title}: ${number(verdict.findings.confirmed)} confirmed of ${number(total)}${causesText(verdict)}\n\n${headOf(titles)}`,
      blocks,
      unlisted: total - blocks.length,
      more: more("finding", `env diffs ${name} --limit 500`),
      maxChars: MAX_TABLE_CHARS,
    },
  ];
};

const endpoints = ({ name, verdict }: Report): readonly Section[] => {
  const titles = [
    "endpoint",
    "verdict",
    "pairs:",
    "diverging:",
    "at most:",
    "confirmed findings:",
    "masked:",
    "p99 primary:",
    "p99 candidate:",
    "reason",
  ];
  const blocks = verdict.endpoints.map((one) =>
    row([
      code(one.endpoint),
      one.verdict,
      number(one.pairs),
      number(one.diverging),
      percent(one.divergingBound),
      `${number(one.findings.confirmed)} of ${number(one.findings.total)}`,
      number(one.masked),
      ...[one.latency.primary, one.latency.candidate].map((lane) => (lane ? milliseconds(lane.p99) : "–")),
      plain(one.reason),
    ]),
  );
  const head = `\n### Endpoints\n\n${headOf(titles)}`;
  return [{ head, blocks, more: more("endpoint", `env verdict ${name}`), maxChars: MAX_TABLE_CHARS }];
};

const outcomes = (report: Report): readonly Section[] => {
  const counts = outcomesOf(report).map(([name, count]) => `${number(count)} ${name}`);
  return [{ head: `\n### Outcomes\n\n${number(report.outcomes.sampled)} sampled: ${counts.join(", ")}.` }];
};

const rules = ({ name, rules: all }: Report): readonly Section[] => {
  if (all.length === 0) return [];
  const blocks = all.map((rule) => {
    const { endpoint, hits, because, note } = rule;
    const where = endpoint === undefined ? "all" : code(endpoint);
    return row([code(ruleText(rule)), where, number(hits), plain(note ?? because ?? "")]);
  });
  const head = `\n### Rules\n\n${headOf(["rule", "endpoint", "hits:", "because"])}`;
  return [{ head, blocks, more: more("rule", `rules show ${name}`), maxChars: MAX_TABLE_CHARS }];
};

const examples = (report: Report): readonly Section[] => {
  const firsts = causesOf(report.findings.slice(0, MAX_FINDINGS)).map(([first]) => first!);
  const shown = firsts.filter((one) => one.examples.length > 0);
  if (shown.length === 0) return [];
  return [
    {
      head: "\n### Examples\n",
      blocks: shown.map((one) => example(one, report)),
      more: more("example", `env diffs ${report.name} --limit 500`),
    },
  ];
};

const example = ({ id, endpoint, place, kind, examples: [first] }: Finding, { lanes }: Report): string => {
  if (first === undefined) return "";
  const { command, hints } = curlOf(first, lanes);
  return [
    `<details><summary>${plain(endpoint)} at <b>${plain(place)}</b>: ${kind} (${plain(id)})</summary>`,
    "",
    fenced("sh", [...hints.map((hint) => `# ${hint}`), command]),
    "",
    fenced("diff", differenceLines(first)),
    "",
    "</details>",
  ].join("\n");
};

/** A line for each value, and carets below what is the candidate's own. */
const differenceLines = ({ primary, candidate, secondary }: Finding["examples"][number]): readonly string[] => {
  const shown = (value: string) => (value === "" ? "(nothing)" : visible(value));
  const [, { before, own, after }] = parted(shown(primary), shown(candidate));
  const isPart = own !== "" && before + after !== "";
  return [
    `- primary    ${shown(primary)}`,
    ...(secondary === undefined || secondary === primary ? [] : [`- secondary  ${shown(secondary)}`]),
    `+ candidate  ${shown(candidate)}`,
    ...(isPart ? [`             ${" ".repeat([...before].length)}${"^".repeat([...own].length)}`] : []),
  ];
};
