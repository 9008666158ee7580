import type { Example } from "../noise/facts.ts";
import { causesOf } from "../verdict/groups.ts";
import type { Finding } from "../verdict/verdict.ts";
import { curlOf } from "./curl.ts";
import { type Parted, parted } from "./difference.ts";
import { type Html, html, NOTHING } from "./html-text.ts";
import type { LanesOfService, Report } from "./report.ts";
import { number, percent, plural, time } from "./text.ts";

/** The findings, most telling first; the first one is open. */
export const findingsHtml = ({ findings, total, lanes, name }: Report): Html => {
  const left = total - findings.length;
  const more =
    left === 0
      ? NOTHING
      : html`<p class="soft">${number(left)} more: <code>npx shadowgraph env diffs ${name} --limit 500</code></p>`;
  const shown = causesOf(findings).map(([first, ...others], i) => findingHtml(first!, i === 0, lanes, others));
  return html`<h2>Findings <small>${number(total)}</small></h2>
${total === 0 ? html`<p class="soft">None: nowhere does the candidate differ more than the old version from itself.</p>` : html`<div class="card">${shown}</div>`}${more}`;
};

/** With the others of the same cause inside. */
const findingHtml = (
  finding: Finding,
  isOpen: boolean,
  lanes: readonly LanesOfService[],
  others: readonly Finding[],
): Html => {
  const { id, endpoint, place, kind, count, pairs, noise, masked, confirmed, breaking, firstAt, examples } = finding;
  const tone = confirmed ? (breaking ? "bad-pill" : "wait-pill") : "";
  const facts = [
    confirmed ? "Confirmed: more than noise explains" : "Not confirmed: may still be noise",
    ...(breaking ? ["breaks callers"] : []),
    `noise in ${number(noise)}, masked in ${number(masked)} pairs`,
    `first seen ${time(firstAt)}`,
  ];
  return html`<details class="finding"${isOpen ? html` open` : NOTHING}><summary><span class="pill ${tone}">${kind}</span>
<span class="where"><code class="place">${place}</code><code class="soft">${endpoint}</code></span>
<span class="reach">${number(count)} of ${number(pairs)} pairs (${percent(count / Math.max(1, pairs))})${confirmed ? "" : ", not confirmed"}${others.length === 0 ? "" : `, and ${plural(others.length, "finding")} of the same cause`}</span></summary>
<div class="inside"><p class="soft">${facts.join("; ")}. <code>${id}</code></p>
${finding.constantPerLane ? html`<p class="soft">Each lane always has one and the same value here: your change, or one that belongs to an instance.</p>` : NOTHING}
${finding.note === null ? NOTHING : html`<p class="soft">It ${finding.note}.</p>`}
${examples.length === 0 ? html`<p class="soft">No example is kept.</p>` : examples.map((one) => exampleHtml(one, lanes))}
${others.length === 0 ? NOTHING : html`<p class="soft more">Of the same cause:</p>${others.map((one) => findingHtml(one, false, lanes, []))}`}</div></details>
`;
};

const exampleHtml = (example: Example, lanes: readonly LanesOfService[]): Html => {
  const { command, hints } = curlOf(example, lanes);
  const [ours, theirs] = parted(example.primary, example.candidate);
  const secondary = example.secondary === undefined ? [] : [valueHtml("secondary", whole(example.secondary), "")];
  return html`<div class="example"><pre>${hints.map(
    (hint) => html`<span class="soft"># ${hint}</span>
`,
  )}${command}</pre>
<dl class="values">${[valueHtml("primary", ours, "ours"), valueHtml("candidate", theirs, "theirs"), ...secondary]}</dl></div>`;
};

const whole = (before: string): Parted => ({ before, own: "", after: "" });

const valueHtml = (lane: string, { before, own, after }: Parted, tone: string): Html => {
  const value =
    before + own + after === ""
      ? html`<span class="soft">nothing</span>`
      : html`<code>${before}${own === "" ? NOTHING : html`<mark>${own}</mark>`}${after}</code>`;
  return html`<dt>${lane}</dt><dd class="${tone}">${value}</dd>`;
};
