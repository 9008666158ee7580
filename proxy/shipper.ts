import type { Capture, Responded } from "../core/capture/capture.ts";
import { requestOf, respondedOf } from "../core/capture/message.ts";
import type { PairCalls } from "../core/pair/calls.ts";
import { noOutcomes, type OutcomeCounts } from "../core/pair/outcome.ts";
import { type EqualPair, equalPairOf } from "../core/segment/equal-pair.ts";
import type { StoredPair } from "../core/segment/segment.ts";
import { areSameCalls } from "../core/segment/store-calls.ts";
import { storePair } from "../core/segment/stub.ts";
import type { RunKey } from "./accounting.ts";
import type { CallsOf } from "./ask-calls.ts";
import type { Source } from "./batch.ts";
import type { Limits } from "./limits.ts";
import type { Ended } from "./messages.ts";
import type { ShipperReading } from "./readings.ts";
import { type RawLane, type RawRecord, readRecords } from "./records.ts";
import { type BuiltSegment, SegmentBuilder } from "./segment-builder.ts";
import { createStoring, type Storing } from "./storing.ts";

export interface ShipperPorts {
  send(segment: Uint8Array, id: string): Promise<void>;
  now(): number;
  ended(ended: readonly Ended[]): void;
  numbered(run: RunKey, seq: number): void;
  /** For the log: what failed, without any byte of traffic. */
  failed(what: string, error: unknown): void;
}

interface ShipperIdentity {
  readonly tee: string;
  readonly epoch: string;
  /** Of the keys under which values are hashed; never leaves the process. */
  readonly key: Uint8Array;
  readonly limits: Limits;
  readonly nextSeq: Readonly<Record<RunKey, number>>;
}

/** Turns raw captures into redacted, stubbed pairs, bundles them by run and sends the bundles: off the thread that serves callers. */
export class Shipper {
  readonly #who: ShipperIdentity;
  readonly #ports: ShipperPorts;
  readonly #how: Storing;
  readonly #open = new Map<RunKey, SegmentBuilder>();
  readonly #seq = new Map<RunKey, number>();
  readonly #waiting: (() => Promise<void>)[] = [];
  #outcomes: Readonly<Record<RunKey, OutcomeCounts>> = {};
  #inFlight = 0;
  #sentSegments = 0;
  #sentBytes = 0;
  #idle: (() => void)[] = [];

  constructor(who: ShipperIdentity, ports: ShipperPorts) {
    this.#who = who;
    this.#ports = ports;
    this.#how = createStoring(who.key, who.limits);
    for (const [run, seq] of Object.entries(who.nextSeq)) this.#seq.set(run, seq);
  }

  /** @param callsOf where it was asked what lanes called */
  add(
    batch: Buffer,
    sources: readonly Source[],
    outcomes: Readonly<Record<RunKey, OutcomeCounts>>,
    callsOf: CallsOf = () => undefined,
  ): void {
    this.#outcomes = outcomes;
    readRecords(batch, sources, (record) => {
      const calls = callsOf(record);
      const pair = this.#read(record, calls === "unknown" ? undefined : calls);
      if (pair !== undefined) this.#write(record.source, pair, calls);
    });
  }

