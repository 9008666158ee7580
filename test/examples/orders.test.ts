import { readFileSync } from "node:fs";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { CHANGES } from "../../examples/orders/changes.ts";
import { createOrdersServer } from "../../examples/orders/server.ts";
import { CUSTOMERS, ORDERS } from "../../examples/orders/shop.ts";
import { requestsOf, sendTraffic } from "../../examples/orders/traffic.ts";

const servers: Server[] = [];
const urls = { baseline: "", overlay: "", again: "" };

const start = async (role: "baseline" | "overlay", seed: number): Promise<string> => {
  const server = createOrdersServer({ role, seed });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

beforeAll(async () => {
  urls.baseline = await start("baseline", 1);
  urls.again = await start("baseline", 2);
  urls.overlay = await start("overlay", 3);
});
afterAll(async () => {
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
});

interface Seen {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: Record<string, unknown>;
}
const get = async (base: string, target: string, method = "GET"): Promise<Seen> => {
  const answer = await fetch(base + target, { method });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, text, body: text === "" ? {} : JSON.parse(text) };
};

/** A plain comparison of its own, so that the example is not judged by what it is meant to try. */
const placesOf = (left: unknown, right: unknown, place: string): string[] => {
  if (Array.isArray(left) && Array.isArray(right)) {
    const sorted = (list: unknown[]) => JSON.stringify(list.map((item) => JSON.stringify(item)).sort());
    if (sorted(left) === sorted(right)) return JSON.stringify(left) === JSON.stringify(right) ? [] : [place];
    return left.flatMap((item, index) => placesOf(item, right[index], `${place}/*`));
  }
  if (left !== null && right !== null && typeof left === "object" && typeof right === "object") {
    const [a, b] = [left, right] as [Record<string, unknown>, Record<string, unknown>];
    return [...new Set([...Object.keys(a), ...Object.keys(b)])].flatMap((key) =>
      placesOf(a[key], b[key], `${place}/${key}`),
    );
  }
  return left === right ? [] : [place];
};

const NOISE = new Set(["body/servedAt", "body/requestId"]);
const differing = async (target: string, left: string, right: string): Promise<string[]> => {
  const [a, b] = await Promise.all([get(left, target), get(right, target)]);
  const places = a.status === b.status ? [] : ["status"];
  return [...places, ...placesOf(a.body, b.body, "body")].filter((place) => !NOISE.has(place));
};

const everything = (): [endpoint: string, target: string][] => {
  const orders = Array.from({ length: ORDERS.count + 20 }, (_, index) => ORDERS.first + index);
  const customers = Array.from({ length: CUSTOMERS.count + 40 }, (_, index) => CUSTOMERS.first + index);
  return [
    ...orders.map((id): [string, string] => ["GET /orders/{id}", `/orders/${id}`]),
    ...orders.map((id): [string, string] => ["GET /orders/{id}/lines", `/orders/${id}/lines`]),
    ...customers.map((id): [string, string] => ["GET /customers/{id}", `/customers/${id}`]),
    ["GET /orders", "/orders"],
    ["GET /orders", "/orders?page=3&size=20"],
    ["GET /orders", "/orders?status=shipped"],
    ["GET /orders", "/orders?customer=7"],
    ["GET /orders", "/orders?page=0"],
    ["GET /health", "/health"],
    ["GET /none", "/none"],
  ];
};

const differingOver = async (left: string, right: string): Promise<Map<string, number>> => {
  const found = new Map<string, number>();
  const queue = everything();
  const compare = async (): Promise<void> => {
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
      const [endpoint, target] = next;
      for (const place of new Set(await differing(target, left, right))) {
        found.set(`${endpoint} ${place}`, (found.get(`${endpoint} ${place}`) ?? 0) + 1);
      }
    }
  };
  await Promise.all(Array.from({ length: 8 }, compare));
  return found;
};

test("the overlay differs at the planted places and nowhere else", async () => {
  const found = await differingOver(urls.baseline, urls.overlay);
  expect([...found.keys()].sort()).toEqual(CHANGES.map(({ endpoint, place }) => `${endpoint} ${place}`).sort());
  // Each is frequent enough to be confirmed within a short run.
  for (const [, count] of found) expect(count).toBeGreaterThan(15);
});

