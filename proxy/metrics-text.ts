import { BOUNDS_MS, type Histogram } from "./histogram.ts";
import { FAMILIES, type Family, PREFIX } from "./metrics-table.ts";
import type { Readings } from "./readings.ts";

const SECOND_MS = 1_000;
const escaped = (value: string): string => value.replace(/[\\"\n]/g, (char) => (char === "\n" ? "\\n" : `\\${char}`));

const line = (name: string, labels: Readonly<Record<string, string>>, value: number): string => {
  const pairs = Object.entries(labels).map(([label, of]) => `${label}="${escaped(of)}"`);
  return `${PREFIX}${name}${pairs.length === 0 ? "" : `{${pairs.join(",")}}`} ${value}\n`;
};

const histogramLines = (name: string, labels: Readonly<Record<string, string>>, histogram: Histogram): string => {
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

const familyLines = (family: Family, readings: Readings): string => {
  const head = `# HELP ${PREFIX}${family.name} ${family.help}\n# TYPE ${PREFIX}${family.name} ${family.type}\n`;
  const lines =
    family.type === "histogram"
      ? family.read(readings).map(({ labels, histogram }) => histogramLines(family.name, labels, histogram))
      : family.read(readings).map(({ labels, value }) => line(family.name, labels, value));
  return head + lines.join("");
};

/** Prometheus' text format, version 0.0.4. */
export const metricsText = (readings: Readings): string =>
  FAMILIES.map((family) => familyLines(family, readings)).join("");
