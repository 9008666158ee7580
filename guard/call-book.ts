import type { HeaderList } from "../core/capture/capture.ts";
import { endpointOf } from "../core/capture/endpoint.ts";
import { secondaryIdOf } from "../core/sampling/call-id.ts";
import type { GuardLimits } from "./limits.ts";

/** Whose call it is: of what answers callers, or of what gets mirrors. */
export type Side = "primary" | "candidate";

/** A call to a collaborator, as it was heard. */
export interface HeardCall {
  readonly to: string;
  readonly method: string;
  readonly target: string;
  /** Content-Type of the body, "" without. */
  readonly type: string;
  /** At most `maxCallBodyBytes` of it. */
  readonly body: Buffer;
  readonly bytes: number;
  /** SHA-256 of the whole body, as hex. */
  readonly hash: string;
}

/** What a collaborator answered to the baseline. */
export interface HeardAnswer {
  readonly status: number;
  readonly headers: HeaderList;
  readonly body: Buffer;
}

interface Noted {
  readonly call: HeardCall;
  /** `open` until it is known. */
  answer: HeardAnswer | "open" | "none";
  /** For which ids it was given again. */
  readonly givenTo: Set<string>;
}

interface Page {
  readonly primary: Noted[];
  readonly candidate: Noted[];
  readonly firstAt: number;
  lastAt: number;
  bytes: number;
  /** Calls of it were left out. */
  isCut: boolean;
  wasAsked: boolean;
}

/** What is known of one id: the calls of both sides, and for how many milliseconds none has come. */
export interface CallsOfId {
  readonly primary: readonly HeardCall[];
  readonly candidate: readonly HeardCall[];
  readonly isCut: boolean;
  readonly quietMs: number;
}

/** Of a call, beside its contents. */
const OVERHEAD_BYTES = 300;
/** Names of calls without an id; with more, none can be judged. */
const MAX_UNNAMED = 1_000;

/** `payments POST /charges/{id}`: what calls are counted under. */
const nameOf = ({ to, method, target }: HeardCall): string => `${to} ${endpointOf(method, target)}`;

/** The calls of both sides by the id that they carry. Bounded in bytes, calls and age; what is dropped is counted. */
export class CallBook {
  readonly counts = { late: 0, unnamed: { primary: 0, candidate: 0 }, forgotten: { age: 0, memory: 0, many: 0 } };
  /** Which sides called anything with an id so far. */
  readonly heard = { primary: false, candidate: false };
  readonly #limits: GuardLimits;
  readonly #now: () => number;
  /** The oldest first. */
  readonly #pages = new Map<string, Page>();
  readonly #unnamed = new Map<string, number>();
  readonly #waiting = new Map<string, Set<() => void>>();
  /** Since then all that was heard is known, but for what is too old. */
  #wholeSince: number;
  #bytes = 0;

  /** @param now milliseconds that only grow */
  constructor(limits: GuardLimits, now: () => number) {
    this.#limits = limits;
    this.#now = now;
    this.#wholeSince = now();
  }

