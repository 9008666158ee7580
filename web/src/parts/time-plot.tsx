import { useRef, useState } from "preact/hooks";
import uPlot from "uplot";
import { number, percent, plural, time } from "../../../core/report/text.ts";
import type { Span } from "../use-timeline.ts";
import { POINTER, plotStyle, usePlot } from "./use-plot.ts";

const HEIGHT_PX = 210;
const STEP_MS = { minute: 60_000, hour: 3_600_000 } as const;
/** Of runs and of what people did; a verdict is a consequence. */
const STRONG_MARKS: ReadonlySet<string> = new Set(["run", "overlay", "release"]);

const MIN_STEPS = 15;

/** One value for each minute or hour from the first one of the span that has pairs, null where nothing was compared. */
const dataOf = ({ from, to, grain, buckets }: Span): uPlot.AlignedData => {
  const step = STEP_MS[grain];
  const byTime = Map.groupBy(buckets, ({ at }) => Math.floor(at / step));
  const times: number[] = [];
  const diverging: (number | null)[] = [];
  const noise: (number | null)[] = [];
  const last = Math.floor(to / step) + 1;
  const firstPairs = Math.floor((buckets[0]?.at ?? to) / step) - 1;
  for (let at = Math.max(Math.floor(from / step), Math.min(firstPairs, last - MIN_STEPS)); at <= last; at++) {
    const its = byTime.get(at) ?? [];
    const pairs = its.reduce((sum, bucket) => sum + bucket.pairs, 0);
    const shareOf = (what: "diverging" | "noise") =>
      pairs === 0 ? null : its.reduce((sum, bucket) => sum + bucket[what], 0) / pairs;
    times.push((at * step) / 1_000);
    diverging.push(shareOf("diverging"));
    noise.push(shareOf("noise"));
  }
  return [times, diverging, noise];
};

export const TimePlot = ({ span, label }: { readonly span: Span; readonly label: string }) => {
  const latest = useRef(span);
  const [at, setAt] = useState<number>();
  latest.current = span;
  const box = usePlot({
    optionsOf: (width) => optionsOf(width, () => latest.current, setAt),
    dataOf: () => dataOf(span),
    shape: "",
    version: span,
  });
  return (
    <figure class="plot">
      <div ref={box} class="plot-area short" role="img" aria-label={label} />
      <figcaption class="legend">
        <span>
          <i class="key key-diverging" aria-hidden="true" /> diverging
        </span>
        <span>
          <i class="key key-noise" aria-hidden="true" /> noise
        </span>
        <span class="soft">{at === undefined ? "" : pointedText(span, at)}</span>
      </figcaption>
    </figure>
  );
};

/** @param at seconds since 1970 */
const pointedText = ({ grain, buckets }: Span, at: number): string => {
  const its = buckets.filter(
    (bucket) => Math.floor(bucket.at / STEP_MS[grain]) === Math.floor((at * 1_000) / STEP_MS[grain]),
  );
  const pairs = its.reduce((sum, bucket) => sum + bucket.pairs, 0);
  const diverging = its.reduce((sum, bucket) => sum + bucket.diverging, 0);
  const of =
    pairs === 0 ? "no pairs" : `${number(diverging)} of ${plural(pairs, "pair")}, ${percent(diverging / pairs)}`;
  return `${time(at * 1_000).slice(0, 16)}Z: ${of}`;
};

const optionsOf = (width: number, spanOf: () => Span, pointedAt: (at: number | undefined) => void): uPlot.Options => {
  const { colourOf, axis } = plotStyle();
  const bars = uPlot.paths.bars!({ size: [0.86, 40], align: 1 });
  const drawMarks = (plot: uPlot): void => {
    const { ctx, bbox } = plot;
    ctx.save();
    for (const { at, kind } of spanOf().marks) {
      const x = Math.round(plot.valToPos(at / 1_000, "x", true));
      if (x < bbox.left || x > bbox.left + bbox.width) continue;
      ctx.strokeStyle = colourOf(STRONG_MARKS.has(kind) ? "--ink" : "--strong-line");
      ctx.setLineDash(STRONG_MARKS.has(kind) ? [] : [3, 3]);
      ctx.lineWidth = devicePixelRatio;
      ctx.beginPath();
      ctx.moveTo(x, bbox.top);
      ctx.lineTo(x, bbox.top + bbox.height);
      ctx.stroke();
    }
    ctx.restore();
  };
  return {
    width,
    height: HEIGHT_PX,
    legend: { show: false },
    tzDate: (at) => uPlot.tzDate(new Date(at * 1_000), "UTC"),
    scales: {
      x: { time: true, range: (_plot, min, max) => [min, max] },
      y: { range: (_plot, _min, max) => [0, Math.min(1, Math.max(0.001, max * 1.15))] },
    },
    axes: [
      { ...axis, values: (_plot, splits) => splits.map(clockText), space: 70 },
      { ...axis, values: (_plot, splits) => splits.map(percent), size: 58 },
    ],
    series: [
      {},
      { fill: colourOf("--bad-fill"), stroke: colourOf("--bad-fill"), width: 0, paths: bars, points: { show: false } },
      {
        stroke: colourOf("--calm-fill"),
        width: 2,
        paths: uPlot.paths.stepped!({ align: 1 }),
        points: { show: false },
        spanGaps: false,
      },
    ],
    cursor: POINTER,
    hooks: {
      draw: [drawMarks],
      setCursor: [({ cursor: { idx }, data }) => pointedAt(idx == null ? undefined : data[0][idx])],
    },
  };
};

const clockText = (at: number): string => {
  const text = time(at * 1_000);
  return text.slice(11, 16) === "00:00" ? text.slice(5, 10) : text.slice(11, 16);
};
