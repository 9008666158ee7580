import { ASSUMED } from "./assumptions.ts";
import { type Rates, ratesOf } from "./bill.ts";
import { countsOf, unitsOf } from "./cloud/meter.ts";
import type { Measured } from "./measure.ts";

/** As lib/storage.ts sets it. */
const FACT_SHARDS = 4;
const DAY_SECONDS = 86_400;

/** How much of everything there is at once: what bounds the rate, not the bill. */
export interface Scale {
  readonly tees: number;
  readonly vcpu: number;
  readonly segmentsPerSecond: number;
  readonly pairsPerSegment: number;
  readonly segmentBytes: number;
  readonly sqsSendsPerSecond: number;
  readonly sqsMegabytesPerSecond: number;
  readonly pollers: number;
  readonly messagesPerEvent: number;
  readonly diffInvocationsPerSecond: number;
  readonly diffConcurrency: number;
  readonly judgeConcurrency: number;
  readonly wakesPerMinute: number;
  readonly writeUnitsPerSecond: number;
  /** In each partition of facts of the present minute: of 1 000. */
  readonly writeUnitsPerFactPartition: number;
  /** In the partition of the run's roll-ups: of 1 000. */
  readonly writeUnitsOfRollups: number;
  /** In the partition of heartbeats: of 1 000. */
  readonly writeUnitsOfHeartbeats: number;
  /** In the partition of the catalog: of 3 000. */
  readonly readUnitsOfCatalog: number;
  readonly factsPerMinute: number;
  readonly factBytes: number;
  /** The last fold of a minute. */
  readonly fold: {
    readonly seconds: number;
    /** Of the look at all minutes that may hold facts, which the schedule asks for. */
    readonly unaskedSeconds: number;
    readonly heapMegabytes: number;
    readonly readUnits: number;
    /** If it read them in one second: of 3 000 in each partition. */
    readonly readUnitsPerFactPartition: number;
  };
  readonly s3PutsPerSecond: number;
  readonly archiveGbPerDay: number;
}

export const scaleOf = (measured: Measured): Scale => {
  const rates: Rates = ratesOf(measured);
  const { fleet, polling, tick, judged, factsPerMinute, diff } = measured;
  const { judge, segments } = rates;
  const concurrency = (ms: number): number => (ms / 1_000) * ASSUMED.lambdaOverhead;
  const beats = fleet.tasks * unitsOf(tick, "dynamodb.PutItem");
  const catalogOf = countsOf(diff.tally, "dynamodb.Query CATALOG").units / diff.invocations;
  const catalog = fleet.tasks * unitsOf(tick, "dynamodb.Query") + catalogOf * rates.diffInvocations;
  return {
    tees: fleet.tasks,
    vcpu: fleet.vcpu,
    segmentsPerSecond: segments,
    pairsPerSegment: measured.pairs / measured.segments,
    segmentBytes: measured.segmentBytes,
    sqsSendsPerSecond: segments + rates.wakes,
    sqsMegabytesPerSecond: (segments * measured.messageBytes) / 1e6,
    pollers: polling.pollers,
    messagesPerEvent: polling.batch,
    diffInvocationsPerSecond: rates.diffInvocations,
    diffConcurrency: concurrency(rates.diffCpuMs + rates.diffWaitedMs),
    judgeConcurrency: concurrency(judge.cpuMs + judge.waitedMs),
    wakesPerMinute: measured.wakesPerMinute,
    writeUnitsPerSecond: rates.factWrites + judge.writes + beats,
    writeUnitsPerFactPartition: rates.factWrites / FACT_SHARDS,
    writeUnitsOfRollups: judge.writes,
    writeUnitsOfHeartbeats: beats,
    readUnitsOfCatalog: catalog,
    factsPerMinute,
    factBytes: rates.factBytes / segments,
    fold: {
      seconds: (judge.lastFold.cpuMs + judge.lastFold.waitedMs) / 1_000,
      unaskedSeconds: (ASSUMED.judgeMinutes * (judge.lastFold.cpuMs + judge.lastFold.waitedMs)) / 1_000,
      heapMegabytes: (judged.heapBytesPerFact * factsPerMinute) / 1e6,
      readUnits: judge.lastFold.factReads,
      readUnitsPerFactPartition: judge.lastFold.factReads / FACT_SHARDS,
    },
    s3PutsPerSecond: rates.archivePuts + rates.claims,
    archiveGbPerDay: (rates.archiveBytes * DAY_SECONDS) / 1e9,
  };
};
