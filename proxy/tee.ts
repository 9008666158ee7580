import { createServer, type Server, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { Accounting, CopyBudget } from "./accounting.ts";
import { CallerConnection } from "./caller.ts";
import type { CaptureSink, OpenSink } from "./capture-sink.ts";
import type { Exchange } from "./exchange.ts";
import type { Limits } from "./limits.ts";
import { log } from "./log.ts";
import { watchLoop } from "./loop-delay.ts";
import { TeeMetrics } from "./metrics.ts";
import { Mirroring } from "./mirroring.ts";
import { PrimaryHealth } from "./primary-health.ts";
import type { Readings, ShipperReading } from "./readings.ts";
import { CROWDED } from "./refusals.ts";
import { type Target, targetOf } from "./target.ts";
import { turnAway } from "./turn-away.ts";

export interface TeeOptions {
  readonly primaryUrl: string;
  /** Begins every request id: tee and epoch. */
  readonly idPrefix: string;
  readonly limits: Limits;
}

/** How often a draining tee looks for connections that have become idle. */
const DRAIN_LOOK_MS = 50;
const SECOND_MS = 1_000;

export class Tee {
  readonly metrics = new TeeMetrics();
  readonly #limits: Limits;
  readonly #primary: Target;
  readonly #server: Server;
  readonly #connections = new Set<CallerConnection>();
  readonly #accounting = new Accounting();
  readonly #budget: CopyBudget;
  readonly #mirroring: Mirroring;
  readonly #sink: CaptureSink;
  readonly #inFlight = { mirrors: 0 };
  readonly #health = new PrimaryHealth(this.metrics);
  readonly #loopDelay = watchLoop();
  #shipper: ShipperReading | undefined;
  #turnedAway = 0;
  #isDraining = false;
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
    this.#mirroring = new Mirroring({
      shared: {
        limits,
        budget: this.#budget,
        accounting: this.#accounting,
        metrics: this.metrics,
        inFlight: this.#inFlight,
        hand: (pair) => this.#sink.append(pair),
        now: Date.now,
      },
      idPrefix: options.idPrefix,
      random: Math.random,
      fault: (error) => this.failOpen(error),
    });
    this.#primary = targetOf(options.primaryUrl);
    this.#server = createServer({ allowHalfOpen: true, noDelay: true, pauseOnConnect: true }, (socket) =>
      this.#accept(socket),
    );
    setInterval(() => this.#health.tick(), SECOND_MS).unref();
  }

  /** Resolves with the port once callers are served. @throws the error of listening, such as EADDRINUSE. */
  listen(port: number, host: string): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(port, host, () => {
        const address = this.#server.address();
        resolve(typeof address === "object" && address !== null ? address.port : port);
      });
    });
  }

  /** Whether callers should be sent here: of the primary's path alone, whatever becomes of mirrors, queue and plan. */
  get isHealthy(): boolean {
    return !this.#isDraining && this.#server.listening && this.#health.isHealthy;
  }

  read(): Readings {
    return {
      metrics: this.metrics,
      limits: this.#limits,
      isDraining: this.#isDraining,
      isHealthy: this.isHealthy,
      connections: this.#connections.size,
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

  #accept(socket: Socket): void {
    if (this.#connections.size >= this.#limits.maxConnections) return this.#turnAway(socket);
    const connection = new CallerConnection(socket, {
      primary: this.#primary,
      limits: this.#limits,
      begin: (head, bytes, caller) => this.#begin(head, bytes, caller),
      isDraining: () => this.#isDraining,
      metrics: this.metrics,
      closed: () => this.#connections.delete(connection),
    });
    this.#connections.add(connection);
  }

  #turnAway(socket: Socket): void {
    this.metrics.limited("maxConnections");
    if (this.#turnedAway >= this.#limits.maxConnections) return void socket.destroy();
    this.metrics.refused(CROWDED);
    this.#turnedAway++;
    socket.on("close", () => this.#turnedAway--);
    turnAway(socket);
  }

  #begin(...request: Parameters<Mirroring["begin"]>): Exchange | undefined {
    try {
      return this.#mirroring.begin(...request);
    } catch (error) {
      this.failOpen(error);
      return undefined;
    }
  }

  /**
   * Stops accepting, lets requests and their mirrors end, sends all that was captured. A connection is never cut between two
   * requests before it had the time to send one more, whose answer tells it to close: a cut could cross a request.
   */
  async drain(): Promise<void> {
    const { drainDelayMs, drainIdleMs, drainMs, flushMs } = this.#limits;
    const end = Date.now() + drainMs;
    this.#isDraining = true;
    if (drainDelayMs > 0) await sleep(Math.min(drainDelayMs, drainMs));
    this.#server.close();
    await until(() => this.#connections.size === 0, Math.min(Date.now() + drainIdleMs, end));
    await until(() => this.#hasEnded(), end);
    for (const connection of this.#connections) connection.destroy();
    this.#mirroring.destroy();
    await this.#sink.drain(flushMs);
  }

  #hasEnded(): boolean {
    for (const connection of this.#connections) connection.endIdle();
    return this.#connections.size === 0 && this.#inFlight.mirrors + this.#mirroring.waiting === 0;
  }
}

const until = async (isSo: () => boolean, deadline: number): Promise<void> => {
  while (Date.now() < deadline && !isSo()) await sleep(DRAIN_LOOK_MS);
};
