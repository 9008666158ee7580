import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, Socket } from "node:net";
import { readingInto } from "../../proxy/accepted.ts";

const servers: Server[] = [];
afterAll(() => {
  for (const server of servers) server.close();
});

const acceptOne = async () => {
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true });
  servers.push(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const accepting = once(server, "connection") as Promise<[Socket]>;
  const peer = connect((server.address() as AddressInfo).port, "127.0.0.1");
  const [accepted] = await accepting;
  const chunks: Buffer[] = [];
  const socket = readingInto(accepted, (chunk) => chunks.push(chunk));
  return { peer, accepted, socket, chunks };
};

const text = (chunks: readonly Buffer[]): string => Buffer.concat(chunks).toString();

test("the accepted connection is wrapped: this version of Node takes the quick way", async () => {
  const { peer, accepted, socket } = await acceptOne();
  expect(socket).not.toBe(accepted);
  peer.destroy();
  socket.destroy();
});

test("what came stays as it was when more comes", async () => {
  const { peer, socket, chunks } = await acceptOne();
  peer.write("first");
  while (text(chunks).length < 5) await new Promise((resolve) => setTimeout(resolve, 5));
  peer.write("other");
  while (text(chunks).length < 10) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(chunks.map(String)).toEqual(["first", "other"]);
  peer.destroy();
  socket.destroy();
});

test("an end of one direction leaves the other open, and the peer's address is known", async () => {
  const { peer, socket } = await acceptOne();
  expect(socket.remoteAddress).toBe("127.0.0.1");
  peer.end("bye");
  await once(socket, "end");
  const answer: Buffer[] = [];
  peer.on("data", (chunk: Buffer) => answer.push(chunk));
  socket.end("still here");
  await once(peer, "end");
  expect(text(answer)).toBe("still here");
});

test("paused, it reads no more until it is resumed", async () => {
  const { peer, socket, chunks } = await acceptOne();
  socket.pause();
  peer.write("held");
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(text(chunks)).toBe("");
  socket.resume();
  while (text(chunks).length < 4) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(text(chunks)).toBe("held");
  peer.destroy();
  socket.destroy();
});

test("a socket without a handle to take serves as it is", async () => {
  const accepted = new Socket();
  expect(readingInto(accepted, () => {})).toBe(accepted);
  accepted.destroy();
});
