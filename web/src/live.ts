import { createContext } from "preact";
import { useContext, useEffect, useState } from "preact/hooks";
import { type Answer, type Api, ApiFault, type Input, pathOf, type ReadName } from "./api.ts";

export const POLL_MS = 3_000;
const MAX_BACK_OFF_MS = 30_000;
/** Answers that nobody looks at any more, kept so that going back shows them at once. */
const MAX_KEPT = 60;

/** `fault` beside `data`: what is shown is as it was before. */
export interface Live<T> {
  readonly data: T | undefined;
  readonly fault: ApiFault | undefined;
}

interface Entry {
  live: Live<unknown>;
  etag: string | undefined;
  failures: number;
  timer: ReturnType<typeof setTimeout> | undefined;
  isAsking: boolean;
  readonly ask: (etag: string | undefined) => Promise<{ data: unknown; etag: string | undefined } | undefined>;
  readonly listeners: Set<() => void>;
}

/** `why` what is on the page is not of now; `at`: when the API last answered, milliseconds since 1970. */
export interface Connection {
  readonly why: string | undefined;
  readonly at: number | undefined;
}

/**
 * Every question is asked once, however many parts of the page show its answer, and again some seconds after its answer as long as one does
 * and the page is seen. An answer that is as it was changes nothing on the page.
 */
export class LiveStore {
  readonly api: Api;
  readonly #entries = new Map<string, Entry>();
  readonly #watchers = new Set<() => void>();
  connection: Connection = { why: undefined, at: undefined };

  constructor(api: Api) {
    this.api = api;
    document.addEventListener("visibilitychange", () => this.refresh());
    addEventListener("online", () => this.refresh());
  }

  get<R extends ReadName>(route: R, input: Input<R>): Live<Answer<R>> {
    return (this.#entries.get(keyOf(route, input))?.live ?? NOTHING_YET) as Live<Answer<R>>;
  }

  subscribe<R extends ReadName>(route: R, input: Input<R>, listener: () => void): () => void {
    const key = keyOf(route, input);
    const entry = this.#entries.get(key) ?? this.#newEntry(route, input);
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    entry.listeners.add(listener);
    if (entry.listeners.size === 1) void this.#ask(entry);
    return () => {
      entry.listeners.delete(listener);
      if (entry.listeners.size === 0) clearTimeout(entry.timer);
      this.#forgetOldest();
    };
  }

  /** Asks all that is shown again, at once: something was changed, or the page is seen again. */
  refresh(): void {
    for (const entry of this.#entries.values()) {
      clearTimeout(entry.timer);
      if (entry.listeners.size > 0) void this.#ask(entry);
    }
  }

  watchConnection(listener: () => void): () => void {
    this.#watchers.add(listener);
    return () => this.#watchers.delete(listener);
  }

  #newEntry<R extends ReadName>(route: R, input: Input<R>): Entry {
    return {
      live: NOTHING_YET,
      etag: undefined,
      failures: 0,
      timer: undefined,
      isAsking: false,
      ask: (etag) => this.api.read(route, input, etag),
      listeners: new Set(),
    };
  }

  async #ask(entry: Entry): Promise<void> {
    if (entry.isAsking || document.hidden) return;
    entry.isAsking = true;
    clearTimeout(entry.timer);
    try {
      const answer = await entry.ask(entry.etag);
      entry.failures = 0;
      if (answer !== undefined) {
        entry.etag = answer.etag;
        tell(entry, { data: answer.data, fault: undefined });
      } else if (entry.live.fault !== undefined) tell(entry, { ...entry.live, fault: undefined });
      this.#connected({ why: undefined, at: Date.now() });
    } catch (error) {
      const fault = error instanceof ApiFault ? error : unexpected(error);
      entry.failures += 1;
      tell(entry, { ...entry.live, fault });
      const isCut = fault.status === 0 || fault.status === 401 || fault.status >= 500;
      this.#connected(isCut ? { ...this.connection, why: fault.message } : { why: undefined, at: Date.now() });
    } finally {
      entry.isAsking = false;
    }
    if (entry.listeners.size === 0 || document.hidden) return;
    const wait = Math.min(POLL_MS * 2 ** Math.min(entry.failures, 10), MAX_BACK_OFF_MS);
    entry.timer = setTimeout(() => void this.#ask(entry), wait);
  }

  #connected(connection: Connection): void {
    this.connection = connection;
    for (const watcher of this.#watchers) watcher();
  }

  #forgetOldest(): void {
    for (const [key, { listeners }] of this.#entries) {
      if (this.#entries.size <= MAX_KEPT) return;
      if (listeners.size === 0) this.#entries.delete(key);
    }
  }
}

const NOTHING_YET: Live<never> = { data: undefined, fault: undefined };

const tell = (entry: Entry, live: Live<unknown>): void => {
  entry.live = live;
  for (const listener of entry.listeners) listener();
};

const unexpected = (error: unknown): ApiFault =>
  new ApiFault({
    status: 0,
    code: "unavailable",
    detail: error instanceof Error ? error.message : String(error),
    faults: [],
  });

const keyOf = <R extends ReadName>(route: R, input: Input<R>): string => pathOf(route, input).join(" ");

export const StoreContext = createContext<LiveStore | undefined>(undefined);

export const useStore = (): LiveStore => {
  const store = useContext(StoreContext);
  if (store === undefined) throw new Error("there is no store above this component");
  return store;
};

/** The answer to a question of the API, kept up to date. */
export const useLive = <R extends ReadName>(route: R, input: Input<R>): Live<Answer<R>> => {
  const store = useStore();
  const key = keyOf(route, input);
  const [, rendered] = useState(0);
  useEffect(() => store.subscribe(route, input, () => rendered((n) => n + 1)), [store, key]);
  return store.get(route, input);
};

export const useConnection = (): Connection => {
  const store = useStore();
  const [connection, set] = useState(store.connection);
  useEffect(() => store.watchConnection(() => set(store.connection)), [store]);
  return connection;
};
