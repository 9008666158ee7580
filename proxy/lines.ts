import { Deadline } from "./deadline.ts";
import type { Due, Later } from "./later.ts";
import type { Limits } from "./limits.ts";
import type { CountedLimit } from "./metrics.ts";

/** A mirror that goes in its turn. Whoever sends it says `ended` once it has, in whatever way, also where nothing was sent. */
interface InLine extends Due {
  /** Copies that it holds. */
  readonly bytes: number;
}

interface Waiting {
  readonly mirror: InLine;
  /** On the clock of `performance.now`. */
  readonly until: number;
}

interface Line {
  readonly waiting: Waiting[];
  readonly deadline: Deadline;
}

type OrderLimits = Pick<Limits, "maxOrderKeys" | "maxOrderWaitingPerKey" | "maxOrderWaitMs" | "maxOrderWaitingBytes">;

/**
 * The mirrors of one key go one after the other, in the order in which they were put: each once the one before has ended in every
 * lane. A line is there only while one of its mirrors is under way. At a bound a mirror is shed, and the bound is counted.
 */
export class Lines {
  readonly #limits: OrderLimits;
  readonly #later: Later;
  readonly #limited: (limit: CountedLimit) => void;
  readonly #lines = new Map<string, Line>();
  #waiting = 0;
  #waitingBytes = 0;

  constructor(limits: OrderLimits, later: Later, limited: (limit: CountedLimit) => void) {
    this.#limits = limits;
    this.#later = later;
    this.#limited = limited;
  }

  get waiting(): number {
    return this.#waiting;
  }

  put(key: string, mirror: InLine): void {
    const { maxOrderKeys, maxOrderWaitingPerKey, maxOrderWaitingBytes, maxOrderWaitMs } = this.#limits;
    const line = this.#lines.get(key);
    if (line === undefined) {
      if (this.#lines.size >= maxOrderKeys) return this.#shed(mirror, "maxOrderKeys");
      this.#lines.set(key, { waiting: [], deadline: new Deadline() });
      return this.#later.add(mirror);
    }
    if (line.waiting.length >= maxOrderWaitingPerKey) return this.#shed(mirror, "maxOrderWaitingPerKey");
    if (this.#waitingBytes + mirror.bytes > maxOrderWaitingBytes) return this.#shed(mirror, "maxOrderWaitingBytes");
    line.waiting.push({ mirror, until: performance.now() + maxOrderWaitMs });
    this.#waiting++;
    this.#waitingBytes += mirror.bytes;
    if (line.waiting.length === 1) this.#watch(line);
  }

  /** Of the mirror under way. */
  ended(key: string): void {
    const line = this.#lines.get(key);
    if (line === undefined) return;
    const next = this.#take(line);
    if (next === undefined) this.#lines.delete(key);
    else this.#later.add(next);
    this.#watch(line);
  }

  /** For the end of the process: what waits is not sent. */
  shedAll(): void {
    for (const line of this.#lines.values()) {
      for (let next = this.#take(line); next !== undefined; next = this.#take(line)) next.end("shedOrder");
      line.deadline.clear();
    }
  }

  #take(line: Line): InLine | undefined {
    const mirror = line.waiting.shift()?.mirror;
    if (mirror === undefined) return undefined;
    this.#waiting--;
    this.#waitingBytes -= mirror.bytes;
    return mirror;
  }

  /** All wait equally long, so the first of a line is the first to be late. */
  #watch(line: Line): void {
    const [first] = line.waiting;
    if (first === undefined) return line.deadline.clear();
    line.deadline.set(first.until - performance.now(), () => this.#late(line));
  }

  #late(line: Line): void {
    const now = performance.now();
    for (let [first] = line.waiting; first !== undefined && first.until <= now; [first] = line.waiting)
      this.#shed(this.#take(line)!, "maxOrderWaitMs");
    this.#watch(line);
  }

  #shed(mirror: InLine, limit: CountedLimit): void {
    this.#limited(limit);
    mirror.end("shedOrder");
  }
}
