import { readFileSync, writeFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";

/** Everything a command touches outside itself; a test gives its own. */
export interface Io {
  out(text: string): void;
  err(text: string): void;
  /** Whether stdout (stderr) is a terminal. */
  readonly isTerminal: boolean;
  readonly isErrTerminal: boolean;
  /** Width of the terminal. */
  readonly columns: number;
  readonly env: Readonly<Record<string, string | undefined>>;
  readFile(path: string): string;
  writeFile(path: string, text: string): void;
  readonly fetch: typeof fetch;
  /** Milliseconds since 1970. */
  now(): number;
  /** Resolves early when `signal` aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Calls `handler` at each Ctrl-C or SIGTERM, until the returned function is called. */
  onInterrupt(handler: () => void): () => void;
  /** Ends at once, whatever is under way. */
  exit(code: number): void;
}

export const processIo = (): Io => {
  // `shadowgraph env list | head` closes our stdout: that is no fault.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0);
    throw error;
  });
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    isTerminal: process.stdout.isTTY === true,
    isErrTerminal: process.stderr.isTTY === true,
    get columns() {
      return process.stdout.columns ?? process.stderr.columns ?? 80;
    },
    env: process.env,
    readFile: (path) => readFileSync(path, "utf8"),
    writeFile: (path, text) => writeFileSync(path, text),
    fetch,
    now: Date.now,
    sleep: (ms, signal) => setTimeout(ms, undefined, signal && { signal }).catch(() => {}),
    onInterrupt: (handler) => {
      process.on("SIGINT", handler).on("SIGTERM", handler);
      return () => void process.off("SIGINT", handler).off("SIGTERM", handler);
    },
    exit: (code) => process.exit(code),
  };
};
