import { connect, createServer, type Server, type Socket } from "node:net";
import { noOutcomes, type OutcomeCounts } from "../../core/pair/outcome.ts";
import { PlanEntry } from "../../core/sampling/plan.ts";
import type { Accounting, CopyBudget } from "../../proxy/accounting.ts";
import type { RawPair } from "../../proxy/batch.ts";
import type { SinkEvents } from "../../proxy/capture-sink.ts";
import { DEFAULT_LIMITS, type Limits } from "../../proxy/limits.ts";
import { marksWith } from "../../proxy/marks.ts";
import { Tee } from "../../proxy/tee.ts";

/** A server of raw bytes: what it got, and the sockets that are open. */
export class RawServer {
  readonly received: Buffer[] = [];
  readonly sockets = new Set<Socket>();
  connections = 0;
  readonly #server: Server;
  port = 0;

  constructor(
    onData: (socket: Socket, chunk: Buffer, all: string) => void,
    onConnection: (socket: Socket) => void = () => {},
  ) {
    this.#server = createServer({ allowHalfOpen: true }, (socket) => {
      this.connections++;
      this.sockets.add(socket);
      let all = "";
      socket.on("error", () => {});
      socket.on("close", () => this.sockets.delete(socket));
      socket.on("end", () => setTimeout(() => socket.end(), 100));
      socket.on("data", (chunk: Buffer) => {
        this.received.push(chunk);
        all += chunk.toString("latin1");
        onData(socket, chunk, all);
      });
      onConnection(socket);
    });
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    this.port = (this.#server.address() as { port: number }).port;
    return this;
  }

  get bytes(): string {
    return Buffer.concat(this.received).toString("latin1");
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}

/** Answers each whole head (requests without a body) with `answer`, once per request. */
export const answering = (answer: string | ((head: string) => string)): RawServer => {
  const rest = new WeakMap<Socket, string>();
  return new RawServer((socket, chunk) => {
    let text = (rest.get(socket) ?? "") + chunk.toString("latin1");
    for (let end = text.indexOf("\r\n\r\n"); end !== -1; end = text.indexOf("\r\n\r\n")) {
      const head = text.slice(0, end + 4);
      text = text.slice(end + 4);
      socket.write(typeof answer === "string" ? answer : answer(head), "latin1");
    }
    rest.set(socket, text);
  });
};

export interface TestTee {
  readonly port: number;
  readonly pairs: RawPair[];
  readonly tee: Tee;
  outcomes(): OutcomeCounts;
  deniedWrites(): number;
  /** Of the budget for copies. */
  heldBytes(): number;
  /** The plan is read from the store once more. */
  renewPlan(): void;
  /** Waits until every sampled request has ended or was handed over. */
  settled(sampled: number): Promise<OutcomeCounts>;
}

const KEY = "env/run";

/** Of an entry: its probe passed, so that writes are mirrored. */
export const PROBED = { sideEffects: "isolated", writes: { state: "mirrored", reason: "" } } as const;

/** A real tee in front of `primary`; captures are kept in memory instead of shipped. */
export const startTee = async (options: {
  primary: string;
  candidate?: string;
  secondary?: string;
  entry?: Record<string, unknown>;
  limits?: Partial<Limits>;
  markKey?: string;
}): Promise<TestTee> => {
  const pairs: RawPair[] = [];
  let accounting: Accounting | undefined;
  let budget: CopyBudget | undefined;
  let renewPlan = () => {};
  let events: SinkEvents | undefined;
  const marks = marksWith(options.markKey, "t-e", Date.now);
  const tee = new Tee(
    { primaryUrl: options.primary, idPrefix: "t-e", limits: { ...DEFAULT_LIMITS, ...options.limits }, marks },
    (shared, sinkEvents) => {
      ({ accounting, budget } = shared);
      events = sinkEvents;
      return {
        append: (pair) => {
          pairs.push(pair);
          shared.accounting.ended(KEY, pair.candidate.outcome === "failed" ? "candidateFailed" : "compared");
          return true;
        },
        drain: async () => {},
      };
    },
  );
  if (options.candidate !== undefined) {
    const entry = PlanEntry.parse({
      env: "env",
      run: "run",
      candidate: { url: options.candidate },
      ...(options.secondary === undefined ? {} : { secondary: { url: options.secondary } }),
      control: options.secondary === undefined ? "none" : "control",
      sampling: {},
      ...options.entry,
    });
    renewPlan = () => events!.plan({ baseline: "b", entries: [entry] });
    renewPlan();
  }
  const port = await tee.listen(0, "127.0.0.1");
  const outcomes = () => accounting!.snapshot()[KEY] ?? noOutcomes();
  const settled = async (sampled: number): Promise<OutcomeCounts> => {
    for (let look = 0; look < 1_000; look++) {
      const counts = outcomes();
      const { sampled: seen, ...ends } = counts;
      if (seen >= sampled && Object.values(ends).reduce((sum, n) => sum + n, 0) === seen) return counts;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    throw new Error(`not settled: ${JSON.stringify(outcomes())}`);
  };
  const deniedWrites = () => accounting!.deniedWrites()[KEY] ?? 0;
  return { port, pairs, tee, outcomes, deniedWrites, heldBytes: () => budget!.heldBytes, renewPlan, settled };
};

/** Sends the pieces one after the other and gives all that came back until the other side ends, or `until` has come. */
export const talk = (
  port: number,
  pieces: readonly (string | Buffer)[],
  options: { until?: string | number; end?: boolean; gapMs?: number } = {},
): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1");
    let got = "";
    const done = () => {
      clearTimeout(timer);
      socket.destroy();
      resolve(got);
    };
    const timer = setTimeout(() => reject(new Error(`no end; got ${JSON.stringify(got.slice(0, 500))}`)), 8_000);
    socket.on("error", () => {});
    socket.on("close", done);
    socket.on("end", done);
    socket.on("data", (chunk) => {
      got += chunk.toString("latin1");
      if (typeof options.until === "string" ? got.includes(options.until) : got.length >= (options.until ?? Infinity))
        done();
    });
    socket.on("connect", async () => {
      for (const piece of pieces) {
        if (socket.destroyed) return;
        socket.write(piece as string, "latin1");
        if (options.gapMs !== undefined) await new Promise((r) => setTimeout(r, options.gapMs));
      }
      if (options.end) socket.end();
    });
  });

export const text = (raw: readonly Buffer[]): string => Buffer.concat(raw).toString("latin1");
