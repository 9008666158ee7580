import { createServer, type Server, type Socket } from "node:net";
import { Accounting, CopyBudget } from "./accounting.ts";
import { CallerConnection } from "./caller.ts";
import type { CallerEvent } from "./caller-parts.ts";
import type { CaptureSink, OpenSink } from "./capture-sink.ts";
import type { Exchange } from "./exchange.ts";
import type { Limits } from "./limits.ts";
import { log } from "./log.ts";
import { Mirroring } from "./mirroring.ts";
import { targetOf } from "./target.ts";

export interface TeeOptions {
  readonly primaryUrl: string;
  /** Begins every request id: tee and epoch. */
  readonly idPrefix: string;
  readonly limits: Limits;
}

/** How often a draining tee looks for connections that have become idle. */
const DRAIN_LOOK_MS = 50;

export class Tee {
  readonly #limits: Limits;
  readonly #server: Server;
  readonly #connections = new Set<CallerConnection>();
  readonly #mirroring: Mirroring;
  readonly #sink: CaptureSink;
  readonly #inFlight = { mirrors: 0 };
  readonly #events: Record<CallerEvent, number> = {
    requests: 0,
    refused: 0,
    primaryFailed: 0,
    primaryInvalid: 0,
    tunnelled: 0,
    aborted: 0,
  };
  #isDraining = false;
  #planned: (() => void) | undefined;
  /** Resolves with the first plan: what is sampled from then on is mirrored. Callers are served before that. */
  readonly firstPlan = new Promise<void>((resolve) => {
    this.#planned = resolve;
  });

  constructor(options: TeeOptions, openSink: OpenSink) {
    const { limits } = options;
    this.#limits = limits;
    const accounting = new Accounting();
    const budget = new CopyBudget(limits.maxCopyBytes);
    this.#sink = openSink(
      { budget, accounting },
      {
        plan: (plan) => {
          this.#mirroring.apply(plan);
          this.#planned?.();
        },
        shipperDied: (reason) => log("error", "the shipper died and is started again", { reason }),
      },
    );
    this.#mirroring = new Mirroring({
      shared: {
        limits,
        budget,
        accounting,
        inFlight: this.#inFlight,
        hand: (pair) => this.#sink.append(pair),
        now: Date.now,
      },
      idPrefix: options.idPrefix,
      random: Math.random,
      fault: (error) => this.failOpen(error),
    });
    const primary = targetOf(options.primaryUrl);
    this.#server = createServer({ allowHalfOpen: true, noDelay: true }, (socket: Socket) => {
      const connection = new CallerConnection(socket, {
        primary,
        limits,
        begin: (head, bytes, caller) => this.#begin(head, bytes, caller),
        isDraining: () => this.#isDraining,
        count: (event) => {
          this.#events[event]++;
        },
        closed: () => this.#connections.delete(connection),
      });
      this.#connections.add(connection);
    });
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

  /** A fault in anything but serving callers: nothing is mirrored any more, callers are served on. */
  failOpen(error: unknown): void {
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

  /** Stops accepting, lets requests and their mirrors end (each caller is told to close), sends all that was captured. */
  async drain(): Promise<void> {
    this.#isDraining = true;
    this.#server.close();
    const deadline = Date.now() + this.#limits.drainMs;
    while (Date.now() < deadline && ([...this.#connections].some((open) => !open.isIdle) || this.#inFlight.mirrors > 0))
      await new Promise((resolve) => setTimeout(resolve, DRAIN_LOOK_MS));
    for (const connection of this.#connections) connection.destroy();
    this.#mirroring.destroy();
    await this.#sink.drain(this.#limits.drainMs);
  }
}
