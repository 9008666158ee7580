import { reportJunit } from "../../../core/report/junit.ts";
import type { Report } from "../../../core/report/report.ts";
import type { VerdictName } from "../../../core/verdict/verdict.ts";
import { endpointVerdict, finding } from "../../lambdas/api/judgements.ts";
import { hostileReport, reportWith, UNSEEN } from "./reports.ts";
import { type Element, readXml } from "./xml.ts";

const junitOf = (report: Report): Element => readXml(reportJunit(report));

const resultsOf = (root: Element) =>
  root.children.flatMap((suite) =>
    suite.children
      .filter(({ name }) => name === "testcase")
      .map((one) => [one.attributes.classname, one.attributes.name, one.children[0]?.name ?? "passed"]),
  );

test.each<[VerdictName, string, string]>([
  ["SAFE", "passed", "passed"],
  ["REGRESSION", "failure", "failure"],
  ["UNDECIDED", "skipped", "failure"],
  ["INVALID", "error", "skipped"],
])("%s is %s, and its confirmed findings are %s", (verdict, result, findingResult) => {
  const findings = [finding("body/price"), finding("body/name", { confirmed: false })];
  const root = junitOf(reportWith({ findings, verdict: { verdict, endpoints: [endpointVerdict({ verdict })] } }));
  expect(resultsOf(root)).toEqual([
    ["verdict", "safe to release", result],
    ["GET /orders/{id}", "all pairs", result],
    ["GET /orders/{id}", "body/price (value, f-body-price)", findingResult],
    ["GET /orders/{id}", "body/name (value, f-body-name)", "skipped"],
  ]);
});

test("every suite counts its cases, and the whole counts those of its suites", () => {
  const findings = [finding("a"), finding("b", { endpoint: "GET /other" }), finding("c", { confirmed: false })];
  const root = junitOf(reportWith({ findings }));
  for (const element of [root, ...root.children]) {
    const results = resultsOf(element === root ? root : { ...root, children: [element] }).map(([, , result]) => result);
    const countOf = (wanted: string) => String(results.filter((result) => result === wanted).length);
    expect(element.attributes).toMatchObject({
      tests: String(results.length),
      failures: countOf("failure"),
      errors: countOf("error"),
      skipped: countOf("skipped"),
    });
  }
  expect(root.children.map(({ attributes }) => attributes.name)).toEqual(["verdict", "GET /orders/{id}", "GET /other"]);
  expect(root.children[0]!.attributes.timestamp).toBe("2023-11-14T22:23:20");
});

test("a failure says how often, how to ask again, and both values", () => {
  const root = junitOf(reportWith({ findings: [finding("body/price")] }));
  const failure = root.children[1]!.children.at(-1)!.children[0]!;
  expect(failure.attributes.message).toBe("value at body/price in 40 of 400 pairs, noise 0, masked 0");
  expect(failure.text.split("\n")).toEqual([
    "curl -si 'http://localhost:3001/orders/1?full=true'",
    "primary    12.50",
    "candidate  12.5000001",
  ]);
});

test("whatever services answered, it is well-formed", () => {
  const text = JSON.stringify(junitOf(hostileReport()));
  expect(text).toContain("]]>");
  expect(text).not.toMatch(UNSEEN);
  expect(text).not.toContain("\ufffe");
});
