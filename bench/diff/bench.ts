import { cpus } from "node:os";
import { create } from "jsondiffpatch";
import { compare } from "../../core/diff/compare.ts";
import { factsOf } from "../../core/noise/facts-of.ts";
import { decodeSegment, encodeSegment } from "../../core/segment/codec.ts";
import type { Segment } from "../../core/segment/segment.ts";
import { cpuMsOf, medianOf } from "./cpu.ts";
import { benchHostile } from "./hostile.ts";
import { orderOf, PAIRS_PER_SEGMENT, segmentOf } from "./pairs.ts";

/** `runs` rounds over all subjects in turn; each takes `requests` pairs a round. */
export interface DiffSize {
  readonly runs: number;
  readonly requests: number;
}

interface Subject {
  readonly name: string;
  /** Pairs a second and core; none where there is only something to be told. */
  readonly budget?: number;
  /** Takes `PAIRS_PER_SEGMENT` pairs. */
  readonly run: () => unknown;
}

const stored = (name: string, segment: Segment, budget?: number): readonly Subject[] => {
  const bytes = encodeSegment(segment);
  return [
    { name, run: () => factsOf(segment), ...(budget === undefined ? {} : { budget }) },
    { name: `${name}, segment decoded`, run: () => factsOf(decodeSegment(bytes)) },
  ];
};

const patcher = create({ objectHash: (item) => (item as { sku?: string }).sku });
const texts = Array.from(
  { length: PAIRS_PER_SEGMENT },
  (_, number) => [orderOf(number, 125), orderOf(number, 125.5)] as const,
);

const subjects = (): readonly Subject[] => {
  const differing = segmentOf(false, false);
  return [
    ...stored("equal pairs, to facts", segmentOf(true, false), 200_000),
    ...stored("equal, with a secondary, to facts", segmentOf(true, true)),
    ...stored("one difference in 800 B of JSON, to facts", differing, 20_000),
    ...stored("the same, with a secondary, to facts", segmentOf(false, true)),
    {
      name: "the same, compared only",
      run: () => differing.pairs.map(({ primary, candidate }) => compare(primary, candidate)),
    },
    {
      name: "jsondiffpatch: parsed and compared",
      run: () => texts.map(([a, b]) => patcher.diff(JSON.parse(a), JSON.parse(b))),
    },
  ];
};

/** Pairs a second of CPU. */
const rateOf = ({ run }: Subject, pairs: number): number => {
  const rounds = Math.max(1, Math.ceil(pairs / PAIRS_PER_SEGMENT));
  const ms = cpuMsOf(() => {
    for (let round = 0; round < rounds; round++) run();
  });
  return (rounds * PAIRS_PER_SEGMENT * 1_000) / ms;
};

const rounded = (rate: number): string => Math.round(rate).toLocaleString("en").replaceAll(",", " ");

/** What comparing costs: throughput of one core beside jsondiffpatch, and hostile pairs against their budget. */
export const benchDiff = async ({ runs, requests }: DiffSize): Promise<void> => {
  const all = subjects();
  for (const subject of all) rateOf(subject, requests / 4);
  const rates = all.map((): number[] => []);
  for (let run = 0; run < runs; run++)
    for (const [index, subject] of all.entries()) rates[index]?.push(rateOf(subject, requests));
  console.log(
    `${"pairs a second and core: median".padEnd(58)}${"median".padStart(11)}${"lowest".padStart(11)}${"budget".padStart(11)}`,
  );
  for (const [index, { name, budget }] of all.entries()) {
    const its = rates[index] as number[];
    const columns = [rounded(medianOf(its)), rounded(Math.min(...its)), budget === undefined ? "" : rounded(budget)];
    console.log(`${name.padEnd(58)}${columns.map((column) => column.padStart(11)).join("")}`.trimEnd());
  }
  await benchHostile();
  const [cpu] = cpus();
  console.log(
    `\nMachine: ${cpus().length} cores, ${cpu?.model.trim() ?? "unknown CPU"}; Node ${process.version}. CPU time of one process, its garbage collection included.`,
  );
};
