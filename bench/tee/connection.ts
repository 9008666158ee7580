import { connect } from "node:net";

export interface Connection {
  send(request: Buffer): void;
  close(): void;
}
interface ConnectionEvents {
  /** The last byte of an answer is here. */
  answered(isOk: boolean): void;
  /** It ended, and nobody asked it to. Comes at most once, and nothing after it. */
  broke(): void;
}

const TIMEOUT_MS = 120_000;

const lengthOf = (head: string): number => {
  const length = /\r\ncontent-length: *(\d+)/i.exec(head);
  return length === null ? 0 : Number(length[1]);
};

/** A caller's connection to 127.0.0.1: raw, one request at a time, each sent once the answer before it is whole. */
export const openConnection = (port: number, { answered, broke }: ConnectionEvents): Connection => {
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  let isOver = false;
  let head = "";
  let missing = 0;
  const end = (): void => {
    if (isOver) return;
    isOver = true;
    socket.destroy();
    broke();
  };
  const complete = (): void => {
    const isOk = head.startsWith("HTTP/1.1 200");
    head = "";
    answered(isOk);
  };
  socket.setTimeout(TIMEOUT_MS, end);
  socket.on("error", end);
  socket.on("end", end);
  socket.on("data", (chunk) => {
    if (missing > 0) {
      missing -= chunk.length;
      if (missing <= 0) complete();
      return;
    }
    head += chunk.toString("latin1");
    const headEnd = head.indexOf("\r\n\r\n");
    if (headEnd < 0) return;
    missing = headEnd + 4 + lengthOf(head.slice(0, headEnd)) - head.length;
    if (missing <= 0) complete();
  });
  return {
    send: (request) => void socket.write(request),
    close() {
      isOver = true;
      socket.destroy();
    },
  };
};
