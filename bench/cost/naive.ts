import { minuteOf } from "../../adapters/minute.ts";
import { factsOf } from "../../core/noise/facts-of.ts";
import { decodeSegment } from "../../core/segment/codec.ts";
import { DEFAULT_LIMITS } from "../../proxy/limits.ts";
import { createCloud } from "./cloud/cloud.ts";
import { FACTS_KEY } from "./judge-stage.ts";
import { ENV, RUN, runTee } from "./tees.ts";
import type { Traffic } from "./traffic.ts";
import { itemBytes, writeUnits } from "./units.ts";

/** What a pair is where each is a message and an item of its own: the mean over those measured. */
export interface NaivePair {
  /** Redacted, stubbed and compressed as in a segment, but alone. */
  readonly bytes: number;
  readonly messageBytes: number;
  readonly itemBytes: number;
  readonly writeUnits: number;
  /** Reading it, comparing it and putting one item, CPU. */
  readonly cpuMs: number;
}

const RPS = 100;
/** A quarter more is not measured: code that has not run yet is slow. */
const WARM_UP = 0.25;

/** The same pairs through the same shipper, a segment for each. */
export const measureNaive = async (traffic: Traffic, pairs: number): Promise<NaivePair> => {
  const limits = { ...DEFAULT_LIMITS, maxSegmentPairs: 1, maxSegmentsInFlight: 1_000_000 };
  const { segments } = await runTee(0, {
    rps: RPS,
    seconds: (pairs * (1 + WARM_UP)) / RPS,
    startAt: 0,
    traffic,
    limits,
  });
  const cloud = createCloud(() => 0);
  const sum = { bytes: 0, messageBytes: 0, itemBytes: 0, writeUnits: 0, cpuMs: 0 };
  const cold = Math.floor((segments.length * WARM_UP) / (1 + WARM_UP));
  for (const [index, { id, bytes }] of segments.entries()) {
    const segment = decodeSegment(bytes);
    cloud.latencies.start();
    await cloud.ports.facts.put(FACTS_KEY, minuteOf(segment.openedAt), id, factsOf(decodeSegment(bytes)));
    if (index < cold) continue;
    const document = Buffer.from(bytes).toString("base64");
    const size = itemBytes({
      pk: { S: `${ENV}#${RUN}` },
      sk: { S: id },
      document: { B: document },
      ttl: { N: "1767225600" },
    });
    sum.cpuMs += cloud.latencies.took().cpuMs;
    sum.bytes += bytes.length;
    sum.messageBytes += document.length;
    sum.itemBytes += size;
    sum.writeUnits += writeUnits(size);
  }
  cloud.close();
  const measured = segments.length - cold;
  const mean = Object.entries(sum).map(([name, value]) => [name, value / measured]);
  return Object.fromEntries(mean) as unknown as NaivePair;
};
