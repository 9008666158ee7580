import { milliseconds, number, visible } from "../../../core/report/text.ts";
import type { LatencyReport } from "../../api-shapes.js";
import { hrefOf } from "../router.ts";
import { type Column, DataTable } from "./data-table.tsx";
import { intervalText, RatioStrip, times } from "./ratio.tsx";

type Endpoint = LatencyReport["endpoints"][number];

const ratioCell = (share: "p50" | "p99") => {
  const Cell = ({ latency: { ratio }, interval }: Endpoint) =>
    ratio === null || interval === null ? (
      <>–</>
    ) : (
      <span title={intervalText(interval[share])}>
        {times(ratio[share])} <span class="soft between">{intervalText(interval[share])}</span>
      </span>
    );
  return (row: Endpoint) => <Cell {...row} />;
};

const columnsOf = (env: string, hasRatio: boolean): readonly Column<Endpoint>[] => [
  {
    key: "endpoint",
    title: "endpoint",
    word: "endpoint",
    cell: ({ endpoint }) => (
      <a href={hrefOf(["env", env, "latency"], { endpoint })}>
        <code>{visible(endpoint)}</code>
      </a>
    ),
  },
  { key: "pairs", title: "pairs", word: "pairs", isNumber: true, cell: ({ pairs }) => number(pairs) },
  ...(["candidate", "secondary"] as const).map(
    (lane): Column<Endpoint> => ({
      key: lane,
      title: `${lane} p50`,
      word: lane,
      isNumber: true,
      cell: ({ latency }) => (latency[lane] === null ? "–" : milliseconds(latency[lane].p50)),
    }),
  ),
  ...(hasRatio ? ratioColumns(env) : []),
];

const ratioColumns = (env: string): readonly Column<Endpoint>[] => [
  { key: "p50", title: "p50 ratio", word: "latency ratio", isNumber: true, cell: ratioCell("p50") },
  {
    key: "strip",
    title: "faster – slower",
    cell: ({ latency: { ratio }, interval }) =>
      ratio !== null && interval !== null && <RatioStrip ratio={ratio.p50} interval={interval.p50} />,
  },
  { key: "p99", title: "p99 ratio", word: "latency ratio", isNumber: true, cell: ratioCell("p99") },
  {
    key: "minutes",
    title: "slower minutes",
    word: "slower minutes",
    isNumber: true,
    cell: ({ minutes }) =>
      minutes === null ? "–" : `${number(minutes.slower)} of ${number(minutes.slower + minutes.faster)}`,
  },
  {
    key: "slower",
    title: "finding",
    cell: ({ finding }) =>
      finding !== null && (
        <a class={`pill ${finding.confirmed ? "bad" : ""}`} href={hrefOf(["env", env, "findings", finding.id])}>
          {finding.confirmed ? "slower" : "not yet"}
        </a>
      ),
  },
];

export const LatencyEndpoints = ({
  report: { endpoints, total, overall },
  env,
}: {
  readonly report: LatencyReport;
  readonly env: string;
}) => (
  <section aria-labelledby="endpoints">
    <h2 id="endpoints">
      Endpoints <small>{number(total)}, by traffic</small>
    </h2>
    <DataTable
      label="Latency by endpoint"
      columns={columnsOf(env, overall.interval !== null)}
      count={endpoints.length}
      rowAt={(index) => endpoints[index]}
      keyOf={({ endpoint }) => endpoint}
    />
    {total > endpoints.length && <p class="more soft">The {number(endpoints.length)} with most traffic are shown.</p>}
  </section>
);
