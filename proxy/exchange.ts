import type { Outcome } from "../core/pair/outcome.ts";
import { SAFE_METHODS } from "../core/sampling/plan.ts";
import type { MirrorLane, Shared, Wanted } from "./exchange-parts.ts";
import type { Due } from "./later.ts";
import type { MirrorEnd } from "./mirror-pool.ts";
import type { RequestHead } from "./request-head.ts";

/**
 * One sampled request on its way: takes the copies while the bytes stream, sends the mirrors once the request is whole, and
 * ends every environment's sample in exactly one outcome. Nothing here can reach the caller.
 */
export class Exchange implements Due {
  readonly #shared: Shared;
  readonly #head: RequestHead;
  readonly #headBytes: Buffer;
  readonly #number: number;
  readonly #id: string;
  readonly #caller: string;
  readonly #samples: Sample[];
  #body: Buffer[] = [];
  #answer: Buffer[] = [];
  #requestBytes = 0;
  #answerBytes = 0;
  #heldBytes = 0;
  #sentAt = 0;
  #isWhole = false;
  /** When it had gone to the primary. */
  #startedMs = 0;
  #primaryMs: number | undefined;
  /** The primary's answer is whole by its own framing, and its connection stays. */
  #primaryGoesOn = false;

  constructor(
    shared: Shared,
    request: { head: RequestHead; bytes: Buffer; id: string; number: number; caller: string },
    wanted: readonly Wanted[],
  ) {
    this.#shared = shared;
    this.#head = request.head;
    this.#headBytes = request.bytes;
    this.#number = request.number;
    this.#id = request.id;
    this.#caller = request.caller;
    this.#samples = wanted.map((of) => ({
      of,
      candidate: undefined,
      secondary: undefined,
      lanes: 0,
      isOpen: true,
      isInLine: false,
    }));
    for (const { source } of wanted) shared.accounting.sampled(source.key);
    this.#hold(request.bytes.length);
  }

  /** Bytes of the request's body, framing included, as they came. */
  requestBody(bytes: Buffer): void {
    if (!this.#hasOpen) return;
    this.#requestBytes += bytes.length;
    if (this.#requestBytes > this.#shared.limits.maxBodyBytes) return this.end("tooLarge");
    if (this.#hold(bytes.length)) this.#body.push(bytes);
  }

  /** The request is whole: the mirrors may go, but for those in a line if the primary has not answered yet. */
  requestDone(): void {
    this.#sentAt = this.#shared.now();
    this.#isWhole = true;
    this.#shared.later.add(this);
    if (this.#primaryMs !== undefined) this.#standInLine();
  }

  /** Sends what is still wanted, and stands in no line. */
  sendMirrors(): void {
    this.#startedMs = performance.now();
    for (const sample of this.#samples) if (sample.isOpen && sample.of.line === undefined) this.#send(sample);
  }

  /** Bytes of the primary's final answer as they came. */
  primaryBytes(bytes: Buffer): void {
    if (!this.#hasOpen) return;
    this.#answerBytes += bytes.length;
    if (this.#answerBytes > this.#shared.limits.maxBodyBytes + this.#shared.limits.maxHeadBytes)
      return this.end("tooLarge");
    if (this.#hold(bytes.length)) this.#answer.push(bytes);
  }

  /** What came so far was an interim answer (1xx): the final one follows. */
  interimDone(): void {
    this.#answer = [];
    this.#answerBytes = 0;
  }

  primaryDone(goesOn: boolean): void {
    this.#primaryGoesOn = goesOn;
    this.#primaryMs = this.#startedMs === 0 ? 0 : performance.now() - this.#startedMs;
    if (this.#isWhole) this.#standInLine();
    for (const sample of this.#samples) this.#complete(sample);
  }

  /**
   * Ends what is still open of this request. Where the primary had got it whole it may have done what was asked, so a mirror that is
   * meant to stand in a line goes all the same.
   */
  end(outcome: Outcome): void {
    const hadItWhole = this.#isWhole && (outcome === "abortedByCaller" || outcome === "primaryFailed");
    if (hadItWhole) this.#standInLine(outcome);
    for (const sample of this.#samples) if (!hadItWhole || !sample.isInLine) this.#settle(sample, outcome);
  }

  #sameAnswer(bytes: Buffer): readonly Buffer[] | undefined {
    const [answer] = this.#answer;
    const isSame = this.#primaryGoesOn && this.#answer.length === 1 && answer!.equals(bytes);
    return isSame ? this.#answer : undefined;
  }

  get #hasOpen(): boolean {
    return this.#samples.some((sample) => sample.isOpen);
  }

  /** The primary has done with the request: this is the order that mirrors in lines have. `outcome`: how it ended without an answer. */
  #standInLine(outcome?: Outcome): void {
    const { lines } = this.#shared;
    for (const sample of this.#samples) {
      const { line } = sample.of;
      if (line === undefined || !sample.isOpen || sample.isInLine) continue;
      sample.isInLine = true;
      lines.put(line, {
        bytes: this.#heldBytes,
        sendMirrors: () => {
          const isSent = sample.isOpen && this.#send(sample);
          if (outcome !== undefined) this.#settle(sample, outcome);
          if (!isSent) lines.ended(line);
        },
        end: (shed) => this.#settle(sample, outcome ?? shed),
      });
    }
  }

  /** False where it was shed. */
  #send(sample: Sample): boolean {
    const { candidate, secondaryFirst } = sample.of;
    const { inFlight, limits } = this.#shared;
    const mostLanes = sample.of.secondary === undefined ? 1 : 2;
    if (inFlight.mirrors + mostLanes > limits.maxMirrorsInFlight) return this.#shed(sample, "shedInFlight");
    if (!candidate.pool.breaker.admit()) return this.#shed(sample, "shedBreaker");
    // A secondary that hangs is not asked, and so is absent, as where it was not sampled: it neither failed nor agreed.
    const secondary = sample.of.secondary?.pool.breaker.admit() ? sample.of.secondary : undefined;
    const lanes = secondary === undefined ? 1 : 2;
    sample.lanes = lanes;
    inFlight.mirrors += lanes;
    if (secondary !== undefined && secondaryFirst) this.#mirror(sample, secondary, "secondary");
    this.#mirror(sample, candidate, "candidate");
    if (secondary !== undefined && !secondaryFirst) this.#mirror(sample, secondary, "secondary");
    return true;
  }

  #shed(sample: Sample, outcome: Outcome): false {
    this.#settle(sample, outcome);
    return false;
  }

  #mirror(sample: Sample, lane: MirrorLane, name: "candidate" | "secondary"): void {
    lane.pool.send({
      head: lane.head(this.#head, this.#id),
      body: this.#body,
      method: this.#head.method,
      isSafe: SAFE.has(this.#head.method),
      hold: (bytes) => sample.isOpen && this.#hold(bytes),
      sameAnswer: (bytes) => this.#sameAnswer(bytes),
      end: (end) => {
        lane.pool.breaker.ended(end);
        this.#shared.metrics.mirrored(name, end);
        this.#shared.inFlight.mirrors--;
        sample.lanes--;
        if (sample.isOpen) {
          if (end.outcome === "tooLarge") this.#settle(sample, "tooLarge");
          else sample[name] = end;
        }
        this.#complete(sample);
        if (sample.lanes === 0 && sample.of.line !== undefined) this.#shared.lines.ended(sample.of.line);
      },
    });
  }

  #complete(sample: Sample): void {
    if (!sample.isOpen || sample.lanes > 0 || sample.candidate === undefined || this.#primaryMs === undefined)
      return this.#release();
    const isHanded = this.#shared.hand({
      source: sample.of.source,
      number: this.#number,
      at: this.#sentAt,
      caller: this.#caller,
      request: [this.#headBytes, ...this.#body],
      primary: { raw: this.#answer, ms: this.#primaryMs },
      candidate: sample.candidate,
      secondary: sample.secondary,
    });
    // From here on the shipper ends it.
    if (isHanded) sample.isOpen = false;
    else this.#settle(sample, "shedMemory");
    this.#release();
  }

  #settle(sample: Sample, outcome: Outcome): void {
    if (!sample.isOpen) return;
    sample.isOpen = false;
    this.#shared.accounting.ended(sample.of.source.key, outcome);
    this.#release();
  }

  #hold(bytes: number): boolean {
    if (this.#shared.budget.take(bytes)) {
      this.#heldBytes += bytes;
      return true;
    }
    this.end("shedMemory");
    return false;
  }

  /** Gives the copies back once nobody needs them: no sample is open, no mirror still reads the body. */
  #release(): void {
    if (this.#heldBytes === 0 || this.#samples.some((sample) => sample.isOpen || sample.lanes > 0)) return;
    this.#shared.budget.give(this.#heldBytes);
    this.#heldBytes = 0;
    this.#body = [];
    this.#answer = [];
  }
}

interface Sample {
  readonly of: Wanted;
  candidate: Exclude<MirrorEnd, { outcome: "tooLarge" }> | undefined;
  secondary: Exclude<MirrorEnd, { outcome: "tooLarge" }> | undefined;
  /** Mirrors in flight. */
  lanes: number;
  isOpen: boolean;
  isInLine: boolean;
}

const SAFE: ReadonlySet<string> = new Set(SAFE_METHODS);