  /** Closes the segments that are old enough; call it now and then. */
  closeAged(): void {
    const before = this.#ports.now() - this.#who.limits.segmentAgeMs;
    for (const [run, segment] of this.#open) if (segment.openedAt <= before) this.#close(run, segment);
  }

  /** Sends all that is held; resolves once nothing is under way. */
  async drain(outcomes: Readonly<Record<RunKey, OutcomeCounts>>): Promise<void> {
    this.#outcomes = outcomes;
    for (const [run, segment] of this.#open) this.#close(run, segment);
    if (this.#inFlight > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  read(): Omit<ShipperReading, "loopDelay"> {
    return {
      waitingSegments: this.#waiting.length,
      segmentsInFlight: this.#inFlight,
      sentSegments: this.#sentSegments,
      sentBytes: this.#sentBytes,
    };
  }

  /** The pair as it may leave the process; undefined where it cannot be read. */
  #read(record: RawRecord, calls: PairCalls | undefined): EqualPair | StoredPair | undefined {
    try {
      const isEqual = record.isEqual && (calls === undefined || areSameCalls(calls));
      return isEqual ? equalPairOf(record, this.#how(record.source)) : this.#storedPair(record, calls);
    } catch (error) {
      this.#ports.failed("a capture could not be read", error);
      this.#ports.ended([{ run: record.source.key, outcome: "unsupported", requests: 1 }]);
      return undefined;
    }
  }

  #storedPair(record: RawRecord, calls: PairCalls | undefined): StoredPair {
    const { tee, epoch } = this.#who;
    const { number, at, caller, request, candidate, secondary } = record;
    const primary = respondedOf(record.answer, record.ms.primary);
    const pair = {
      request: requestOf(request, { id: `${tee}-${epoch}-${number}`, at, caller }),
      primary,
      candidate: captureOf(candidate, record.isSame("candidate"), primary),
      ...(secondary && { secondary: captureOf(secondary, record.isSame("secondary"), primary) }),
      ...(calls && { calls }),
    };
    return storePair(pair, this.#how(record.source));
  }

  #write(source: Source, pair: EqualPair | StoredPair, calls: ReturnType<CallsOf>): void {
    const { maxSegmentPairs, maxSegmentBytes } = this.#who.limits;
    const run = source.key;
    let segment = this.#open.get(run);
    if (segment !== undefined && segment.source.control !== source.control) {
      this.#close(run, segment);
      segment = undefined;
    }
    if (segment === undefined)
      this.#open.set(run, (segment = new SegmentBuilder(source, this.#who, this.#ports.now())));
    if ("primary" in pair) segment.add(pair);
    else segment.addEqual(pair);
    if (calls !== undefined) segment.noteCalls(calls === "unknown" ? "unknown" : "compared");
    if (segment.pairs >= maxSegmentPairs || segment.bytes >= maxSegmentBytes) this.#close(run, segment);
  }

  #close(run: RunKey, builder: SegmentBuilder): void {
    this.#open.delete(run);
    const { tee, epoch, limits } = this.#who;
    const seq = this.#seq.get(run) ?? 0;
    this.#seq.set(run, seq + 1);
    this.#ports.numbered(run, seq);
    const built = builder.close({ tee, epoch, seq }, this.#ports.now(), this.#outcomes[run] ?? noOutcomes());
    const isFull = this.#inFlight >= limits.maxSegmentsInFlight;
    if (isFull && this.#waiting.length >= limits.maxWaitingSegments) return this.#lost(run, built);
    const encoded = this.#encoded(run, built);
    if (encoded === undefined) return;
    const send = () => this.#send(run, built, encoded);
    if (isFull) this.#waiting.push(send);
    else this.#start(send);
  }

  /** Before it has to wait for its turn: compressed it takes a fraction of the memory. */
  #encoded(run: RunKey, segment: BuiltSegment): Uint8Array | undefined {
    try {
      return segment.encode();
    } catch (error) {
      this.#ports.failed("a segment could not be encoded", error);
      this.#lost(run, segment);
      return undefined;
    }
  }

  async #send(run: RunKey, segment: BuiltSegment, encoded: Uint8Array): Promise<void> {
    try {
      await this.#ports.send(encoded, segment.id);
      this.#sentSegments++;
      this.#sentBytes += encoded.length;
      this.#ports.ended([
        { run, outcome: "compared", requests: segment.compared },
        { run, outcome: "candidateFailed", requests: segment.candidateFailed },
      ]);
    } catch (error) {
      this.#ports.failed("a segment could not be delivered", error);
      this.#lost(run, segment);
    }
  }

  #lost(run: RunKey, { compared, candidateFailed }: BuiltSegment): void {
    this.#ports.ended([{ run, outcome: "undelivered", requests: compared + candidateFailed }]);
  }

  #start(send: () => Promise<void>): void {
    this.#inFlight++;
    send().finally(() => {
      this.#inFlight--;
      const next = this.#waiting.shift();
      if (next !== undefined) return this.#start(next);
      if (this.#inFlight === 0) for (const resolve of this.#idle.splice(0)) resolve();
    });
  }
}

/** An answer that is the primary's to the byte is not read a second time. */
const captureOf = (lane: RawLane, isSame: boolean, primary: Responded): Capture => {
  if (lane.outcome === "failed") return lane;
  return isSame ? { ...primary, ms: lane.ms } : respondedOf(lane.raw, lane.ms);
};
