import type { Histogram } from "./histogram.ts";

export type Labels = Readonly<Record<string, string>>;
export interface Sample {
  readonly labels: Labels;
  readonly value: number;
}
interface Timed {
  readonly labels: Labels;
  readonly histogram: Histogram;
}

interface Named {
  /** Without the prefix that all have. */
  readonly name: string;
  readonly help: string;
}

/** One metric of a program, and how it is read from what the program knows of itself. */
export type MetricFamily<Readings> = Named &
  (
    | { readonly type: "counter" | "gauge"; readonly read: (readings: Readings) => readonly Sample[] }
    | { readonly type: "histogram"; readonly read: (readings: Readings) => readonly Timed[] }
  );

export const one = (value: number): Sample[] => [{ labels: {}, value }];
/** Absent where nobody has told it. */
export const known = (value: number | undefined): Sample[] => (value === undefined ? [] : one(value));
export const each = (name: string, counts: Readonly<Record<string, number>>): Sample[] =>
  Object.entries(counts).map(([label, value]) => ({ labels: { [name]: label }, value }));

export const families = <Readings>() => {
  const ofType =
    (type: "counter" | "gauge") =>
    (name: string, help: string, read: (readings: Readings) => readonly Sample[]): MetricFamily<Readings> => ({
      name,
      help,
      type,
      read,
    });
  return { counter: ofType("counter"), gauge: ofType("gauge") };
};

/** A table for docs. */
export const metricsTable = <Readings>(prefix: string, all: readonly MetricFamily<Readings>[]): string =>
  [
    "| metric | type | meaning |",
    "|---|---|---|",
    ...all.map(({ name, type, help }) => `| \`${prefix}${name}\` | ${type} | ${help} |`),
  ].join("\n");
