import { createServer, type Server, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { CallerConnection } from "./caller.ts";
import type { CallerParts } from "./caller-parts.ts";
import { listen } from "./listen.ts";
import { CROWDED } from "./refusals.ts";
import { turnAway } from "./turn-away.ts";

/** How often a draining server looks for connections that have become idle. */
const DRAIN_LOOK_MS = 50;

/** Where callers connect: their connections, and how these end. */
export class CallerServer {
  readonly #parts: Omit<CallerParts, "isDraining" | "closed">;
  readonly #server: Server;
  readonly #connections = new Set<CallerConnection>();
  #turnedAway = 0;
  #isDraining = false;

  constructor(parts: Omit<CallerParts, "isDraining" | "closed">) {
    this.#parts = parts;
    this.#server = createServer({ allowHalfOpen: true, noDelay: true, pauseOnConnect: true }, (socket) =>
      this.#accept(socket),
    );
  }

  /** Resolves with the port once callers are served. @throws the error of listening, such as EADDRINUSE. */
  listen(port: number, host: string): Promise<number> {
    return listen(this.#server, port, host);
  }

  get isListening(): boolean {
    return this.#server.listening;
  }

  get isDraining(): boolean {
    return this.#isDraining;
  }

  get connections(): number {
    return this.#connections.size;
  }

  /**
   * Stops accepting and lets requests end, and what `hasEnded` speaks of. A connection is never cut between two requests before it had
   * the time to send one more, whose answer tells it to close: a cut could cross a request.
   */
  async drain(hasEnded: () => boolean = () => true): Promise<void> {
    const { drainDelayMs, drainIdleMs, drainMs } = this.#parts.limits;
    const end = Date.now() + drainMs;
    this.#isDraining = true;
    if (drainDelayMs > 0) await sleep(Math.min(drainDelayMs, drainMs));
    this.#server.close();
    await until(() => this.#connections.size === 0, Math.min(Date.now() + drainIdleMs, end));
    await until(() => this.#hasEndedIdle() && hasEnded(), end);
    for (const connection of this.#connections) connection.destroy();
  }

  #hasEndedIdle(): boolean {
    for (const connection of this.#connections) connection.endIdle();
    return this.#connections.size === 0;
  }

  #accept(socket: Socket): void {
    if (this.#connections.size >= this.#parts.limits.maxConnections) return this.#turnAway(socket);
    const connection = new CallerConnection(socket, {
      ...this.#parts,
      isDraining: () => this.#isDraining,
      closed: () => this.#connections.delete(connection),
    });
    this.#connections.add(connection);
  }

  #turnAway(socket: Socket): void {
    const { limits, metrics } = this.#parts;
    metrics.limited("maxConnections");
    if (this.#turnedAway >= limits.maxConnections) return void socket.destroy();
    metrics.refused(CROWDED);
    this.#turnedAway++;
    socket.on("close", () => this.#turnedAway--);
    turnAway(socket);
  }
}

const until = async (isSo: () => boolean, deadline: number): Promise<void> => {
  while (Date.now() < deadline && !isSo()) await sleep(DRAIN_LOOK_MS);
};
