import { visible } from "../../../core/report/text.ts";
import { CONTROL_WORDS } from "../../../core/report/words.ts";
import type { LatencyReport } from "../../api-shapes.js";
import { useLive } from "../live.ts";
import type { PageProps } from "../page.ts";
import { LatencyDistribution } from "../parts/latency-distribution.tsx";
import { LatencyEndpoints } from "../parts/latency-endpoints.tsx";
import { LatencyQuantiles } from "../parts/latency-quantiles.tsx";
import { SlowestPairs } from "../parts/slowest-pairs.tsx";
import { Empty, Shown } from "../parts/states.tsx";
import { Term } from "../parts/term.tsx";
import { replaceQuery } from "../router.ts";

/** Endpoints, by traffic. */
const LIMIT = 200;

type Endpoint = LatencyReport["endpoints"][number];

/** Is the candidate slower, by how much, and where. */
export const LatencyPage = ({ params, query }: PageProps) => {
  const id = params.id ?? "";
  const endpoint = query.endpoint;
  const all = useLive("GET /environments/{id}/latency", { params: { id }, query: { limit: LIMIT } });
  const shown = useLive("GET /environments/{id}/latency", { params: { id }, query: { limit: LIMIT, endpoint } });
  return (
    <>
      <div class="head-line">
        <h2>{endpoint === undefined ? "Latency of all endpoints" : <code>{visible(endpoint)}</code>}</h2>
        {all.data !== undefined && all.data.total > 1 && (
          <EndpointFilter endpoints={all.data.endpoints} chosen={endpoint} />
        )}
      </div>
      <Shown live={shown} what="The latency" lines={10}>
        {(report) =>
          report.overall.pairs === 0 ? (
            <Empty title="No pairs yet">
              <p>Once requests are mirrored, this page shows how long each lane takes.</p>
            </Empty>
          ) : (
            <Whole report={report} env={id} isOne={endpoint !== undefined} />
          )
        }
      </Shown>
    </>
  );
};

const EndpointFilter = ({
  endpoints,
  chosen,
}: {
  readonly endpoints: readonly Endpoint[];
  readonly chosen: string | undefined;
}) => (
  <search class="filters">
    <label>
      <span class="hidden">Endpoint</span>
      <select value={chosen ?? ""} onChange={({ currentTarget }) => replaceQuery({ endpoint: currentTarget.value })}>
        <option value="">all endpoints</option>
        {endpoints.map(({ endpoint }) => (
          <option key={endpoint} value={endpoint}>
            {visible(endpoint)}
          </option>
        ))}
      </select>
    </label>
  </search>
);

const Whole = ({
  report,
  env,
  isOne,
}: {
  readonly report: LatencyReport;
  readonly env: string;
  readonly isOne: boolean;
}) => (
  <>
    {report.control !== "control" && <NoControl control={report.control} />}
    <LatencyQuantiles lanes={report.overall} confidence={report.confidence} />
    {report.distribution.length > 0 && <LatencyDistribution report={report} />}
    {!isOne && <LatencyEndpoints report={report} env={env} />}
    <SlowestPairs slowest={report.slowest} />
  </>
);

const NoControl = ({ control }: { readonly control: LatencyReport["control"] }) => (
  <div class="note">
    <strong>Latency is shown and not judged</strong>
    <p>
      The <Term word="secondary" /> is {CONTROL_WORDS[control].split(":")[0]}. The primary is warm and answers first, so
      it is no measure: give the overlay a control, the old version once more on its own (<code>--secondary URL</code>{" "}
      or <code>overlay create --control</code>).
    </p>
  </div>
);
