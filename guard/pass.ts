import http, { type ClientRequest, type IncomingMessage, type ServerResponse } from "node:http";
import https from "node:https";
import { type Target, targetOf } from "../proxy/target.ts";
import { headersOf, onwards } from "./hop.ts";
import type { GuardLimits } from "./limits.ts";

/** How a call that was passed on ended. `cut`: its answer had begun and did not end. */
export type PassEnd = "passed" | "unreachable" | "late" | "cut";

/** A call that passes: its body as it comes, or whole where it was read already. */
export interface Passing {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly body: Buffer | undefined;
  /** Of the call, in origin form. */
  readonly target: string;
}

/** The way to a collaborator of the baseline; certificates are always verified. */
export class Passage {
  readonly #to: Target;
  readonly #limits: GuardLimits;
  readonly #agent: http.Agent;

  constructor(url: string, limits: GuardLimits) {
    this.#to = targetOf(url);
    this.#limits = limits;
    const options = { keepAlive: true, maxFreeSockets: limits.maxIdleConnections, timeout: limits.answerTimeoutMs };
    this.#agent = this.#to.secure ? new https.Agent(options) : new http.Agent(options);
  }

  destroy(): void {
    this.#agent.destroy();
  }

  /** Passes the call on and its answer back. Where nothing was said yet, it is for the caller of this to answer. */
  pass(passing: Passing): Promise<PassEnd> {
    return new Promise((resolve) => this.#ask(passing, resolve, false));
  }

  #ask(passing: Passing, done: (end: PassEnd) => void, isAgain: boolean): void {
    const { request, response, body } = passing;
    const asked = this.#open(passing);
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      asked.destroy();
    }, this.#limits.answerTimeoutMs);
    const gone = () => asked.destroy();
    response.once("close", gone);
    const end = (how: PassEnd) => {
      clearTimeout(timer);
      response.off("close", gone);
      done(how);
    };
    asked.on("response", (answer) => {
      clearTimeout(timer);
      this.#answer(answer, response, end);
    });
    asked.on("error", () => {
      if (response.headersSent) return;
      clearTimeout(timer);
      const isStale = asked.reusedSocket && !isLate && !isAgain && isRepeatable(request, body);
      if (!isStale || response.destroyed) return end(isLate ? "late" : "unreachable");
      response.off("close", gone);
      this.#ask(passing, done, true);
    });
    if (body !== undefined) asked.end(body);
    else request.pipe(asked);
  }

  #open({ request, target, body }: Passing): ClientRequest {
    const { hostname, port, authority, prefix, secure } = this.#to;
    const headers = onwards(headersOf(request.rawHeaders)).filter(([name]) => name.toLowerCase() !== "host");
    const isChunked = body === undefined && request.headers["transfer-encoding"] !== undefined;
    return (secure ? https : http).request({
      host: hostname,
      port,
      method: request.method ?? "GET",
      path: prefix + target,
      agent: this.#agent,
      setHost: false,
      headers: [["Host", authority], ...headers, ...(isChunked ? [["Transfer-Encoding", "chunked"]] : [])].flat(),
    });
  }

  #answer(answer: IncomingMessage, response: ServerResponse, end: (how: PassEnd) => void): void {
    const { statusCode = 502, statusMessage = "", rawHeaders } = answer;
    response.sendDate = false;
    response.writeHead(statusCode, statusMessage, onwards(headersOf(rawHeaders)).flat());
    answer.setTimeout(this.#limits.answerTimeoutMs, () => answer.destroy());
    answer.on("error", () => {});
    answer.once("close", () => {
      if (!answer.complete) response.destroy();
      end(answer.complete ? "passed" : "cut");
    });
    answer.pipe(response);
  }
}

/** A kept connection may have been closed just as we wrote: then the collaborator has not seen the call. */
const isRepeatable = ({ method, headers }: IncomingMessage, body: Buffer | undefined): boolean =>
  (method === "GET" || method === "HEAD") &&
  (body?.length ?? 0) === 0 &&
  headers["content-length"] === undefined &&
  headers["transfer-encoding"] === undefined;
