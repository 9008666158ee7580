// A bounded, seeded load of reads, filters, pages, missing ids and writes, which counts for itself what it sent.
//   node examples/orders/traffic.ts --url http://127.0.0.1:8080 --requests 2000
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { type LoadOptions, type LoadReport, type LoadRequest, sendLoad } from "../load.ts";
import { CUSTOMERS, ORDERS, STATUSES, seeded } from "./shop.ts";

export interface TrafficOptions extends LoadOptions {
  /** The same seed makes the same requests. @default 1 */
  readonly seed?: number;
  /** Share of requests that are writes. @default 0.03 */
  readonly writeShare?: number;
}

const SESSIONS = 40;

const within = (random: () => number, { first, count }: { readonly first: number; readonly count: number }): number =>
  first + Math.floor(random() * count);

type Draw = (random: () => number) => Omit<LoadRequest, "session">;
const read = (endpoint: string, target: (random: () => number) => string): Draw => {
  const method = endpoint.startsWith("HEAD") ? "HEAD" : "GET";
  return (random) => ({ method, target: target(random), endpoint });
};

/** Weight of each sort among the reads. */
const MIX: readonly (readonly [weight: number, draw: Draw])[] = [
  [36, read("GET /orders/{id}", (random) => `/orders/${within(random, ORDERS)}`)],
  [22, read("GET /orders/{id}/lines", (random) => `/orders/${within(random, ORDERS)}/lines`)],
  [16, read("GET /customers/{id}", (random) => `/customers/${within(random, CUSTOMERS)}`)],
  [6, read("GET /orders", (random) => `/orders?page=${1 + Math.floor(random() * 20)}`)],
  [5, read("GET /orders", (random) => `/orders?status=${STATUSES[Math.floor(random() * STATUSES.length)]}&size=6`)],
  [3, read("GET /orders", (random) => `/orders?customer=${within(random, CUSTOMERS)}`)],
  [3, read("GET /orders/{id}", (random) => `/orders/${5000 + Math.floor(random() * 1000)}`)],
  [4, read("GET /customers/{id}", (random) => `/customers/${500 + Math.floor(random() * 1000)}`)],
  [3, read("HEAD /orders/{id}", (random) => `/orders/${within(random, ORDERS)}`)],
  [2, read("GET /health", () => "/health")],
];
/** Each sort as often as it weighs. */
const DRAWS: readonly Draw[] = MIX.flatMap(([weight, draw]) => Array.from({ length: weight }, () => draw));

const draft: Draw = (random) => ({
  method: "POST",
  target: "/orders",
  endpoint: "POST /orders",
  body: JSON.stringify({ customer: within(random, CUSTOMERS), lines: [{ sku: "CUP-008", quantity: 2 }] }),
});

/** The requests of a seed, without end. */
export function* requestsOf(seed: number, writeShare: number): Generator<LoadRequest, never> {
  const random = seeded(seed);
  for (;;) {
    const session = `s${Math.floor(random() * SESSIONS)}`;
    if (random() < writeShare) {
      yield { ...draft(random), session };
      continue;
    }
    yield { ...DRAWS[Math.floor(random() * DRAWS.length)]!(random), session };
  }
}

/** Shoppers who fill their carts and look at them, without end; each of the few sessions has several requests under way. */
export function* cartRequestsOf(seed: number, sessions: number): Generator<LoadRequest, never> {
  const random = seeded(seed);
  for (let number = 1; ; number++) {
    const session = `s${Math.floor(random() * sessions)}`;
    if (random() < 0.5) yield { method: "GET", target: "/cart", endpoint: "GET /cart", session };
    else {
      const body = JSON.stringify({ sku: "CUP-008", number });
      yield { method: "POST", target: "/cart", endpoint: "POST /cart", session, body };
    }
  }
}

/** Sends `requests` requests of a seed and resolves once the last has ended. */
export const sendTraffic = ({ seed = 1, writeShare = 0.03, ...load }: TrafficOptions): Promise<LoadReport> =>
  sendLoad(requestsOf(seed, writeShare), load);

const usage =
  "usage: traffic.ts --url URL [--requests 2000] [--connections 8] [--seed 1] [--rate PER_SECOND] [--carts SESSIONS]";

const main = async (): Promise<void> => {
  const { values } = parseArgs({
    options: {
      url: { type: "string" },
      requests: { type: "string", default: "2000" },
      connections: { type: "string", default: "8" },
      seed: { type: "string", default: "1" },
      rate: { type: "string" },
      carts: { type: "string" },
    },
  });
  const [requests, connections, seed] = [values.requests, values.connections, values.seed].map(Number);
  const rate = values.rate === undefined ? undefined : Number(values.rate);
  const carts = values.carts === undefined ? undefined : Number(values.carts);
  const numbers = [requests, connections, seed, rate ?? 1, carts ?? 1];
  if (values.url === undefined || !URL.canParse(values.url) || numbers.some((n) => !(Number(n) > 0))) {
    console.error(usage);
    process.exitCode = 2;
    return;
  }
  const load = {
    url: values.url,
    requests: requests!,
    connections: connections!,
    ...(rate === undefined ? {} : { rate }),
  };
  const report =
    carts === undefined
      ? await sendTraffic({ ...load, seed: seed! })
      : await sendLoad(cartRequestsOf(seed!, carts), load);
  console.log(JSON.stringify(report, undefined, 2));
  if (report.failed > 0) process.exitCode = 1;
};

if (process.argv[1] === fileURLToPath(import.meta.url)) void main();
