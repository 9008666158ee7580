import type { Template } from "aws-cdk-lib/assertions";

// What alarms and the board watch, as namespace, metric, dimensions and period, in whichever way it is written.

export interface WatchedMetric {
  readonly by: string;
  readonly namespace: string;
  readonly metric: string;
  /** Sorted. */
  readonly dimensions: string;
  /** Seconds. */
  readonly period: number;
}

// biome-ignore lint/suspicious/noExplicitAny: a template is JSON of many shapes
type Loose = any;

const sorted = (names: readonly string[]) => [...names].sort().join();

const QUERY = /^SELECT (?:MAX|AVG)\((\w+)\) FROM SCHEMA\("([^"]+)", ([\w, ]+)\) WHERE \w+ = '[\w-]+' GROUP BY (\w+) /;
const SEARCH = /SEARCH\('\{"?([\w/]+)"?,([\w,]+)\} .*MetricName="(\w+)"/;

const inQuery = (by: string, expression: string, period: number): WatchedMetric => {
  const [, metric, namespace, dimensions] = QUERY.exec(expression) ?? [];
  if (metric === undefined) throw new Error(`no query that this test can read: ${expression}`);
  return { by, namespace: namespace!, metric, dimensions: sorted(dimensions!.split(", ")), period };
};

export const alarmsIn = (template: Template): readonly Loose[] =>
  Object.values(template.findResources("AWS::CloudWatch::Alarm")).map(({ Properties }) => Properties);

export const watchedByAlarms = (template: Template): readonly WatchedMetric[] =>
  alarmsIn(template).flatMap((alarm) => {
    const by = alarm.AlarmName as string;
    const plain = ({ Namespace, MetricName, Dimensions }: Loose, period: number): WatchedMetric => ({
      by,
      namespace: Namespace,
      metric: MetricName,
      dimensions: sorted(Dimensions.map(({ Name }: Loose) => Name)),
      period,
    });
    if (alarm.Metrics === undefined) return [plain(alarm, alarm.Period)];
    return alarm.Metrics.flatMap(({ Expression, MetricStat, Period }: Loose) => {
      if (MetricStat !== undefined) return [plain(MetricStat.Metric, MetricStat.Period)];
      return Expression.startsWith("SELECT") ? [inQuery(by, Expression, Period)] : [];
    });
  });

/** The board as CloudWatch gets it; what only the deploy knows is "…". */
export const boardIn = (template: Template): Loose => {
  const [{ Properties }] = Object.values(template.findResources("AWS::CloudWatch::Dashboard")) as Loose[];
  const parts = Properties.DashboardBody["Fn::Join"][1] as readonly Loose[];
  return JSON.parse(parts.map((part) => (typeof part === "string" ? part : "…")).join(""));
};

export const watchedByBoard = (template: Template): readonly WatchedMetric[] =>
  boardIn(template).widgets.flatMap(({ properties: { title, metrics = [] } }: Loose) =>
    metrics.map((row: Loose): WatchedMetric => {
      const [first, metric, ...rest] = row;
      if (typeof first === "string") {
        const names = rest.filter((part: Loose, index: number) => typeof part === "string" && index % 2 === 0);
        const { period = 60 } = row.at(-1);
        return { by: title, namespace: first, metric, dimensions: sorted(names), period };
      }
      const [, namespace, dimensions, found] = SEARCH.exec(first.expression) ?? [];
      if (found === undefined) throw new Error(`no search that this test can read: ${first.expression}`);
      return {
        by: title,
        namespace: namespace!,
        metric: found,
        dimensions: sorted(dimensions!.split(",")),
        period: 60,
      };
    }),
  );
