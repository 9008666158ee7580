import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { AskedIds, type ToldCall, type ToldCalls } from "../core/sampling/heard-calls.ts";
import { listen } from "../proxy/listen.ts";
import type { CallBook, HeardCall } from "./call-book.ts";
import type { GuardLimits } from "./limits.ts";

/** Whoever asks is a tee: few, and quick. */
const MAX_CONNECTIONS = 256;
const REQUEST_TIMEOUT_MS = 5_000;

export interface CallsServer {
  readonly port: number;
  readonly asked: { ids: number };
  close(): void;
}

/** Tells tees what was called, by the ids that they ask for. @throws the error of listening */
export const startCallsServer = async (
  port: number,
  host: string,
  book: CallBook,
  limits: GuardLimits,
): Promise<CallsServer> => {
  const asked = { ids: 0 };
  const server: Server = createServer(
    { requestTimeout: REQUEST_TIMEOUT_MS, headersTimeout: REQUEST_TIMEOUT_MS },
    (request, response) => void answer(request, response, { book, limits, asked }),
  );
  server.maxConnections = MAX_CONNECTIONS;
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { port: await listen(server, port, host), asked, close };
};

interface Desk {
  readonly book: CallBook;
  readonly limits: GuardLimits;
  readonly asked: { ids: number };
}

const answer = async (
  request: IncomingMessage,
  response: ServerResponse,
  { book, limits, asked }: Desk,
): Promise<void> => {
  const send = (status: number, body: unknown) =>
    response
      .writeHead(status, { "content-type": "application/json", "cache-control": "no-store" })
      .end(JSON.stringify(body));
  if (request.method !== "POST" || request.url !== "/calls")
    return void send(404, { error: "POST /calls, nothing else" });
  const text = await bodyOf(request, limits.maxAskBytes);
  if (text === undefined) return void response.destroy();
  const ids = AskedIds.safeParse(parsed(text));
  if (!ids.success) return void send(400, { error: `must be {"ids": […]}: ${ids.error.issues[0]?.message}` });
  asked.ids += ids.data.ids.length;
  send(200, told(ids.data.ids, book));
};

const told = (ids: readonly string[], book: CallBook): ToldCalls => ({
  calls: Object.fromEntries(
    ids.flatMap((id) => {
      const its = book.of(id);
      if (its === undefined) return [];
      return [[id, { ...its, primary: its.primary.map(toldOf), candidate: its.candidate.map(toldOf) }]];
    }),
  ),
  unnamed: [...book.unnamed()],
  heard: book.heard,
  coversMs: book.coversMs,
});

const toldOf = ({ body, ...call }: HeardCall): ToldCall => ({ ...call, body: body.toString("base64") });

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** Undefined where it is too large, or broke off. */
const bodyOf = async (request: IncomingMessage, maxBytes: number): Promise<string | undefined> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > maxBytes) return undefined;
      chunks.push(chunk);
    }
  } catch {
    return undefined;
  }
  return Buffer.concat(chunks).toString("utf8");
};
