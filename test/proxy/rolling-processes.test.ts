import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { Agent, get } from "node:http";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { answering } from "./harness.ts";

// Whole tees as they run in production, with queue and store down: one takes the place of the other while callers call.

const CALLERS = 16;
const NOWHERE = "http://127.0.0.1:1";
const BEFORE_MS = 500;

const startProcess = async (primary: string): Promise<{ child: ChildProcess; port: number }> => {
  const env = {
    ...process.env,
    PRIMARY_URL: primary,
    BASELINE_ID: "b",
    SERVICE: "s",
    TEE_ID: "t",
    PORT: "0",
    HOST: "127.0.0.1",
    TABLE_NAME: "t",
    BUCKET_NAME: "b",
    SEGMENT_QUEUE_URL: `${NOWHERE}/q`,
    JUDGE_QUEUE_URL: `${NOWHERE}/q`,
    AWS_ENDPOINT_URL: NOWHERE,
    AWS_REGION: "eu-central-1",
    AWS_ACCESS_KEY_ID: "none",
    AWS_SECRET_ACCESS_KEY: "none",
    DRAIN_IDLE_MS: "1000",
    FLUSH_MS: "500",
  };
  const child = fork(join(__dirname, "../../proxy/main.ts"), { env, stdio: ["ignore", "ignore", "ignore", "ipc"] });
  const [{ port }] = await once(child, "message");
  return { child, port };
};

test("a tee's process takes the place of another under load: no request fails, the old one ends with 0", async () => {
  const primary = await answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok").start();
  const [old, its] = await Promise.all([startProcess(primary.url), startProcess(primary.url)]);
  const agent = new Agent({ keepAlive: true, maxSockets: CALLERS });
  const seen = { answered: 0, failed: [] as unknown[] };
  let inService = old.port;
  let isOver = false;
  const ask = (): Promise<unknown> =>
    new Promise((resolve, reject) => {
      get({ port: inService, host: "127.0.0.1", agent }, (response) => {
        response.resume().on("end", () => resolve(response.statusCode));
        response.on("error", reject);
      }).on("error", reject);
    });
  const call = async (caller: number): Promise<void> => {
    while (!isOver) {
      const status = await ask().catch((error: unknown) => error);
      if (status === 200) seen.answered++;
      else seen.failed.push(status);
      await sleep((caller % 4) * 25);
    }
  };
  const callers = Array.from({ length: CALLERS }, (_, caller) => call(caller));
  await sleep(BEFORE_MS);
  inService = its.port;
  old.child.kill("SIGTERM");
  const [code] = await once(old.child, "exit");
  await sleep(BEFORE_MS);
  isOver = true;
  await Promise.all(callers);
  expect([seen.failed, code]).toEqual([[], 0]);
  expect(seen.answered).toBeGreaterThan(CALLERS);
  agent.destroy();
  its.child.kill("SIGTERM");
  await once(its.child, "exit");
  await primary.stop();
}, 60_000);
