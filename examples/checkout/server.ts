import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { parseArgs } from "node:util";
import { listen } from "../listen.ts";

// Two versions of a checkout whose answers are the same, byte for byte. The new one also reserves money each time somebody looks at a
// cart: what it calls differs, and nothing else does.

const { values } = parseArgs({
  options: {
    role: { type: "string", default: "baseline" },
    payments: { type: "string", default: "http://127.0.0.1:3200" },
    port: { type: "string", default: "3000" },
    host: { type: "string", default: "127.0.0.1" },
  },
});
const isNew = values.role === "overlay";

/** Whoever is called for a request gets its traceparent, as instrumentation hands it on. */
const tracing = ({ headers }: IncomingMessage): Record<string, string> =>
  typeof headers.traceparent === "string" ? { traceparent: headers.traceparent } : {};

const cart = async (id: number, request: IncomingMessage): Promise<unknown> => {
  const headers = tracing(request);
  const currency = id % 2 === 0 ? "eur" : "usd";
  const rate = await fetch(`${values.payments}/rates/${currency}`, { headers });
  const { rate: factor } = (await rate.json()) as { rate: number };
  const total = Math.round(id * 1_250 * factor) / 100;
  if (isNew)
    await fetch(`${values.payments}/reservations`, {
      method: "POST",
      headers: { ...headers, "content-type": "application/json" },
      body: JSON.stringify({ cart: id, total }),
    });
  return { cart: id, currency, total };
};

const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const [, id] = /^\/carts\/(\d+)$/.exec(request.url ?? "") ?? [];
  const body = id === undefined ? { error: "unknown" } : await cart(Number(id), request);
  response.writeHead(id === undefined ? 404 : 200, { "content-type": "application/json" }).end(JSON.stringify(body));
};

listen(
  createServer((request, response) => void serve(request, response).catch(() => response.destroy())),
  values.role,
  Number(values.port),
  values.host,
);
