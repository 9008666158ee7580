import { Accounting, CopyBudget } from "./accounting.ts";
import { CallerServer } from "./caller-server.ts";
import type { CaptureSink, OpenSink } from "./capture-sink.ts";
import type { Exchange } from "./exchange.ts";
import { Later } from "./later.ts";
import type { Limits } from "./limits.ts";
import { log } from "./log.ts";
import { watchLoop } from "./loop-delay.ts";
import { type Marks, unsigned } from "./marks.ts";
import { TeeMetrics } from "./metrics.ts";
import { Mirroring } from "./mirroring.ts";
import { PrimaryHealth } from "./primary-health.ts";
import type { Readings, ShipperReading } from "./readings.ts";
import { targetOf } from "./target.ts";

export interface TeeOptions {
  readonly primaryUrl: string;
  /** Begins every request id: tee and epoch. */
  readonly idPrefix: string;
  readonly limits: Limits;
  /** Of the copies; unsigned where left out. */
  readonly marks?: Marks;
}

const SECOND_MS = 1_000;

export class Tee {
  readonly metrics = new TeeMetrics();
  readonly #limits: Limits;
  readonly #server: CallerServer;
  readonly #accounting = new Accounting();
  readonly #budget: CopyBudget;
  readonly #mirroring: Mirroring;
  readonly #sink: CaptureSink;
  readonly #inFlight = { mirrors: 0 };
  readonly #health = new PrimaryHealth(this.metrics);
  readonly #loopDelay = watchLoop();
  #shipper: ShipperReading | undefined;
  #planned: (() => void) | undefined;
  /** Resolves with the first plan: what is sampled from then on is mirrored. Callers are served before that. */
  readonly firstPlan = new Promise<void>((resolve) => {
    this.#planned = resolve;
  });

  constructor(options: TeeOptions, openSink: OpenSink) {
    const { limits } = options;
    this.#limits = limits;
    this.#budget = new CopyBudget(limits.maxCopyBytes);
    this.#sink = openSink(
      { budget: this.#budget, accounting: this.#accounting },
      {
        plan: (plan) => {
          this.#mirroring.apply(plan);
          this.#planned?.();
        },
        reading: (shipper) => {
          this.#shipper = shipper;
        },
        shipperDied: (reason) => {
          this.metrics.shipperDeaths++;
          this.#shipper = undefined;
          log("error", "the shipper died and is started again", { reason });
        },
      },
    );
    const later = new Later((error) => this.failOpen(error));
    this.#mirroring = new Mirroring({
      shared: {
        limits,
        budget: this.#budget,
        accounting: this.#accounting,
        metrics: this.metrics,
        inFlight: this.#inFlight,
        hand: (pair) => this.#sink.append(pair),
        now: Date.now,
        later,
      },
      idPrefix: options.idPrefix,
      marks: options.marks ?? unsigned,
      random: Math.random,
    });
    this.#server = new CallerServer({
      target: targetOf(options.primaryUrl),
      limits,
      later,
      begin: (head, bytes, caller) => this.#begin(head, bytes, caller),
      metrics: this.metrics,
    });
    setInterval(() => this.#health.tick(), SECOND_MS).unref();
  }

  /** Resolves with the port once callers are served. @throws the error of listening, such as EADDRINUSE. */
  listen(port: number, host: string): Promise<number> {
    return this.#server.listen(port, host);
  }

  /** Whether callers should be sent here: of the primary's path alone, whatever becomes of mirrors, queue and plan. */
  get isHealthy(): boolean {
    return !this.#server.isDraining && this.#server.isListening && this.#health.isHealthy;
  }

  read(): Readings {
    return {
      metrics: this.metrics,
      limits: this.#limits,
      isDraining: this.#server.isDraining,
      isHealthy: this.isHealthy,
      connections: this.#server.connections,
      mirrorsInFlight: this.#inFlight.mirrors,
      mirrorsWaiting: this.#mirroring.waiting,
      copyBytes: this.#budget.heldBytes,
      outcomes: this.#accounting.snapshot(),
      pools: this.#mirroring.pools(),
      planAgeMs: this.#mirroring.planAgeMs,
      shipper: this.#shipper,
      loopDelay: this.#loopDelay(),
      residentBytes: process.memoryUsage.rss(),
    };
  }

  /** A fault in anything but serving callers: nothing is mirrored any more, callers are served on. */
  failOpen(error: unknown): void {
    this.metrics.faults++;
    log("error", "a fault: nothing is mirrored from here on, callers are served", { error });
    this.#mirroring.stop();
  }

  #begin(...request: Parameters<Mirroring["begin"]>): Exchange | undefined {
    try {
      return this.#mirroring.begin(...request);
    } catch (error) {
      this.failOpen(error);
      return undefined;
    }
  }

  /** Stops accepting, lets requests and their mirrors end, sends all that was captured. */
  async drain(): Promise<void> {
    await this.#server.drain(() => this.#inFlight.mirrors + this.#mirroring.waiting === 0);
    this.#mirroring.destroy();
    await this.#sink.drain(this.#limits.flushMs);
  }
}
