import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import type { Accounting, CopyBudget, RunKey } from "./accounting.ts";
import { BatchWriter, type RawPair, recordBytes, type Source } from "./batch.ts";
import type { CaptureSink, SinkEvents, SinkShared } from "./capture-sink.ts";
import type { Limits } from "./limits.ts";
import type { Ended, FromShipper, ShipperStart, ToShipper } from "./messages.ts";

/** Beside this file, and of its kind: a source, or bundled. */
const SHIPPER = new URL(`./shipper-thread${extname(import.meta.url)}`, import.meta.url);
const SPARE_BUFFERS = 4;
/** Pairs live for as long as a segment is open: a larger young generation holds more garbage, and was slower (docs/performance.md). */
const YOUNG_MB = 6;
const SEQ_LEFT_OUT = 1_000;

/**
 * The way of captures from the main thread to the shipper: records go into one buffer, the buffer to the thread and back.
 * The buffers on their way count against the budget of copies; a full budget sheds the pair.
 */
export class Handover implements CaptureSink {
  readonly #limits: Limits;
  readonly #budget: CopyBudget;
  readonly #accounting: Accounting;
  readonly #start: ShipperStart;
  readonly #events: SinkEvents;
  readonly #spare: ArrayBuffer[] = [];
  readonly #handed = new Map<RunKey, number>();
  readonly #beat: NodeJS.Timeout;
  #worker: Worker;
  #lentBytes = 0;
  #nextSeq: Record<RunKey, number> = {};
  #batch: BatchWriter | undefined;
  #sources: Source[] = [];
  #timer: NodeJS.Timeout | undefined;
  #awaited: { readonly answer: "drained" | "closed"; readonly resolve: () => void } | undefined;

  constructor(start: ShipperStart, shared: SinkShared, events: SinkEvents) {
    this.#start = start;
    this.#limits = start.limits;
    this.#budget = shared.budget;
    this.#accounting = shared.accounting;
    this.#events = events;
    this.#worker = this.#spawn();
    this.#beat = setInterval(() => this.#post(this.#counts("outcomes")), 1_000);
    this.#beat.unref();
  }

  append(pair: RawPair): boolean {
    const needed = recordBytes(pair);
    if (this.#batch?.hasRoomFor(needed) === false) this.flush();
    if (this.#batch === undefined) {
      const buffer = this.#take(needed);
      if (buffer === undefined) return false;
      this.#batch = new BatchWriter(buffer);
      this.#timer = setTimeout(() => this.flush(), this.#limits.batchAgeMs);
    }
    this.#batch.write(pair, this.#indexOf(pair.source));
    const run = pair.source.key;
    this.#handed.set(run, (this.#handed.get(run) ?? 0) + 1);
    return true;
  }

  flush(): void {
    if (this.#batch === undefined) return;
    clearTimeout(this.#timer);
    const { buffer, end: bytes } = this.#batch;
    this.#batch = undefined;
    const sources = this.#sources;
    this.#sources = [];
    this.#post({ type: "batch", buffer, bytes, sources, outcomes: this.#accounting.snapshot() }, [buffer]);
  }

  async drain(timeoutMs: number): Promise<void> {
    this.flush();
    clearInterval(this.#beat);
    this.#worker.removeAllListeners("exit");
    const timeout = new Promise<void>((resolve) => setTimeout(resolve, timeoutMs).unref());
    await Promise.race([this.#inTurn(), timeout]);
    await this.#worker.terminate();
  }

  async #inTurn(): Promise<void> {
    await this.#answered("drained", () => this.#post({ type: "drain", outcomes: this.#accounting.snapshot() }));
    await this.#answered("closed", () => this.#post(this.#counts("close")));
  }

  #counts<Type extends "outcomes" | "close">(type: Type) {
    return { type, outcomes: this.#accounting.snapshot(), deniedWrites: this.#accounting.deniedWrites() };
  }

  #answered(answer: "drained" | "closed", ask: () => void): Promise<void> {
    return new Promise((resolve) => {
      this.#awaited = { answer, resolve };
      ask();
    });
  }

  #spawn(): Worker {
    const worker = new Worker(SHIPPER, {
      workerData: { ...this.#start, nextSeq: this.#nextSeq } satisfies ShipperStart,
      name: "shipper",
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
    });
    worker.on("message", (message: FromShipper) => this.#told(message));
    let reason: string | undefined;
    worker.on("error", (error) => {
      reason = error.message;
    });
    worker.on("exit", (code) => this.#died(reason ?? `exit code ${code}`));
    return worker;
  }

  /** What the dead thread had is lost, and counted. Its successor leaves out the sequence numbers that may have been in use. */
  #died(reason: string): void {
    this.#events.shipperDied(reason);
    for (const [run, requests] of this.#handed) this.#accounting.ended(run, "undelivered", requests);
    this.#handed.clear();
    this.#budget.give(this.#lentBytes);
    this.#lentBytes = 0;
    clearTimeout(this.#timer);
    this.#batch = undefined;
    this.#sources = [];
    for (const run of Object.keys(this.#nextSeq)) this.#nextSeq[run]! += SEQ_LEFT_OUT;
    setTimeout(() => {
      this.#worker = this.#spawn();
    }, 1_000).unref();
  }

  #told(message: FromShipper): void {
    switch (message.type) {
      case "plan":
        return this.#events.plan(message.plan);
      case "reading":
        return this.#events.reading(message.reading);
      case "ended":
        return this.#ended(message.ended);
      case "numbered":
        this.#nextSeq[message.run] = message.seq + 1;
        return;
      case "returned":
        return this.#returned(message.buffer);
      case "drained":
      case "closed":
        if (this.#awaited?.answer === message.type) this.#awaited.resolve();
        return;
      default:
        message satisfies never;
    }
  }

  #returned(buffer: ArrayBuffer): void {
    this.#lentBytes -= buffer.byteLength;
    this.#budget.give(buffer.byteLength);
    if (buffer.byteLength === this.#limits.batchBytes && this.#spare.length < SPARE_BUFFERS) this.#spare.push(buffer);
  }

  #ended(ended: readonly Ended[]): void {
    for (const { run, outcome, requests } of ended) {
      this.#accounting.ended(run, outcome, requests);
      this.#handed.set(run, (this.#handed.get(run) ?? 0) - requests);
    }
  }

  #take(needed: number): ArrayBuffer | undefined {
    const bytes = Math.max(needed, this.#limits.batchBytes);
    if (!this.#budget.take(bytes)) return undefined;
    this.#lentBytes += bytes;
    return (bytes === this.#limits.batchBytes ? this.#spare.pop() : undefined) ?? new ArrayBuffer(bytes);
  }

  #indexOf(source: Source): number {
    const index = this.#sources.indexOf(source);
    return index !== -1 ? index : this.#sources.push(source) - 1;
  }

  #post(message: ToShipper, transfer: readonly ArrayBuffer[] = []): void {
    this.#worker.postMessage(message, transfer);
  }
}
