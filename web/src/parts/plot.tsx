import { useState } from "preact/hooks";
import uPlot from "uplot";
import { logTicks } from "./log-ticks.ts";
import { POINTER, plotStyle, usePlot } from "./use-plot.ts";

export interface Line {
  readonly label: string;
  /** Name of a colour of the style sheet: `--lane-candidate`. */
  readonly colour: string;
  /** Told apart without colour as well: lengths of dashes and gaps, in pixels. */
  readonly dash?: readonly number[];
  /** One for each place of x. */
  readonly values: readonly number[];
}

interface PlotProps {
  /** What there is to see, for those who cannot. */
  readonly label: string;
  /** Where each step begins, ascending, above 0; the last one is where the last step ends. */
  readonly edges: readonly number[];
  readonly lines: readonly Line[];
  readonly xText: (value: number) => string;
  readonly yText: (value: number) => string;
}

const HEIGHT_PX = 260;
const TICK_PX = 64;

/** Steps over a logarithmic axis, with the figures of the step that is pointed at. */
export const Plot = ({ label, edges, lines, xText, yText }: PlotProps) => {
  const [at, setAt] = useState<number | undefined>(undefined);
  const data: uPlot.AlignedData = [[...edges], ...lines.map(({ values }) => [...values, 0])];
  const box = usePlot({
    optionsOf: (width) => optionsOf(lines, xText, yText, width, setAt),
    dataOf: () => data,
    shape: lines.map((line) => line.label).join(),
    version: JSON.stringify(data),
  });
  const isStep = at !== undefined && at < edges.length - 1;
  return (
    <figure class="plot">
      <div ref={box} class="plot-area" role="img" aria-label={label} />
      <figcaption class="legend">
        {lines.map((line) => (
          <span key={line.label}>
            <Swatch line={line} /> {line.label}
            {isStep && <b> {yText(line.values[at] ?? 0)}</b>}
          </span>
        ))}
        <span class="soft">{isStep ? `${xText(edges[at]!)} to ${xText(edges[at + 1]!)}` : ""}</span>
      </figcaption>
    </figure>
  );
};

const Swatch = ({ line: { colour, dash } }: { readonly line: Line }) => (
  <svg class="swatch" viewBox="0 0 26 8" aria-hidden="true">
    <line x1="1" y1="4" x2="25" y2="4" style={{ stroke: `var(${colour})` }} stroke-dasharray={dash?.join(" ")} />
  </svg>
);

const optionsOf = (
  lines: readonly Line[],
  xText: PlotProps["xText"],
  yText: PlotProps["yText"],
  width: number,
  pointedAt: (index: number | undefined) => void,
): uPlot.Options => {
  const { colourOf, axis } = plotStyle();
  const stepped = uPlot.paths.stepped!({ align: 1 });
  return {
    width,
    height: HEIGHT_PX,
    legend: { show: false },
    scales: {
      x: { time: false, distr: 3, range: (_plot, min, max) => [min, max] },
      y: { range: (_plot, _min, max) => [0, max * 1.08] },
    },
    axes: [
      {
        ...axis,
        // Its own ticks never end where the axis begins between round figures.
        splits: ({ bbox }, _axis, min, max) => logTicks(min, max, bbox.width / devicePixelRatio / TICK_PX),
        filter: (_plot, splits) => splits,
        values: (_plot, splits) => splits.map(xText),
      },
      { ...axis, values: (_plot, splits) => splits.map(yText), size: 56 },
    ],
    series: [
      {},
      ...lines.map(({ label, colour, dash }) => ({
        label,
        stroke: colourOf(colour),
        width: 2,
        ...(dash === undefined ? {} : { dash: [...dash] }),
        paths: stepped,
        points: { show: false },
      })),
    ],
    cursor: POINTER,
    hooks: { setCursor: [({ cursor: { idx } }) => pointedAt(idx ?? undefined)] },
  };
};