  /** All that was heard within so many milliseconds is known. */
  get coversMs(): number {
    return Math.min(this.#now() - this.#wholeSince, this.#limits.bookAgeMs);
  }

  get bytes(): number {
    return this.#bytes;
  }

  get ids(): number {
    return this.#pages.size;
  }

  /** Notes a call; what is returned is told the answer to it, undefined where there is none to give again. */
  note(side: Side, id: string | undefined, call: HeardCall): (answer: HeardAnswer | undefined) => void {
    const now = this.#now();
    if (id === undefined) {
      this.#noteUnnamed(side, nameOf(call), now);
      return () => {};
    }
    this.heard[side] = true;
    const page = this.#pageOf(id, now);
    page.lastAt = now;
    if (page.wasAsked) this.counts.late++;
    if (page[side].length >= this.#limits.maxCallsPerId) {
      page.isCut = true;
      this.counts.forgotten.many++;
      return () => {};
    }
    const noted: Noted = { call, answer: side === "primary" ? "open" : "none", givenTo: new Set() };
    page[side].push(noted);
    this.#take(page, call.body.length + call.target.length + OVERHEAD_BYTES);
    this.#tell(id);
    return (answer) => {
      noted.answer = answer ?? "none";
      if (answer !== undefined && this.#pages.get(id) === page) this.#take(page, answer.body.length + OVERHEAD_BYTES);
      this.#tell(id);
    };
  }

  /** What is known of an id; undefined where nothing was heard. */
  of(id: string): CallsOfId | undefined {
    const page = this.#pages.get(id);
    if (page === undefined) return undefined;
    page.wasAsked = true;
    const callsOf = (noted: readonly Noted[]) => noted.map(({ call }) => call);
    const quietMs = this.#now() - page.lastAt;
    return { primary: callsOf(page.primary), candidate: callsOf(page.candidate), isCut: page.isCut, quietMs };
  }

  /** Names of calls that came without an id of late, by either side. */
  unnamed(): readonly string[] {
    const since = this.#now() - this.#limits.bookAgeMs;
    return [...this.#unnamed].filter(([, at]) => at > since).map(([name]) => name);
  }

  /** What the collaborator answered to the baseline's call of the same request; waited for, where it is under way or may still come. */
  async recorded(id: string, call: HeardCall): Promise<HeardAnswer | undefined> {
    const end = this.#now() + this.#limits.mirrorWaitMs;
    for (;;) {
      const noted = this.#counterpart(id, call);
      if (noted !== undefined && noted.answer !== "open") {
        noted.givenTo.add(id);
        return noted.answer === "none" ? undefined : noted.answer;
      }
      const leftMs = end - this.#now();
      if (leftMs <= 0) return undefined;
      await this.#changed(id, leftMs);
    }
  }

  /** Forgets what is too old; call it now and then. */
  forgetOld(): void {
    const since = this.#now() - this.#limits.bookAgeMs;
    for (const [id, page] of this.#pages) {
      if (page.firstAt > since) return;
      this.#forget(id, page, "age");
    }
    for (const [name, at] of this.#unnamed) if (at <= since) this.#unnamed.delete(name);
  }

  /** The first call of the baseline that was not given again yet: the very same, else one to the same address. */
  #counterpart(id: string, { to, method, target, hash }: HeardCall): Noted | undefined {
    // The secondary carries another id than the caller's request, of which the baseline's calls are known.
    const pages = [this.#pages.get(id), this.#pages.get(secondaryIdOf(id))];
    const all = pages.flatMap((page) => page?.primary ?? []);
    const same = all.filter(
      ({ call, givenTo }) => call.to === to && call.method === method && call.target === target && !givenTo.has(id),
    );
    return same.find(({ call }) => call.hash === hash) ?? same[0];
  }

  #changed(id: string, ms: number): Promise<void> {
    return new Promise((resolve) => {
      const ids = [id, secondaryIdOf(id)];
      const done = () => {
        clearTimeout(timer);
        for (const one of ids) {
          this.#waiting.get(one)?.delete(done);
          if (this.#waiting.get(one)?.size === 0) this.#waiting.delete(one);
        }
        resolve();
      };
      const timer = setTimeout(done, ms);
      for (const one of ids) this.#waiting.set(one, (this.#waiting.get(one) ?? new Set()).add(done));
    });
  }

  #tell(id: string): void {
    for (const done of [...(this.#waiting.get(id) ?? [])]) done();
  }

  #noteUnnamed(side: Side, name: string, now: number): void {
    this.counts.unnamed[side]++;
    if (this.#unnamed.has(name) || this.#unnamed.size < MAX_UNNAMED) this.#unnamed.set(name, now);
    else this.#wholeSince = now;
  }

  #pageOf(id: string, now: number): Page {
    let page = this.#pages.get(id);
    if (page !== undefined) return page;
    page = { primary: [], candidate: [], firstAt: now, lastAt: now, bytes: 0, isCut: false, wasAsked: false };
    this.#pages.set(id, page);
    this.#take(page, id.length + OVERHEAD_BYTES);
    return page;
  }

  #take(page: Page, bytes: number): void {
    page.bytes += bytes;
    this.#bytes += bytes;
    for (const [id, oldest] of this.#pages) {
      if (this.#bytes <= this.#limits.maxBookBytes) return;
      this.#forget(id, oldest, "memory");
    }
  }

  #forget(id: string, page: Page, because: "age" | "memory"): void {
    this.#pages.delete(id);
    this.#bytes -= page.bytes;
    if (because === "memory") this.#wholeSince = this.#now();
    if (!page.wasAsked) this.counts.forgotten[because] += page.primary.length + page.candidate.length;
  }
}
