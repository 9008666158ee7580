// An A/A service: one program, started several times, that tells of its own instance in every answer. Two of its
// processes never answer alike to the byte, and never differ in anything that matters: no verdict may say otherwise.
//   node examples/twins/server.ts --port 3000
import { randomBytes, randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { listen } from "../listen.ts";

const ARTICLES = { first: 1, count: 300 } as const;
const MAX_CACHE_ENTRIES = 1_000;
const CACHE_TTL_MS = 5_000;
const TOPICS = ["light", "water", "wind", "stone", "wood"];

interface Cached {
  readonly body: Readonly<Record<string, unknown>>;
  readonly at: number;
}

/** What belongs to one process and to no other. */
interface Instance {
  readonly host: string;
  readonly startedAt: number;
  readonly cache: Map<string, Cached>;
}

const newInstance = (): Instance => {
  const id = randomBytes(5).toString("hex");
  return { host: `twins-${id.slice(0, 6)}-${id.slice(6)}`, startedAt: Date.now(), cache: new Map() };
};

const article = (id: number) => {
  const topic = TOPICS[id % TOPICS.length]!;
  return {
    id,
    title: `On ${topic}, part ${id}`,
    topic,
    words: 400 + ((id * 37) % 900),
    text: `What ${topic} does to a day of ${id % 24} hours, and why it does so. `.repeat(4).trim(),
    related: [1, 2, 3].map((step) => ((id + step * 7) % ARTICLES.count) + ARTICLES.first),
  };
};

const read = (url: URL): { readonly status: number; readonly body: Readonly<Record<string, unknown>> } => {
  const { pathname, searchParams } = url;
  if (pathname === "/health") return { status: 200, body: { status: "ok" } };
  if (pathname === "/articles") {
    const topic = searchParams.get("topic");
    const ids = Array.from({ length: ARTICLES.count }, (_, index) => ARTICLES.first + index);
    const all = ids.map(article).filter((one) => topic === null || one.topic === topic);
    const page = all.slice(0, 8).map(({ id, title, words }) => ({ id, title, words }));
    return { status: 200, body: { total: all.length, articles: page } };
  }
  const id = Number(/^\/articles\/(\d{1,6})$/.exec(pathname)?.[1] ?? Number.NaN);
  if (id >= ARTICLES.first && id < ARTICLES.first + ARTICLES.count) return { status: 200, body: article(id) };
  return { status: 404, body: { error: "nothing here" } };
};

/** Reads through a cache of its own, so that each process has an entry of another age. */
const readCached = ({ cache }: Instance, key: string, url: URL, now: number): { status: number; cached: Cached } => {
  const known = cache.get(key);
  if (known !== undefined && now - known.at < CACHE_TTL_MS) return { status: 200, cached: known };
  cache.delete(key);
  const { status, body } = read(url);
  const cached = { body, at: now };
  if (status !== 200) return { status, cached };
  if (cache.size >= MAX_CACHE_ENTRIES) cache.delete(cache.keys().next().value!);
  cache.set(key, cached);
  return { status, cached };
};

const serve = (instance: Instance, request: IncomingMessage, response: ServerResponse): void => {
  request.resume();
  const isHead = request.method === "HEAD";
  const target = request.url ?? "/";
  const now = Date.now();
  const isRead = (isHead || request.method === "GET") && URL.canParse(target, "http://twins");
  const { status, cached } = isRead
    ? readCached(instance, target, new URL(target, "http://twins"), now)
    : { status: 405, cached: { body: { error: "only GET and HEAD" }, at: now } };
  const text = JSON.stringify({
    requestId: randomUUID(),
    servedAt: new Date(now).toISOString(),
    instance: { host: instance.host, startedAt: new Date(instance.startedAt).toISOString() },
    uptimeSeconds: Math.round(now - instance.startedAt) / 1000,
    cache: { storedAt: new Date(cached.at).toISOString(), ageMs: now - cached.at },
    trace: randomBytes(8).toString("hex"),
    ...cached.body,
  });
  response.writeHead(status, {
    "content-type": "application/json",
    "x-served-by": instance.host,
    age: String(Math.floor((now - cached.at) / 1000)),
    ...(isHead ? {} : { "content-length": Buffer.byteLength(text) }),
  });
  response.end(isHead ? undefined : text);
};

const createTwin = (): Server => {
  const instance = newInstance();
  return createServer((request, response) => serve(instance, request, response));
};

const main = (): void => {
  const { values } = parseArgs({
    options: { port: { type: "string" }, host: { type: "string", default: "127.0.0.1" } },
  });
  const port = Number(values.port ?? Number.NaN);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    console.error("usage: server.ts --port N [--host 127.0.0.1]");
    process.exitCode = 2;
    return;
  }
  listen(createTwin(), "twins", port, values.host);
};

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
