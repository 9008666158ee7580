// The upstream and the candidate: answers from raw sockets and prepared bytes, so that it is never what is measured.
// Started by `fork`; says its port when it listens, and how much it has answered when asked.

import type { AddressInfo } from "node:net";
import { createServer, type Socket } from "node:net";
import { bodyOf, eachId, indexOfId, isDiverging } from "./load.ts";

const MAX_HEAD_BYTES = 16 * 1024;
const isCandidate = process.argv[2] === "candidate";

const answers = eachId((id) => {
  const body = bodyOf(id, isCandidate && isDiverging(id) ? "new" : "old");
  const head = `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n`;
  return { kept: Buffer.from(`${head}\r\n${body}`), closed: Buffer.from(`${head}Connection: close\r\n\r\n${body}`) };
});

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

const server = createServer({ noDelay: true }, (socket) => {
  let pending = "";
  socket.on("error", () => socket.destroy());
  socket.on("data", (chunk) => {
    pending += chunk.toString("latin1");
    for (let end = pending.indexOf("\r\n\r\n"); end >= 0; end = pending.indexOf("\r\n\r\n")) {
      answer(socket, pending.slice(0, end + 2));
      pending = pending.slice(end + 4);
    }
    if (pending.length > MAX_HEAD_BYTES) socket.destroy();
  });
});

server.listen(0, "127.0.0.1", () => process.send?.({ port: (server.address() as AddressInfo).port }));
process.on("message", () => process.send?.({ answered }));
// Gone with the bench, whatever became of it.
process.on("disconnect", () => process.exit(0));
