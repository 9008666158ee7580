import { milliseconds, number, percent, visible } from "../../../core/report/text.ts";
import type { EndpointVerdict } from "../../api-shapes.js";
import { useLive } from "../live.ts";
import type { PageProps } from "../page.ts";
import { hrefOf, replaceQuery } from "../router.ts";
import { type Column, DataTable, type Sorting } from "./data-table.tsx";
import { type Interval, intervalText, times } from "./ratio.tsx";
import { Empty } from "./states.tsx";
import { VerdictPill } from "./verdict-pill.tsx";

const MAX_INTERVALS = 200;
const ORDER = { REGRESSION: 0, INVALID: 1, UNDECIDED: 2, SAFE: 3 } as const satisfies Record<
  EndpointVerdict["verdict"],
  number
>;

type Intervals = ReadonlyMap<string, Interval>;

const columnsOf = (env: string, intervals: Intervals): readonly Column<EndpointVerdict>[] => [
  {
    key: "endpoint",
    title: "endpoint",
    word: "endpoint",
    sortBy: ({ endpoint }) => endpoint,
    cell: ({ endpoint, reason }) => (
      <a href={hrefOf(["env", env, "findings"], { endpoint })} title={reason}>
        <code>{visible(endpoint)}</code>
      </a>
    ),
  },
  {
    key: "verdict",
    title: "verdict",
    word: "verdict",
    sortBy: ({ verdict }) => ORDER[verdict],
    cell: ({ verdict }) => <VerdictPill verdict={verdict} />,
  },
  {
    key: "pairs",
    title: "pairs",
    word: "pairs",
    isNumber: true,
    sortBy: ({ pairs }) => pairs,
    cell: ({ pairs }) => number(pairs),
  },
  {
    key: "diverging",
    title: "diverging",
    word: "diverging",
    isNumber: true,
    sortBy: ({ diverging, pairs }) => diverging / Math.max(1, pairs),
    cell: ({ diverging, pairs }) => (
      <>
        {number(diverging)} <span class="soft share">{pairs === 0 ? "–" : percent(diverging / pairs)}</span>
      </>
    ),
  },
  {
    key: "bound",
    title: "at most",
    word: "at most",
    isNumber: true,
    sortBy: ({ divergingBound }) => divergingBound,
    cell: ({ divergingBound }) => percent(divergingBound),
  },
  {
    key: "findings",
    title: "findings",
    word: "findings",
    isNumber: true,
    sortBy: ({ findings }) => findings.confirmed,
    cell: ({ findings }) => `${number(findings.confirmed)}/${number(findings.total)}`,
  },
  {
    key: "noise",
    title: "noise",
    word: "noise",
    isNumber: true,
    sortBy: ({ noise }) => noise,
    cell: ({ noise }) => number(noise),
  },
  {
    key: "masked",
    title: "masked",
    word: "masked",
    isNumber: true,
    sortBy: ({ masked }) => masked,
    cell: ({ masked }) => number(masked),
  },
  {
    key: "latency",
    title: "latency ratio",
    word: "latency ratio",
    isNumber: true,
    sortBy: ({ latency }) => latency.ratio?.p50 ?? -1,
    cell: ({ endpoint, latency }) => <LatencyCell latency={latency} interval={intervals.get(endpoint)} />,
  },
];

interface LatencyCellProps {
  readonly latency: EndpointVerdict["latency"];
  readonly interval: Interval | undefined;
}

/** The ratio of the medians and where it lies. A median alone would be no ratio: that is on the latency page. */
const LatencyCell = ({ latency: { ratio, candidate }, interval }: LatencyCellProps) => {
  if (ratio === null)
    return candidate === null ? (
      <>–</>
    ) : (
      <span class="soft" title={`Without a control overlay; the candidate's median is ${milliseconds(candidate.p50)}`}>
        not judged
      </span>
    );
  return (
    <span title={`p95 ${times(ratio.p95)}, p99 ${times(ratio.p99)}`}>
      {times(ratio.p50)} {interval !== undefined && <span class="soft interval">{intervalText(interval)}</span>}
    </span>
  );
};

