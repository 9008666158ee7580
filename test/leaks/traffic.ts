import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { BODIES, FAILURES, HEADERS, type Planted, type Position, REFUSED, TARGETS } from "./positions.ts";
import { CANARY, type Plants } from "./secrets.ts";

export const LANES = ["primary", "candidate", "secondary"] as const;
export type Lane = (typeof LANES)[number];

/** One request as bytes, and what each lane answers to it: bytes, after which the connection ends. */
export interface Exchange {
  readonly request: Buffer;
  readonly answers: Readonly<Record<Lane, Buffer>>;
}

/** Names the exchange to the services, which know their answers by it. */
const CASE = "x-case";

/** Few names under each, so that none is taken for a value. */
const pathOf = (index: number): string =>
  `/${CANARY}/${"abcdefghij"[Math.floor(index / 10)]}/${"abcdefghij"[index % 10]}`;

const message = (start: string, { headers, body }: Planted): Buffer => {
  const isChunked = headers.some((line) => line.startsWith("Transfer-Encoding"));
  const framing = isChunked ? [] : [`Content-Length: ${body.length}`];
  const head = [start, ...headers, ...framing, "Connection: close", "", ""].join("\r\n");
  return Buffer.concat([Buffer.from(head, "latin1"), body]);
};

const NO_BODY: Planted = { headers: [], body: Buffer.alloc(0) };
const OK = "HTTP/1.1 200 OK";

/** Answers differ in a header that is no secret, so that all of the exchange is kept. */
const answer = (lane: Lane, { headers, body }: Planted): Buffer =>
  message(OK, { headers: [`X-Lane: ${CANARY} ${lane}`, ...headers], body });

const answersBy = (make: (lane: Lane) => Buffer): Exchange["answers"] => ({
  primary: make("primary"),
  candidate: make("candidate"),
  secondary: make("secondary"),
});

/** All positions `rounds` times: each value is planted once. */
export const plantAll = (plants: Plants, rounds: number): { exchanges: Exchange[]; refused: Buffer[] } => {
  const exchanges: Exchange[] = [];
  const refused: Buffer[] = [];
  const request = (start: string, planted: Planted): Buffer =>
    message(start, { ...planted, headers: ["Host: shop.example", `${CASE}: ${exchanges.length}`, ...planted.headers] });
  const each = <Made>(
    positions: readonly Position<Made>[],
    carrier: string,
    plant: (position: Position<Made>, path: string) => void,
  ) => {
    positions.forEach((position, index) => {
      plants.position = `${carrier}: ${position.name}`;
      plant(position, pathOf(index));
    });
  };
  for (let round = 0; round < rounds; round++) {
    each(BODIES, "body", ({ make }, path) => {
      const start = `POST ${path}/body HTTP/1.1`;
      exchanges.push({
        request: request(start, make(plants)),
        answers: answersBy((lane) => answer(lane, make(plants))),
      });
    });
    each(HEADERS, "header", ({ make }, path) => {
      const planted = () => ({ ...NO_BODY, headers: make(plants) });
      exchanges.push({
        request: request(`GET ${path}/head HTTP/1.1`, planted()),
        answers: answersBy((lane) => answer(lane, planted())),
      });
    });
    each(TARGETS, "target", ({ make }) => {
      // Half of them with answers that are all the same: only the endpoint is kept.
      const answers =
        round % 2 === 0 ? answersBy((lane) => answer(lane, NO_BODY)) : answersBy(() => message(OK, NO_BODY));
      exchanges.push({ request: request(`GET ${make(plants)} HTTP/1.1`, NO_BODY), answers });
    });
    each(FAILURES, "failure", ({ make }, path) => {
      const failing = make(plants);
      const answers = answersBy((lane) => (lane === failing.lane ? Buffer.from(failing.raw) : answer(lane, NO_BODY)));
      exchanges.push({ request: request(`GET ${path}/fails HTTP/1.1`, NO_BODY), answers });
    });
    each(REFUSED, "refused", ({ make }) => void refused.push(Buffer.from(make(plants), "latin1")));
  }
  return { exchanges, refused };
};

export interface Service {
  readonly url: string;
  /** Requests that came for the exchange. */
  readonly asked: ReadonlySet<number>;
  close(): void;
}

/** Answers each exchange with the bytes of its lane. */
export const serve = async (lane: Lane, exchanges: readonly Exchange[]): Promise<Service> => {
  const asked = new Set<number>();
  const listen = (request: IncomingMessage, response: ServerResponse): void => {
    const number = Number(request.headers[CASE]);
    asked.add(number);
    request.resume();
    request.on("end", () => response.socket?.end(exchanges[number]?.answers[lane] ?? message(OK, NO_BODY)));
  };
  const server: Server = createServer(listen);
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, asked, close: () => void server.close() };
};

/** Sends the bytes and resolves with what came back, once the connection ends. */
export const send = (url: string, bytes: Buffer): Promise<Buffer> =>
  new Promise((resolve) => {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    const chunks: Buffer[] = [];
    socket.on("data", (chunk: Buffer) => chunks.push(chunk));
    socket.on("error", () => {});
    socket.on("close", () => resolve(Buffer.concat(chunks)));
  });

/** As many at once as `width`. */
export const sendAll = async (url: string, messages: readonly Buffer[], width = 16): Promise<void> => {
  const left = messages.values();
  const work = async () => {
    for (const bytes of left) await send(url, bytes);
  };
  await Promise.all(Array.from({ length: width }, work));
};
