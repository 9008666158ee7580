import type { HeaderList } from "../core/capture/capture.ts";
import { parseHead } from "../core/capture/head.ts";
import { decide, type NotMirrored, type PreparedEntry, prepareEntry } from "../core/sampling/decide.ts";
import { isWrite, type LaneTarget, type Plan, type PlanEntry } from "../core/sampling/plan.ts";
import type { SampledHead } from "../core/sampling/sampled-head.ts";
import { type Source, sourceOf } from "./batch.ts";
import { Exchange } from "./exchange.ts";
import type { MirrorLane, Shared, Wanted } from "./exchange-parts.ts";
import { Lines } from "./lines.ts";
import type { Marks } from "./marks.ts";
import { MirrorPool } from "./mirror-pool.ts";
import { mirroredHead } from "./mirrored-head.ts";
import type { PoolReading } from "./readings.ts";
import type { RequestHead } from "./request-head.ts";
import { targetOf } from "./target.ts";

/** A request as the plan sees it. Its header fields are read only by plans that look at one. */
class Asked implements SampledHead {
  readonly method: string;
  readonly target: string;
  readonly requestId: string;
  readonly marked: boolean;
  readonly #bytes: Buffer;
  #headers: HeaderList | undefined;

  constructor({ method, target, marked }: RequestHead, bytes: Buffer, requestId: string) {
    this.method = method;
    this.target = target;
    this.marked = marked;
    this.requestId = requestId;
    this.#bytes = bytes;
  }

  get headers(): HeaderList {
    return (this.#headers ??= parseHead(this.#bytes).headers);
  }
}

/** Reasons that hold for all writes of their kind, sampled or not. */
const DENIES_WRITES: ReadonlySet<NotMirrored> = new Set(["method", "sideEffects", "probe"]);

interface Prepared {
  readonly entry: PreparedEntry;
  readonly source: Source;
  readonly candidate: MirrorLane;
  readonly secondary: MirrorLane | undefined;
}

interface MirroringParts {
  readonly shared: Omit<Shared, "lines">;
  /** Begins every request id: tee and epoch. */
  readonly idPrefix: string;
  readonly marks: Marks;
  readonly random: () => number;
}

/** Holds the plan ready and decides, per request, what is mirrored where. */
export class Mirroring {
  readonly #parts: MirroringParts;
  readonly #shared: Shared;
  readonly #pools = new Map<string, MirrorPool>();
  #entries: readonly Prepared[] = [];
  #plan = "";
  #leaseEndsAt = 0;
  #number = 0;
  #isStopped = false;
  #plannedAt: number | undefined;

  constructor(parts: MirroringParts) {
    this.#parts = parts;
    const { limits, later, metrics } = parts.shared;
    this.#shared = { ...parts.shared, lines: new Lines(limits, later, metrics.limited) };
  }

  /** A plan read from the store: holds for one lease. */
  apply(plan: Plan): void {
    this.#plannedAt = this.#parts.shared.now();
    this.#leaseEndsAt = this.#parts.shared.now() + this.#parts.shared.limits.planLeaseMs;
    const text = JSON.stringify(plan);
    if (text === this.#plan || this.#isStopped) return;
    this.#plan = text;
    this.#entries = plan.entries.map((entry) => this.#prepare(entry));
    this.#closeUnused(plan);
  }

  get planAgeMs(): number | undefined {
    return this.#plannedAt === undefined ? undefined : this.#shared.now() - this.#plannedAt;
  }

  pools(): PoolReading[] {
    return [...this.#pools.values()].map((pool) => pool.read());
  }

  /** Nothing is mirrored from here on, whatever plans come. */
  stop(): void {
    this.#isStopped = true;
    this.#entries = [];
  }

  /** Mirrors that wait for their turn. */
  get waiting(): number {
    return this.#shared.lines.waiting;
  }

  /** For the end of the process. */
  destroy(): void {
    this.#shared.lines.shedAll();
    for (const pool of this.#pools.values()) pool.destroy();
  }

  /** The exchange that follows this request, where any environment samples it. */
  begin(head: RequestHead, bytes: Buffer, caller: string): Exchange | undefined {
    if (this.#entries.length === 0) return undefined;
    if (this.#parts.shared.now() > this.#leaseEndsAt) return undefined;
    const number = ++this.#number;
    const id = `${this.#parts.idPrefix}-${number}`;
    const asked = new Asked(head, bytes, id);
    const wanted: Wanted[] = [];
    for (const { entry, source, candidate, secondary } of this.#entries) {
      const decision = decide(entry, asked);
      if (!decision.mirror) {
        this.#notMirrored(decision.because, head.method, source);
        continue;
      }
      wanted.push({
        source,
        candidate,
        secondary: decision.secondary ? secondary : undefined,
        secondaryFirst: this.#parts.random() < 0.5,
        line: entry.orderKeyOf && this.#lineOf(entry, source, asked),
      });
    }
    if (wanted.length === 0) return undefined;
    return new Exchange(this.#shared, { head, bytes, id, number, caller }, wanted);
  }

  /** Lines of two environments are never one: each env has lanes of its own. */
  #lineOf({ orderKeyOf }: PreparedEntry, { key }: Source, asked: Asked): string | undefined {
    const orderKey = orderKeyOf?.(asked);
    return orderKey === undefined ? undefined : `${key} ${orderKey}`;
  }

  #notMirrored(because: NotMirrored, method: string, { key }: Source): void {
    const { metrics, accounting } = this.#parts.shared;
    metrics.notMirrored[because]++;
    if (DENIES_WRITES.has(because) && isWrite(method)) accounting.deniedWrite(key);
  }

  #prepare(entry: PlanEntry): Prepared {
    const { candidate, secondary, calls } = entry;
    return {
      entry: prepareEntry(entry),
      source: sourceOf(entry),
      candidate: { pool: this.#pool(candidate), head: mirroredHead("candidate", candidate, this.#parts.marks) },
      secondary:
        secondary === undefined
          ? undefined
          : { pool: this.#pool(secondary), head: mirroredHead("secondary", secondary, this.#parts.marks, calls?.key) },
    };
  }

  #pool(to: LaneTarget): MirrorPool {
    let pool = this.#pools.get(to.url);
    if (pool === undefined)
      this.#pools.set(
        to.url,
        (pool = new MirrorPool(targetOf(to.url), this.#shared.limits, this.#shared.metrics.limited)),
      );
    return pool;
  }

  #closeUnused(plan: Plan): void {
    const used = new Set(plan.entries.flatMap(({ candidate, secondary }) => [candidate.url, secondary?.url]));
    for (const [url, pool] of this.#pools) {
      if (used.has(url)) continue;
      pool.close();
      this.#pools.delete(url);
    }
  }
}
