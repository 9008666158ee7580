import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { useScheme } from "./colour-scheme.ts";

/** What plots take from the style sheet, as it is now: light or dark. */
export const plotStyle = () => {
  const styles = getComputedStyle(document.documentElement);
  const colourOf = (name: string): string => styles.getPropertyValue(name).trim();
  const axis = {
    stroke: colourOf("--soft"),
    grid: { stroke: colourOf("--line"), width: 1 },
    ticks: { stroke: colourOf("--line"), width: 1, size: 4 },
    font: "12px system-ui, sans-serif",
  };
  return { colourOf, axis };
};

/** Points at a place of x, and zooms nowhere. */
export const POINTER: uPlot.Cursor = { y: false, drag: { x: false, y: false }, points: { show: false } };

interface Drawn {
  readonly optionsOf: (widthPx: number) => uPlot.Options;
  readonly dataOf: () => uPlot.AlignedData;
  /** Of what is drawn: with another one the plot is made anew, as it is with other colours. */
  readonly shape: string;
  /** Of the data: with another one they are drawn anew. */
  readonly version: unknown;
}

/** Draws in the box of this reference, as wide as that is. */
export const usePlot = ({ optionsOf, dataOf, shape, version }: Drawn) => {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  const scheme = useScheme();
  useEffect(() => {
    const options = optionsOf(box.current!.clientWidth);
    const made = new uPlot(options, dataOf(), box.current!);
    plot.current = made;
    const sizes = new ResizeObserver(() => made.setSize({ width: box.current!.clientWidth, height: options.height }));
    sizes.observe(box.current!);
    return () => {
      sizes.disconnect();
      made.destroy();
    };
  }, [shape, scheme]);
  useEffect(() => plot.current?.setData(dataOf()), [version]);
  return box;
};
