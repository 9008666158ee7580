import type { Server } from "node:net";

/** Resolves with the port, also where `port` is 0 and one was chosen. @throws the error of listening, such as EADDRINUSE. */
export const listen = (server: Server, port: number, host: string): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : port);
    });
  });
