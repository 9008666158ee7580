// An upstream: answers from raw sockets and prepared bytes, so that it is never what is measured.
// Started by `fork` with its lane, a load and a certificate; says its port when it listens, and how much it has answered when asked.
import { readFileSync } from "node:fs";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import type { Certificate } from "./certificate.ts";
import { bodyOf, eachId, indexOfId, isDiverging, type Load, REFERENCE } from "./load.ts";

const MAX_REQUEST_BYTES = 64 * 1024;
const [lane, loadText, certificateText] = process.argv.slice(2);
const load: Load = loadText === undefined ? REFERENCE : JSON.parse(loadText);
const certificate: Certificate | undefined = certificateText === undefined ? undefined : JSON.parse(certificateText);

const answers = eachId((id) => {
  const diverges = lane === "candidate" && isDiverging(id, load.divergingShare);
  const body = bodyOf(id, diverges ? "new" : "old", load.answerBytes);
  const head = `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n`;
  return { kept: Buffer.from(`${head}\r\n${body}`), closed: Buffer.from(`${head}Connection: close\r\n\r\n${body}`) };
}, load);

let answered = 0;

const answer = (socket: Socket, head: string): void => {
  const target = head.indexOf("/orders/");
  const prepared = answers[indexOfId(Number(head.slice(target + 8, target + 14)))];
  answered += 1;
  if (prepared === undefined) {
    socket.end("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    return;
  }
  const closes = /\r\nconnection: *close/i.test(head) || head.slice(0, head.indexOf("\r")).endsWith("HTTP/1.0");
  if (closes) socket.end(prepared.closed);
  else socket.write(prepared.kept);
};

/** Of the first request in the text, once it is whole. */
const sizeOf = (text: string): { readonly head: number; readonly whole: number } | undefined => {
  const end = text.indexOf("\r\n\r\n");
  if (end < 0) return undefined;
  const length = load.requestBytes > 0 && /\r\ncontent-length: *(\d+)/i.exec(text.slice(0, end));
  const whole = end + 4 + (length ? Number(length[1]) : 0);
  return whole > text.length ? undefined : { head: end + 2, whole };
};

const serve = (socket: Socket): void => {
  let pending = "";
  socket.on("error", () => socket.destroy());
  socket.on("data", (chunk) => {
    pending += chunk.toString("latin1");
    for (let size = sizeOf(pending); size !== undefined; size = sizeOf(pending)) {
      answer(socket, pending.slice(0, size.head));
      pending = pending.slice(size.whole);
    }
    if (pending.length > MAX_REQUEST_BYTES) socket.destroy();
  });
};

const server =
  certificate === undefined
    ? createServer({ noDelay: true }, serve)
    : createTlsServer(
        { noDelay: true, key: readFileSync(certificate.keyFile), cert: readFileSync(certificate.file) },
        serve,
      );

server.listen(0, "127.0.0.1", () => process.send?.({ port: (server.address() as AddressInfo).port }));
process.on("message", () => process.send?.({ answered }));
// Gone with the bench, whatever became of it.
process.on("disconnect", () => process.exit(0));
