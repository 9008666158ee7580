// Answers like a store of orders, and keeps none.
//   node examples/writes/stub.ts --port 3005
import { createServer } from "node:http";
import { parseArgs } from "node:util";
import { listen } from "../listen.ts";

const { values } = parseArgs({ options: { port: { type: "string", default: "0" } } });
let asked = 0;
const server = createServer(async (request, response) => {
  const text = (await request.toArray()).join("");
  const json = (status: number, body: object) =>
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  if (request.method !== "POST") return json(200, { orders: [] });
  const { customer } = JSON.parse(text) as { customer: string };
  json(201, { id: ++asked, customer });
});
listen(server, "stub", Number(values.port), "127.0.0.1");
