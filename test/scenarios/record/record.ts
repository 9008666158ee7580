// Records answers of real software: `node test/scenarios/record/record.ts SOFTWARE_DIR [name …]`.
// SOFTWARE_DIR holds a folder for each `dir` of subjects.yaml, made by its `install` line. Loopback only.
import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { constants, zstdCompressSync } from "node:zlib";
import { parse } from "yaml";
import type { Recording } from "../recording.ts";
import { exchange } from "./exchange.ts";

interface Side {
  readonly software: string;
  readonly dir: string;
  readonly install: string;
  readonly run: string;
}
type Ask = string | { readonly send: string; readonly head?: string; readonly body?: string };
interface Subject {
  readonly name: string;
  readonly old: Side;
  readonly new: Side;
  readonly run?: string;
  readonly rounds?: number;
  readonly asks: readonly Ask[];
}

const here = fileURLToPath(new URL(".", import.meta.url));
const START_TIMEOUT_MS = 30_000;
const FIXED_TIME = new Date("2024-01-02T03:04:05Z");

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });

/** Files of one lane, all of one age, so that only the software differs. */
const freshData = (): string => {
  const data = mkdtempSync(join(tmpdir(), "lane-"));
  cpSync(join(here, "data"), data, { recursive: true });
  // Outside the repository, so that no app finds the packages of the repository.
  cpSync(join(here, "apps"), join(data, "apps"), { recursive: true });
  for (const entry of readdirSync(data, { recursive: true }))
    utimesSync(join(data, String(entry)), FIXED_TIME, FIXED_TIME);
  return data;
};

interface Lane {
  readonly port: number;
  stop(): Promise<void>;
}

const startLane = async (side: Side, run: string, software: string): Promise<Lane> => {
  const [port, data] = [await freePort(), freshData()];
  const dir = join(software, side.dir);
  const words: Readonly<Record<string, string>> = { port: String(port), data, dir, apps: join(data, "apps") };
  const command = run.replaceAll(/\{(port|data|dir|apps)\}/g, (_, word: string) => words[word]!);
  const env = {
    ...process.env,
    NODE_PATH: join(dir, "node_modules"),
    PYTHONPATH: join(dir, "lib"),
    NODE_ENV: "production",
  };
  const child: ChildProcess = spawn("/bin/sh", ["-c", command], {
    cwd: data,
    env,
    detached: true,
    stdio: ["ignore", "ignore", "inherit"],
  });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const stop = async () => {
    if (child.exitCode === null && child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
    await ended;
    rmSync(data, { recursive: true, force: true });
  };
  for (const until = Date.now() + START_TIMEOUT_MS; Date.now() < until; await sleep(100)) {
    if (child.exitCode !== null) break;
    const answer = await exchange(port, rawOf("GET /")).catch(() => undefined);
    if (answer?.text !== undefined) return { port, stop };
  }
  await stop();
  throw new Error(`does not answer: ${command}`);
};

const rawOf = (ask: Ask): string => {
  const { send, head = "", body = "" } = typeof ask === "string" ? { send: ask } : ask;
  const length = body === "" ? "" : `Content-Length: ${Buffer.byteLength(body)}\n`;
  const lines = `${send} HTTP/1.1\nHost: shop.test\nUser-Agent: recorder\nAccept: */*\n${head}${length}Connection: close\n\n`;
  return lines.replaceAll("\n", "\r\n") + Buffer.from(body).toString("latin1");
};

const record = async (subject: Subject, software: string): Promise<Recording> => {
  const sides = [subject.old, subject.old, subject.new];
  const lanes: Lane[] = [];
  try {
    for (const side of sides) lanes.push(await startLane(side, subject.run ?? side.run, software));
    const requests = subject.asks.map(rawOf);
    const answers = new Map<string, number>();
    const indexOf = (text: string) => answers.get(text) ?? answers.set(text, answers.size).size - 1;
    const exchanges: Recording["exchanges"][number][] = [];
    for (let round = 0; round < (subject.rounds ?? 12); round += 1)
      for (const [request, raw] of requests.entries()) {
        const at = Date.now();
        const got = await Promise.all(lanes.map(({ port }) => exchange(port, raw)));
        const lane = ({ text, ms }: (typeof got)[number]) => [text === undefined ? -1 : indexOf(text), ms] as const;
        exchanges.push([request, at, lane(got[0]!), lane(got[1]!), lane(got[2]!)]);
        await sleep(Math.random() * 40);
      }
    const { old, new: next, run } = subject;
    const provenance = { old: { ...old, run: run ?? old.run }, new: { ...next, run: run ?? next.run } };
    return {
      ...provenance,
      recordedAt: new Date().toISOString(),
      node: process.version,
      requests,
      answers: [...answers.keys()],
      exchanges,
    };
  } finally {
    await Promise.all(lanes.map(({ stop }) => stop()));
  }
};

const [software, ...names] = process.argv.slice(2);
if (software === undefined) throw new Error("usage: record.ts SOFTWARE_DIR [name …]");
const subjects: readonly Subject[] = parse(readFileSync(join(here, "subjects.yaml"), "utf8"), { merge: true }).subjects;
for (const subject of subjects.filter(({ name }) => names.length === 0 || names.includes(name))) {
  const recording = await record(subject, software).catch((error: Error) =>
    console.error(`${subject.name}: ${error.message}`),
  );
  if (recording === undefined) continue;
  const packed = zstdCompressSync(JSON.stringify(recording), { params: { [constants.ZSTD_c_compressionLevel]: 19 } });
  writeFileSync(join(here, "..", "recorded", `${subject.name}.json.zst`), packed);
  console.log(`${subject.name}: ${recording.exchanges.length} exchanges, ${packed.length} bytes`);
}
