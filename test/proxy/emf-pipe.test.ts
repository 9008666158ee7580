import { type ChildProcess, execFileSync, fork } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdtempSync, openSync, readSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

// Metrics go to a pipe whose reader is slow, or has stopped: the thread that serves callers never waits for it.

const PIPE_BYTES = 65_536;
const cleanUps: (() => void)[] = [];
afterEach(() => {
  for (const cleanUp of cleanUps.splice(0)) cleanUp();
});

const startWriter = async () => {
  const folder = mkdtempSync(join(tmpdir(), "shadowgraph-pipe-"));
  const path = join(folder, "stdout");
  execFileSync("mkfifo", [path]);
  const pipe = openSync(path, "r+");
  const child = fork(join(__dirname, "emf-child.ts"), { stdio: ["ignore", pipe, "inherit", "ipc"] });
  cleanUps.push(() => {
    child.kill("SIGKILL");
    closeSync(pipe);
    rmSync(folder, { recursive: true });
  });
  await once(child, "message");
  const bytes = Buffer.alloc(PIPE_BYTES);
  return { child, read: () => bytes.toString("utf8", 0, readSync(pipe, bytes)) };
};

const ask = async (child: ChildProcess): Promise<{ lines: number; ticks: number }> => {
  child.send("how far?");
  return (await once(child, "message"))[0];
};
/** Nobody has read for so long that no line is made any more. */
const untilFull = async (child: ChildProcess) => {
  let before = -1;
  for (let now = await ask(child); now.lines > before; now = await ask(child)) {
    before = now.lines;
    await sleep(200);
  }
};

test("a full pipe holds up neither the thread nor its memory: no line is made until the last one has gone out", async () => {
  const { child } = await startWriter();
  await untilFull(child);
  const before = await ask(child);
  await sleep(500);
  const after = await ask(child);
  expect(after.lines).toBe(before.lines);
  expect(after.ticks - before.ticks).toBeGreaterThan(50);
});

test("once it is read again lines go on, each whole, and what was counted meanwhile is in them", async () => {
  const { child, read } = await startWriter();
  await untilFull(child);
  let text = read();
  await untilFull(child);
  const { lines } = await ask(child);
  while (text.split("\n").length <= lines) text += read();
  const told = text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as { Requests: number });
  expect(told.length).toBeGreaterThanOrEqual(lines);
  expect(told.reduce((sum, { Requests }) => sum + Requests, 0)).toBe(told.length);
});

test("a tee whose metrics nobody reads ends when it is told to", async () => {
  const { child } = await startWriter();
  await untilFull(child);
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  expect(await Promise.race([ended, sleep(5_000, "hangs", { ref: false })])).toEqual([0, null]);
});
