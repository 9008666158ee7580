import { type LookupAddress, lookup } from "node:dns";
import type { LookupFunction } from "node:net";

/** An answer is used for so long; then it is asked for anew by whoever connects next. */
const FRESH_MS = 1_000;
/** How long connecting waits for a new answer where an older one is known. */
const PATIENCE_MS = 250;
const MAX_NAMES = 1_000;

type Answer = (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void;
export type LookUp = (host: string, answer: Answer) => void;

export const lookUp: LookUp = (host, answer) => lookup(host, { all: true }, answer);

/**
 * At most one under way, the others in line. libuv gives look-ups two threads in all: two mirrors whose names hang would keep
 * the primary's waiting until they fail (10 s, measured); one leaves it a thread.
 */
export const oneAtATime = (look: LookUp): LookUp => {
  const line: (() => void)[] = [];
  const enter = (start: () => void): void => {
    if (line.push(start) === 1) start();
  };
  const leave = (): void => {
    line.shift();
    line[0]?.();
  };
  return (host, answer) =>
    enter(() =>
      look(host, (error, addresses) => {
        leave();
        answer(error, addresses);
      }),
    );
};

/** What is known of one name. */
class Name {
  readonly #ask: (answer: Answer) => void;
  #known: LookupAddress[] = [];
  #error: NodeJS.ErrnoException | null = null;
  #answeredAt = Number.NEGATIVE_INFINITY;
  #waiting: Answer[] = [];
  #patience: NodeJS.Timeout | undefined;
  #isAsking = false;
  /** The last look-up hangs, or failed: until one succeeds nobody waits for it who can do without. */
  #isInTrouble = false;

  constructor(ask: (answer: Answer) => void) {
    this.#ask = ask;
  }

  tell(answer: Answer): void {
    const isFresh = performance.now() - this.#answeredAt < FRESH_MS;
    this.#waiting.push(answer);
    if (!isFresh) this.#renew();
    if (isFresh || (this.#isInTrouble && this.#known.length > 0)) this.#answerAll();
  }

  #renew(): void {
    if (this.#isAsking) return;
    this.#isAsking = true;
    if (this.#known.length > 0) this.#patience = setTimeout(() => this.#trouble(), PATIENCE_MS).unref();
    this.#ask((error, addresses) => this.#answered(error, addresses));
  }

  #answered(error: NodeJS.ErrnoException | null, addresses: LookupAddress[]): void {
    clearTimeout(this.#patience);
    this.#isAsking = false;
    this.#answeredAt = performance.now();
    // A name that is said not to exist is gone; any other failure says nothing of where it was.
    if (error !== null && error.code !== "ENOTFOUND" && this.#known.length > 0) return this.#trouble();
    this.#isInTrouble = false;
    this.#known = error === null ? addresses : [];
    this.#error = error;
    this.#answerAll();
  }

  #trouble(): void {
    this.#isInTrouble = true;
    this.#answerAll();
  }

  #answerAll(): void {
    for (const answer of this.#waiting.splice(0)) process.nextTick(answer, this.#error, this.#known);
  }
}

/**
 * The `lookup` of sockets. Each name has one look-up under way at a time, shared by all who wait for it; while the name's
 * servers hang or fail, its last known addresses are used.
 */
export const addressBook = (look: LookUp): LookupFunction => {
  const names = new Map<string, Name>();
  const nameOf = (host: string): Name => {
    let name = names.get(host);
    if (name !== undefined) return name;
    if (names.size >= MAX_NAMES) names.delete(names.keys().next().value!);
    names.set(host, (name = new Name((answer) => look(host, answer))));
    return name;
  };
  return (host, { all }, done) =>
    nameOf(host).tell((error, addresses) => {
      const [first] = addresses;
      if (error !== null || all) return done(error, addresses);
      done(null, first!.address, first!.family);
    });
};
