import { killSwitchAlarms } from "../../adapters/alarm-names.ts";
import { DEPLOYED_LANES } from "../../core/deploy/deployment.ts";
import { DIRECTIVES as SHADOW } from "../../lambdas/judge/metrics.ts";
import { AlarmsShape } from "../../lib/config/alarms-shape.ts";
import { DIRECTIVES as TEE } from "../../proxy/metrics-emf.ts";
import { ATTACHED, GIVEN, OVERLAYS, templateOf, templateOfService, templatesOf, WEB } from "./templates.ts";
import { alarmsIn, boardIn, watchedByAlarms, watchedByBoard } from "./watched-metrics.ts";

// biome-ignore lint/suspicious/noExplicitAny: a template is JSON of many shapes
type Loose = any;

const template = templateOfService({}, { alarms: { overlayClusters: ["shop"] } });
const alarm = (name: string): Loose => alarmsIn(template).find(({ AlarmName }) => AlarmName === name);

const OURS = [...Object.values(SHADOW), ...TEE].flatMap(({ Namespace, Dimensions, Metrics }) =>
  Metrics.map((metric) => ({
    key: `${Namespace} ${metric.Name} ${[...Dimensions[0]].sort().join()}`,
    leastPeriod: "StorageResolution" in metric && metric.StorageResolution === 1 ? 10 : 60,
  })),
);
/** As AWS documents them: a metric for each name, under these dimensions. */
const OF_AWS = (
  [
    ["AWS/SQS", "QueueName", "ApproximateAgeOfOldestMessage ApproximateNumberOfMessagesVisible"],
    ["AWS/Lambda", "FunctionName", "ConcurrentExecutions Duration Errors Throttles"],
    ["AWS/ECS", "ClusterName,ServiceName", "CPUUtilization MemoryUtilization"],
    ["AWS/DynamoDB", "TableName", "ConsumedReadCapacityUnits ConsumedWriteCapacityUnits"],
    ["AWS/DynamoDB", "Operation,TableName", "ThrottledRequests"],
  ] as const
).flatMap(([namespace, dimensions, names]) =>
  names.split(" ").map((name) => ({ key: `${namespace} ${name} ${dimensions}`, leastPeriod: 60 })),
);
const EMITTED = new Map([...OURS, ...OF_AWS].map(({ key, leastPeriod }) => [key, leastPeriod]));

test.each([
  ["alarms", watchedByAlarms(template), 27],
  ["the board", watchedByBoard(template), 30],
] as const)("every metric that %s watch is one that our code, or AWS, emits, and not more often", (_by, all, least) => {
  expect(all.length).toBeGreaterThanOrEqual(least);
  for (const { by, namespace, metric, dimensions, period } of all) {
    const key = `${namespace} ${metric} ${dimensions}`;
    expect([by, key, EMITTED.has(key)]).toEqual([by, key, true]);
    expect([by, period >= EMITTED.get(key)!]).toEqual([by, true]);
  }
});

test("every figure that judge tells is watched by somebody", () => {
  const watched = new Set([...watchedByAlarms(template), ...watchedByBoard(template)].map(({ metric }) => metric));
  for (const { Metrics } of Object.values(SHADOW)) for (const { Name } of Metrics) expect(watched).toContain(Name);
});

test("every alarm has a name of its own, tells people when it begins and when it ends, and links its section", () => {
  const all = alarmsIn(template);
  expect(new Set(all.map(({ AlarmName }) => AlarmName)).size).toBe(all.length);
  for (const { AlarmName, AlarmActions, OKActions, AlarmDescription } of all) {
    const topic = { Ref: expect.stringMatching(/^Notices/) };
    expect(AlarmActions).toContainEqual(topic);
    expect(OKActions).toEqual([topic]);
    expect(AlarmDescription).toMatch(new RegExp(`docs/runbook\\.md#${AlarmName.split("/").at(-1).toLowerCase()}$`));
  }
});

const LONGEST = `${"x".repeat(39)}z`;

test("baselines of one account have alarms of different names, however they and their services are called", () => {
  const named = (service: string) => ({ network: { given: GIVEN }, services: { [service]: WEB } });
  const [shop, web] = templatesOf({ baselines: { shop: named("web-api"), "shop-web": named("api") } });
  const names = [shop!, web!].flatMap((one) => alarmsIn(one).map(({ AlarmName }) => AlarmName));
  expect(names.length).toBeGreaterThan(40);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});

