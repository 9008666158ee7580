import { createHash } from "node:crypto";
import { reportHtml } from "../../../core/report/html.ts";
import { finding } from "../../lambdas/api/judgements.ts";
import { HOSTILE, hostileReport, reportWith, UNSEEN } from "./reports.ts";

const TAGS =
  /^<(?:!doctype html|\/?(?:html|head|meta|title|style|body|main|header|h1|h2|p|ul|li|dl|dt|dd|div|small|details|summary|span|code|pre|mark|b|table|thead|tbody|tr|th|td|svg|rect|footer)\b)/;

test("whatever services answered, it is text: no tag, no attribute and no address of theirs", () => {
  const page = reportHtml(hostileReport());
  const tags = page.match(/<[^>]*>?/g)!;
  for (const tag of tags) expect(tag).toMatch(TAGS);
  expect(tags.join("")).not.toMatch(/\son\w+=|\ssrc=|\shref=|\sstyle=|<script/);
  expect(page).not.toMatch(UNSEEN);
  expect(page).toContain("&#60;script&#62;alert(1)&#60;/script&#62;");
  expect(page.match(/<style>/g)).toHaveLength(1);
  expect(page).not.toContain(HOSTILE.slice(0, 20));
});

test("its policy lets nothing in but its own style", () => {
  const page = reportHtml(reportWith());
  const [, policy] = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)!;
  const [, style] = /<style>([\s\S]*?)<\/style>/.exec(page)!;
  const hash = createHash("sha256").update(style!).digest("base64");
  expect(policy!.replaceAll("&#39;", "'")).toBe(
    `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`,
  );
  expect(page.indexOf("Content-Security-Policy")).toBeLessThan(page.indexOf("<style>"));
  expect(style).not.toMatch(/url\(|@import/);
});

test("what shares a cause is inside the first of it", () => {
  const findings = [finding("status"), finding("body/x", { group: "f-status" })];
  const page = reportHtml(reportWith({ findings }));
  expect(page).toContain("and 1 finding of the same cause");
  expect(page).toMatch(
    /Of the same cause:<\/p><details class="finding">[\s\S]*body\/x[\s\S]*<\/details>\s*<\/div><\/details>/,
  );
});

test("it says verdict, reason, what is still needed, figures with units, and what differs", () => {
  const page = reportHtml(reportWith({ findings: [finding("body/price")], total: 5 }));
  for (const part of [
    "<h1>REGRESSION</h1>",
    "for a reason",
    "<li>and a remark</li>",
    "Still needed: nothing, more pairs cannot help",
    "<dd>400<small>pairs of 410 sampled requests</small></dd>",
    "40 of 400 pairs (10 %)",
    "curl -si &#39;http://localhost:3001/orders/1?full=true&#39;",
    "<mark>12.5000001</mark>",
    "3.5 ms",
    "4 more: <code>npx shadowgraph env diffs checkout --limit 500</code>",
  ])
    expect(page).toContain(part);
});

test("without a finding it says so", () => {
  expect(reportHtml(reportWith({ findings: [] }))).toContain("None: nowhere does the candidate differ");
});
