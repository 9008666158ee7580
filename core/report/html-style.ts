/** The whole style of a report: no font, image or script is loaded. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --page: #f6f7f9; --card: #ffffff; --ink: #16191f; --soft: #5b6472; --line: #dfe3e8; --sunk: #f1f3f6;
  --good: #12744a; --bad: #b3261e; --wait: #8a5a00; --good-bg: #e2f4ea; --bad-bg: #fdeceb; --wait-bg: #fdf3dc;
  --mono: ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0f1216; --card: #171b21; --ink: #e7eaef; --soft: #9aa4b2; --line: #2b313a; --sunk: #101419;
    --good: #6fd3a0; --bad: #ff9a91; --wait: #f0c060; --good-bg: #12301f; --bad-bg: #3b1a18; --wait-bg: #35290f;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif; font-variant-numeric: tabular-nums; }
main { max-width: 1120px; margin: 0 auto; padding: 32px 24px 56px; }
h1, h2, p, dl, dd, ul { margin: 0; padding: 0; }
h2 { font-size: 18px; line-height: 1.3; margin: 40px 0 12px; }
h2 small { font-weight: 400; font-size: 14px; color: var(--soft); margin-left: 8px; }
code, pre { font-family: var(--mono); font-size: 13px; unicode-bidi: isolate; }
code { overflow-wrap: anywhere; }
pre { margin: 0; padding: 10px 12px; background: var(--sunk); border: 1px solid var(--line); border-radius: 6px; white-space: pre-wrap; overflow-wrap: anywhere; }
mark { background: none; color: inherit; font-weight: 700; border-radius: 3px; padding: 0 1px; }
.soft { color: var(--soft); }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 10px; }

.verdict { padding: 24px; border-left-width: 6px; }
.verdict h1 { font-size: 28px; line-height: 1.2; letter-spacing: -0.01em; }
.verdict .reason { font-size: 17px; margin-top: 8px; overflow-wrap: anywhere; }
.verdict .needed { margin-top: 12px; font-weight: 600; }
.verdict .what { margin-top: 4px; color: var(--soft); overflow-wrap: anywhere; }
.verdict ul { margin: 16px 0 0 20px; color: var(--soft); }
.verdict li { overflow-wrap: anywhere; }
.good { border-left-color: var(--good); } .good h1, .good-text { color: var(--good); }
.bad { border-left-color: var(--bad); } .bad h1, .bad-text { color: var(--bad); }
.wait { border-left-color: var(--wait); } .wait h1, .wait-text { color: var(--wait); }

.figures { display: grid; grid-template-columns: repeat(4, 1fr); gap: 1px; margin-top: 16px; overflow: hidden; background: var(--line); }
.figures div { background: var(--card); padding: 14px 16px; }
.figures dt { color: var(--soft); font-size: 13px; }
.figures dd { font-size: 22px; font-weight: 600; line-height: 1.3; }
.figures dd small { display: block; font-size: 13px; font-weight: 400; color: var(--soft); }

.finding + .finding { border-top: 1px solid var(--line); }
.finding summary { display: grid; grid-template-columns: 84px minmax(0, 1fr) 200px 16px; gap: 4px 16px; align-items: center; padding: 9px 16px; cursor: pointer; list-style: none; }
.finding summary::-webkit-details-marker { display: none; }
.finding summary::after { content: ""; width: 7px; height: 7px; border: solid var(--soft); border-width: 0 2px 2px 0; transform: rotate(45deg) translate(-2px, -2px); }
.finding[open] summary::after { transform: rotate(-135deg) translate(-2px, -2px); }
.finding summary:focus-visible { outline: 2px solid currentColor; outline-offset: -2px; border-radius: 10px; }
.finding summary:hover { background: var(--sunk); }
.finding:first-child summary { border-radius: 10px 10px 0 0; } .finding:last-child:not([open]) summary { border-radius: 0 0 10px 10px; }
.finding .where code { display: block; }
.finding .place { font-weight: 700; }
.finding .reach { text-align: right; font-size: 13px; color: var(--soft); }
.pill { display: inline-block; padding: 1px 10px; border-radius: 999px; font-size: 13px; font-weight: 600; background: var(--sunk); color: var(--soft); justify-self: start; }
.pill.bad-pill { background: var(--bad-bg); color: var(--bad); }
.pill.wait-pill { background: var(--wait-bg); color: var(--wait); }
.finding .inside { border-top: 1px solid var(--line); padding: 12px 16px 16px; }
.finding .more { margin: 16px 0 4px; }
.example { margin-top: 12px; }
.values { display: grid; grid-template-columns: 104px minmax(0, 1fr); gap: 1px; margin-top: 6px; background: var(--line); border: 1px solid var(--line); border-radius: 6px; overflow: hidden; }
.values dt, .values dd { background: var(--card); padding: 6px 12px; }
.values dt { color: var(--soft); font-size: 13px; }
.values .theirs { background: var(--bad-bg); } .values .theirs mark { color: var(--bad); }
.values .ours { background: var(--good-bg); } .values .ours mark { color: var(--good); }

.scroll { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; }
th, td { text-align: left; padding: 9px 16px; border-bottom: 1px solid var(--line); vertical-align: top; }
td:first-child, td:last-child { min-width: 200px; overflow-wrap: anywhere; }
.card + p { margin-top: 10px; }
tr:last-child td { border-bottom: 0; }
th { font-size: 13px; font-weight: 500; color: var(--soft); white-space: nowrap; }
.number { text-align: right; white-space: nowrap; }
.outcomes { padding: 16px; }
.outcomes svg { display: block; width: 100%; height: 10px; border-radius: 5px; background: var(--line); }
.outcomes ul { list-style: none; display: flex; flex-wrap: wrap; gap: 4px 20px; margin-top: 10px; font-size: 14px; }
.fill-good { fill: var(--good); } .fill-wait { fill: var(--wait); } .fill-bad { fill: var(--bad); }
footer { margin-top: 40px; color: var(--soft); font-size: 13px; overflow-wrap: anywhere; }

@media (max-width: 900px) { .figures { grid-template-columns: repeat(2, 1fr); } }
@media (max-width: 640px) {
  main { padding: 12px 12px 40px; }
  .verdict { padding: 16px; }
  .verdict h1 { font-size: 24px; }
  .figures div { padding: 10px 12px; }
  .figures dd { font-size: 18px; }
  .finding summary { grid-template-columns: minmax(0, 1fr) 16px; }
  .finding summary > * { grid-column: 1; }
  .finding summary::after { grid-column: 2; grid-row: 1; }
  .finding .reach { text-align: left; }
  .values { grid-template-columns: minmax(0, 1fr); gap: 0; }
  .values dt:not(:first-child) { border-top: 1px solid var(--line); }
  .values dt { padding-bottom: 0; } .values dd { padding-top: 0; }
  .values dt:has(+ .theirs) { background: var(--bad-bg); } .values dt:has(+ .ours) { background: var(--good-bg); }
  .stack thead { display: none; }
  .stack tr { display: grid; grid-template-columns: 1fr 1fr; padding: 10px 12px; gap: 2px 12px; border-bottom: 1px solid var(--line); }
  .stack tr:last-child { border-bottom: 0; }
  .stack td { border: 0; padding: 0; text-align: left; white-space: normal; }
  .stack td:first-child, .stack td:last-child { grid-column: 1 / -1; }
  .stack td[data-title]::before { content: attr(data-title) " "; color: var(--soft); font-size: 13px; }
}
@media print { .finding { break-inside: avoid; } body { background: none; } }
`;
