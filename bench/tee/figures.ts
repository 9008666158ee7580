/** At least one value each. */
type Values = readonly number[] | Float64Array;

const ascending = (values: Values): Float64Array => Float64Array.from(values).sort();

/** Nearest rank: `quantile(values, 0.99)` is p99; 0 of nothing. */
export const quantile = (values: Values, share: number): number => {
  const sorted = ascending(values);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
};

export const median = (values: Values): number => {
  const sorted = ascending(values);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
};

/** `min–max` */
export const spread = (values: readonly number[], digits: number): string =>
  `${Math.min(...values).toFixed(digits)}–${Math.max(...values).toFixed(digits)}`;

type Row = readonly string[];

/** Columns as wide as their widest cell, the first one to the left. */
export const tableOf = (heads: Row, rows: readonly Row[]): string => {
  const widths = heads.map((head, column) => Math.max(head.length, ...rows.map((row) => row[column]!.length)));
  const line = (cells: Row): string =>
    cells
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
      .join("  ");
  return [line(heads), ...rows.map(line)].join("\n");
};
