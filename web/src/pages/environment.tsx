import { visible } from "../../../core/report/text.ts";
import type { BaselineEnvironment, OverlayEnvironment } from "../../api-shapes.js";
import { useLive } from "../live.ts";
import type { PageProps } from "../page.ts";
import { EndpointTable } from "../parts/endpoint-table.tsx";
import { Figures } from "../parts/figures.tsx";
import { Outcomes } from "../parts/outcomes.tsx";
import { Shown } from "../parts/states.tsx";
import { TimelinePanel } from "../parts/timeline.tsx";
import { TopFindings } from "../parts/top-findings.tsx";
import { VerdictCard } from "../parts/verdict-card.tsx";
import { hrefOf } from "../router.ts";

/** Can it be released, why, and what is still needed. */
export const EnvironmentPage = ({ params, query }: PageProps) => {
  const environment = useLive("GET /environments/{id}", { params: { id: params.id ?? "" } });
  if (environment.data === undefined) return null;
  return environment.data.kind === "overlay" ? (
    <OverlayOverview environment={environment.data} query={query} />
  ) : (
    <BaselineOverview environment={environment.data} />
  );
};

const OverlayOverview = ({
  environment,
  query,
}: {
  readonly environment: OverlayEnvironment;
  readonly query: PageProps["query"];
}) => {
  const { id } = environment;
  const verdict = useLive("GET /environments/{id}/verdict", { params: { id } });
  return (
    <>
      <Shown live={verdict} what="The verdict" room="verdict" lines={9}>
        {(data) => (
          <>
            <VerdictCard verdict={data} />
            <Figures verdict={data} outcomes={environment.outcomes} />
          </>
        )}
      </Shown>
      <TopFindings env={id} />
      <div class="beside">
        <TimelinePanel env={id} query={query} />
        <Outcomes outcomes={environment.outcomes} gaps={environment.gaps} />
      </div>
      <Shown live={verdict} what="The endpoints" lines={6}>
        {({ endpoints }) => <EndpointTable env={id} endpoints={endpoints} query={query} />}
      </Shown>
    </>
  );
};

const BaselineOverview = ({ environment: { file, overlays } }: { readonly environment: BaselineEnvironment }) => (
  <>
    <h2>
      Services <small>{Object.keys(file.services).length}</small>
    </h2>
    <ul class="card rows">
      {Object.entries(file.services).map(([service, { url }]) => (
        <li key={service} class="row">
          <span class="row-name">{visible(service)}</span>
          <code>{visible(url)}</code>
        </li>
      ))}
    </ul>
    <h2>
      Overlays <small>{overlays.length}</small>
    </h2>
    <ul class="card rows">
      {overlays.map((overlay) => (
        <li key={overlay.id}>
          <a class="row" href={hrefOf(["env", overlay.id])}>
            <span class="row-name">{visible(overlay.name)}</span>
          </a>
        </li>
      ))}
    </ul>
  </>
);
