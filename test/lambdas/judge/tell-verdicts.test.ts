import type { SQSEvent, SQSRecord } from "aws-lambda";
import { factsKeyOf } from "../../../adapters/judgement.ts";
import type { Ports, VerdictChange } from "../../../adapters/ports.ts";
import { NO_RULES } from "../../../core/diff/rules.ts";
import { factsOf } from "../../../core/noise/facts-of.ts";
import { Overlay } from "../../../core/sampling/environment.ts";
import { VerdictSettings } from "../../../core/verdict/settings.ts";
import { judgeAll } from "../../../lambdas/judge/judge-run.ts";
import { processWakes } from "../../../lambdas/judge/process-wakes.ts";
import { type AwsStack, startStack } from "../../adapters/aws-stack.ts";
import { segmentOf } from "../../adapters/segments.ts";

const MINUTE = 29_000_040;
const settings = VerdictSettings.parse({});
let stack: AwsStack;
let ports: Ports;
let clock: number;
const now = () => clock;
const lines: string[] = [];
const told: [string, VerdictChange][] = [];
let isBusDown: boolean;

const verdictChanged = async (env: string, change: VerdictChange) => {
  if (isBusDown) throw new Error("no bus");
  told.push([env, change]);
};
const judging = () => ({ ports: { ...ports, events: { verdictChanged } }, baseline: "shop", settings, now });

beforeAll(async () => {
  stack = await startStack();
  ports = stack.portsWith({}, now);
  jest.spyOn(process.stdout, "write").mockImplementation((line) => {
    lines.push(String(line));
    return true;
  });
  jest.spyOn(console, "error").mockImplementation(() => {});
});
afterAll(async () => {
  jest.restoreAllMocks();
  await stack.stop();
});
beforeEach(() => {
  clock = (MINUTE + 1) * 60_000;
  isBusDown = false;
  told.length = 0;
  lines.length = 0;
});
afterEach(async () => {
  for (const { id } of await ports.catalog.overlays()) await ports.catalog.deleteOverlay(id);
});

const regression = async (name: string, enabled = true): Promise<{ overlay: Overlay; event: SQSEvent }> => {
  const overlay = Overlay.parse({
    id: `ov-${name}`,
    baseline: "shop",
    createdAt: 1,
    file: { name, services: { app: { url: "http://localhost:3001" } } },
    shadow: { enabled },
    run: { id: "run-1", attempt: 1, startedAt: 1, baselineVersion: "a", candidateVersion: "b" },
    revision: 0,
  });
  await ports.catalog.createOverlay(overlay);
  await ports.catalog.recordRun(overlay.id, overlay.run);
  const key = factsKeyOf(overlay.id, "run-1", NO_RULES);
  const segment = segmentOf({ env: overlay.id, run: "run-1", seq: 0, openedAt: MINUTE * 60_000, pairs: 40 });
  await ports.facts.put(key, MINUTE, segment.id, factsOf(segment));
  const body = JSON.stringify({ ...key, minute: MINUTE });
  return { overlay, event: { Records: [{ messageId: "m", body } as SQSRecord] } };
};

test("a changed verdict is told once, however often its wake is delivered and its run is looked at", async () => {
  const { event } = await regression("once");
  for (let i = 0; i < 2; i++) await processWakes(event, judging());
  clock += 60_000;
  await judgeAll(judging());
  expect(told).toEqual([["once", expect.objectContaining({ from: null, verdict: "REGRESSION", pairs: 40 })]]);
});

test("a bus that fails loses neither wake nor verdict, and the schedule tells what it missed, in order", async () => {
  const { overlay, event } = await regression("failing");
  isBusDown = true;
  expect(await processWakes(event, judging())).toEqual({ batchItemFailures: [] });
  expect(await ports.verdicts.latest(overlay.id, "run-1")).toMatchObject({ verdict: "REGRESSION" });
  expect(console.error).toHaveBeenCalledWith(expect.stringContaining("verdict-untold"));
  const { at } = (await ports.verdicts.latest(overlay.id, "run-1"))!;
  await ports.verdicts.append(overlay.id, { at: at + 1, run: "run-1", verdict: "SAFE", reason: "rules", pairs: 40 });
  clock += 60_000;
  await expect(judgeAll(judging())).rejects.toThrow("Error: no bus");
  expect(told).toEqual([]);
  isBusDown = false;
  clock += 60_000;
  await judgeAll(judging());
  const changes = told.map(([, { from, verdict }]) => [from, verdict]);
  expect(changes).toEqual([
    [null, "REGRESSION"],
    ["REGRESSION", "SAFE"],
    ["SAFE", "REGRESSION"],
  ]);
  clock += 60_000;
  await judgeAll(judging());
  expect(told).toHaveLength(3);
});

test("what another is telling just now is left to it; what it lost is told in its place", async () => {
  const { overlay } = await regression("other");
  const verdict = { run: "run-1", verdict: "REGRESSION" as const, reason: "elsewhere", pairs: 40 };
  await ports.verdicts.append(overlay.id, { at: clock - 1_000, ...verdict });
  await judgeAll(judging());
  expect(told).toEqual([]);
  clock += 60_000;
  await judgeAll(judging());
  expect(told).toHaveLength(1);
});

test("the schedule says that it lives once it has looked at all, whatever failed, and tells nothing of what is switched off", async () => {
  const { overlay } = await regression("off", false);
  await regression("on");
  isBusDown = true;
  await expect(judgeAll(judging())).rejects.toThrow(/2 overlays .* no bus/);
  const said = lines.map((line) => JSON.parse(line));
  expect(said.map(({ env }) => env)).toEqual(["on", undefined]);
  expect(said[1]).toEqual({
    _aws: {
      Timestamp: clock,
      CloudWatchMetrics: [
        {
          Namespace: "Shadowgraph/Shadow",
          Dimensions: [["Baseline"]],
          Metrics: [{ Name: "Alive", Unit: "Count" }],
        },
      ],
    },
    Baseline: "shop",
    Alive: 1,
  });
  expect(await ports.verdicts.history(overlay.id)).toHaveLength(1);
});
