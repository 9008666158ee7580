import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** What stands between the tee and a service of AWS may do. */
export type GateState = "open" | "down" | "hanging" | "slow" | "throttling";

const SLOW_MS = 1_000;
const THROTTLED = '{"__type":"com.amazonaws.sqs#RequestThrottled","message":"Rate exceeded"}';
const THROTTLING = `HTTP/1.1 400 Bad Request\r\nx-amzn-errortype: RequestThrottled\r\nContent-Type: application/x-amz-json-1.0\r\nContent-Length: ${THROTTLED.length}\r\n\r\n${THROTTLED}`;

export interface Gate {
  readonly url: string;
  set(state: GateState): void;
  close(): void;
}

/** Passes connections on to `url` while it is open. */
export const openGate = async (url: string): Promise<Gate> => {
  const { hostname, port } = new URL(url);
  const sockets = new Set<Socket>();
  let state: GateState = "open";
  const follow = (socket: Socket, other: Socket): void => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => {
      sockets.delete(socket);
      other.destroy();
    });
  };
  const server = createServer((near) => {
    if (state === "down") return void near.resetAndDestroy();
    const far = connect(Number(port), hostname);
    follow(near, far);
    follow(far, near);
    const pass = (chunk: Buffer, to: Socket): void => {
      if (!to.destroyed) to.write(chunk);
    };
    near.on("data", (chunk) => {
      if (state === "hanging") return;
      if (state === "throttling") return void near.write(THROTTLING);
      if (state === "slow") return void setTimeout(pass, SLOW_MS, chunk, far);
      pass(chunk, far);
    });
    far.on("data", (chunk) => pass(chunk, near));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    set: (next) => {
      state = next;
      for (const socket of sockets) socket.destroy();
    },
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
};
