// Orders in a real database. What an overlay does with a mirrored order depends on what it is given:
//   node examples/writes/shop.ts --name baseline --database orders.db --port 3000
//   --rolls-back   of shadow requests the unit of work is rolled back; without it every order is kept
//   --store URL    in place of a database: orders are sent there
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { shadowListener } from "../../helpers/http.mjs";
import { unitOfWorkSync, withShadow } from "../../helpers/shadow.mjs";
import { listen } from "../listen.ts";

interface Order {
  readonly id: number;
  readonly customer: string;
}

interface Store {
  add(customer: string): Order | Promise<Order>;
  of(customer: string): readonly Order[] | Promise<readonly Order[]>;
}

const MAX_BODY_BYTES = 64 * 1024;

/** `name` stands in each row that it writes. */
export const openDatabase = (file: string, name: string): Store => {
  const database = new DatabaseSync(file);
  // Others write to the same file.
  database.exec("PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
  database.exec(
    "CREATE TABLE IF NOT EXISTS orders (id INTEGER PRIMARY KEY, customer TEXT NOT NULL, written_by TEXT NOT NULL)",
  );
  const insert = database.prepare("INSERT INTO orders (customer, written_by) VALUES (?, ?) RETURNING id, customer");
  const select = database.prepare("SELECT id, customer FROM orders WHERE customer = ? ORDER BY id");
  const inTransaction = unitOfWorkSync({
    begin: () => database.exec("BEGIN IMMEDIATE"),
    commit: () => database.exec("COMMIT"),
    rollback: () => database.exec("ROLLBACK"),
  });
  return {
    add: (customer) => inTransaction(() => insert.get(customer, name) as unknown as Order),
    of: (customer) => select.all(customer) as unknown as Order[],
  };
};

const remoteStore = (url: string): Store => ({
  add: async (customer) => {
    const answer = await fetch(`${url}/orders`, { method: "POST", body: JSON.stringify({ customer }) });
    return (await answer.json()) as Order;
  },
  of: async (customer) => {
    const answer = await fetch(`${url}/orders?customer=${encodeURIComponent(customer)}`);
    return ((await answer.json()) as { orders: Order[] }).orders;
  },
});

const bodyOf = async (request: IncomingMessage): Promise<unknown> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) return undefined;
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString());
  } catch {
    return undefined;
  }
};

const customerIn = (body: unknown): string | undefined =>
  typeof body === "object" && body !== null && "customer" in body && typeof body.customer === "string"
    ? body.customer
    : undefined;

const send = (response: ServerResponse, status: number, body: object): void => {
  const text = JSON.stringify(body);
  response.writeHead(status, { "content-type": "application/json", "content-length": Buffer.byteLength(text) });
  response.end(text);
};

/** `taken`: orders answered so far, kept or not. */
const createShop = (store: Store, rollsBack: boolean): Server => {
  let taken = 0;
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://shop");
    if (request.method === "GET" && pathname === "/taken") return send(response, 200, { taken });
    if (pathname !== "/orders") return send(response, 404, { error: "nothing here" });
    if (request.method === "GET")
      return send(response, 200, { orders: await store.of(searchParams.get("customer") ?? "") });
    if (request.method !== "POST") return send(response, 405, { error: "only GET and POST" });
    const customer = customerIn(await bodyOf(request));
    if (customer === undefined) return send(response, 400, { error: "customer must be a text" });
    const order = await store.add(customer);
    taken++;
    send(response, 201, order);
  };
  const guarded = async (request: IncomingMessage, response: ServerResponse) => {
    try {
      await serve(request, response);
    } catch (error) {
      console.error(error);
      send(response, 500, { error: "it went wrong" });
    }
  };
  return createServer(
    rollsBack ? shadowListener(guarded) : (request, response) => withShadow(false, () => guarded(request, response)),
  );
};

const main = (): void => {
  const { values } = parseArgs({
    options: {
      name: { type: "string", default: "shop" },
      port: { type: "string" },
      host: { type: "string", default: "127.0.0.1" },
      database: { type: "string" },
      store: { type: "string" },
      "rolls-back": { type: "boolean", default: false },
    },
  });
  const { name, host, database, store } = values;
  const port = Number(values.port ?? Number.NaN);
  const isPort = Number.isInteger(port) && port >= 0 && port <= 65_535;
  if (!isPort || (database === undefined) === (store === undefined)) {
    console.error(
      "usage: shop.ts --port N (--database FILE | --store URL) [--rolls-back] [--name shop] [--host 127.0.0.1]",
    );
    process.exitCode = 2;
    return;
  }
  const orders = database === undefined ? remoteStore(store!) : openDatabase(database, name);
  listen(createShop(orders, values["rolls-back"]), name, port, host);
};

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
