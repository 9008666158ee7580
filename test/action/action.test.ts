import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serve } from "@hono/node-server";
import { parse } from "yaml";
import { MAX_MARKDOWN_CHARS } from "../../core/report/markdown.ts";
import { BASELINE_YAML, OVERLAY_YAML } from "../cli/cli-under-test.ts";
import { HOSTILE } from "../core/report/reports.ts";
import { type ApiUnderTest, apiUnderTest, type Loose, SHOP } from "../lambdas/api/api-under-test.ts";
import { finding } from "../lambdas/api/judgements.ts";
import { type GitHub, startGitHub } from "./github.ts";

const root = join(__dirname, "../..");
const read = (path: string): string => readFileSync(join(root, path), "utf8");
const action = parse(read("action.yml")) as Loose;
const example = parse(read("examples/github/shadowgraph.yml")) as Loose;

let folder: string;
let api: ApiUnderTest;
let apiServer: Server;
let gitHub: GitHub;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "shadowgraph-action-"));
  for (const name of ["output", "summary"]) writeFileSync(join(folder, name), "");
  writeFileSync(join(folder, "event.json"), JSON.stringify({ pull_request: { number: 7 } }));
  writeFileSync(join(folder, "baseline.yaml"), BASELINE_YAML);
  writeFileSync(join(folder, "overlay.yaml"), OVERLAY_YAML);
  api = apiUnderTest();
  await api.call("POST", "/baselines", { file: SHOP });
  apiServer = serve({ fetch: api.app.fetch, port: 0, hostname: "127.0.0.1" }) as Server;
  if (!apiServer.listening) await once(apiServer, "listening");
  gitHub = await startGitHub();
});

afterEach(() => {
  gitHub.close();
  apiServer.close();
  apiServer.closeAllConnections();
  rmSync(folder, { recursive: true, force: true });
});

interface Step {
  readonly exit: number;
  readonly log: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
}

/** The outputs as the runner reads them. */
const readOutputs = (text: string): Record<string, string> =>
  Object.fromEntries([...text.matchAll(/^(\w+)<<(\S+)\n([\s\S]*?)\n\2$/gm)].map(([, name, , value]) => [name, value]));

/** Runs the step as the runner does: a process of its own, inputs in its environment. */
const step = (over: Readonly<Record<string, string>> = {}): Promise<Step> => {
  const env = {
    PATH: process.env.PATH,
    SHADOWGRAPH_API: `http://127.0.0.1:${(apiServer.address() as AddressInfo).port}`,
    INPUT_ENVIRONMENT: "pr-7",
    INPUT_OVERLAY_FILE: "overlay.yaml",
    INPUT_BASELINE: "shop",
    INPUT_TIMEOUT: "1s",
    INPUT_TOLERANCE: "",
    INPUT_FAIL_ON: "REGRESSION,INVALID",
    INPUT_COMMENT: "true",
    INPUT_TOKEN: "the-token",
    INPUT_REPORT_FOLDER: "report",
    GITHUB_API_URL: gitHub.url,
    GITHUB_REPOSITORY: "example/shop",
    GITHUB_EVENT_PATH: join(folder, "event.json"),
    GITHUB_OUTPUT: join(folder, "output"),
    GITHUB_STEP_SUMMARY: join(folder, "summary"),
    ...over,
  };
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [join(root, "action/main.ts")],
      { cwd: folder, env, timeout: 60_000 },
      (error, stdout, stderr) => {
        const outputs = readOutputs(readFileSync(join(folder, "output"), "utf8"));
        const summary = readFileSync(join(folder, "summary"), "utf8");
        resolve({ exit: Number(error?.code ?? 0), log: stdout + stderr, outputs, summary });
      },
    );
  });
};

