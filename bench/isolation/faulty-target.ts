import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import type { Fault } from "./faults.ts";

const TLS_HANDSHAKE = 22;
const BAD_REQUEST = "HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";

/** A mirror target that answers requests without a body, or shows the one fault it was given, always on the same port. */
export class FaultyTarget {
  /** Requests that got the right answer. */
  answered = 0;
  /** Requests that came. */
  asked = 0;
  port = 0;
  readonly #answerTo: (head: string) => string;
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;
  #fault: Fault | undefined;

  constructor(answerTo: (head: string) => string) {
    this.#answerTo = answerTo;
  }

  /** Where mirrors are to be sent for this fault to show. */
  urlFor(fault: Fault | undefined): string {
    return fault?.kind === "address" ? fault.url(this.port) : `http://127.0.0.1:${this.port}`;
  }

  async show(fault: Fault): Promise<void> {
    this.#fault = fault;
    if (fault.kind === "closed") await this.stop();
  }

  /** From here on, requests are answered; those that hang go on hanging. */
  async heal(): Promise<void> {
    this.#fault = undefined;
    if (this.#server === undefined) await this.start();
  }

  async start(): Promise<this> {
    const server = createServer({ noDelay: true }, (socket) => this.#serve(socket));
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(this.port, "127.0.0.1", resolve));
    this.port = (server.address() as AddressInfo).port;
    return this;
  }

  async stop(): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    this.#server = undefined;
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  }

  #serve(socket: Socket): void {
    let pending = "";
    this.#sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => this.#sockets.delete(socket));
    socket.on("data", (chunk: Buffer) => {
      // As servers do when they are spoken to in TLS (RFC 8446 5.1: a record of a handshake begins so).
      if (pending === "" && chunk[0] === TLS_HANDSHAKE) return socket.end(BAD_REQUEST);
      pending += chunk.toString("latin1");
      for (let end = pending.indexOf("\r\n\r\n"); end >= 0; end = pending.indexOf("\r\n\r\n")) {
        this.#answer(socket, pending.slice(0, end + 4));
        pending = pending.slice(end + 4);
      }
    });
  }

  #answer(socket: Socket, head: string): void {
    const answer = this.#answerTo(head);
    this.asked += 1;
    if (this.#fault?.kind === "answer") return this.#fault.act(socket, answer);
    this.answered += 1;
    socket.write(answer);
  }
}
