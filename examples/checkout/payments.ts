import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { parseArgs } from "node:util";
import { listen } from "../listen.ts";

/** What carts cost, and what is reserved: the collaborator of both versions of the checkout. */
const reserved: string[] = [];

const answer = (response: ServerResponse, status: number, body: unknown): void => {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
};

const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
  let body = "";
  for await (const chunk of request) body += chunk;
  if (request.method === "POST" && request.url === "/reservations") {
    reserved.push(body);
    return answer(response, 201, { reservation: reserved.length });
  }
  if (request.url === "/reservations") return answer(response, 200, { reserved: reserved.length });
  const [, currency] = /^\/rates\/([a-z]{3})/.exec(request.url ?? "") ?? [];
  if (currency === undefined) return answer(response, 404, { error: "unknown" });
  answer(response, 200, { currency, rate: currency === "eur" ? 1 : 1.08 });
};

const { values } = parseArgs({
  options: { port: { type: "string", default: "3200" }, host: { type: "string", default: "127.0.0.1" } },
});
listen(createServer(serve), "payments", Number(values.port), values.host);
