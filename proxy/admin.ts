import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { listen } from "./listen.ts";

/** Whoever asks is a scraper or a load balancer: few, and quick. */
const MAX_CONNECTIONS = 32;
const REQUEST_TIMEOUT_MS = 5_000;

/** What a program tells of itself. */
export interface Told {
  /** In Prometheus' text format. */
  metrics(): string;
  /** Why nothing should be sent here; undefined while it should. */
  unwell(): string | undefined;
}

interface Admin {
  readonly port: number;
  close(): void;
}

/** Metrics and health on a port of their own; callers' connections never come here. @throws the error of listening */
export const startAdmin = async (port: number, host: string, told: Told): Promise<Admin> => {
  const server = createServer({ requestTimeout: REQUEST_TIMEOUT_MS, headersTimeout: REQUEST_TIMEOUT_MS });
  server.maxConnections = MAX_CONNECTIONS;
  server.on("request", (request, response) => answer(request, response, told));
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { port: await listen(server, port, host), close };
};

const answer = ({ method, url }: IncomingMessage, response: ServerResponse, told: Told): void => {
  const send = (status: number, body: string, type = "text/plain") =>
    response.writeHead(status, { "content-type": type, "cache-control": "no-store" }).end(body);
  if (method !== "GET" && method !== "HEAD") return void send(404, "not found\n");
  if (url === "/metrics") return void send(200, told.metrics(), "text/plain; version=0.0.4; charset=utf-8");
  if (url !== "/healthz") return void send(404, "not found\n");
  const unwell = told.unwell();
  return unwell === undefined ? void send(200, "ok\n") : void send(503, `${unwell}\n`);
};
