import { setTimeout as sleep } from "node:timers/promises";
import { createDecideCall } from "../core/sampling/decide-call.ts";
import { CopyBudget } from "../proxy/accounting.ts";
import type { Told } from "../proxy/admin.ts";
import { log } from "../proxy/log.ts";
import { prometheusText } from "../proxy/metrics-text.ts";
import type { Guarded } from "./answer-call.ts";
import { CallBook } from "./call-book.ts";
import { type CallsServer, startCallsServer } from "./calls-server.ts";
import { GuardCounts } from "./counters.ts";
import { Door, type DoorParts, type Route } from "./door.ts";
import type { GuardEnv } from "./env.ts";
import { GUARD_FAMILIES, GUARD_PREFIX, type GuardReadings } from "./metrics.ts";
import { Observer } from "./observer.ts";
import { Passage } from "./pass.ts";
import { byHost, toOne } from "./routing.ts";

/** Where a guard answers, by collaborator. */
export interface GuardPorts {
  /** Of the overlay. */
  readonly doors: Readonly<Record<string, number>>;
  /** Of the baseline. */
  readonly observers: Readonly<Record<string, number>>;
  readonly shared: number | undefined;
  readonly calls: number | undefined;
}

const LOOK_MS = 50;
const FORGET_EVERY_MS = 1_000;

/** Stands between an overlay and its collaborators, so that no write escapes; and hears what both sides call. */
export class Guard implements Told {
  readonly counts = new GuardCounts();
  readonly book: CallBook;
  readonly #env: GuardEnv;
  readonly #guarded: ReadonlyMap<string, Guarded>;
  readonly #doors: Door[] = [];
  readonly #observers: Observer[] = [];
  readonly #inFlight = { calls: 0 };
  readonly #budget: CopyBudget;
  #calls: CallsServer | undefined;
  #isDraining = false;
  readonly #forgetting: NodeJS.Timeout;

  constructor(env: GuardEnv) {
    this.#env = env;
    const { limits, CALLS_KEY: key, COLLABORATORS } = env;
    this.book = new CallBook(limits, () => performance.now());
    this.#budget = new CopyBudget(limits.maxBookBytes);
    this.#guarded = new Map(
      Object.entries(COLLABORATORS).map(([name, its]) => {
        const passage = new Passage(its.url, limits);
        const { book } = this;
        const guarded = { name, mode: its.mode, decide: createDecideCall(its), passage, book, key, limits };
        return [name, { ...guarded, counts: this.counts.of(name), isObserved: its.observe !== undefined }];
      }),
    );
    this.#forgetting = setInterval(() => this.book.forgetOld(), FORGET_EVERY_MS).unref();
  }

  /** Opens all ports. @throws the error of listening */
  async listen(): Promise<GuardPorts> {
    const { PORT, CALLS_PORT, CALLS_HOST, COLLABORATORS, limits } = this.#env;
    const all = Object.entries(COLLABORATORS).map(([name, its]) => ({
      name,
      ...its,
      guarded: this.#guarded.get(name)!,
    }));
    const doors: Record<string, number> = {};
    const observers: Record<string, number> = {};
    for (const { name, port, observe, url, guarded } of all) {
      if (port !== undefined) doors[name] = await this.#openDoor(toOne(guarded), port);
      if (observe !== undefined) observers[name] = await this.#observe(name, url, observe);
    }
    const shared = PORT === undefined ? undefined : await this.#openDoor(byHost(all), PORT);
    if (CALLS_PORT !== undefined) this.#calls = await startCallsServer(CALLS_PORT, CALLS_HOST, this.book, limits);
    return { doors, observers, shared, calls: this.#calls?.port };
  }

  /** A fault that should never happen: one call is not answered, or not heard, and all others are. */
  readonly fault = (error: unknown): void => {
    this.counts.faults++;
    log("error", "a fault of the guard: one call is not answered, or not heard", { error });
  };

  metrics(): string {
    return prometheusText(GUARD_PREFIX, GUARD_FAMILIES, this.read());
  }

  unwell(): string | undefined {
    return this.#isDraining ? "draining" : undefined;
  }

  read(): GuardReadings {
    return {
      isDraining: this.#isDraining,
      counts: this.counts,
      book: this.book,
      callsInFlight: this.#inFlight.calls,
      observerConnections: this.#observers.reduce((sum, { connections }) => sum + connections, 0),
      askedIds: this.#calls?.asked.ids ?? 0,
      residentBytes: process.memoryUsage.rss(),
    };
  }

  /** Stops accepting, lets calls end, answers tees to the last. */
  async drain(): Promise<void> {
    const end = Date.now() + this.#env.limits.drainMs;
    this.#isDraining = true;
    for (const door of this.#doors) door.close();
    const observed = Promise.all(this.#observers.map((observer) => observer.drain()));
    while (this.#inFlight.calls > 0 && Date.now() < end) await sleep(LOOK_MS);
    for (const door of this.#doors) door.destroy();
    await observed;
    clearInterval(this.#forgetting);
    this.#calls?.close();
    for (const { passage } of this.#guarded.values()) passage.destroy();
  }

  async #openDoor(route: Route, port: number): Promise<number> {
    const parts: DoorParts = {
      limits: this.#env.limits,
      counts: this.counts,
      inFlight: this.#inFlight,
      isDraining: () => this.#isDraining,
      fault: this.fault,
    };
    const door = new Door(route, parts);
    this.#doors.push(door);
    return door.listen(port, this.#env.HOST);
  }

  async #observe(name: string, url: string, port: number): Promise<number> {
    const { limits, CALLS_KEY: key, HOST } = this.#env;
    const { book } = this;
    const observer = new Observer({
      name,
      url,
      limits,
      key,
      book,
      counts: this.counts.of(name),
      budget: this.#budget,
      fault: this.fault,
    });
    this.#observers.push(observer);
    return observer.listen(port, HOST);
  }
}
