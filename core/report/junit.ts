import type { EndpointVerdict, Finding, VerdictName } from "../verdict/verdict.ts";
import { curlOf } from "./curl.ts";
import type { Report } from "./report.ts";
import { plural, time, visible } from "./text.ts";
import { lanesOf, neededText } from "./words.ts";

type Result = "passed" | "failure" | "error" | "skipped";

interface Case {
  readonly name: string;
  readonly result: Result;
  /** One line. */
  readonly message: string;
  readonly detail: string;
}

/**
 * For what reads test results: a suite for the verdict, and one for each endpoint with a case for the endpoint and for each finding.
 * REGRESSION and confirmed findings are failures, INVALID is an error, and what is undecided is skipped.
 */
export const reportJunit = (report: Report): string => {
  const endpoints = new Set([...report.verdict.endpoints, ...report.findings].map(({ endpoint }) => endpoint));
  const suites = [verdictSuite(report), ...[...endpoints].map((name) => endpointSuite(name, report))];
  const cases = suites.flatMap((suite) => suite.cases);
  const body = suites.map((suite) => suiteXml(suite, report)).join("");
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="${xml(`shadowgraph ${report.name}`)}" ${countsXml(cases)}>\n${body}</testsuites>\n`;
};

interface Suite {
  readonly name: string;
  readonly cases: readonly Case[];
}

const RESULT_OF: Readonly<Record<VerdictName, Result>> = {
  SAFE: "passed",
  REGRESSION: "failure",
  UNDECIDED: "skipped",
  INVALID: "error",
};

const verdictSuite = ({ verdict }: Report): Suite => ({
  name: "verdict",
  cases: [
    {
      name: "safe to release",
      result: RESULT_OF[verdict.verdict],
      message: `${verdict.verdict}: ${verdict.reason}`,
      detail: [...verdict.reasons, `Still needed: ${neededText(verdict)}.`].map(visible).join("\n"),
    },
  ],
});

/** The cases of one endpoint; findings may name one that the verdict does not list. */
const endpointSuite = (name: string, report: Report): Suite => ({
  name,
  cases: [
    ...report.verdict.endpoints.filter(({ endpoint }) => endpoint === name).map(endpointCase),
    ...report.findings.filter(({ endpoint }) => endpoint === name).map((finding) => findingCase(finding, report)),
  ],
});

const endpointCase = ({ verdict, reason, pairs, diverging }: EndpointVerdict): Case => ({
  name: "all pairs",
  result: RESULT_OF[verdict],
  message: `${verdict}: ${reason}`,
  detail: `${plural(diverging, "pair")} of ${plural(pairs, "pair")} diverging`,
});

const findingCase = (finding: Finding, { verdict, lanes }: Report): Case => {
  const { place, kind, id, group, count, pairs, noise, masked, confirmed, examples } = finding;
  const [first] = examples;
  return {
    name: `${place} (${kind}, ${id})`,
    result: confirmed ? CONFIRMED_IN[verdict.verdict] : "skipped",
    message: `${kind} at ${place} in ${count} of ${plural(pairs, "pair")}, noise ${noise}, masked ${masked}${confirmed ? "" : ", not confirmed"}${group === id ? "" : `, same cause as ${group}`}`,
    detail:
      first === undefined
        ? "no example is kept"
        : [
            curlOf(first, lanes).command,
            ...lanesOf(first).map(([lane, value]) => `${lane.padEnd(9)}  ${visible(value) || "(nothing)"}`),
          ].join("\n"),
  };
};

/** SAFE has shown a confirmed finding to be rarer than the tolerance; INVALID says nothing of the candidate. */
const CONFIRMED_IN: Readonly<Record<VerdictName, Result>> = {
  SAFE: "passed",
  REGRESSION: "failure",
  UNDECIDED: "failure",
  INVALID: "skipped",
};

const suiteXml = ({ name, cases }: Suite, report: Report): string => {
  const at = new Date(report.at).toISOString().replace(/\.\d+Z$/, "");
  const head = `  <testsuite name="${xml(name)}" timestamp="${at}" hostname="${xml(report.env)}" time="0" ${countsXml(cases)}>\n`;
  const properties: readonly (readonly [string, string])[] = [
    ["baseline", `${report.baseline.name} ${report.run.baselineVersion}`],
    ["overlay", `${report.name} ${report.run.candidateVersion}`],
    ["run", `${report.run.id} since ${time(report.run.startedAt)}`],
  ];
  const known = properties.map(([key, value]) => `      <property name="${key}" value="${xml(value)}"/>\n`).join("");
  return `${head}    <properties>\n${known}    </properties>\n${cases.map((one) => caseXml(one, name)).join("")}  </testsuite>\n`;
};

const caseXml = ({ name, result, message, detail }: Case, suite: string): string => {
  const open = `    <testcase name="${xml(name)}" classname="${xml(suite)}" time="0"`;
  if (result === "passed") return `${open}/>\n`;
  const type = result === "skipped" ? "" : ` type="${result}"`;
  return `${open}>\n      <${result}${type} message="${xml(message)}">${cdata(detail)}</${result}>\n    </testcase>\n`;
};

const countsXml = (cases: readonly Case[]): string => {
  const countOf = (wanted: Result) => cases.filter(({ result }) => result === wanted).length;
  return `tests="${cases.length}" failures="${countOf("failure")}" errors="${countOf("error")}" skipped="${countOf("skipped")}"`;
};

/** XML 1.0, 2.2: what is no character there cannot even be written as a reference. */
const characters = (text: string): string =>
  text.toWellFormed().replaceAll(/[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "\ufffd");

const xml = (text: string): string =>
  characters(visible(text)).replaceAll(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);

const cdata = (text: string): string => `<![CDATA[${characters(text).replaceAll("]]>", "]]]]><![CDATA[>")}]]>`;
