import { Agent, request } from "node:http";

export interface LoadRequest {
  readonly method: "GET" | "HEAD" | "POST";
  readonly target: string;
  /** As findings show it; the load is counted by it. */
  readonly endpoint: string;
  readonly session: string;
  readonly body?: string;
}

export interface LoadOptions {
  /** Where it goes, such as http://127.0.0.1:8080. */
  readonly url: string;
  readonly requests: number;
  /** @default 8 */
  readonly connections?: number;
  /** Requests a second. @default as fast as the answers come */
  readonly rate?: number;
  readonly signal?: AbortSignal;
  /** Told after each request. */
  readonly progress?: (sent: number) => void;
}

/** Counted by the sender alone: what it sent and what came back. */
export interface LoadReport {
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

const TIMEOUT_MS = 30_000;

const exchange = (base: URL, agent: Agent, { method, target, session, body }: LoadRequest): Promise<number> =>
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

/** Sends the first `requests` of `stream` over `connections` connections and resolves once the last has ended. */
export const sendLoad = async (stream: Iterator<LoadRequest, never>, options: LoadOptions): Promise<LoadReport> => {
  const { requests, connections = 8, rate, signal, progress } = options;
  const base = new URL(options.url);
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const byEndpoint: Record<string, number> = {};
  const byStatus: Record<string, number> = {};
  const latencies: number[] = [];
  let sent = 0;
  let writes = 0;
  let failed = 0;
  const startedAt = performance.now();

  const connection = async (): Promise<void> => {
    while (sent < requests && !signal?.aborted) {
      const next = stream.next().value;
      const dueInMs = rate === undefined ? 0 : startedAt + (sent * 1000) / rate - performance.now();
      sent += 1;
      if (next.method === "POST") writes += 1;
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
      progress?.(latencies.length + failed);
    }
  };
  await Promise.all(Array.from({ length: connections }, connection));
  agent.destroy();
  latencies.sort((a, b) => a - b);
  return {
    sent,
    answered: latencies.length,
    failed,
    writes,
    byEndpoint,
    byStatus,
    latency: { p50: quantile(latencies, 0.5), p99: quantile(latencies, 0.99) },
  };
};
