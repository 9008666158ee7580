import fc from "fast-check";
import { MAX_MARKDOWN_CHARS, markerOf, reportMarkdown } from "../../../core/report/markdown.ts";
import { endpointVerdict, finding } from "../../lambdas/api/judgements.ts";
import { hostileReport, reportWith, UNSEEN } from "./reports.ts";

/** What stands outside of fences and code spans. */
const prose = (markdown: string): string =>
  markdown.replaceAll(/^(`{3,})\w*\n[\s\S]*?\n\1$/gm, "").replaceAll(/(`+)(?!`).*?[^`]\1(?!`)/g, "");

test("it begins with the marker, the verdict, its reason and what is still needed", () => {
  const report = reportWith({
    findings: [],
    verdict: { verdict: "UNDECIDED", reason: "too few pairs", needed: 3_356, forecastSeconds: 720 },
  });
  expect(
    reportMarkdown(report)
      .split("\n")
      .filter((line) => line !== ""),
  ).toEqual(
    expect.arrayContaining([
      "<!-- shadowgraph-report: checkout -->",
      "## ⏳ Shadowgraph: UNDECIDED",
      "**too few pairs**",
      "Still needed: 3 356 more pairs, about 12 min at the present traffic.",
      "| Diverging | 40 pairs: at most 12.9 % of all, with 95 % confidence |",
      "| Noise | 3 pairs in which the old version differed from itself |",
      "410 sampled: 400 compared, 10 tooLarge, 0 gap.",
    ]),
  );
  expect(reportMarkdown(report).startsWith(markerOf("checkout"))).toBe(true);
});

test("an example is a line to run, both values, and carets below what is the candidate's own", () => {
  const example = {
    pair: "1",
    at: 1,
    request: "GET /orders/1",
    primary: '"a 17"',
    candidate: '"a 56"',
    secondary: '"a 17"',
  };
  const markdown = reportMarkdown(reportWith({ findings: [finding("body/x", { examples: [example] })] }));
  expect(markdown).toContain("```sh\ncurl -si 'http://localhost:3001/orders/1'\n```");
  expect(markdown).toContain('```diff\n- primary    "a 17"\n+ candidate  "a 56"\n                ^^\n```');
});

test("what shares a cause stands below the first of it, and only the first has its example", () => {
  const findings = [finding("status", { kind: "status" }), finding("body/x", { group: "f-status" }), finding("body/y")];
  const verdict = { findings: { confirmed: 3, total: 3, groups: 2 } };
  const markdown = reportMarkdown(reportWith({ findings, verdict }));
  expect(markdown).toContain("3 confirmed of 3 (2 causes, ↳ marks what shares the one above)");
  expect(markdown).toMatch(/`status`[^\n]*\n[^\n]*↳ `body\/x`[^\n]*\n[^\n]*\| `body\/y`/);
  expect(markdown.match(/<details>/g)).toHaveLength(2);
});

test("text of others does not act as markup", () => {
  const markdown = reportMarkdown(hostileReport());
  const outside = prose(markdown);
  expect(outside).not.toMatch(/<img|<script|<\/style|@team|\]\(http|^# title|^::|www\.evil/m);
  expect(outside).toContain("&#64;&#8203;team &#35;&#8203;1");
  expect(outside.match(/<\/details>/g)).toHaveLength(1);
  expect(outside.match(/<!--|-->/g)).toHaveLength(2);
  expect(markdown).not.toMatch(UNSEEN);
});

test("however much there is to say, it fits a comment, and says how much more there is", () => {
  const long = "&|`".repeat(2_000);
  const findings = Array.from({ length: 200 }, (_, i) =>
    finding(`body/${i}`, {
      endpoint: long,
      place: `${i}${long}`,
      examples: [{ pair: "1", at: 1, request: `GET /${long}`, primary: long, candidate: `${long}1` }],
    }),
  );
  const rules = Array.from({ length: 300 }, (_, i) => ({ ignore: `${i}${long}`, hits: 0 }));
  const endpoints = Array.from({ length: 300 }, () => endpointVerdict({ endpoint: long, reason: long }));
  const reasons = Array.from({ length: 100 }, (_, i) => `${i}${long}`);
  const markdown = reportMarkdown(reportWith({ findings, total: 900, rules, verdict: { endpoints, reasons } }));
  expect(markdown.length).toBeLessThanOrEqual(MAX_MARKDOWN_CHARS);
  for (const noun of ["remarks", "findings", "endpoints", "rules", "examples"])
    expect(markdown).toMatch(new RegExp(`^\\d+ more ${noun}: \`npx shadowgraph `, "m"));
  const rows = markdown.match(/^\| yes /gm)!.length;
  expect(markdown).toContain(`${900 - rows} more findings: `);
  expect(markdown.match(/<details>/g)?.length ?? 0).toBe(markdown.match(/<\/details>/g)?.length ?? 0);
});

test("it fits whatever the findings hold", () => {
  const text = fc.string({ unit: "binary", maxLength: 3_000, size: "max" });
  const one = fc.tuple(text, text, text).map(([place, primary, candidate]) => {
    const examples = [{ pair: "1", at: 1, request: `GET /${place}`, primary, candidate }];
    return finding("x", { place, examples });
  });
  fc.assert(
    fc.property(fc.array(one, { maxLength: 60, size: "max" }), (findings) => {
      expect(reportMarkdown(reportWith({ findings })).length).toBeLessThanOrEqual(MAX_MARKDOWN_CHARS);
    }),
    { numRuns: 10 },
  );
});
