import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type LoadReport, type LoadRequest, sendLoad } from "../../examples/load.ts";
import { HOSTILE } from "./hostile.ts";

// Three small services and their traffic. What differs follows from the number in the path alone, so that whoever sends the requests can
// count what the dashboard must show.

type Lane = "primary" | "candidate" | "secondary";
interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
}

interface Shelf {
  readonly endpoint: string;
  readonly answer: (n: number, lane: Lane) => Answer;
  readonly differs: (n: number) => boolean;
  /** The secondary alone differs. */
  readonly isNoisy?: (n: number) => boolean;
}

const never = () => false;

export const SHELVES: Readonly<Record<string, Shelf>> = {
  items: {
    endpoint: "GET /items/{id}",
    answer: (n, lane) => ({
      body: { id: n, name: `Item ${n}`, price: lane === "candidate" && n % 4 === 0 ? `${n}.50` : n + 0.5 },
    }),
    differs: (n) => n % 4 === 0,
  },
  lists: {
    endpoint: "GET /lists/{id}",
    answer: (n, lane) => {
      const lines = ["a", "b", "c"].map((sku, i) => ({ sku: `${sku}-${n}`, quantity: n + i, at: { row: i } }));
      return { body: { id: n, lines: lane === "candidate" && n % 2 === 0 ? lines.toReversed() : lines } };
    },
    differs: (n) => n % 2 === 0,
  },
  orders: {
    endpoint: "GET /orders/{id}",
    answer: (n, lane) =>
      lane === "candidate" && n % 5 === 0
        ? { status: 500, body: { error: "no such tax rate" } }
        : { body: { id: n, total: n * 2, paid: true } },
    differs: (n) => n % 5 === 0,
  },
  hostile: {
    endpoint: "GET /hostile/{id}",
    answer: (n, lane) => {
      const text = lane === "candidate" ? HOSTILE[n % HOSTILE.length]! : "harmless";
      // As a header it is what HTTP lets through of it.
      return {
        headers: { "x-note": text.replaceAll(/[^\x20-\x7e]/g, "?") },
        body: { text, [lane === "candidate" ? text : "key"]: 1 },
      };
    },
    differs: () => true,
  },
  cached: {
    endpoint: "GET /cached/{id}",
    answer: (n, lane) => ({ body: { id: n, cache: lane === "secondary" && n % 10 === 0 ? "miss" : "hit" } }),
    differs: never,
    isNoisy: (n) => n % 10 === 0,
  },
  same: { endpoint: "GET /same/{id}", answer: (n) => ({ body: { id: n, same: true } }), differs: never },
};

const serve = async (lane: Lane): Promise<Server> => {
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const [, shelf = "", number = ""] = /^\/(\w+)\/(\d+)/.exec(request.url ?? "") ?? [];
    const {
      status = 200,
      headers = {},
      body,
    } = SHELVES[shelf]?.answer(Number(number), lane) ?? { status: 404, body: {} };
    const text = JSON.stringify(body);
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
};

export const startShop = async () => {
  const [primary, candidate, secondary] = await Promise.all([serve("primary"), serve("candidate"), serve("secondary")]);
  const urlOf = (server: Server): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    primary: urlOf(primary),
    candidate: urlOf(candidate),
    secondary: urlOf(secondary),
    stop: () => {
      for (const server of [primary, candidate, secondary]) {
        server.close();
        server.closeAllConnections();
      }
    },
  };
};

/** What was sent, counted by the sender. */
export interface Tally {
  readonly sent: number;
  readonly diverging: number;
  readonly noisy: number;
  readonly load: LoadReport;
  readonly endpoints: ReadonlyMap<
    string,
    { readonly sent: number; readonly diverging: number; readonly noisy: number }
  >;
}

/** Shelf by shelf in turn, with numbers of their own. */
export const sendShopTraffic = async (url: string, requests: number): Promise<Tally> => {
  const names = Object.keys(SHELVES);
  const endpoints = new Map<string, { sent: number; diverging: number; noisy: number }>();
  function* stream(): Generator<LoadRequest, never> {
    for (let i = 0; ; i++) {
      const name = names[i % names.length]!;
      const { endpoint, differs, isNoisy = never } = SHELVES[name]!;
      const n = 100 + Math.floor(i / names.length);
      const tally = endpoints.get(endpoint) ?? { sent: 0, diverging: 0, noisy: 0 };
      tally.sent += 1;
      tally.diverging += Number(differs(n));
      tally.noisy += Number(isNoisy(n));
      endpoints.set(endpoint, tally);
      yield { method: "GET", target: `/${name}/${n}`, endpoint, session: `s${i % 20}` };
    }
  }
  const load = await sendLoad(stream(), { url, requests });
  const sumOf = (what: "sent" | "diverging" | "noisy") =>
    [...endpoints.values()].reduce((sum, tally) => sum + tally[what], 0);
  return { sent: sumOf("sent"), diverging: sumOf("diverging"), noisy: sumOf("noisy"), load, endpoints };
};
