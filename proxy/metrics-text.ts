import type { Told } from "./admin.ts";
import { BOUNDS_MS, type Histogram } from "./histogram.ts";
import type { Labels, MetricFamily } from "./metrics-family.ts";
import { FAMILIES, PREFIX } from "./metrics-table.ts";
import type { Readings } from "./readings.ts";

const SECOND_MS = 1_000;
const escaped = (value: string): string => value.replace(/[\\"\n]/g, (char) => (char === "\n" ? "\\n" : `\\${char}`));

const line = (name: string, labels: Labels, value: number): string => {
  const pairs = Object.entries(labels).map(([label, of]) => `${label}="${escaped(of)}"`);
  return `${name}${pairs.length === 0 ? "" : `{${pairs.join(",")}}`} ${value}\n`;
};

const histogramLines = (name: string, labels: Labels, histogram: Histogram): string => {
  let below = 0;
  let lines = "";
  for (const [bucket, bound] of BOUNDS_MS.entries()) {
    below += histogram.counts[bucket]!;
    lines += line(`${name}_bucket`, { ...labels, le: String(bound / SECOND_MS) }, below);
  }
  lines += line(`${name}_bucket`, { ...labels, le: "+Inf" }, histogram.count);
  lines += line(`${name}_sum`, labels, histogram.sumMs / SECOND_MS);
  return lines + line(`${name}_count`, labels, histogram.count);
};

const familyLines = <R>(prefix: string, family: MetricFamily<R>, readings: R): string => {
  const name = prefix + family.name;
  const head = `# HELP ${name} ${family.help}\n# TYPE ${name} ${family.type}\n`;
  const lines =
    family.type === "histogram"
      ? family.read(readings).map(({ labels, histogram }) => histogramLines(name, labels, histogram))
      : family.read(readings).map(({ labels, value }) => line(name, labels, value));
  return head + lines.join("");
};

/** Prometheus' text format, version 0.0.4. */
export const prometheusText = <R>(prefix: string, all: readonly MetricFamily<R>[], readings: R): string =>
  all.map((family) => familyLines(prefix, family, readings)).join("");

/** What a tee tells of itself. */
export const metricsText = (readings: Readings): string => prometheusText(PREFIX, FAMILIES, readings);

/** Metrics and health of a tee. */
export const toldBy = (read: () => Readings): Told => ({
  metrics: () => metricsText(read()),
  unwell: () => {
    const { isHealthy, isDraining } = read();
    if (isHealthy) return undefined;
    return isDraining ? "draining" : "the primary fails";
  },
});
