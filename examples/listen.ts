import type { Server } from "node:http";
import type { AddressInfo } from "node:net";

/** Serves until SIGTERM or SIGINT; says where once it does. */
export const listen = (server: Server, name: string, port: number, host: string): void => {
  const stop = () => {
    server.close();
    server.closeIdleConnections();
  };
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
  server.listen(port, host, () => {
    console.log(`${name} listening on http://${host}:${(server.address() as AddressInfo).port}`);
  });
};
