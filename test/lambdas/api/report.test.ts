import { MAX_MARKDOWN_CHARS } from "../../../core/report/markdown.ts";
import { ReportShape } from "../../../lambdas/api/shapes.ts";
import { apiWithOverlay } from "./api-under-test.ts";
import { endpointVerdict, finding, type Scene } from "./judgements.ts";

const reported = async (scene: Scene, query = "?format=markdown") => {
  const api = await apiWithOverlay();
  api.scene = scene;
  return api.call("GET", `/environments/checkout/report${query}`);
};

test("markdown says verdict, reason, findings with an example, endpoints, outcomes and rules", async () => {
  const api = await apiWithOverlay();
  api.scene = { pairs: 400, findings: [finding("status", { kind: "status", breaking: true }), finding("body/price")] };
  await api.call("PUT", "/environments/checkout/rules", { rules: [{ ignore: "body/none", because: "old" }] });
  const { body, headers } = await api.call("GET", "/environments/checkout/report?format=markdown");
  expect(headers.get("content-type")).toBe("text/markdown; charset=utf-8");
  expect(body).toMatch(/^<!-- shadowgraph-report: checkout -->\n## ❌ Shadowgraph: REGRESSION\n/);
  for (const part of [
    "`checkout`",
    "2.0.0",
    "**2 confirmed**",
    "### Findings: 2 confirmed of 2",
    "`body/price`",
    "**status**",
    "12.5000001",
    "### Endpoints",
    "400 sampled: 400 compared, 0 gap",
    "### Rules",
    "never hit",
  ]) {
    expect(body).toContain(part);
  }
  expect(body.indexOf("status")).toBeLessThan(body.indexOf("body/price"));
});

test("text of others does not act as markup", async () => {
  const hostile = "</details><img src=x>| `a` ``b`` @team [x](http://evil) \u001b[31m\u202e\n# title";
  const example = { pair: "1", at: 1, request: hostile, primary: hostile, candidate: hostile };
  const { body } = await reported({
    findings: [finding("body/x", { place: hostile, endpoint: hostile, examples: [example] })],
    verdict: { reason: hostile, endpoints: [endpointVerdict({ endpoint: hostile, reason: hostile })] },
  });
  const outsideCode = body.replaceAll(/^(`{3,})\w*\n[\s\S]*?\n\1$/gm, "").replaceAll(/(`+)(?!`).*?[^`]\1(?!`)/g, "");
  expect(outsideCode).not.toMatch(/<img|@team|\]\(http|^# title/m);
  for (const char of ["\u001b", "\u202e"]) expect(body).not.toContain(char);
  for (const line of body.split("\n").filter((text: string) => text.startsWith("| ") && text.includes("candidate")))
    expect(line.match(/(?<!\\)\|/g)!.length).toBeGreaterThan(2);
  expect(outsideCode.match(/<\/details>/g)).toHaveLength(1);
});

test("however much there is to say, it fits a comment and says that it was cut", async () => {
  const long = "&".repeat(5_000);
  const many = Array.from({ length: 300 }, (_, i) => finding(`body/${i}`, { endpoint: long, place: `${i}${long}` }));
  const { body } = await reported({ findings: many });
  expect(body.length).toBeLessThanOrEqual(MAX_MARKDOWN_CHARS);
  expect(body).toMatch(/more findings: `npx shadowgraph env diffs checkout --limit 500`/);
});

test("json holds at most 200 findings and says how many there are", async () => {
  const many = Array.from({ length: 300 }, (_, i) => finding(`body/${i}`));
  const { body } = await reported({ findings: many }, "");
  expect([body.findings.length, body.total]).toEqual([200, 300]);
});

test.each([
  ["markdown", "text/markdown; charset=utf-8", /^<!-- shadowgraph-report: checkout -->/],
  ["junit", "application/xml; charset=utf-8", /^<\?xml /],
  ["html", "text/html; charset=utf-8", /^<!doctype html>/],
])("format=%s is %s", async (format, mediaType, start) => {
  const { body, headers } = await reported({ pairs: 400 }, `?format=${format}`);
  expect([headers.get("content-type"), body]).toEqual([mediaType, expect.stringMatching(start)]);
});

test("an unknown format is named, with those that are known", async () => {
  const { status, body } = await reported({}, "?format=pdf");
  expect([status, body.faults[0].field]).toEqual([400, "format"]);
  expect(body.faults[0].message).toMatch(/"markdown".*"junit".*"html".*"json".*got "pdf"/);
});

test("json is the whole, as its shape says", async () => {
  const { body } = await reported({ pairs: 400, findings: [finding("body/price")] }, "");
  expect(ReportShape.parse(body)).toMatchObject({
    noisy: 0,
    lanes: [{ service: "web", candidate: { url: "http://localhost:3001" } }],
    verdict: { verdict: "REGRESSION" },
  });
});

test("without a finding it says so", async () => {
  const { body } = await reported({ pairs: 4_000 });
  expect(body).toContain("✅ Shadowgraph: SAFE");
  expect(body).toContain("### Findings\n\nNone.");
});