test("what alarms are called, and what they say, is no longer than CloudWatch takes", () => {
  const alarms = { overlayClusters: ["c".repeat(188)], runbookUrl: `https://example.com/${"r".repeat(480)}` };
  const [longest] = templatesOf({
    baselines: { [LONGEST]: { network: { given: GIVEN }, services: { [LONGEST]: WEB }, alarms } },
  });
  for (const { AlarmName, AlarmDescription } of alarmsIn(longest!)) {
    expect([AlarmName, AlarmName.length <= 255]).toEqual([AlarmName, true]);
    expect(AlarmDescription.length).toBeLessThanOrEqual(1024);
    expect(AlarmDescription).toContain(` ${alarms.runbookUrl}#`);
  }
});

test("what would make them longer is refused", () => {
  const given = { overlayClusters: ["c".repeat(189)], runbookUrl: `https://example.com/${"r".repeat(481)}` };
  const faults = AlarmsShape.safeParse(given).error?.issues.map(({ path }) => path.join("."));
  expect(faults).toEqual(["overlayClusters.0", "runbookUrl"]);
});

test("overlays are watched by name: one query groups, orders and stays within what CloudWatch evaluates", () => {
  const queries = alarmsIn(template).filter(({ Metrics }) => Metrics?.[0].Expression.startsWith("SELECT"));
  expect(queries.map(({ AlarmName }) => AlarmName)).toEqual([
    "shadowgraph/shop/Regression",
    "shadowgraph/shop/Divergence",
    "shadowgraph/shop/AccountingGap",
    "shadowgraph/shop/CandidateDown",
    "shadowgraph/shop/shop/OverlayMemory",
    "shadowgraph/shop/shop/OverlayCpu",
  ]);
  for (const { Metrics, EvaluationPeriods } of queries) {
    expect(Metrics[0].Expression).toMatch(/ GROUP BY (env|ServiceName) ORDER BY (MAX|AVG)\(\) DESC$/);
    expect(Metrics[0].Period * EvaluationPeriods).toBeLessThanOrEqual(3 * 3_600);
  }
  expect(queries[1].Metrics[0].Expression).toBe(
    "SELECT MAX(Divergence) FROM SCHEMA(\"Shadowgraph/Shadow\", Baseline, env) WHERE Baseline = 'shop' GROUP BY env ORDER BY MAX() DESC",
  );
});

test("every queue is watched: dead letters for being there, all others for the age of what waits", () => {
  const queues = template.findResources("AWS::SQS::Queue");
  const watched = (metric: string) =>
    alarmsIn(template)
      .filter(({ MetricName }) => MetricName === metric)
      .map(({ Dimensions }) => Dimensions[0].Value["Fn::GetAtt"][0])
      .sort();
  const isWork = (id: string) => queues[id]!.Properties.RedrivePolicy !== undefined;
  const ids = Object.keys(queues).sort();
  expect(watched("ApproximateNumberOfMessagesVisible")).toEqual(ids.filter((id) => !isWork(id)));
  expect(watched("ApproximateAgeOfOldestMessage")).toEqual(ids.filter(isWork));
});

test("what keeps the kill switch itself from acting is told, and that callers may be harmed", () => {
  for (const name of ["DeadLetters", "FunctionThrottles"]) {
    const { AlarmDescription, EvaluationPeriods } = alarm(`shadowgraph/shop/bypass-web/${name}`);
    expect(EvaluationPeriods).toBe(1);
    expect(AlarmDescription).toContain("Tees that harm callers may still be in the path");
  }
});

test("the alarms that are looked at before the way is opened are those that close it, and those of what closes it", () => {
  const isBypass = (action: Loose) => JSON.stringify(action).includes("GateProgram");
  const acting = alarmsIn(template).filter(({ AlarmActions }) => AlarmActions.some(isBypass));
  const ofItself = alarmsIn(template).filter(({ Dimensions }) => Dimensions?.some(isBypass));
  const names = [...acting, ...ofItself].map(({ AlarmName }) => AlarmName).sort();
  expect(names).toEqual([...killSwitchAlarms("shop", "web")].sort());
});

test("the board takes the alarms of the largest baseline: CloudWatch shows 100 at once", () => {
  const services = Object.fromEntries(
    [1, 2, 3, 4, 5, 6].map((priority) => [`web-${priority}`, { ...WEB, attached: { ...ATTACHED, priority } }]),
  );
  const overlayClusters = Array.from({ length: 10 }, (_, index) => `shop-${index}`);
  const [largest] = templatesOf({
    baselines: { shop: { network: { given: GIVEN }, services, overlays: OVERLAYS, alarms: { overlayClusters } } },
  });
  expect(alarmsIn(largest!).length).toBeGreaterThan(80);
  const [status] = boardIn(largest!).widgets.filter(({ type }: Loose) => type === "alarm");
  expect(status.properties.alarms.length).toBeLessThanOrEqual(100);
});

