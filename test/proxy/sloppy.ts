import { createServer as createHttpServer, type IncomingMessage } from "node:http";
import { createServer, type Server, type Socket } from "node:net";
import { RequestReader } from "../../proxy/request-reader.ts";

/** A request as a line: method, target and decoded body. */
export type Seen = string;

/** Where upstreams are known to differ when a message says two things of its length. */
export interface Habits {
  readonly wins: "length" | "chunked";
  readonly picks: "first" | "last";
}
export const HABITS: readonly Habits[] = (["length", "chunked"] as const).flatMap((wins) =>
  (["first", "last"] as const).map((picks) => ({ wins, picks })),
);

const LINE_END = String.raw`(?:\r\n|\n|\r(?!\n))`;

/**
 * Reads requests as the sloppiest of servers would: any line end, folded lines, space before a colon, `_` for `-`, a length
 * with a sign or trash behind it, `chunked` anywhere in any Transfer-Encoding, chunk sizes with anything after them.
 */
export const readSloppily = (text: string, { wins, picks }: Habits): { seen: Seen[]; rest: string } => {
  const seen: Seen[] = [];
  let at = 0;
  for (;;) {
    while (/\s/.test(text[at] ?? "")) at++;
    const head = new RegExp(`${LINE_END}${LINE_END}`).exec(text.slice(at));
    if (head === null) return { seen, rest: text.slice(at) };
    const lines = text
      .slice(at, at + head.index)
      .replaceAll(new RegExp(`${LINE_END}[ \\t]+`, "g"), " ")
      .split(new RegExp(LINE_END));
    const values = (name: string) =>
      lines
        .slice(1)
        .map((line) => /^([^:]*):(.*)$/s.exec(line))
        .filter((field) => field !== null)
        .filter((field) => field[1]!.trim().toLowerCase().replaceAll("_", "-") === name)
        .map((field) => field[2]!.trim());
    const [method = "", target = ""] = lines[0]!.trim().split(/[ \t]+/);
    const lengths = values("content-length").flatMap((value) => value.split(","));
    const length = picks === "first" ? lengths[0] : lengths.at(-1);
    const isChunked = values("transfer-encoding").some((value) => /chunked/i.test(value));
    const body =
      isChunked && !(wins === "length" && length !== undefined)
        ? chunkedBody(text, at + head.index + head[0].length)
        : plainBody(text, at + head.index + head[0].length, Number.parseInt(length ?? "0", 10) || 0);
    if (body === undefined) return { seen, rest: text.slice(at) };
    seen.push(`${method} ${target} ${body.text}`.trim());
    at = body.end;
  }
};

const plainBody = (text: string, at: number, length: number) =>
  at + length > text.length || length < 0 ? undefined : { text: text.slice(at, at + length), end: at + length };

const chunkedBody = (text: string, from: number): { text: string; end: number } | undefined => {
  let at = from;
  let body = "";
  for (;;) {
    const line = new RegExp(`^([^\\r\\n]*)${LINE_END}`).exec(text.slice(at));
    if (line === null) return undefined;
    at += line[0].length;
    const size = Number.parseInt(line[1]!, 16) || 0;
    if (size === 0) break;
    if (at + size > text.length) return undefined;
    body += text.slice(at, at + size);
    at += size;
    at += new RegExp(`^${LINE_END}`).exec(text.slice(at))?.[0].length ?? 0;
  }
  const trailers = new RegExp(`^(?:[^\\r\\n]+${LINE_END})*${LINE_END}`).exec(text.slice(at));
  return trailers === null ? undefined : { text: body, end: at + trailers[0].length };
};

/** What the tee's own reader makes of the pieces of one connection when every answer keeps it open. */
export interface Passed {
  readonly seen: Seen[];
  /** What it would pass on. */
  readonly bytes: string;
  readonly refused: number | undefined;
  /** It waits for the rest of a head. */
  readonly isPartial: boolean;
  /** It waits for the rest of a body, of which it has passed on what came. */
  readonly isUnfinished: boolean;
}

