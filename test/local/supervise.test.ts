import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ChildOptions, type Supervised, supervise } from "../../local/supervise.ts";
import { isAlive } from "./is-alive.ts";

const folder = mkdtempSync(join(tmpdir(), "shadowgraph-supervise-"));
const file = join(folder, "log");
const running: Supervised[] = [];
afterEach(async () => {
  for (const child of running.splice(0)) await child.stop();
  rmSync(file, { force: true });
});
afterAll(() => rmSync(folder, { recursive: true }));

const start = async (behaviour: string, change: Partial<ChildOptions> = {}) => {
  const lines: string[] = [];
  const child = await supervise({
    name: "the child",
    module: new URL("./child.ts", import.meta.url),
    env: (last) => ({
      ...process.env,
      LOG: file,
      BEHAVIOUR: behaviour,
      PORT: last?.type === "listening" ? String(last.port) : "0",
    }),
    readyWithinMs: 5_000,
    stopWithinMs: 500,
    log: (line) => lines.push(line),
    ...change,
  });
  running.push(child);
  return { child, lines };
};
const logged = () => readFileSync(file, "utf8").trim().split("\n");
const until = async (holds: () => boolean) => {
  for (let i = 0; i < 200 && !holds(); i++) await new Promise((resolve) => setTimeout(resolve, 25));
  expect(holds()).toBe(true);
};

test("it is ready once it says so, and ends by SIGTERM", async () => {
  const { child } = await start("serves");
  expect(child.ready).toEqual({ type: "listening", port: 4242 });
  const pid = child.pid()!;
  expect(await child.stop()).toBe(true);
  expect(isAlive(pid)).toBe(false);
  expect(logged()).toEqual(["start 0", "drained"]);
  expect(await child.stop()).toBe(true);
});

test("killed, it is started again, and told what it said before", async () => {
  const { child, lines } = await start("serves");
  const first = child.pid()!;
  process.kill(first, "SIGKILL");
  await until(() => child.pid() !== undefined && child.pid() !== first && logged().length === 2);
  expect(logged()).toEqual(["start 0", "start 4242"]);
  expect(lines[0]).toMatch(/the child ended \(SIGKILL\); started again/);
});

test("a child that does not end is killed once the time is over", async () => {
  const { child, lines } = await start("is deaf");
  const pid = child.pid()!;
  expect(await child.stop()).toBe(false);
  expect(isAlive(pid)).toBe(false);
  expect(lines).toContainEqual(expect.stringContaining("is killed"));
});

test.each([
  ["says why", "conflict", /EADDRINUSE at port 80/],
  ["ends", "unavailable", /ended with exit code 3/],
  ["says nothing", "unavailable", /not ready within 700 ms/],
])("a child that %s before it is ready is an error, and is not left behind", async (behaviour, code, message) => {
  const readyWithinMs = behaviour === "says nothing" ? 700 : 5_000;
  await expect(start(behaviour, { readyWithinMs })).rejects.toMatchObject({
    code,
    message: expect.stringMatching(message),
  });
  expect(logged()).toHaveLength(1);
});
