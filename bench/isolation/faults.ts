import type { Socket } from "node:net";

/** What a mirror target does wrong, for the matrix of `bench isolation` and for its test. */
export type Fault =
  /** In place of the answer to a request. */
  | { readonly kind: "answer"; readonly act: (socket: Socket, answer: string) => void }
  /** Nobody listens. */
  | { readonly kind: "closed" }
  /** The address is wrong, so it cannot heal. */
  | { readonly kind: "address"; readonly url: (port: number) => string };

export interface FaultTimes {
  /** How late a late answer is. */
  readonly lateMs: number;
  /** Between the bytes of an answer that drips. */
  readonly dripMs: number;
}

const FLOOD_BYTES = 1_000_000_000;
const BYTES = Buffer.alloc(65_536, "x");
const CHUNK = Buffer.from(`10000\r\n${BYTES}\r\n`);

const drip = (socket: Socket, dripMs: number): void => {
  socket.write("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
  const timer = setInterval(() => socket.write("x"), dripMs);
  socket.once("close", () => clearInterval(timer));
};

/** As fast as it is read, `piece` after `piece`. */
const pour = (socket: Socket, head: string, piece: Buffer): void => {
  socket.write(`HTTP/1.1 200 OK\r\n${head}\r\n\r\n`);
  let left = FLOOD_BYTES;
  const more = (): void => {
    while (left > 0 && !socket.destroyed) {
      left -= piece.length;
      if (!socket.write(piece)) return;
    }
  };
  socket.on("drain", more);
  more();
};

const flood = (socket: Socket): void => pour(socket, `Content-Length: ${FLOOD_BYTES}`, BYTES);
const floodInChunks = (socket: Socket): void => pour(socket, "Transfer-Encoding: chunked", CHUNK);

const half = (answer: string): string => answer.slice(0, -Math.ceil(answer.length / 4));
const anError = "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 4\r\n\r\noops";

const answering = (act: (socket: Socket, answer: string) => void): Fault => ({ kind: "answer", act });

/** Every fault by its name. */
export const faultsOf = ({ lateMs, dripMs }: FaultTimes) =>
  ({
    "never answers": answering(() => {}),
    refuses: { kind: "closed" },
    "resets mid-answer": answering((socket, answer) => socket.write(half(answer), () => socket.resetAndDestroy())),
    "answers late": answering((socket, answer) => setTimeout(() => socket.write(answer), lateMs)),
    "drips its answer": answering((socket) => drip(socket, dripMs)),
    floods: answering(flood),
    "floods in chunks": answering(floodInChunks),
    "sends broken HTTP": answering((socket) => socket.write("HTTP/1.1 2OO\r\n: \0\r\n\r\n")),
    "answers 500": answering((socket) => socket.write(anError)),
    "closes after each answer": answering((socket, answer) => socket.end(answer)),
    "is gone from DNS": { kind: "address", url: () => "http://nothing.invalid" },
    "has broken TLS": { kind: "address", url: (port) => `https://127.0.0.1:${port}` },
  }) satisfies Record<string, Fault>;

export type FaultName = keyof ReturnType<typeof faultsOf>;
