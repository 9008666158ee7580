import { milliseconds, number, percent } from "../../../core/report/text.ts";
import type { LatencyReport } from "../../api-shapes.js";
import { type Line, Plot } from "./plot.tsx";

const LANES = [
  { lane: "primary", colour: "--lane-primary", dash: [2, 4] },
  { lane: "secondary", colour: "--lane-secondary", dash: [8, 4] },
  { lane: "candidate", colour: "--lane-candidate" },
] as const;

/** How many answers of each lane took how long, one over the other. */
export const LatencyDistribution = ({ report }: { readonly report: LatencyReport }) => {
  const { distribution, overall } = report;
  const lines = LANES.flatMap(({ lane, ...look }): Line[] => {
    const total = distribution.reduce((sum, bar) => sum + bar[lane], 0);
    return total === 0 ? [] : [{ label: lane, ...look, values: distribution.map((bar) => bar[lane] / total) }];
  });
  const medians = LANES.flatMap(({ lane }) => {
    const quantiles = overall.latency[lane];
    return quantiles === null
      ? []
      : [`${lane} median ${milliseconds(quantiles.p50)}, p99 ${milliseconds(quantiles.p99)}`];
  });
  const edges = [...distribution.map(({ fromMs }) => fromMs), distribution.at(-1)?.toMs ?? 1];
  return (
    <div class="card plot-card">
      <p class="plot-title">
        Share of each lane's answers by how long they took{" "}
        <span class="soft">{number(overall.pairs)} pairs, logarithmic</span>
      </p>
      <Plot
        label={`Distribution of latency: ${medians.join("; ")}`}
        edges={edges}
        lines={lines}
        xText={milliseconds}
        yText={percent}
      />
    </div>
  );
};
