import { headerValue } from "../core/capture/head.ts";
import { requestOf, respondedOf } from "../core/capture/message.ts";
import { type CallKey, callIdOf } from "../core/sampling/call-id.ts";
import type { CopyBudget } from "../proxy/accounting.ts";
import type { Following } from "../proxy/caller-parts.ts";
import { CallerServer } from "../proxy/caller-server.ts";
import { Later } from "../proxy/later.ts";
import { DEFAULT_LIMITS } from "../proxy/limits.ts";
import { TeeMetrics } from "../proxy/metrics.ts";
import type { RequestHead } from "../proxy/request-head.ts";
import { type Target, targetOf } from "../proxy/target.ts";
import type { CallBook, HeardAnswer } from "./call-book.ts";
import type { CallCounts } from "./counters.ts";
import { HeardBody } from "./heard-body.ts";
import type { GuardLimits } from "./limits.ts";
import { splitTarget } from "./routing.ts";

interface ObserverParts {
  readonly name: string;
  readonly url: string;
  readonly limits: GuardLimits;
  readonly key: CallKey;
  readonly book: CallBook;
  readonly counts: CallCounts;
  /** Of calls that are under way. */
  readonly budget: CopyBudget;
  /** Told of what should never happen. */
  readonly fault: (error: unknown) => void;
}

/**
 * Stands between the baseline and its collaborator, and hears what is called. Bytes pass as at a tee, by the same code: as they came,
 * but for Host and the path of the collaborator's address; nothing is waited for, and whatever fails in here is not heard, no more.
 */
export class Observer {
  readonly metrics = new TeeMetrics();
  readonly #server: CallerServer;

  constructor({ url, ...parts }: ObserverParts) {
    const to = targetOf(url);
    const { maxConnections, maxHeadBytes, drainMs, answerTimeoutMs } = parts.limits;
    this.#server = new CallerServer({
      target: to,
      later: new Later(parts.fault),
      limits: {
        ...DEFAULT_LIMITS,
        maxConnections,
        maxHeadBytes,
        drainMs,
        drainIdleMs: Math.min(DEFAULT_LIMITS.drainIdleMs, drainMs),
        primaryFirstByteTimeoutMs: Math.max(answerTimeoutMs, DEFAULT_LIMITS.primaryFirstByteTimeoutMs),
      },
      begin: (head, bytes) => (head.webSocket ? undefined : new Hearing(head, bytes, parts)),
      passedOn: (bytes, head) => addressedTo(to, bytes, head),
      metrics: this.metrics,
    });
  }

  listen(port: number, host: string): Promise<number> {
    return this.#server.listen(port, host);
  }

  get connections(): number {
    return this.#server.connections;
  }

  drain(): Promise<void> {
    return this.#server.drain();
  }
}

const HOST = /(\r\nhost[ \t]*:[ \t]*)[^\r]*/i;

/** The same request at the collaborator's own address: it was called at the observer's. */
const addressedTo = ({ authority, prefix }: Target, bytes: Buffer, { text, method, target }: RequestHead): Buffer => {
  const { rest } = splitTarget(target);
  const path = rest.startsWith("/") ? prefix + rest : rest;
  const head = `${method} ${path}${text.slice(method.length + 1 + target.length)}`.replace(
    HOST,
    (_, name) => name + authority,
  );
  const start = bytes.indexOf(`${method} `, 0, "latin1");
  return Buffer.concat([Buffer.from(head, "latin1"), bytes.subarray(start + text.length)]);
};

type Settle = (answer: HeardAnswer | undefined) => void;

/** One call of the baseline, as far as it is kept. Read only once all that is waited for in this turn of the event loop is done. */
class Hearing implements Following {
  readonly #parts: Omit<ObserverParts, "url">;
  readonly #head: RequestHead;
  readonly #request: Buffer[];
  readonly #answer: Buffer[] = [];
  #heldBytes = 0;
  #requestBytes = 0;
  #answerBytes = 0;
  #isTooLarge = false;
  #isOver = false;
  #settle: Settle | undefined;

  constructor(head: RequestHead, bytes: Buffer, parts: Omit<ObserverParts, "url">) {
    this.#parts = parts;
    this.#head = head;
    this.#request = [bytes];
    parts.counts.observed++;
  }

  requestBody(bytes: Buffer): void {
    this.#requestBytes += bytes.length;
    if (this.#requestBytes > this.#parts.limits.maxObservedBytes || !this.#hold(bytes)) this.#isTooLarge = true;
    if (this.#isTooLarge) this.#request.length = 0;
    else this.#request.push(bytes);
  }

  requestDone(): void {
    this.#later(() => {
      this.#settle = this.#noted();
      this.#request.length = 0;
    });
  }

  primaryBytes(bytes: Buffer): void {
    this.#answerBytes += bytes.length;
    if (this.#isWholeAnswer && this.#hold(bytes)) this.#answer.push(bytes);
    else this.#dropAnswer();
  }

  interimDone(): void {
    this.#answer.length = 0;
    this.#answerBytes = 0;
  }

  primaryDone(): void {
    this.#end(this.#isWholeAnswer);
  }

  end(): void {
    this.#end(false);
  }

  #end(isWhole: boolean): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#later(() => {
      this.#settle?.(isWhole ? answerOf(Buffer.concat(this.#answer)) : undefined);
      this.#answer.length = 0;
      this.#request.length = 0;
      this.#parts.budget.give(this.#heldBytes);
      this.#heldBytes = 0;
    });
  }

  /** A call that is not known whole is noted as one without an id: whatever calls of its name are found, nothing is made of them. */
  #noted(): Settle {
    const { name, key, book, limits } = this.#parts;
    const { method, target } = this.#head;
    const { rest } = splitTarget(target);
    if (this.#isTooLarge) {
      const unknown = { to: name, method, target: rest, type: "", body: Buffer.alloc(0), bytes: 0, hash: "" };
      return book.note("primary", undefined, unknown);
    }
    const { headers, body } = requestOf(Buffer.concat(this.#request), { id: "", at: 0, caller: "" });
    const heard = new HeardBody(limits.maxCallBodyBytes);
    heard.add(Buffer.from(body));
    const id = callIdOf(key, (header) => headerValue(headers, header));
    const type = headerValue(headers, "content-type") ?? "";
    return book.note("primary", id, { to: name, method, target: rest, type, ...heard.end() });
  }

  get #isWholeAnswer(): boolean {
    const { maxCallBodyBytes, maxHeadBytes } = this.#parts.limits;
    return this.#answerBytes <= maxCallBodyBytes + maxHeadBytes;
  }

  #dropAnswer(): void {
    this.#answer.length = 0;
    this.#answerBytes = Number.POSITIVE_INFINITY;
  }

  #hold(bytes: Buffer): boolean {
    if (!this.#parts.budget.take(bytes.length)) return false;
    this.#heldBytes += bytes.length;
    return true;
  }

  #later(act: () => void): void {
    setImmediate(() => {
      try {
        act();
      } catch (error) {
        this.#parts.fault(error);
      }
    });
  }
}

const answerOf = (raw: Buffer): HeardAnswer => {
  const { status, headers, body } = respondedOf(raw, 0);
  return { status, headers, body: Buffer.from(body) };
};