export const readAsTee = (pieces: readonly Buffer[], maxHeadBytes = 65_536): Passed => {
  const reader = new RequestReader({ maxHeadBytes });
  const seen: Seen[] = [];
  let bytes = "";
  let body = "";
  let start = "";
  let state: "open" | "partial" | "closed" = "open";
  let refused: number | undefined;
  let isUnfinished = false;
  const feed = (chunk: Buffer): void => {
    const piece = reader.read(chunk);
    state = piece.kind === "partial" ? "partial" : "open";
    if (piece.kind === "partial") return;
    if (piece.kind === "refused") {
      refused = piece.refusal.status;
      state = "closed";
      return;
    }
    bytes += piece.bytes.toString("latin1");
    if (piece.kind === "head") {
      start = `${piece.head.method} ${piece.head.target} `;
      const isChunked = /\r\ntransfer-encoding:/i.test(piece.head.text);
      start += isChunked ? "*" : " ";
      body = piece.body?.toString("latin1") ?? "";
    } else body += piece.bytes.toString("latin1");
    isUnfinished = !piece.done;
    if (isUnfinished) return;
    const decoded = start.endsWith("*") ? chunkedBody(body, 0)!.text : body;
    seen.push(`${start.slice(0, -1)}${decoded}`.trim());
    if (reader.keepAlive) reader.next();
    else state = "closed";
    if (piece.rest !== undefined && reader.keepAlive) feed(piece.rest);
  };
  for (const piece of pieces) if ((state as string) !== "closed") feed(piece);
  reader.free();
  return { seen, bytes, refused, isPartial: (state as string) === "partial", isUnfinished };
};

/** An upstream that tells what it saw; `idle` waits until all its connections have ended. */
export interface Upstream {
  readonly port: number;
  readonly url: string;
  /** What came since the last call. */
  take(): { seen: Seen[]; bytes: string };
  idle(): Promise<void>;
  stop(): Promise<void>;
}

const started = async (server: Server, take: Upstream["take"]): Promise<Upstream> => {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    take,
    idle: async () => {
      for (let look = 0; sockets.size > 0; look++) {
        if (look > 2_000) for (const socket of sockets) socket.destroy();
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    },
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
};

const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

/** Answers whatever it can take for a request. */
export const sloppyUpstream = (): Promise<Upstream> => {
  let bytes = "";
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    let own = "";
    let answered = 0;
    socket.on("end", () => socket.end());
    socket.on("data", (chunk) => {
      own += chunk.toString("latin1");
      bytes += chunk.toString("latin1");
      const { seen } = readSloppily(own, HABITS[2]!);
      for (; answered < seen.length; answered++) socket.write(OK);
    });
  });
  return started(server, () => {
    const taken = { seen: readSloppily(bytes, HABITS[2]!).seen, bytes };
    bytes = "";
    return taken;
  });
};

export type Recorded = Pick<IncomingMessage, "method" | "url" | "httpVersion" | "rawHeaders" | "rawTrailers"> & {
  body: string;
};

/** node:http as it comes, and what its handler got. */
export const strictUpstream = async (): Promise<Upstream & { records(): Recorded[] }> => {
  let records: Recorded[] = [];
  const server = createHttpServer({ keepAliveTimeout: 0, requestTimeout: 0 }, (request, response) => {
    const chunks: Buffer[] = [];
    request.on("error", () => {});
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { method, url, httpVersion, rawHeaders, rawTrailers } = request;
      const body = Buffer.concat(chunks).toString("latin1");
      records.push({ method, url, httpVersion, rawHeaders, rawTrailers, body });
      response.sendDate = false;
      if (httpVersion === "1.0") response.setHeader("Content-Length", `${method} ${url} ${body.length}`.length);
      response.end(`${method} ${url} ${body.length}`);
    });
  });
  Object.assign(server, { httpAllowHalfOpen: true });
  server.on("checkExpectation", (request, response) => server.emit("request", request, response));
  // Later than node would, so that what was whole before the fault is recorded.
  server.on("clientError", (_error, socket) => setTimeout(() => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"), 2));
  const take = () => {
    const seen = records.map(({ method, url, body }) => `${method} ${url} ${body}`.trim());
    records = [];
    return { seen, bytes: "" };
  };
  const upstream = await started(server, take);
  return {
    ...upstream,
    records: () => {
      const taken = records;
      records = [];
      return taken;
    },
  };
};
