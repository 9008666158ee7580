import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const ROOT = resolve(__dirname, "../..");
const START_WITHIN_MS = 30_000;

/** Node 24 runs the sources as they are, in processes of their own: nothing here goes through jest's transform. */
const node = (args: readonly string[]): ChildProcess =>
  spawn(process.execPath, args, {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, NO_COLOR: "1" },
  });

const started = new Set<ChildProcess>();
const folders = new Set<string>();

export interface Running {
  readonly child: ChildProcess;
  /** All it has printed. */
  printed(): string;
  /** What the pattern's first group matched, as soon as it is printed. */
  says(pattern: RegExp): Promise<string>;
  /** Sends the signal and resolves with the exit code. */
  end(signal?: NodeJS.Signals): Promise<number | null>;
}

export const run = (args: readonly string[]): Running => {
  const child = node(args);
  started.add(child);
  let text = "";
  child.stdout?.on("data", (chunk) => (text += chunk));
  child.stderr?.on("data", (chunk) => (text += chunk));
  const exited = new Promise<number | null>((done) => child.once("close", (code) => done(code)));
  const says = async (pattern: RegExp): Promise<string> => {
    const deadline = Date.now() + START_WITHIN_MS;
    for (;;) {
      const found = pattern.exec(text);
      if (found !== null) return found[1] ?? found[0];
      if (Date.now() > deadline || child.exitCode !== null) throw new Error(`it never said ${pattern}:\n${text}`);
      await pause(20);
    }
  };
  const end = (signal: NodeJS.Signals = "SIGINT") => {
    child.kill(signal);
    return exited;
  };
  return { child, printed: () => text, says, end };
};

export const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

/** Ends what was started and removes what was kept. */
export const cleanUp = async (): Promise<void> => {
  for (const child of started) if (child.exitCode === null) child.kill("SIGKILL");
  started.clear();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  folders.clear();
};

export const newFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), "shadowgraph-test-"));
  folders.add(folder);
  return folder;
};

/** An example service on a free port: its URL. */
export const service = async (script: string, args: readonly string[] = []): Promise<string> => {
  const address = await run([script, "--port", "0", ...args]).says(/http:\/\/[\w.[\]:]+:(\d+)/);
  return `http://127.0.0.1:${address}`;
};

export interface Up extends Running {
  readonly teeUrl: string;
  readonly apiUrl: string;
  /** Runs a command of the CLI against this system: what it printed and its exit code. */
  cli(...args: string[]): Promise<{ readonly exit: number; readonly out: string }>;
  /** The same with --json. */
  json<T>(...args: string[]): Promise<T>;
  /** Process ids of the children, by a part of their command line. */
  childPid(script: string): number;
}

export const up = async (args: readonly string[]): Promise<Up> => {
  const running = run(["bin/shadowgraph.ts", "up", "--port", "0", "--api-port", "0", ...args]);
  const teeUrl = await running.says(/send your traffic to (http:\S+)/);
  const apiUrl = await running.says(/API +(http:\S+)/);
  const cli = async (...command: string[]) => {
    const child = node(["bin/shadowgraph.ts", ...command, "--api", apiUrl]);
    let out = "";
    child.stdout?.on("data", (chunk) => (out += chunk));
    const exit = await new Promise<number>((done) => child.once("close", (code) => done(code ?? -1)));
    return { exit, out };
  };
  const json = async <T>(...command: string[]) => JSON.parse((await cli(...command, "--json")).out) as T;
  const childPid = (script: string): number => {
    const found = childrenOf(running.child.pid ?? 0).find(({ command }) => command.includes(script));
    if (found === undefined) throw new Error(`no child runs ${script}`);
    return found.pid;
  };
  return { ...running, teeUrl, apiUrl, cli, json, childPid };
};

/** From /proc, so on Linux only. */
const childrenOf = (parent: number): { pid: number; command: string }[] =>
  readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, "utf8");
        const ppid = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
        if (ppid !== parent) return [];
        return [{ pid: Number(name), command: readFileSync(`/proc/${name}/cmdline`, "utf8").replaceAll("\0", " ") }];
      } catch {
        return [];
      }
    });

export const hasProc = process.platform === "linux";
