import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { metricsText } from "./metrics-text.ts";
import type { Readings } from "./readings.ts";

/** Whoever asks is a scraper or a load balancer: few, and quick. */
const MAX_CONNECTIONS = 32;
const REQUEST_TIMEOUT_MS = 5_000;

interface Admin {
  readonly port: number;
  close(): void;
}

/** Metrics and health on a port of their own; callers' connections never come here. @throws the error of listening */
export const startAdmin = (port: number, host: string, read: () => Readings): Promise<Admin> => {
  const server = createServer({ requestTimeout: REQUEST_TIMEOUT_MS, headersTimeout: REQUEST_TIMEOUT_MS });
  server.maxConnections = MAX_CONNECTIONS;
  server.on("request", (request, response) => answer(request, response, read));
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      const address = server.address();
      const close = () => {
        server.close();
        server.closeAllConnections();
      };
      resolve({ port: typeof address === "object" && address !== null ? address.port : port, close });
    });
  });
};

const answer = ({ method, url }: IncomingMessage, response: ServerResponse, read: () => Readings): void => {
  const send = (status: number, body: string, type = "text/plain") =>
    response.writeHead(status, { "content-type": type, "cache-control": "no-store" }).end(body);
  if (method !== "GET" && method !== "HEAD") return void send(404, "not found\n");
  if (url === "/metrics") return void send(200, metricsText(read()), "text/plain; version=0.0.4; charset=utf-8");
  if (url !== "/healthz") return void send(404, "not found\n");
  const { isHealthy, isDraining } = read();
  if (isHealthy) return void send(200, "ok\n");
  return void send(503, isDraining ? "draining\n" : "the primary fails\n");
};
