import {
  type Alarm,
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IMetric,
  MathExpression,
  Metric,
  PeriodOverride,
  SearchExpression,
  TextWidget,
} from "aws-cdk-lib/aws-cloudwatch";
import type { Table } from "aws-cdk-lib/aws-dynamodb";
import { Duration, Stack } from "aws-cdk-lib/core";
import { Construct } from "constructs";
import type { Pipeline } from "./alarms/pipeline-alarms.ts";

export interface WatchBoardProps extends Pick<Pipeline, "queues" | "deadLetters" | "functions"> {
  readonly baseline: string;
  /** Names of the services that tees stand before. */
  readonly services: readonly string[];
  readonly table: Table;
  readonly alarms: readonly Alarm[];
  /**
   * Where people read docs/runbook.md.
   * @default - it is named, not linked
   */
  readonly runbookUrl?: string;
}

const period = Duration.minutes(1);
const WIDTH = 24;

/** The board in CloudWatch: what is told about overlays, tees and the pipeline between them, for as long as CloudWatch keeps it. */
export class WatchBoard extends Construct {
  constructor(scope: Construct, id: string, props: WatchBoardProps) {
    super(scope, id);
    const { baseline, alarms, runbookUrl } = props;
    const runbook = runbookUrl === undefined ? "docs/runbook.md" : `[docs/runbook.md](${runbookUrl})`;
    const board = new Dashboard(this, "Board", {
      // Boards are the account's, not a region's: the same baseline may be in another region as well.
      dashboardName: `Shadowgraph-${baseline}-${Stack.of(this).region}`,
      defaultInterval: Duration.hours(3),
      periodOverride: PeriodOverride.INHERIT,
    });
    const heading = (markdown: string) => new TextWidget({ markdown, width: WIDTH, height: 2 });
    board.addWidgets(
      heading(
        `# Shadowgraph: ${baseline}\nWhat each alarm means, and what to do: ${runbook}, under the last word of its name.`,
      ),
    );
    board.addWidgets(new AlarmStatusWidget({ title: "Alarms", alarms: [...alarms], width: WIDTH, height: 4 }));
    board.addWidgets(heading("## Overlays\nVerdict: 0 SAFE, 1 UNDECIDED, 2 INVALID, 3 REGRESSION."));
    board.addWidgets(...row(overlayGraphs(baseline)));
    board.addWidgets(heading(`## Tees\nTake them out of the path: \`shadowgraph bypass on\`. ${runbook}`));
    board.addWidgets(...row(teeGraphs(baseline, props.services)));
    board.addWidgets(heading(`## From segments to a verdict\n${runbook}`));
    board.addWidgets(...row(pipelineGraphs(props)));
    board.addWidgets(...row(tableGraphs(props.table)));
  }
}

interface Graph {
  readonly title: string;
  readonly left: readonly IMetric[];
  readonly right?: readonly IMetric[];
}

const row = (graphs: readonly Graph[]): readonly GraphWidget[] =>
  graphs.map(
    ({ title, left, right = [] }) =>
      new GraphWidget({ title, left: [...left], right: [...right], width: WIDTH / 4, height: 6, period }),
  );

const overlayGraphs = (baseline: string): readonly Graph[] => {
  const search = (metric: string) =>
    `SEARCH('{"Shadowgraph/Shadow",Baseline,env} Baseline="${baseline}" MetricName="${metric}"', 'Maximum', 60)`;
  const each = (metric: string) => [new SearchExpression({ expression: search(metric), label: "", period })];
  // Services of overlays are named shadowgraph-<overlay>-<service>-<lane>-<number>.
  const used = (metric: string) => [
    new SearchExpression({
      expression: `SEARCH('{AWS/ECS,ClusterName,ServiceName} ServiceName=shadowgraph (candidate OR secondary) MetricName="${metric}"', 'Average', 60)`,
      label: "",
      period,
    }),
  ];
  return [
    { title: "Verdict", left: each("VerdictCode") },
    { title: "Diverging pairs, percent of the run", left: each("Divergence") },
    {
      title: "Pairs a second",
      left: [new MathExpression({ expression: `RATE(${search("Pairs")})`, label: "", usingMetrics: {}, period })],
    },
    { title: "Candidate failed, percent of the last two minutes", left: each("CandidateFailed") },
    { title: "Accounting gap, percent of sampled requests", left: each("Gap") },
    { title: "Memory of candidate and control, percent", left: used("MemoryUtilization") },
    { title: "CPU of candidate and control, percent", left: used("CPUUtilization") },
    {
      title: "Mirrored requests in 24 hours",
      left: [
        new Metric({
          namespace: "Shadowgraph/Tee",
          metricName: "Sampled",
          dimensionsMap: { Baseline: baseline },
          statistic: "Sum",
          period: Duration.days(1),
        }),
      ],
    },
  ];
};

