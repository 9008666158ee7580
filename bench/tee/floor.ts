// The floor: a node:http server that gives the answer itself. A proxy made of node:http pays this before it proxies.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { bodyOf, eachId, indexOfId, type Load } from "./load.ts";

const load: Load = JSON.parse(process.argv[2]!);
const bodies = eachId((id) => Buffer.from(bodyOf(id, "old", load.answerBytes)), load);

const server = createServer((request, response) => {
  const body = bodies[indexOfId(Number(request.url?.slice("/orders/".length)))] ?? Buffer.alloc(0);
  response.writeHead(200, { "content-type": "application/json", "content-length": body.length });
  response.end(body);
});
server.listen(0, "127.0.0.1", () => process.send?.({ port: (server.address() as AddressInfo).port }));
process.on("disconnect", () => process.exit(0));
