import { useEffect, useRef, useState } from "preact/hooks";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { useScheme } from "./colour-scheme.ts";

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

/** Steps over a logarithmic axis, with the figures of the step that is pointed at. */
export const Plot = ({ label, edges, lines, xText, yText }: PlotProps) => {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  const [at, setAt] = useState<number | undefined>(undefined);
  const scheme = useScheme();
  const data: uPlot.AlignedData = [[...edges], ...lines.map(({ values }) => [...values, 0])];
  const shape = lines.map((line) => line.label).join();
  useEffect(() => {
    const made = new uPlot(optionsOf(lines, xText, yText, box.current!.clientWidth, setAt), data, box.current!);
    plot.current = made;
    const sizes = new ResizeObserver(() => made.setSize({ width: box.current!.clientWidth, height: HEIGHT_PX }));
    sizes.observe(box.current!);
    return () => {
      sizes.disconnect();
      made.destroy();
    };
  }, [shape, scheme]);
  useEffect(() => plot.current?.setData(data), [JSON.stringify(data)]);
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
  const styles = getComputedStyle(document.documentElement);
  const colourOf = (name: string): string => styles.getPropertyValue(name).trim();
  const axis = {
    stroke: colourOf("--soft"),
    grid: { stroke: colourOf("--line"), width: 1 },
    ticks: { stroke: colourOf("--line"), width: 1, size: 4 },
    font: "12px system-ui, sans-serif",
  };
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
      { ...axis, values: (_plot, splits) => splits.map((value) => (value === null ? "" : xText(value))), space: 64 },
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
    cursor: { y: false, drag: { x: false, y: false }, points: { show: false } },
    hooks: { setCursor: [({ cursor: { idx } }) => pointedAt(idx ?? undefined)] },
  };
};
