import { hundredths, wirePairOf } from "./encode-pair.ts";
import type { EqualPair } from "./equal-pair.ts";
import { Growing } from "./growing.ts";
import type { StoredCapture, StoredPair, StoredResponded, TeeStamp } from "./segment.ts";
import { NO_SECONDARY, type WireId, type WireSegment } from "./wire.ts";

/** Numbers that are their own text: `7`, not `07`. */
const COUNTER = /^(?:0|[1-9]\d{0,14})$/;

/** A lane that answered the same as the primary, with nothing kept of it. */
const isStub = (lane: StoredCapture, primary: StoredResponded): lane is StoredResponded =>
  lane.outcome === "responded" &&
  lane.status === primary.status &&
  lane.headers.kind === "equal" &&
  lane.body.kind === "equal" &&
  lane.body.bytes === primary.body.bytes;

/** Texts that pairs name by their position. */
class Table {
  readonly #positions = new Map<string, number>();

  positionOf(text: string): number {
    const known = this.#positions.get(text);
    if (known !== undefined) return known;
    this.#positions.set(text, this.#positions.size);
    return this.#positions.size - 1;
  }

  get texts(): readonly string[] {
    return [...this.#positions.keys()];
  }
}

/** Pairs as the wire has them, written as they come: what is held until the segment closes is numbers and text, not objects. */
export class PairWriter {
  readonly #prefix: string;
  #at: number;
  #number = 0;
  readonly #endpoints = new Table();
  readonly #clusters = new Table();
  readonly #pairs = { i: [] as WireId[], a: [] as number[], e: [] as number[], c: [] as number[] };
  readonly #equal = { s: [] as number[], n: [] as number[], m: [[], [], []] as [number[], number[], number[]] };
  readonly #lines = new Growing();
  readonly #contents = new Growing();

  constructor({ tee, epoch }: Pick<TeeStamp, "tee" | "epoch">, openedAt: number) {
    this.#prefix = `${tee}-${epoch}-`;
    this.#at = openedAt;
  }

  get count(): number {
    return this.#pairs.i.length;
  }

  /** What the pairs that differ take up. */
  get bytes(): number {
    return this.#lines.length + this.#contents.length;
  }

  get columns(): Pick<WireSegment, "endpoints" | "clusters" | "pairs" | "equal"> {
    const [endpoints, clusters] = [this.#endpoints.texts, this.#clusters.texts];
    return { endpoints, clusters, pairs: this.#pairs, equal: this.#equal };
  }

  /** One for each pair that differs, a line feed before each. */
  get lines(): Uint8Array {
    return this.#lines.bytes;
  }

  get contents(): Uint8Array {
    return this.#contents.bytes;
  }

  addEqual(pair: EqualPair): void {
    this.#addColumns(this.#deltaOf(pair.number), pair);
    this.#addEqualColumns(pair);
  }

  /** Keeps nothing of the pair but copies. */
  add(pair: StoredPair): void {
    const { primary, candidate, secondary } = pair;
    this.#addColumns(this.#idOf(pair.id), pair);
    const isEqual =
      pair.request === undefined &&
      pair.calls === undefined &&
      isStub(primary, primary) &&
      isStub(candidate, primary) &&
      (secondary === undefined || isStub(secondary, primary));
    if (!isEqual) return this.#addLine(pair);
    const ms = { primary: primary.ms, candidate: candidate.ms, secondary: secondary?.ms };
    this.#addEqualColumns({ status: primary.status, bytes: primary.body.bytes, ms });
  }

  /** It was sent. */
  free(): void {
    this.#lines.free();
    this.#contents.free();
  }

  #addColumns(id: WireId, { at, endpoint, cluster }: Pick<StoredPair, "at" | "endpoint" | "cluster">): void {
    this.#pairs.i.push(id);
    this.#pairs.a.push(at - this.#at);
    this.#at = at;
    this.#pairs.e.push(this.#endpoints.positionOf(endpoint));
    this.#pairs.c.push(this.#clusters.positionOf(cluster));
  }

  #addEqualColumns({ status, bytes, ms }: Pick<EqualPair, "status" | "bytes" | "ms">): void {
    const { s, n, m } = this.#equal;
    s.push(status);
    n.push(bytes);
    m[0].push(hundredths(ms.primary));
    m[1].push(hundredths(ms.candidate));
    m[2].push(ms.secondary === undefined ? NO_SECONDARY : hundredths(ms.secondary));
  }

  #addLine(pair: StoredPair): void {
    const line = wirePairOf(pair, this.count - 1, (content) => this.#contents.add(content));
    this.#lines.addText(`\n${JSON.stringify(line)}`);
  }

  #idOf(id: string): WireId {
    const number = id.startsWith(this.#prefix) ? id.slice(this.#prefix.length) : "";
    return COUNTER.test(number) ? this.#deltaOf(Number(number)) : id;
  }

  #deltaOf(number: number): number {
    const delta = number - this.#number;
    this.#number = number;
    return delta;
  }
}