test("silence of judge is an alarm, within minutes of the minute in which it should have looked", () => {
  expect(alarm("shadowgraph/shop/JudgeSilent")).toMatchObject({
    Period: 60,
    EvaluationPeriods: 5,
    ComparisonOperator: "LessThanThreshold",
    Threshold: 1,
    TreatMissingData: "breaching",
  });
  template.hasResourceProperties("AWS::Events::Rule", { ScheduleExpression: "rate(1 minute)" });
});

test("mirrored requests are summed over a day, of all services of the baseline", () => {
  expect(alarm("shadowgraph/shop/MirroredRequests")).toMatchObject({
    Dimensions: [{ Name: "Baseline", Value: "shop" }],
    MetricName: "Sampled",
    Period: 86_400,
    Statistic: "Sum",
    Threshold: 10_000_000,
  });
});

test("thresholds are those that are given; a tee's memory follows its task", () => {
  const alarms = { divergencePercent: 0.2, addedLatencyMs: 2.5, teeMemoryPercent: 50, requestsPerDay: 5_000 };
  const given = templateOfService({ cpu: 1024, memoryMiB: 2048 }, { alarms });
  const thresholds = Object.fromEntries(alarmsIn(given).map(({ AlarmName, Threshold }) => [AlarmName, Threshold]));
  expect(thresholds).toMatchObject({
    "shadowgraph/shop/Divergence": 0.2,
    "shadowgraph/shop/web/AddedLatency": 2.5,
    "shadowgraph/shop/web/TeeMemory": 1024 ** 3,
    "shadowgraph/shop/MirroredRequests": 5_000,
    "shadowgraph/shop/Regression": 3,
  });
});

test.each([
  [{ divergencePercent: 0 }, "divergencePercent"],
  [{ gapPercent: 101 }, "gapPercent"],
  [{ oldestMessageSeconds: 14 }, "oldestMessageSeconds"],
  [{ requestsPerDay: 1e13 }, "requestsPerDay"],
  [{ overlayClusters: ["arn:aws:ecs:eu-central-1:111122223333:cluster/shop"] }, "overlayClusters.0"],
  [{ runbookUrl: "http://example.com" }, "runbookUrl"],
  [{ divergence: 1 }, ""],
])("a threshold out of its bounds is refused: %j", (given, path) => {
  expect(AlarmsShape.safeParse(given).error?.issues.map((issue) => issue.path.join("."))).toEqual([path]);
});

test("where there is no fleet, no tee is waited for, but what tees elsewhere mirror is counted", () => {
  const none = templateOf({ baselines: { main: {} } });
  const names = alarmsIn(none).map(({ AlarmName }) => AlarmName);
  expect(names).toContain("shadowgraph/main/MirroredRequests");
  expect(names.filter((name) => /Tee|Latency|Loop/.test(name))).toEqual([]);
  expect(boardIn(none).widgets.length).toBeGreaterThan(10);
});

test("the board finds the services of overlays, each lane of them, by words of their names", () => {
  const expressions = boardIn(template)
    .widgets.flatMap(({ properties }: Loose) => properties.metrics ?? [])
    .flatMap(([first]: Loose) => (first.expression?.includes("AWS/ECS") ? [first.expression] : []));
  expect(expressions).toHaveLength(2);
  for (const expression of expressions)
    expect(expression).toContain(`ServiceName=shadowgraph (${DEPLOYED_LANES.join(" OR ")})`);
});

test("the board has the region in its name: boards are the account's, and the same baseline may be in two regions", () => {
  template.hasResourceProperties("AWS::CloudWatch::Dashboard", {
    DashboardName: { "Fn::Join": ["", ["Shadowgraph-shop-", { Ref: "AWS::Region" }]] },
  });
});

test("the board shows every alarm, and where to read what it means", () => {
  const url = "https://wiki.example.com/runbook";
  const linked = templateOf({ baselines: { shop: { alarms: { runbookUrl: url } } } });
  const board = boardIn(linked);
  const [status] = board.widgets.filter(({ type }: Loose) => type === "alarm");
  expect(status.properties.alarms).toHaveLength(alarmsIn(linked).length);
  expect(alarmsIn(linked)[0].AlarmDescription).toContain(` ${url}#regression`);
  expect(board.widgets[0].properties.markdown).toContain(`[docs/runbook.md](${url})`);
  expect(boardIn(template).widgets[0].properties.markdown).toContain("docs/runbook.md, under the last word");
});
