// 10 000 orders through a tee, each mirrored to overlays that keep side effects away in three ways, and to one that only says so.
//   node examples/writes/run.ts [--orders 10000]
import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { type LocalSystem, startLocal } from "../../local/system.ts";
import { type LoadRequest, sendLoad } from "../load.ts";

/** Mirrors of so many orders are waited for before the next are sent: a tee bounds what is in flight. */
const AT_ONCE = 500;
const WITHIN_MS = 120_000;
const children: ChildProcess[] = [];

const start = async (program: string, ...args: string[]): Promise<string> => {
  const file = fileURLToPath(new URL(program, import.meta.url));
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", file, "--port", "0", ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.push(child);
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  return /http:\S+/.exec(line.toString())![0];
};

const PROBE = {
  write: { path: "/orders", headers: { "content-type": "application/json" }, body: '{"customer":"{canary}"}' },
  read: { path: "/orders?customer={canary}", shows: '"orders"' },
  watchSeconds: 0.5,
};

interface Shown {
  readonly writes: readonly { readonly state: string; readonly reason: string }[];
  readonly outcomes: { readonly sampled: number; readonly compared: number };
}

const call = async <T>(url: string, method = "GET", body?: object): Promise<T> => {
  const answer = await fetch(url, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  if (!answer.ok) throw new Error(`${method} ${url}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as T;
};

/** @throws Error where it is not so within two minutes */
const until = async (what: string, isSo: () => Promise<boolean>): Promise<void> => {
  for (const end = Date.now() + WITHIN_MS; Date.now() < end; await sleep(100)) if (await isSo()) return;
  throw new Error(`${what}: not within ${WITHIN_MS / 1_000} s`);
};

const show = ({ apiUrl }: LocalSystem, name: string) => call<Shown>(`${apiUrl}/environments/${name}`);

const mirrorTo = async ({ apiUrl, overlay }: LocalSystem, name: string, url: string, sideEffects: string) => {
  const services = { app: { url, secondary: "none", probe: PROBE } };
  const file = { name, sideEffects, services, sampling: { match: { methods: ["GET", "POST"] } } };
  await call(`${apiUrl}/overlays`, "POST", { baseline: overlay.baseline, file });
  await call(`${apiUrl}/environments/${name}/shadow`, "PUT", { enabled: true });
};

const ordersOf = function* (): Generator<LoadRequest, never> {
  for (let number = 1; ; number++) {
    const body = JSON.stringify({ customer: `customer ${number}` });
    yield { method: "POST", target: "/orders", endpoint: "POST /orders", session: "", body };
  }
};

/** Rows in a file, by who wrote them. */
const rowsIn = (file: string): Readonly<Record<string, number>> => {
  const database = new DatabaseSync(file, { readOnly: true });
  const rows = database.prepare("SELECT written_by, count(*) AS rows FROM orders GROUP BY written_by").all();
  database.close();
  return Object.fromEntries(rows.map(({ written_by, rows }) => [String(written_by), Number(rows)]));
};

const run = async (orders: number, folder: string): Promise<void> => {
  const [shared, own] = [join(folder, "orders.db"), join(folder, "isolated.db")];
  const baseline = await start("./shop.ts", "--name", "baseline", "--database", shared);
  const stub = await start("./stub.ts");
  const overlays = [
    {
      name: "suppressed",
      as: "suppressed",
      url: await start("./shop.ts", "--name", "suppressed", "--database", shared, "--rolls-back"),
    },
    { name: "isolated", as: "isolated", url: await start("./shop.ts", "--name", "isolated", "--database", own) },
    { name: "stubbed", as: "stubbed", url: await start("./shop.ts", "--name", "stubbed", "--store", stub) },
    { name: "careless", as: "suppressed", url: await start("./shop.ts", "--name", "careless", "--database", shared) },
  ];
  const system = await startLocal({
    ...{ primary: baseline, candidate: baseline, secondary: "none", port: 0, apiPort: 0 },
    dataDir: join(folder, "data"),
    log: (line) => console.error(line),
  });
  try {
    for (const { name, url, as } of overlays) await mirrorTo(system, name, url, as);
    const isProbed = async ({ name }: { name: string }) =>
      ["mirrored", "failed"].includes((await show(system, name)).writes[0]!.state);
    for (const overlay of overlays) await until(`the probe of ${overlay.name}`, () => isProbed(overlay));
    // A tee reads its plan once a second.
    await sleep(1_500);

    const stream = ordersOf();
    const guarded = overlays.filter(({ name }) => name !== "careless");
    for (let sent = 0; sent < orders; sent += AT_ONCE) {
      const { failed } = await sendLoad(stream, { url: system.teeUrl, requests: Math.min(AT_ONCE, orders - sent) });
      if (failed > 0) throw new Error(`${failed} orders were not answered`);
      for (const { name, url } of guarded)
        await until(
          `mirrors to ${name}`,
          async () => (await call<{ taken: number }>(`${url}/taken`)).taken > Math.min(sent + AT_ONCE, orders),
        );
    }
    for (const { name } of guarded)
      await until(`outcomes of ${name}`, async () => (await show(system, name)).outcomes.compared >= orders);

    const left = rowsIn(shared);
    console.log(`${left.baseline} orders of callers are in the baseline's database`);
    for (const { name, as } of overlays) {
      const { writes, outcomes } = await show(system, name);
      const [{ state, reason } = { state: "", reason: "" }] = writes;
      console.log(
        `${name}: declared ${as}, ${state}, ${outcomes.compared} mirrored, ${left[name] ?? 0} rows left there`,
      );
      console.log(`  ${reason}`);
    }
    console.log(`${rowsIn(own).isolated} rows in the isolated overlay's own database, its canary among them`);
  } finally {
    await system.drain();
  }
};

const { values } = parseArgs({ options: { orders: { type: "string", default: "10000" } } });
const orders = Number(values.orders);
if (!Number.isInteger(orders) || orders < 1) {
  console.error(`--orders must be a whole number from 1; got "${values.orders}"`);
  process.exit(2);
}
const folder = mkdtempSync(join(tmpdir(), "shadowgraph-writes-"));
process.env.SHADOWGRAPH_MARK_KEY = randomBytes(32).toString("hex");
try {
  await run(orders, folder);
} finally {
  const ends = children.map((child) => once(child, "exit"));
  for (const child of children) child.kill();
  await Promise.all(ends);
  rmSync(folder, { recursive: true, force: true });
}