/** Lines that the runner takes as commands. */
const commandsIn = (log: string): string[] => log.split(/[\r\n]+/).filter((line) => /^\s*::|##\[/.test(line));

test("it registers the overlay, reports the verdict everywhere, and fails at a regression", async () => {
  api.scene = { pairs: 400, findings: [finding("body/price")] };
  const { exit, log, outputs, summary } = await step();
  expect([exit, outputs]).toEqual([1, { verdict: "REGRESSION", reason: "1 confirmed", report: "report" }]);
  expect(commandsIn(log)).toEqual(["::error title=Shadowgraph::REGRESSION: 1 confirmed"]);
  expect((await api.call("GET", "/overlays/pr-7")).body).toMatchObject({ shadow: { enabled: true } });
  for (const [name, start] of [
    ["report.md", "<!-- shadowgraph-report: pr-7 -->"],
    ["report.html", "<!doctype html>"],
    ["report.json", "{"],
    ["junit.xml", "<?xml"],
  ])
    expect(readFileSync(join(folder, "report", name!), "utf8").startsWith(start!)).toBe(true);
  expect(summary).toContain("❌ Shadowgraph: REGRESSION");
  expect(gitHub.comments.map(({ body }) => body)).toEqual([summary]);
});

test("a later report takes the place of the earlier one; that of another environment stays", async () => {
  const bot = { login: "github-actions[bot]", type: "Bot" };
  const person = { login: "somebody", type: "User" };
  const marker = "<!-- shadowgraph-report: pr-7 -->\n";
  for (const [body, user] of [
    ["<!-- shadowgraph-report: pr-77 -->", bot],
    [`${marker}SAFE, I say`, person],
    [`> ${marker}quoted`, bot],
  ] as const)
    gitHub.comments.push({ id: gitHub.comments.length + 1, body, user });
  for (let id = 4; id <= 120; id++) gitHub.comments.push({ id, body: "talk", user: null });
  api.scene = { pairs: 400, findings: [finding("body/price")] };
  await step();
  api.scene = { pairs: 4_000 };
  const { exit } = await step();
  expect([exit, gitHub.comments.length]).toEqual([0, 121]);
  expect(gitHub.comments.at(-1)!.body).toContain("✅ Shadowgraph: SAFE");
  expect(gitHub.comments[1]!.body).toContain("SAFE, I say");
  expect(gitHub.asked.filter((line) => !line.startsWith("GET"))).toEqual([
    "POST /repos/example/shop/issues/7/comments",
    "PATCH /repos/example/shop/issues/comments/121",
  ]);
});

test.each([
  ["a fork may not comment", {}, 403],
  ["GitHub is broken", {}, 500],
  ["there is no token", { INPUT_TOKEN: "" }, undefined],
  ["GitHub cannot be reached", { GITHUB_API_URL: "http://127.0.0.1:1" }, undefined],
])("where %s, it warns and does not fail", async (_title, over, refusal) => {
  gitHub.refusal = refusal;
  api.scene = { pairs: 4_000 };
  const { exit, log, outputs, summary } = await step(over as Record<string, string>);
  expect([exit, outputs.verdict]).toEqual([0, "SAFE"]);
  expect(commandsIn(log)).toEqual([expect.stringMatching(/^::warning title=Shadowgraph::.*in the summary of the job/)]);
  expect(summary).toContain("SAFE");
});

test("without a pull request, or asked not to, it does not comment", async () => {
  api.scene = { pairs: 4_000 };
  writeFileSync(join(folder, "event.json"), JSON.stringify({ ref: "refs/heads/main" }));
  expect(await step()).toMatchObject({ exit: 0 });
  expect(await step({ INPUT_COMMENT: "false" })).toMatchObject({ exit: 0 });
  expect(gitHub.asked).toEqual([]);
});

test("what is not decided in time is a warning with what is still needed, or a failure if so wished", async () => {
  api.scene = { pairs: 400 };
  const first = await step();
  expect([first.exit, first.outputs.verdict]).toEqual([0, "UNDECIDED"]);
  expect(commandsIn(first.log)).toEqual([expect.stringMatching(/^::warning .*Still needed: 3 356 more pairs$/)]);
  expect(await step({ INPUT_FAIL_ON: "regression, undecided" })).toMatchObject({ exit: 1 });
});

test("it never fails for a verdict where fail-on is never", async () => {
  api.scene = { findings: [finding("body/price")] };
  expect(await step({ INPUT_FAIL_ON: "never" })).toMatchObject({ exit: 0, outputs: { verdict: "REGRESSION" } });
});

test("what services answered gives the runner no commands and no outputs, and fits a comment", async () => {
  const evil = `${HOSTILE}\n::add-mask::x\n##[error]y\nverdict=SAFE\nverdict<<end\nSAFE\nend\n`;
  const many = Array.from({ length: 200 }, (_, i) => finding(`${i}${evil}`, { endpoint: evil.repeat(5) }));
  api.scene = { findings: many, verdict: { reason: evil, reasons: [evil] } };
  const { exit, log, outputs } = await step();
  expect([exit, outputs.verdict, outputs.reason]).toEqual([1, "REGRESSION", evil.toWellFormed()]);
  expect(commandsIn(log).filter((line) => !line.startsWith("::error title=Shadowgraph::REGRESSION: "))).toEqual([]);
  expect(gitHub.comments[0]!.body.length).toBeLessThanOrEqual(MAX_MARKDOWN_CHARS);
});

test.each([
  ["no name", { INPUT_ENVIRONMENT: "" }, 2, 'environment: is required; got ""'],
  [
    "a wrong fail-on",
    { INPUT_FAIL_ON: "SAFE" },
    2,
    "fail-on: must be never, or some of REGRESSION, UNDECIDED, INVALID",
  ],
  ["a file without a baseline", { INPUT_BASELINE: "" }, 2, "baseline: is required with overlay-file"],
  ["a name that is an option", { INPUT_ENVIRONMENT: "--help", INPUT_OVERLAY_FILE: "" }, 2, 'no environment "--help"'],
  ["an unknown environment", { INPUT_OVERLAY_FILE: "" }, 2, 'no environment "pr-7"'],
  ["a wrong time", { INPUT_TIMEOUT: "soon" }, 2, 'got "soon"'],
  ["no API", { SHADOWGRAPH_API: "http://127.0.0.1:1" }, 5, "no Shadowgraph API answers"],
])("with %s it fails and says why", async (_title, over, exit, said) => {
  const ran = await step(over);
  expect([ran.exit, ran.log, ran.outputs]).toEqual([exit, expect.stringContaining(said), {}]);
  expect(commandsIn(ran.log)).toHaveLength(1);
});

test("action.yml hands every input on by the environment, never as text of a script", () => {
  const { steps } = action.runs;
  for (const { run = "" } of steps) expect(run).not.toContain("${{");
  const handed = Object.values(steps.at(-1).env).join(" ");
  for (const name of Object.keys(action.inputs)) expect(handed).toContain(`inputs.${name} }}`);
  const produced = Object.values<Loose>(action.outputs).map(({ value }) => /outputs\.(\w+)/.exec(value)![1]);
  expect(produced).toEqual(["verdict", "reason", "report"]);
});

test("the example knows the inputs, pins what it uses, and keeps no keys", () => {
  const jobs = Object.values<Loose>(example.jobs);
  const steps = jobs.flatMap((job) => job.steps);
  const step = steps.find(({ uses = "" }: Loose) => uses.includes("/shadowgraph@"));
  for (const name of Object.keys(step.with)) expect(Object.keys(action.inputs)).toContain(name);
  for (const { uses, run = "" } of [...steps, ...action.runs.steps]) {
    if (uses !== undefined) expect(uses).toMatch(/@[0-9a-f]{40}$/);
    expect(run).not.toContain("${{");
  }
  expect(example.permissions).toEqual({});
  expect(jobs[0].permissions).toEqual({ contents: "read", "id-token": "write", "pull-requests": "write" });
  expect(read("examples/github/shadowgraph.yml")).not.toMatch(/secrets\.|access-key/);
});
