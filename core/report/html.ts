import { createHash } from "node:crypto";
import type { VerdictName } from "../verdict/verdict.ts";
import { findingsHtml } from "./html-findings.ts";
import { STYLE } from "./html-style.ts";
import { Html, html, NOTHING } from "./html-text.ts";
import type { Report } from "./report.ts";
import { milliseconds, number, percent, plural, time } from "./text.ts";
import { CONTROL_WORDS, neededText, outcomesOf, remarksOf, ruleText } from "./words.ts";

/** One file that loads nothing and runs nothing: what services answered is text in it, whatever it holds. */
export const reportHtml = (report: Report): string => {
  const { name, verdict, at, env, run } = report;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<title>${verdict.verdict}: ${name} – Shadowgraph</title>
${new Html(`<style>${STYLE}</style>`)}
</head>
<body>
<main>
${[head, figures, findingsHtml, endpoints, outcomes, rules].map((part) => part(report))}
<footer>Made ${time(at)} from run <code>${run.id}</code> of <code>${env}</code>. Text of others is shown with its control characters as codes.</footer>
</main>
</body>
</html>
`.markup;
};

const POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash("sha256").update(STYLE).digest("base64")}'`,
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

const TONE = { SAFE: "good", REGRESSION: "bad", UNDECIDED: "wait", INVALID: "wait" } as const satisfies Record<
  VerdictName,
  string
>;

const head = (report: Report): Html => {
  const { name, baseline, run, verdict } = report;
  const remarks = remarksOf(report).map((remark) => html`<li>${remark}</li>`);
  return html`<header class="card verdict ${TONE[verdict.verdict]}">
<h1>${verdict.verdict}</h1>
<p class="reason">${verdict.reason}</p>
<p class="needed">Still needed: ${neededText(verdict)}</p>
<p class="what"><code>${name}</code> ${run.candidateVersion} against <code>${baseline.name}</code> ${run.baselineVersion}, attempt ${number(run.attempt)}, run since ${time(run.startedAt)}</p>
${remarks.length === 0 ? NOTHING : html`<ul>${remarks}</ul>`}
</header>`;
};

const figures = ({ verdict, noisy, outcomes: { sampled } }: Report): Html => {
  const share = (part: number): string =>
    verdict.pairs === 0 ? "of none" : `${percent(part / verdict.pairs)} of them`;
  const shown: readonly (readonly [name: string, value: string, unit: string])[] = [
    ["Compared", number(verdict.pairs), `pairs of ${plural(sampled, "sampled request")}`],
    ["Diverging", number(verdict.diverging), `pairs, ${share(verdict.diverging)}`],
    [
      "At most",
      percent(verdict.divergingBound),
      `diverge, with 95 % confidence; tolerated: ${percent(verdict.tolerance)}`,
    ],
    ["Findings", number(verdict.findings.confirmed), `confirmed of ${number(verdict.findings.total)}`],
    ["Noise", number(noisy), `pairs, ${share(noisy)}: the old version differs from itself`],
    ["Masked", percent(verdict.maskedShare), "of the places cannot be judged for noise"],
    ["Not compared", percent(verdict.dropShare), "of the sampled requests"],
    ["Noise control", verdict.control, CONTROL_WORDS[verdict.control]],
  ];
  return html`<dl class="card figures">${shown.map(
    ([title, value, unit]) => html`<div><dt>${title}</dt><dd>${value}<small>${unit}</small></dd></div>`,
  )}</dl>`;
};

const endpoints = ({ verdict }: Report): Html => {
  const rows = verdict.endpoints.map(
    (one) => html`<tr><td><code>${one.endpoint}</code></td>
<td class="${TONE[one.verdict]}-text">${one.verdict}</td>
<td class="number" data-title="pairs">${number(one.pairs)}</td>
<td class="number" data-title="diverging">${number(one.diverging)}</td>
<td class="number" data-title="at most">${percent(one.divergingBound)}</td>
<td class="number" data-title="findings">${number(one.findings.confirmed)} of ${number(one.findings.total)}</td>
<td class="number" data-title="masked">${number(one.masked)}</td>
<td class="number" data-title="p99 primary">${one.latency.primary ? milliseconds(one.latency.primary.p99) : "–"}</td>
<td class="number" data-title="p99 candidate">${one.latency.candidate ? milliseconds(one.latency.candidate.p99) : "–"}</td>
<td class="soft">${one.reason}</td></tr>`,
  );
  return html`<h2>Endpoints <small>${number(rows.length)}</small></h2>
<div class="card scroll"><table class="stack"><thead><tr><th>endpoint</th><th>verdict</th><th class="number">pairs</th><th class="number">diverging</th><th class="number">at most</th><th class="number">findings</th><th class="number">masked</th><th class="number">p99 primary</th><th class="number">p99 candidate</th><th>reason</th></tr></thead><tbody>${rows}</tbody></table></div>`;
};

const outcomes = (report: Report): Html => {
  const { sampled } = report.outcomes;
  const counts = outcomesOf(report);
  let from = 0;
  const bars = counts.map(([name, count]) => {
    const width = (count / Math.max(1, sampled)) * 100;
    from += width;
    return html`<rect class="fill-${toneOf(name)}" x="${from - width}" width="${width}" height="1"/>`;
  });
  const words = counts.map(([name, count]) => html`<li><b>${number(count)}</b> <span class="soft">${name}</span></li>`);
  return html`<h2>Outcomes <small>of ${plural(sampled, "sampled request")}</small></h2>
<div class="card outcomes"><svg viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">${bars}</svg><ul>${words}</ul></div>`;
};

const toneOf = (outcome: string): string => {
  if (outcome === "compared") return "good";
  return outcome === "candidateFailed" || outcome === "gap" ? "bad" : "wait";
};

const rules = (report: Report): Html => {
  if (report.rules.length === 0) return NOTHING;
  const rows = report.rules.map(
    (rule) => html`<tr><td><code>${ruleText(rule)}</code></td><td>${rule.endpoint ?? "all endpoints"}</td>
<td class="number" data-title="hits">${number(rule.hits)}</td><td class="soft">${rule.note ?? rule.because ?? ""}</td></tr>`,
  );
  return html`<h2>Rules <small>${number(rows.length)}</small></h2>
<div class="card scroll"><table class="stack"><thead><tr><th>rule</th><th>endpoint</th><th class="number">hits</th><th>because</th></tr></thead><tbody>${rows}</tbody></table></div>`;
};