const teeGraphs = (baseline: string, services: readonly string[]): readonly Graph[] => {
  const each = (metricName: string, statistic: string, what = "") =>
    services.map(
      (service) =>
        new Metric({
          namespace: "Shadowgraph/Tee",
          metricName,
          dimensionsMap: { Baseline: baseline, Service: service },
          statistic,
          label: [service, what].join(" ").trim(),
          period,
        }),
    );
  if (services.length === 0) return [];
  return [
    { title: "Requests a minute", left: each("Requests", "Sum"), right: each("Connections", "Sum", "connections") },
    { title: "Sampled and dropped a minute", left: [...each("Sampled", "Sum"), ...each("Dropped", "Sum", "dropped")] },
    {
      title: "Without an answer, and refused, a minute",
      left: [...each("PrimaryErrors", "Sum"), ...each("Refusals", "Sum", "refused")],
    },
    { title: "Added latency of the slowest hundredth", left: each("AddedLatencyP99", "Average") },
    { title: "Delay of the event loop, of the latest hundredth", left: each("LoopDelayP99", "Maximum") },
    { title: "Memory, and copies held", left: each("ResidentBytes", "Maximum"), right: each("CopyBytes", "Maximum") },
  ];
};

const pipelineGraphs = ({ queues, deadLetters, functions }: WatchBoardProps): readonly Graph[] => {
  const ofQueues = Object.entries(queues);
  const ofFunctions = Object.entries(functions);
  return [
    {
      title: "Age of the oldest message",
      left: ofQueues.map(([label, queue]) =>
        queue.metricApproximateAgeOfOldestMessage({ label, period, statistic: "Maximum" }),
      ),
    },
    {
      title: "Messages that wait, and dead letters",
      left: ofQueues.map(([label, queue]) => queue.metricApproximateNumberOfMessagesVisible({ label, period })),
      right: Object.entries(deadLetters).map(([label, queue]) =>
        queue.metricApproximateNumberOfMessagesVisible({ label: `dead: ${label}`, period }),
      ),
    },
    {
      title: "Functions at work at once",
      left: ofFunctions.map(([label, target]) =>
        target.metric("ConcurrentExecutions", { label, period, statistic: "Maximum" }),
      ),
    },
    {
      title: "Duration of the slowest hundredth",
      left: ofFunctions.map(([label, target]) => target.metricDuration({ label, period, statistic: "p99" })),
    },
    {
      title: "Errors and throttles",
      left: ofFunctions.map(([label, target]) => target.metricErrors({ label, period, statistic: "Sum" })),
      right: ofFunctions.map(([label, target]) =>
        target.metricThrottles({ label: `throttled: ${label}`, period, statistic: "Sum" }),
      ),
    },
  ];
};

const tableGraphs = (table: Table): readonly Graph[] => [
  {
    title: "DynamoDB: capacity consumed",
    left: [
      table.metricConsumedReadCapacityUnits({ label: "read", period }),
      table.metricConsumedWriteCapacityUnits({ label: "written", period }),
    ],
  },
  {
    title: "DynamoDB: requests throttled",
    left: ["GetItem", "Query", "PutItem", "DeleteItem"].map((operation) =>
      table.metricThrottledRequestsForOperation(operation, { label: operation, period }),
    ),
  },
];
