import { milliseconds } from "../../../core/report/text.ts";
import type { LatencyReport } from "../../api-shapes.js";
import { intervalText, times } from "./ratio.tsx";
import { definedBy, Term } from "./term.tsx";

const SHARES = ["p50", "p95", "p99"] as const;
const LANES = ["primary", "secondary", "candidate"] as const;

type Lanes = LatencyReport["overall"];

/** Each lane's quantiles, and the ratio between the two that can be compared. */
export const LatencyQuantiles = ({
  lanes: { latency, interval },
  confidence,
}: {
  readonly lanes: Lanes;
  readonly confidence: number;
}) => {
  const { ratio } = latency;
  return (
    <div class="card scroll">
      <table class="plain quantiles" aria-label="Quantiles">
        <thead>
          <tr>
            <th scope="col">
              <Term word="lane" />
            </th>
            {SHARES.map((share) => (
              <th key={share} scope="col" class="number" {...definedBy(share)}>
                {share}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {LANES.map((lane) => (
            <tr key={lane} class={`lane-${lane}`}>
              <th scope="row">
                <Term word={lane} />
              </th>
              {SHARES.map((share) => (
                <td key={share} class="number" data-quantile={`${lane} ${share}`}>
                  {latency[lane] === null ? "–" : milliseconds(latency[lane][share])}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
        {ratio !== null && interval !== null && (
          <tfoot>
            <tr>
              <th scope="row">
                <Term word="latency ratio">ratio</Term> <span class="soft">with {confidence * 100} % confidence</span>
              </th>
              {SHARES.map((share) => (
                <td key={share} class="number" data-quantile={`ratio ${share}`}>
                  <b>{times(ratio[share])}</b>
                  <span class="soft between">{intervalText(interval[share])}</span>
                </td>
              ))}
            </tr>
          </tfoot>
        )}
      </table>
    </div>
  );
};