test("two processes of the same version differ in nothing but the noise", async () => {
  expect([...(await differingOver(urls.baseline, urls.again))]).toEqual([]);
});

test("the rounded rate differs from the fourth decimal on", async () => {
  const rates = async (base: string) =>
    Promise.all(
      Array.from({ length: 20 }, async (_, index) => {
        const { body } = await get(base, `/orders/${ORDERS.first + index}`);
        return (body.totals as { taxRate: number }).taxRate;
      }),
    );
  const [before, after] = await Promise.all([rates(urls.baseline), rates(urls.overlay)]);
  expect(before).toContain(0.0825);
  expect(after[before.indexOf(0.0825)]).toBe(0.083);
});

test("the README lists the planted changes", () => {
  const readme = readFileSync(new URL("../../examples/orders/README.md", import.meta.url), "utf8").replaceAll(
    / +/g,
    " ",
  );
  const rows = CHANGES.map(
    ({ name, endpoint, place, kind }) => `| ${name} | \`${endpoint}\` | \`${place}\` | ${kind} |`,
  );
  for (const row of rows) expect(readme).toContain(row);
  expect(readme.match(/^\| .* \| `(?:GET|HEAD|POST) .* \| .* \| \w+ \|$/gm)).toHaveLength(rows.length);
});

test("every answer carries noise, and an order is about 800 bytes", async () => {
  const [first, second] = [await get(urls.baseline, "/orders/1001"), await get(urls.baseline, "/orders/1001")];
  expect(first.body.requestId).not.toBe(second.body.requestId);
  expect(new Date(String(first.body.servedAt)).toISOString()).toBe(first.body.servedAt);
  const sizes = await Promise.all(
    Array.from({ length: 50 }, async (_, index) => (await get(urls.baseline, `/orders/${1001 + index}`)).text.length),
  );
  const mean = sizes.reduce((sum, size) => sum + size, 0) / sizes.length;
  expect(mean).toBeGreaterThan(650);
  expect(mean).toBeLessThan(950);
});

test("HEAD is answered as GET is, without a body", async () => {
  const head = await get(urls.baseline, "/orders/1001", "HEAD");
  expect([head.status, head.text, head.headers.get("content-type")]).toEqual([200, "", "application/json"]);
  expect((await get(urls.baseline, "/orders/9", "HEAD")).status).toBe(404);
});

test("what cannot be served says so", async () => {
  const post = (body: string) => fetch(`${urls.again}/orders`, { method: "POST", body });
  expect((await post("{")).status).toBe(400);
  expect((await post("x".repeat(70_000))).status).toBe(413);
  expect((await fetch(`${urls.again}/orders/1001`, { method: "DELETE" })).status).toBe(405);
  expect((await get(urls.again, "/orders?status=lost")).status).toBe(400);
});

test("a load counts what it sent, and its writes show where they arrived and only there", async () => {
  const report = await sendTraffic({ url: urls.baseline, requests: 600, connections: 4, seed: 7, writeShare: 0.05 });
  expect(report).toMatchObject({ sent: 600, answered: 600, failed: 0 });
  expect(Object.values(report.byEndpoint).reduce((sum, n) => sum + n, 0)).toBe(600);
  expect(Object.values(report.byStatus).reduce((sum, n) => sum + n, 0)).toBe(600);
  expect(report.writes).toBeGreaterThan(10);
  const drafts = async (base: string) => (await get(base, "/orders?status=draft")).body.total;
  expect(await drafts(urls.baseline)).toBe(report.writes);
  expect(await drafts(urls.overlay)).toBe(0);
  // The reads are as before: a write must not look like a divergence.
  expect(await differing("/orders", urls.baseline, urls.again)).toEqual([]);
});

test("the same seed makes the same requests, another seed others", () => {
  const take = (seed: number) => {
    const stream = requestsOf(seed, 0.03);
    return Array.from({ length: 200 }, () => stream.next().value);
  };
  expect(take(5)).toEqual(take(5));
  expect(take(5)).not.toEqual(take(6));
  expect(new Set(take(5).map(({ endpoint }) => endpoint)).size).toBeGreaterThanOrEqual(6);
});

test("a request that gets no answer is counted as failed", async () => {
  const report = await sendTraffic({ url: "http://127.0.0.1:1", requests: 5, connections: 2 });
  expect(report).toMatchObject({ sent: 5, answered: 0, failed: 5 });
});
