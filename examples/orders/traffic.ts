// A bounded, seeded load of reads, filters, pages, missing ids and writes, which counts for itself what it sent.
//   node examples/orders/traffic.ts --url http://127.0.0.1:8080 --requests 2000
import { Agent, request } from "node:http";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { CUSTOMERS, ORDERS, STATUSES, seeded } from "./shop.ts";

export interface TrafficOptions {
  /** Where it goes, such as http://127.0.0.1:8080. */
  readonly url: string;
  readonly requests: number;
  /** @default 8 */
  readonly connections?: number;
  /** The same seed makes the same requests. @default 1 */
  readonly seed?: number;
  /** Requests a second. @default as fast as the answers come */
  readonly rate?: number;
  /** Share of requests that are writes. @default 0.03 */
  readonly writeShare?: number;
  readonly signal?: AbortSignal;
}

/** Counted by the sender alone: what it sent and what came back. */
export interface TrafficReport {
  readonly sent: number;
  readonly answered: number;
  /** Requests that got no whole answer. */
  readonly failed: number;
  readonly writes: number;
  readonly byEndpoint: Readonly<Record<string, number>>;
  readonly byStatus: Readonly<Record<string, number>>;
  /** Milliseconds. */
  readonly latency: { readonly p50: number; readonly p99: number };
}

export interface Request {
  readonly method: "GET" | "HEAD" | "POST";
  readonly target: string;
  /** As findings show it. */
  readonly endpoint: string;
  readonly session: string;
  readonly body?: string;
}

const SESSIONS = 40;
const TIMEOUT_MS = 30_000;

const within = (random: () => number, { first, count }: { readonly first: number; readonly count: number }): number =>
  first + Math.floor(random() * count);

type Draw = (random: () => number) => Omit<Request, "session">;
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
export function* requestsOf(seed: number, writeShare: number): Generator<Request, never> {
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

const exchange = (base: URL, agent: Agent, { method, target, session, body }: Request): Promise<number> =>
  new Promise((resolve, reject) => {
    const headers: Record<string, string | number> = { cookie: `session=${session}`, accept: "application/json" };
    if (body !== undefined) {
      headers["content-type"] = "application/json";
      headers["content-length"] = Buffer.byteLength(body);
    }
    const sent = request(new URL(target, base), { method, agent, headers, timeout: TIMEOUT_MS }, (answer) => {
      answer.resume();
      answer.once("end", () => resolve(answer.statusCode ?? 0));
      answer.once("error", reject);
      answer.once("aborted", () => reject(new Error("the answer ended early")));
    });
    sent.once("timeout", () => sent.destroy(new Error(`no answer in ${TIMEOUT_MS} ms`)));
    sent.once("error", reject);
    sent.end(body);
  });

const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;

/** Sends `requests` requests over `connections` connections and resolves once the last has ended. */
export const sendTraffic = async (options: TrafficOptions): Promise<TrafficReport> => {
  const { requests, connections = 8, seed = 1, rate, writeShare = 0.03, signal } = options;
  const base = new URL(options.url);
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const stream = requestsOf(seed, writeShare);
  const byEndpoint: Record<string, number> = {};
  const byStatus: Record<string, number> = {};
  const latencies: number[] = [];
  let sent = 0;
  let failed = 0;
  const startedAt = performance.now();

  const connection = async (): Promise<void> => {
    while (sent < requests && !signal?.aborted) {
      const next = stream.next().value;
      const dueInMs = rate === undefined ? 0 : startedAt + (sent * 1000) / rate - performance.now();
      sent += 1;
      byEndpoint[next.endpoint] = (byEndpoint[next.endpoint] ?? 0) + 1;
      if (dueInMs > 0) await new Promise((resolve) => setTimeout(resolve, dueInMs));
      const sentAt = performance.now();
      try {
        const status = await exchange(base, agent, next);
        byStatus[status] = (byStatus[status] ?? 0) + 1;
        latencies.push(performance.now() - sentAt);
      } catch {
        failed += 1;
      }
    }
  };
  await Promise.all(Array.from({ length: connections }, connection));
  agent.destroy();
  latencies.sort((a, b) => a - b);
  return {
    sent,
    answered: latencies.length,
    failed,
    writes: byEndpoint["POST /orders"] ?? 0,
    byEndpoint,
    byStatus,
    latency: { p50: quantile(latencies, 0.5), p99: quantile(latencies, 0.99) },
  };
};

const usage = "usage: traffic.ts --url URL [--requests 2000] [--connections 8] [--seed 1] [--rate PER_SECOND]";

const main = async (): Promise<void> => {
  const { values } = parseArgs({
    options: {
      url: { type: "string" },
      requests: { type: "string", default: "2000" },
      connections: { type: "string", default: "8" },
      seed: { type: "string", default: "1" },
      rate: { type: "string" },
    },
  });
  const [requests, connections, seed] = [values.requests, values.connections, values.seed].map(Number);
  const rate = values.rate === undefined ? undefined : Number(values.rate);
  const numbers = [requests, connections, seed, rate ?? 1];
  if (values.url === undefined || !URL.canParse(values.url) || numbers.some((n) => !(Number(n) > 0))) {
    console.error(usage);
    process.exitCode = 2;
    return;
  }
  const report = await sendTraffic({
    url: values.url,
    requests: requests!,
    connections: connections!,
    seed: seed!,
    ...(rate === undefined ? {} : { rate }),
  });
  console.log(JSON.stringify(report, undefined, 2));
  if (report.failed > 0) process.exitCode = 1;
};

if (process.argv[1] === fileURLToPath(import.meta.url)) void main();