interface EndpointTableProps {
  readonly env: string;
  readonly endpoints: readonly EndpointVerdict[];
  readonly query: PageProps["query"];
}

const VERDICTS = Object.keys(ORDER) as EndpointVerdict["verdict"][];

/** Worst first, as the API gives them, unless a column is chosen. Sorting and filter are in the address. */
export const EndpointTable = ({ env, endpoints, query }: EndpointTableProps) => {
  const columns = columnsOf(env, useIntervals(env));
  const sorting = sortingOf(query.sort);
  const part = (query.filter ?? "").toLowerCase();
  const kept = endpoints.filter(
    ({ endpoint, verdict }) =>
      endpoint.toLowerCase().includes(part) && (query.verdict === undefined || verdict === query.verdict),
  );
  const rows = sorted(kept, columns, sorting);
  const sortBy = (key: string) => {
    const isDescending = sorting?.key !== key ? key !== "endpoint" && key !== "verdict" : !sorting.isDescending;
    replaceQuery({ sort: `${isDescending ? "-" : ""}${key}` });
  };
  return (
    <section aria-labelledby="endpoints">
      <div class="head-line">
        <h2 id="endpoints">
          Endpoints{" "}
          <small>
            {number(kept.length)}
            {kept.length < endpoints.length ? ` of ${number(endpoints.length)}` : ""}
          </small>
        </h2>
        <Filters query={query} />
      </div>
      {rows.length === 0 ? (
        <Empty title={endpoints.length === 0 ? "No endpoints yet" : "No endpoint fits the filter"} />
      ) : (
        <DataTable
          label="Endpoints"
          columns={columns}
          count={rows.length}
          rowAt={(index) => rows[index]}
          keyOf={({ endpoint }) => endpoint}
          sorting={sorting}
          onSort={sortBy}
        />
      )}
    </section>
  );
};

/** Of the medians, by endpoint; of the busiest ones. */
const useIntervals = (env: string): Intervals => {
  const live = useLive("GET /environments/{id}/latency", { params: { id: env }, query: { limit: MAX_INTERVALS } });
  return new Map(
    live.data?.endpoints.flatMap(({ endpoint, interval }) => (interval === null ? [] : [[endpoint, interval.p50]])),
  );
};

const Filters = ({ query }: { readonly query: PageProps["query"] }) => (
  <search class="filters">
    <label>
      <span class="hidden">Endpoints that contain</span>
      <input
        type="search"
        placeholder="Filter endpoints"
        value={query.filter ?? ""}
        onInput={({ currentTarget }) => replaceQuery({ filter: currentTarget.value })}
      />
    </label>
    <label>
      <span class="hidden">Verdict</span>
      <select
        value={query.verdict ?? ""}
        onChange={({ currentTarget }) => replaceQuery({ verdict: currentTarget.value })}
      >
        <option value="">any verdict</option>
        {VERDICTS.map((verdict) => (
          <option key={verdict} value={verdict}>
            {verdict}
          </option>
        ))}
      </select>
    </label>
  </search>
);

const sortingOf = (text: string | undefined): Sorting | undefined => {
  if (text === undefined) return undefined;
  return { key: text.replace(/^-/, ""), isDescending: text.startsWith("-") };
};

const sorted = <Row,>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  sorting: Sorting | undefined,
): readonly Row[] => {
  const sortBy = columns.find(({ key }) => key === sorting?.key)?.sortBy;
  if (sortBy === undefined || sorting === undefined) return rows;
  const sign = sorting.isDescending ? -1 : 1;
  return rows.toSorted((a, b) => {
    const [left, right] = [sortBy(a), sortBy(b)];
    return left < right ? -sign : left > right ? sign : 0;
  });
};
