import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Overlay } from "../../core/sampling/environment.ts";
import type { LocalOptions } from "../../local/system.ts";
import { isAlive } from "./is-alive.ts";

jest.setTimeout(90_000);

const folders: string[] = [];
const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

const newFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), "shadowgraph-system-"));
  folders.push(folder);
  return folder;
};

interface Running {
  readonly teeUrl: string;
  readonly apiUrl: string;
  readonly overlay: Overlay;
  readonly primary: string;
  readonly candidate: string;
  readonly child: ChildProcess;
}
interface Fault {
  readonly fault: { readonly code: string; readonly message: string };
}

const start = async (options: Partial<LocalOptions> & { dataDir: string }): Promise<Running | Fault> => {
  const script = fileURLToPath(new URL("./system-child.ts", import.meta.url));
  const child = fork(script, [JSON.stringify(options)], { execArgv: [] });
  children.push(child);
  child.unref();
  child.channel?.unref();
  const [message] = await once(child, "message");
  return { ...message, child };
};
const startGood = async (options: Partial<LocalOptions> & { dataDir: string }): Promise<Running> => {
  const started = await start(options);
  if ("fault" in started) throw new Error(started.fault.message);
  return started;
};
const tell = async (child: ChildProcess, command: string) => {
  child.send(command);
  return (await once(child, "message"))[0];
};
const drain = async ({ child }: Running): Promise<readonly string[]> => {
  const ended = once(child, "exit");
  const { lines } = await tell(child, "drain");
  await ended;
  return lines;
};
const send = async ({ teeUrl }: Running, from: number, to: number): Promise<void> => {
  for (let i = from; i < to; i++) {
    const answer = await fetch(`${teeUrl}/orders/${i}`);
    expect(await answer.json()).toEqual({ path: `/orders/${i}`, price: 10 });
  }
};
/** What the tests look at of the API's answers. */
interface Answer {
  readonly total: number;
  readonly findings: readonly { readonly count: number }[];
  readonly outcomes: { readonly compared: number };
  readonly verdict: string;
}
const get = async (url: string) => (await (await fetch(url)).json()) as Answer;
const findingsOf = ({ apiUrl }: Running) => get(`${apiUrl}/environments/local/diffs`);
const comparedOf = async ({ apiUrl }: Running): Promise<number> =>
  (await get(`${apiUrl}/environments/local`)).outcomes.compared;
const until = async (holds: () => Promise<boolean>, withinMs: number) => {
  const end = Date.now() + withinMs;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`not within ${withinMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
};

test("a difference becomes a finding, and the next start continues the run with all of it", async () => {
  const dataDir = newFolder();
  const first = await startGood({ dataDir });
  await send(first, 0, 60);
  await until(async () => (await findingsOf(first)).total === 1, 20_000);
  await until(async () => (await comparedOf(first)) === 60, 20_000);
  const { findings } = await findingsOf(first);
  expect(findings[0]).toMatchObject({
    endpoint: "GET /orders/{id}",
    place: "body/price",
    kind: "value",
    confirmed: true,
  });
  await drain(first);

  const { primary, candidate } = first;
  const services = [primary, candidate].map((url, i) => {
    const server = createServer((request, answer) => {
      answer.setHeader("content-type", "application/json");
      answer.end(JSON.stringify({ path: request.url, price: 10 + i }));
    });
    return server.listen(Number(new URL(url).port), "127.0.0.1");
  });
  const second = await startGood({ dataDir, primary, candidate });
  expect(second.overlay.run).toEqual(first.overlay.run);
  expect(await comparedOf(second)).toBe(60);
  expect((await findingsOf(second)).findings[0]).toMatchObject({ count: 60 });
  await send(second, 60, 80);
  await drain(second);
  const third = await startGood({ dataDir, primary, candidate, candidateVersion: "2" });
  expect(third.overlay.run.attempt).toBe(2);
  await drain(third);
  for (const service of services) service.close();
});

test("what is sent just before the end is flushed, compared and judged by the drain", async () => {
  const dataDir = newFolder();
  const first = await startGood({ dataDir });
  await send(first, 0, 45);
  await drain(first);
  const second = await startGood({ dataDir, primary: first.primary, candidate: first.candidate });
  expect(await comparedOf(second)).toBe(45);
  const { verdict } = await get(`${second.apiUrl}/environments/local/verdict`);
  expect(verdict).toBe("REGRESSION");
  await drain(second);
});

test("killing the Lambda host again and again loses nothing", async () => {
  const running = await startGood({ dataDir: newFolder() });
  for (let round = 0; round < 3; round++) {
    await send(running, round * 40, (round + 1) * 40);
    await new Promise((resolve) => setTimeout(resolve, 700));
    const { pids } = await tell(running.child, "pids");
    if (pids.lambdaHost !== undefined) process.kill(pids.lambdaHost, "SIGKILL");
  }
  await until(async () => (await comparedOf(running)) === 120, 60_000);
  const lines = await drain(running);
  expect(lines.join("\n")).toContain("the Lambda host ended (SIGKILL); started again");
});

test("a killed tee comes back on its port", async () => {
  const running = await startGood({ dataDir: newFolder() });
  const { pids } = await tell(running.child, "pids");
  process.kill(pids.tee, "SIGKILL");
  await until(
    () =>
      fetch(`${running.teeUrl}/orders/1`).then(
        (answer) => answer.ok,
        () => false,
      ),
    20_000,
  );
  await drain(running);
});

test("killed as a whole, no child stays behind, the folder is free, and nothing stored is lost", async () => {
  const dataDir = newFolder();
  const first = await startGood({ dataDir });
  await send(first, 0, 30);
  await until(async () => (await comparedOf(first)) === 30, 20_000);
  const { pids } = await tell(first.child, "pids");
  first.child.kill("SIGKILL");
  await until(async () => !isAlive(pids.tee) && !isAlive(pids.lambdaHost), 45_000);
  const second = await startGood({ dataDir, primary: first.primary, candidate: first.candidate });
  expect(await comparedOf(second)).toBe(30);
  await drain(second);
});

test("a second system on the same folder is refused and harms nothing", async () => {
  const dataDir = newFolder();
  const first = await startGood({ dataDir });
  const second = await start({ dataDir });
  expect(second).toMatchObject({ fault: { code: "conflict", message: expect.stringContaining("in use by process") } });
  await send(first, 0, 3);
  await drain(first);
});

test.each([
  ["port", "--port"],
  ["apiPort", "--api-port"],
] as const)("a %s in use is an error that names it, and leaves nothing running", async (option, flag) => {
  const taken = createServer().listen(0, "127.0.0.1");
  await once(taken, "listening");
  const { port } = taken.address() as AddressInfo;
  const dataDir = newFolder();
  expect(await start({ dataDir, [option]: port })).toMatchObject({
    fault: { code: "conflict", message: `port ${port} is in use: choose another with ${flag}` },
  });
  taken.close();
  await drain(await startGood({ dataDir, [option]: port }));
});

test("the user's own AWS settings reach none of it", async () => {
  const theirs = { AWS_PROFILE: "production", AWS_ACCESS_KEY_ID: "AKIA", AWS_ENDPOINT_URL: "http://127.0.0.1:1" };
  const before = { ...process.env };
  Object.assign(process.env, theirs);
  try {
    const running = await startGood({ dataDir: newFolder() });
    await send(running, 0, 20);
    await until(async () => (await comparedOf(running)) === 20, 20_000);
    await drain(running);
  } finally {
    for (const name of Object.keys(theirs)) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
  }
});
