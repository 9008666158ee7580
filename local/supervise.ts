import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { ShadowgraphError } from "../core/errors.ts";
import type { GuardPorts } from "../guard/guard.ts";

/** What a child says over IPC once it serves, or when it never will. */
export type ChildWord =
  | { readonly type: "listening"; readonly port: number }
  | { readonly type: "ready" }
  | { readonly type: "guarding"; readonly ports: GuardPorts }
  | { readonly type: "failed"; readonly code: string; readonly port?: number };
export type Ready = Exclude<ChildWord, { type: "failed" }>;

export interface ChildOptions {
  /** For messages to people, such as "tee". */
  readonly name: string;
  readonly module: URL;
  /** Of Node, for the child. */
  readonly flags?: readonly string[];
  /** `last` is what the child said when it was ready before: a restarted one must take the same port. */
  readonly env: (last: Ready | undefined) => Readonly<Record<string, string | undefined>>;
  readonly readyWithinMs: number;
  /** From SIGTERM to SIGKILL. */
  readonly stopWithinMs: number;
  /** A line that the child wrote on stderr, or something that befell it. */
  readonly log: (line: string) => void;
}

export interface Supervised {
  readonly ready: Ready;
  /** Of the process that runs now; undefined between two. */
  pid(): number | undefined;
  /** SIGTERM, SIGKILL once the time is over; false when it had to be killed. */
  stop(): Promise<boolean>;
}

const orphan = new URL("./orphan.ts", import.meta.url).href;
const firstBackoffMs = 100;
const maxBackoffMs = 5_000;
/** A child that ran so long is not in a crash loop. */
const stableAfterMs = 10_000;

/** Starts a program of ours as a child process, resolves once it is ready, and starts it again whenever it ends. */
export const supervise = async (options: ChildOptions): Promise<Supervised> => {
  let isStopping = false;
  let child: ChildProcess | undefined;
  let timer: NodeJS.Timeout | undefined;
  let backoffMs = firstBackoffMs;
  let last: Ready | undefined;

  const launch = async (): Promise<Ready> => {
    const startedAt = performance.now();
    const launched = launchChild(options, last);
    child = launched;
    launched.once("exit", (code, signal) => {
      child = undefined;
      if (isStopping || last === undefined) return;
      backoffMs =
        performance.now() - startedAt > stableAfterMs ? firstBackoffMs : Math.min(backoffMs * 2, maxBackoffMs);
      options.log(`${options.name} ended (${signal ?? `exit code ${code}`}); started again in ${backoffMs} ms`);
      timer = setTimeout(() => void launch().catch(({ message }) => options.log(message)), backoffMs);
    });
    last = await readinessOf(launched, options);
    return last;
  };

  const ready = await launch();
  return {
    ready,
    pid: () => child?.pid,
    async stop() {
      isStopping = true;
      clearTimeout(timer);
      return child === undefined ? true : await endChild(child, options);
    },
  };
};

const launchChild = ({ name, module, flags = [], env, log }: ChildOptions, last: Ready | undefined): ChildProcess => {
  const child = fork(fileURLToPath(module), [], {
    env: { ...env(last) },
    execArgv: [...flags, "--import", orphan],
    // Its own group: Ctrl-C in a terminal reaches only us, and we end the children in order. Should we be killed, the
    // IPC channel closes, on which each of them ends by itself.
    detached: true,
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  child.on("error", (fault) => log(`${name}: ${fault.message}`));
  createInterface({ input: child.stderr! }).on("line", log);
  return child;
};

/** @throws ShadowgraphError when the child says that it failed, ends, or takes too long; it is then ended */
const readinessOf = async (child: ChildProcess, options: ChildOptions): Promise<Ready> => {
  const { name, readyWithinMs } = options;
  const giveUp = new AbortController();
  try {
    const word = await Promise.race([
      once(child, "message", { signal: giveUp.signal }).then(([message]) => message as ChildWord),
      once(child, "exit", { signal: giveUp.signal }).then(([code]) => `it ended with exit code ${code}`),
      once(child, "error", { signal: giveUp.signal }).then(([fault]) => String(fault)),
      timeout(readyWithinMs, giveUp.signal).then(() => `it was not ready within ${readyWithinMs} ms`),
    ]);
    if (typeof word === "string") throw new ShadowgraphError("unavailable", `${name} could not be started: ${word}`);
    if (word.type === "failed") throw notStarted(name, word);
    return word;
  } catch (fault) {
    await endChild(child, options);
    throw fault;
  } finally {
    giveUp.abort();
  }
};

const notStarted = (name: string, { code, port }: ChildWord & { type: "failed" }) =>
  new ShadowgraphError(
    code === "EADDRINUSE" ? "conflict" : "unavailable",
    `${name} could not be started: ${code}${port === undefined ? "" : ` at port ${port}`}`,
  );

const endChild = async (child: ChildProcess, { name, stopWithinMs, log }: ChildOptions): Promise<boolean> => {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return true;
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  const deadline = setTimeout(() => {
    log(`${name} did not end within ${stopWithinMs} ms and is killed`);
    child.kill("SIGKILL");
  }, stopWithinMs);
  await ended;
  clearTimeout(deadline);
  return child.signalCode !== "SIGKILL";
};

const timeout = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
  });
