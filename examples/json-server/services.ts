import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { shopData } from "./data.ts";

const HOST = "127.0.0.1";
const START_WITHIN_MS = 15_000;

const packageFolder = (name: string): string => fileURLToPath(new URL(`../../node_modules/${name}/`, import.meta.url));

const versionOf = (name: string): string =>
  (JSON.parse(readFileSync(join(packageFolder(name), "package.json"), "utf8")) as { version: string }).version;

export interface JsonServer {
  readonly url: string;
  readonly version: string;
  stop(): void;
}

const openPort = (wanted: number): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(wanted, HOST, () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });

/** The port if nobody listens there, else any free one. */
export const portOrFree = (wanted: number): Promise<number> => openPort(wanted).catch(() => openPort(0));

const untilItAnswers = async (url: string, child: ChildProcess, name: string): Promise<void> => {
  const deadline = Date.now() + START_WITHIN_MS;
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`${name} ended at its start with status ${child.exitCode}`);
    const answer = await fetch(`${url}/shop`).catch(() => undefined);
    if (answer?.ok) return;
    await sleep(100);
  }
  throw new Error(`${name} did not answer within ${START_WITHIN_MS / 1_000} s`);
};

const start = async (packageName: string, script: string, folder: string): Promise<JsonServer> => {
  const version = versionOf(packageName);
  const port = await openPort(0);
  const file = join(folder, `${packageName}.json`);
  writeFileSync(file, JSON.stringify(shopData()));
  const command = [join(packageFolder(packageName), script), "--host", HOST, "--port", String(port), file];
  const child = spawn(process.execPath, command, { stdio: "ignore", cwd: folder });
  const url = `http://${HOST}:${port}`;
  const stop = () => void child.kill();
  try {
    await untilItAnswers(url, child, `json-server ${version}`);
  } catch (fault) {
    stop();
    throw fault;
  }
  return { url, version, stop };
};

export interface Services {
  readonly baseline: JsonServer;
  readonly overlay: JsonServer;
  /** For what is kept while they run. */
  readonly folder: string;
  stop(): void;
}

/** Two major versions of json-server, each a process of its own with its own copy of the same data file. */
export const startServices = async (): Promise<Services> => {
  const folder = mkdtempSync(join(tmpdir(), "shadowgraph-demo-"));
  const started: JsonServer[] = [];
  const stop = () => {
    for (const server of started) server.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const baseline = await start("json-server-0", "lib/cli/bin.js", folder);
    started.push(baseline);
    const overlay = await start("json-server-1", "lib/bin.js", folder);
    started.push(overlay);
    return { baseline, overlay, folder, stop };
  } catch (fault) {
    stop();
    throw fault;
  }
};
