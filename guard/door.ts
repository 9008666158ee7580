import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { listen } from "../proxy/listen.ts";
import { answerCall, type Guarded, sendRefusal } from "./answer-call.ts";
import type { GuardCounts } from "./counters.ts";
import type { GuardLimits } from "./limits.ts";
import { problemBytes, type Refused } from "./refusals.ts";

/** Which collaborator a call means, and the target to ask it for; undefined where none is known. */
export type Route = (request: IncomingMessage) => { readonly guarded: Guarded; readonly target: string } | undefined;

/** What all doors of a guard share. */
export interface DoorParts {
  readonly limits: GuardLimits;
  readonly counts: GuardCounts;
  readonly inFlight: { calls: number };
  readonly isDraining: () => boolean;
  /** Told of what should never happen. */
  readonly fault: (error: unknown) => void;
}

/** One port at which the overlay calls. */
export class Door {
  readonly #parts: DoorParts;
  readonly #route: Route;
  readonly #server: Server;

  constructor(route: Route, parts: DoorParts) {
    this.#parts = parts;
    this.#route = route;
    const { limits, counts } = parts;
    this.#server = createServer(
      {
        maxHeaderSize: limits.maxHeadBytes,
        headersTimeout: limits.headTimeoutMs,
        requestTimeout: Math.max(limits.requestTimeoutMs, limits.headTimeoutMs),
        // Some clients offer HTTP/2 with every request; nobody has to take it up (RFC 9110 7.8).
        shouldUpgradeCallback: ({ headers }) => headers.upgrade?.toLowerCase() !== "h2c",
      },
      (request, response) => this.#answer(request, response),
    );
    this.#server.maxConnections = limits.maxConnections;
    this.#server.on("drop", () => counts.droppedConnections++);
    this.#server.on("connect", (request, socket) => this.#refuseRaw("tunnel", request, socket));
    this.#server.on("upgrade", (request, socket) => this.#refuseRaw("upgrade", request, socket));
    this.#server.on("clientError", (error: NodeJS.ErrnoException, socket) => this.#malformed(error, socket));
  }

  /** Resolves with the port. @throws the error of listening */
  listen(port: number, host: string): Promise<number> {
    return listen(this.#server, port, host);
  }

  /** No new connections, and none that is idle. */
  close(): void {
    this.#server.close();
    this.#server.closeIdleConnections();
  }

  destroy(): void {
    this.#server.closeAllConnections();
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const { limits, inFlight, isDraining, fault } = this.#parts;
    if (isDraining()) response.shouldKeepAlive = false;
    const method = request.method ?? "GET";
    const found = this.#route(request);
    if (found === undefined)
      return this.#refuse(response, {
        because: "unknown-collaborator",
        collaborator: undefined,
        method,
        next: UNKNOWN,
      });
    const { guarded, target } = found;
    if (inFlight.calls >= limits.maxCallsInFlight)
      return this.#refuse(response, {
        because: "crowded",
        collaborator: guarded.name,
        method,
        next: "Raise MAX_CALLS_IN_FLIGHT, or call less at once.",
      });
    inFlight.calls++;
    answerCall(guarded, request, response, target)
      .catch((error) => {
        response.destroy();
        fault(error);
      })
      .finally(() => inFlight.calls--);
  }

  #refuse(response: ServerResponse, refused: Refused): void {
    this.#parts.counts.of(refused.collaborator).refuse(refused.because);
    response.req.resume();
    sendRefusal(response, refused);
  }

  #refuseRaw(because: "tunnel" | "upgrade", request: IncomingMessage, socket: Duplex): void {
    const found = because === "tunnel" ? undefined : this.#route(request);
    const collaborator = found?.guarded.name;
    this.#parts.counts.of(collaborator).refuse(because);
    socket.on("error", () => {});
    const next = because === "tunnel" ? TUNNEL : UPGRADE;
    socket.end(problemBytes({ because, collaborator, method: request.method ?? "", next }));
  }

  #malformed(error: NodeJS.ErrnoException, socket: Duplex): void {
    this.#parts.counts.malformed++;
    if (!socket.writable || error.code === "ECONNRESET") return void socket.destroy();
    const status =
      error.code === "HPE_HEADER_OVERFLOW"
        ? "431 Request Header Fields Too Large"
        : error.code === "ERR_HTTP_REQUEST_TIMEOUT"
          ? "408 Request Timeout"
          : "400 Bad Request";
    socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
  }
}

const UNKNOWN = "Name it under collaborators: its url must have the host that is called.";
const TUNNEL =
  "What goes through a tunnel cannot be seen, so no write could be kept away. Call the collaborator by plain HTTP at the guard, which speaks TLS to it.";
const UPGRADE = "What is said by another protocol cannot be seen, so no write could be kept away.";
