import type { Baseline, Overlay } from "../../core/sampling/environment.ts";
import type { Finding } from "../../core/verdict/verdict.ts";
import type { Judgement } from "./deps.ts";
import { clipped, code, percent, plain, row } from "./markdown.ts";
import { baselineRef, outcomesView, rulesView } from "./views.ts";

const MAX_FINDINGS = 200;
/** What GitHub takes as one comment. */
export const MAX_MARKDOWN_CHARS = 65_536;

export const reportOf = (input: {
  readonly overlay: Overlay;
  readonly baseline: Baseline;
  readonly judgement: Judgement;
  readonly at: number;
}) => {
  const { overlay, baseline, judgement, at } = input;
  return {
    env: overlay.id,
    name: overlay.file.name,
    at,
    baseline: baselineRef(baseline),
    run: overlay.run,
    verdict: judgement.verdict,
    outcomes: outcomesView(judgement),
    findings: judgement.findings.slice(0, MAX_FINDINGS),
    total: judgement.findings.length,
    rules: rulesView(judgement),
  };
};
type Report = ReturnType<typeof reportOf>;

/** For a pull request. Text of others (paths, bodies, reasons) is kept from acting as markup. At most `MAX_MARKDOWN_CHARS`. */
export const reportMarkdown = (report: Report): string =>
  clipped(
    [head, findings, endpoints, outcomes, rules].flatMap((section) => section(report)),
    MAX_MARKDOWN_CHARS,
  );

const MARK = { SAFE: "✅", REGRESSION: "❌", UNDECIDED: "⏳", INVALID: "⚠️" } as const;

const head = ({ name, baseline, run, verdict }: Report): string[] => {
  const { reasons, reason } = verdict;
  const facts: [string, string][] = [
    ["Pairs compared", String(verdict.pairs)],
    ["Pairs still needed", verdict.needed === null ? "more pairs cannot help" : String(verdict.needed)],
    [
      "Diverging pairs",
      `${verdict.diverging} (at most ${percent(verdict.divergingBound)} of all, with 95 % confidence)`,
    ],
    ["Tolerated", percent(verdict.tolerance)],
    ["Masked by noise", percent(verdict.maskedShare)],
    ["Dropped", percent(verdict.dropShare)],
    ["Noise control", CONTROL[verdict.control]],
    ["Attempts", `${run.attempt}`],
  ];
  return [
    `## ${MARK[verdict.verdict]} Shadowgraph: ${verdict.verdict}`,
    "",
    `${code(name)} ${plain(run.candidateVersion)} against ${code(baseline.name)} ${plain(run.baselineVersion)}, ` +
      `run ${run.attempt} since ${new Date(run.startedAt).toISOString()}`,
    "",
    `**${plain(reason)}**`,
    ...reasons.filter((other) => other !== reason).map((other) => `- ${plain(other)}`),
    "",
    row(["", ""]),
    row(["---", "---"]),
    ...facts.map(([what, value]) => row([what, value])),
  ];
};

const CONTROL = {
  control: "control overlay",
  baseline: "the baseline itself: latency is not judged",
  none: "none: noise cannot be told from divergence",
  mixed: "changed during the run",
} as const;

const findings = (report: Report): string[] => {
  if (report.total === 0) return ["", "### Findings", "", "None."];
  const { confirmed } = report.verdict.findings;
  return [
    "",
    `### Findings: ${confirmed} confirmed of ${report.total}`,
    "",
    row(["confirmed", "endpoint", "place", "kind", "pairs", "noise", "masked"]),
    row(["---", "---", "---", "---", "---:", "---:", "---:"]),
    ...report.findings.map((finding) =>
      row([
        finding.confirmed ? "yes" : "not yet",
        code(finding.endpoint),
        code(finding.place),
        finding.breaking ? `**${finding.kind}**` : finding.kind,
        `${finding.count} of ${finding.pairs}`,
        String(finding.noise),
        String(finding.masked),
      ]),
    ),
    ...report.findings.filter(({ examples }) => examples.length > 0).map(example),
  ];
};

/** One block, so that it is shown whole or not at all. */
const example = ({ id, endpoint, place, examples }: Finding): string => {
  const [first] = examples;
  if (first === undefined) return "";
  return [
    "",
    `<details><summary>${plain(endpoint)} at ${plain(place)} (${plain(id)})</summary>`,
    "",
    row(["lane", "value"]),
    row(["---", "---"]),
    row(["request", code(first.request)]),
    row(["primary", code(first.primary)]),
    row(["candidate", code(first.candidate)]),
    ...(first.secondary === undefined ? [] : [row(["secondary", code(first.secondary)])]),
    "",
    "</details>",
  ].join("\n");
};

const endpoints = ({ verdict }: Report): string[] => [
  "",
  "### Endpoints",
  "",
  row(["endpoint", "verdict", "pairs", "diverging", "masked", "p99 ms primary / candidate", "reason"]),
  row(["---", "---", "---:", "---:", "---:", "---:", "---"]),
  ...verdict.endpoints.map((one) =>
    row([
      code(one.endpoint),
      one.verdict,
      String(one.pairs),
      String(one.diverging),
      String(one.masked),
      [one.latency.primary, one.latency.candidate].map((lane) => lane?.p99.toFixed(1) ?? "–").join(" / "),
      plain(one.reason),
    ]),
  ),
];

const outcomes = (report: Report): string[] => {
  const { sampled, ...ended } = report.outcomes;
  const counts = Object.entries(ended).filter(([name, count]) => count > 0 || name === "gap");
  return [
    "",
    "### Outcomes",
    "",
    `${sampled} sampled: ${counts.map(([name, count]) => `${count} ${name}`).join(", ")}.`,
  ];
};

const rules = (report: Report): string[] =>
  report.rules.length === 0
    ? []
    : [
        "",
        "### Rules",
        "",
        row(["ignored place", "endpoint", "hits", "because"]),
        row(["---", "---", "---:", "---"]),
        ...report.rules.map(({ ignore, endpoint, hits, because, note }) =>
          row([
            code(ignore),
            endpoint === undefined ? "all" : code(endpoint),
            String(hits),
            plain(note ?? because ?? ""),
          ]),
        ),
      ];
