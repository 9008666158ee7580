// A small shop API, in two versions: `--role baseline` is the known-good one, `--role overlay` has five planted changes.
//   node examples/orders/server.ts --role baseline --port 3000
// With `--write-ms 50` a write takes so long before it is done.
import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { listen } from "../listen.ts";
import { type Answer, Carts, Drafts, listOrders, readCustomer, readLines, readOrder, setStatus } from "./answers.ts";
import { CHANGES, withChanges } from "./changes.ts";
import { OrderBook, seeded } from "./shop.ts";

const ROLES = ["baseline", "overlay"] as const;
export type Role = (typeof ROLES)[number];

const MAX_BODY_BYTES = 64 * 1024;
/** How often the cache hint says otherwise, independently in each process: noise that no change of code brings. */
const CACHE_MISS_SHARE = 0.01;

interface Shop {
  readonly role: Role;
  readonly random: () => number;
  readonly drafts: Drafts;
  readonly carts: Carts;
  readonly book: OrderBook;
  readonly writeMs: number;
  readonly undone: readonly string[];
}

type Read = (id: number, url: URL, shop: Shop, session: string) => Answer;

const READS: readonly (readonly [endpoint: string, path: RegExp, read: Read])[] = [
  ["GET /orders", /^\/orders$/, (_id, url, { drafts, book }) => listOrders(url.searchParams, drafts, book)],
  ["GET /orders/{id}", /^\/orders\/(\d{1,9})$/, (id, _url, { book }) => readOrder(id, book)],
  ["GET /orders/{id}/lines", /^\/orders\/(\d{1,9})\/lines$/, (id, _url, { book }) => readLines(id, book)],
  ["GET /customers/{id}", /^\/customers\/(\d{1,9})$/, (id) => readCustomer(id)],
  [
    "GET /data-version",
    /^\/data-version$/,
    (_id, _url, { book }) => ({ status: 200, body: { version: book.version } }),
  ],
  ["GET /health", /^\/health$/, () => ({ status: 200, body: { status: "ok" } })],
];

const answerTo = (method: string, url: URL, shop: Shop, session: string): Answer => {
  if (method !== "GET" && method !== "HEAD") {
    return { status: 405, body: { error: "method not allowed" }, headers: { allow: "GET, HEAD, POST" } };
  }
  for (const [endpoint, path, read] of READS) {
    const match = path.exec(url.pathname);
    if (match === null) continue;
    const id = Number(match[1] ?? 0);
    const answer = read(id, url, shop, session);
    return shop.role === "overlay" ? withChanges(answer, endpoint, id, shop.undone) : answer;
  }
  return { status: 404, body: { error: "nothing here" } };
};

const send = (response: ServerResponse, { status, body, headers = {} }: Answer, shop: Shop, isHead: boolean): void => {
  const text = JSON.stringify({ servedAt: new Date().toISOString(), requestId: randomUUID(), ...body });
  const cache = shop.random() < CACHE_MISS_SHARE ? "MISS" : "HIT";
  // RFC 9110 8.6: an answer to HEAD may leave content-length out, and so does not tell of a body nobody sees.
  const length = isHead ? {} : { "content-length": Buffer.byteLength(text) };
  response.writeHead(status, { "content-type": "application/json", "x-cache": cache, ...length, ...headers });
  response.end(isHead ? undefined : text);
};

const readBody = async (request: IncomingMessage): Promise<string | undefined> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
};

type Write = (body: unknown) => Answer;

const write = async (request: IncomingMessage, act: Write, writeMs: number): Promise<Answer> => {
  const body = await readBody(request);
  if (body === undefined) {
    return { status: 413, body: { error: `at most ${MAX_BODY_BYTES} bytes` }, headers: { connection: "close" } };
  }
  try {
    const value: unknown = JSON.parse(body);
    if (writeMs > 0) await sleep(writeMs);
    return act(value);
  } catch {
    return { status: 400, body: { error: "the body must be JSON" } };
  }
};

/** What a POST does; undefined where there is nothing to post to. */
const writeTo = ({ pathname }: URL, { drafts, carts, book }: Shop, session: string): Write | undefined => {
  if (pathname === "/orders") return (body) => drafts.add(body);
  if (pathname === "/cart") return (body) => carts.add(session, body);
  const [, id] = /^\/orders\/(\d{1,9})\/status$/.exec(pathname) ?? [];
  return id === undefined ? undefined : (body) => setStatus(Number(id), body, book);
};

const serve = async (request: IncomingMessage, response: ServerResponse, shop: Shop): Promise<void> => {
  const { method = "GET", url: target = "/" } = request;
  if (!target.startsWith("/") || !URL.canParse(target, "http://orders")) {
    return send(response, { status: 400, body: { error: "no such target" } }, shop, method === "HEAD");
  }
  const url = new URL(target, "http://orders");
  const session = /(?:^|; )session=([^;]{1,100})/.exec(request.headers.cookie ?? "")?.[1] ?? "";
  const act = method === "POST" ? writeTo(url, shop, session) : undefined;
  if (act === undefined) request.resume();
  const answer = act === undefined ? answerTo(method, url, shop, session) : await write(request, act, shop.writeMs);
  send(response, answer, shop, method === "HEAD");
};

export interface OrdersOptions {
  readonly role: Role;
  /** Of this process's noise; the data is the same whatever the seed. */
  readonly seed: number;
  /** How long a write takes before it is done. @default 0 */
  readonly writeMs?: number;
  /** Places of changes of the overlay that are undone. @default none */
  readonly undone?: readonly string[];
}

export const createOrdersServer = ({ role, seed, writeMs = 0, undone = [] }: OrdersOptions): Server => {
  const shop: Shop = {
    role,
    random: seeded(seed),
    drafts: new Drafts(),
    carts: new Carts(),
    book: new OrderBook(),
    writeMs,
    undone,
  };
  return createServer((request, response) => {
    serve(request, response, shop).catch(() => response.destroy());
  });
};

const usage = `usage: server.ts --role ${ROLES.join("|")} --port N [--host 127.0.0.1] [--seed N] [--write-ms N] [--undo PLACE…]`;

const main = (): void => {
  const { values } = parseArgs({
    options: {
      role: { type: "string" },
      port: { type: "string" },
      host: { type: "string", default: "127.0.0.1" },
      seed: { type: "string" },
      "write-ms": { type: "string", default: "0" },
      undo: { type: "string", multiple: true, default: [] },
    },
  });
  const role = ROLES.find((name) => name === values.role);
  const port = Number(values.port ?? Number.NaN);
  const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
  const writeMs = Number(values["write-ms"]);
  if (
    !Number.isInteger(writeMs) ||
    writeMs < 0 ||
    role === undefined ||
    !Number.isInteger(port) ||
    port < 0 ||
    port > 65_535 ||
    !Number.isInteger(seed) ||
    values.undo.some((place) => !CHANGES.some((change) => change.place === place))
  ) {
    console.error(usage);
    process.exitCode = 2;
    return;
  }
  listen(createOrdersServer({ role, seed, writeMs, undone: values.undo }), `orders ${role}`, port, values.host);
};

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
