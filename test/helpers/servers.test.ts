import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { shadow as expressShadow } from "../../helpers/express.mjs";
import { shadow as fastifyShadow } from "../../helpers/fastify.mjs";
import { shadowListener } from "../../helpers/http.mjs";
import { shadowHandler } from "../../helpers/lambda.mjs";
import { isShadow, unitOfWork } from "../../helpers/shadow.mjs";
import { marksWith } from "../../proxy/marks.ts";
import { answering, PROBED, startTee, talk } from "../proxy/harness.ts";

const KEY = "a-key-of-the-tee-0123456789abcdef";
const OPTIONS = { keys: KEY };
const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

/** Rows that stay, and those that were taken back. */
const store = () => {
  const rows: string[] = [];
  const undone: string[] = [];
  const insert = unitOfWork({
    begin: () => [] as string[],
    commit: (unit) => void rows.push(...unit),
    rollback: (unit) => void undone.push(...unit),
  });
  const add = (row: string) => insert(async (unit) => void unit.push(row));
  return { rows, undone, add };
};
type Add = ReturnType<typeof store>["add"];

const urlOf = async (server: Server): Promise<string> => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  cleanUps.push(
    () => server.closeAllConnections(),
    () => server.close(),
  );
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

const SERVERS: Record<string, (add: Add) => Promise<string>> = {
  "node:http": async (add) =>
    urlOf(
      createServer(
        shadowListener(async (request, response) => {
          const body = (await request.toArray()).join("");
          await add(body);
          response.end(JSON.stringify({ shadow: request.shadow }));
        }, OPTIONS),
      ),
    ),
  express: async (add) => {
    const express = require("express");
    const app = express();
    const routes = express.Router();
    routes.post("/rows", async (request: { body: { row: string } }, response: { json(of: object): void }) => {
      await add(JSON.stringify(request.body));
      response.json({ shadow: isShadow() });
    });
    app.use(express.json(), expressShadow(OPTIONS));
    app.use("/api", routes);
    return urlOf(createServer(app));
  },
  fastify: async (add) => {
    const fastify = require("fastify")();
    fastify.register(fastifyShadow, OPTIONS);
    fastify.post("/api/rows", async (request: { body: unknown; shadow: boolean }) => {
      await add(JSON.stringify(request.body));
      return { shadow: request.shadow && isShadow() };
    });
    cleanUps.push(() => fastify.close());
    return fastify.listen({ port: 0, host: "127.0.0.1" });
  },
};

const post = (fields: string, row: string): string => {
  const body = JSON.stringify({ row });
  const framing = `Content-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: close\r\n`;
  return `POST /api/rows?q=1 HTTP/1.1\r\nHost: shop.test\r\n${framing}${fields}\r\n${body}`;
};

test.each(Object.keys(SERVERS))(
  "%s behind a tee: the caller's write stays, the mirrored one is rolled back, and both answer alike",
  async (name) => {
    const [real, mirrored] = [store(), store()];
    const [primary, candidate] = [await SERVERS[name]!(real.add), await SERVERS[name]!(mirrored.add)];
    const sampling = { match: { methods: ["POST"] } };
    const entry = { ...PROBED, sampling, candidate: { url: candidate } };
    const { port, pairs, settled, tee } = await startTee({ primary, candidate, entry, markKey: KEY });
    cleanUps.unshift(() => tee.drain());
    expect(await talk(port, [post("", "a")])).toContain('"shadow":false');
    await settled(1);
    expect(real).toMatchObject({ rows: ['{"row":"a"}'], undone: [] });
    expect(mirrored).toMatchObject({ rows: [], undone: ['{"row":"a"}'] });
    expect(pairs[0]?.candidate).toMatchObject({ outcome: "responded" });
  },
);

/** What a caller may make up, or may have seen. */
const FORGED: [string, string][] = [
  ["a lane", "x-shadowgraph-lane: candidate\r\n"],
  ["a lane and an id", "x-shadowgraph-lane: candidate\r\nx-shadowgraph-request-id: t-e-1\r\n"],
  ["SHADOW_MODE as a header", "x-shadow-mode: true\r\nSHADOW_MODE: true\r\n"],
  ["the marks of a read", marksWith(KEY, "t-e", Date.now)("candidate")("GET", "/api/rows", "t-e-1")],
  ["the marks of another write", marksWith(KEY, "t-e", Date.now)("candidate")("POST", "/api/other", "t-e-1")],
  ["marks by a key of its own", marksWith("f".repeat(32), "t-e", Date.now)("candidate")("POST", "/api/rows", "t-e-1")],
  [
    "an old mark of this write",
    marksWith(KEY, "t-e", () => Date.now() - 120_000)("candidate")("POST", "/api/rows", "t-e-1"),
  ],
];

test.each(FORGED)("a real write with %s stays a real write, byte for byte, and is no mirror", async (_, fields) => {
  const real = store();
  const raw = answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
  await raw.start();
  cleanUps.push(() => raw.stop());
  const request = post(fields, "a");
  const bytes = await startTee({ primary: raw.url, markKey: KEY });
  await talk(bytes.port, [request], { until: "\r\n\r\n" });
  await bytes.tee.drain();
  expect(raw.bytes).toBe(request);

  const primary = await SERVERS["node:http"]!(real.add);
  const served = await startTee({ primary, markKey: KEY });
  cleanUps.unshift(() => served.tee.drain());
  expect(await talk(served.port, [request])).toContain('"shadow":false');
  expect(real).toMatchObject({ rows: ['{"row":"a"}'], undone: [] });
});

const marks = marksWith(KEY, "t-e", Date.now)("candidate")("POST", "/api/r%20s", "t-e-1");
const headers = Object.fromEntries(
  marks
    .split("\r\n")
    .flatMap((line) => (line === "" ? [] : [line.replace(/^x-s/, "X-S").split(": ") as [string, string]])),
);
const listed = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]]));
test.each<[string, object, boolean]>([
  [
    "API Gateway 2.0, function URL",
    { rawPath: "/api/r%20s", headers, requestContext: { http: { method: "POST" } } },
    true,
  ],
  [
    "API Gateway 2.0, the path decoded",
    { rawPath: "/api/r s", headers, requestContext: { http: { method: "POST" } } },
    true,
  ],
  [
    "API Gateway 1.0, with a stage",
    { httpMethod: "POST", path: "/r s", headers, requestContext: { path: "/api/r%20s" } },
    true,
  ],
  ["load balancer, headers as lists", { httpMethod: "POST", path: "/api/r%20s", multiValueHeaders: listed }, true],
  ["another path", { rawPath: "/api/x", headers, requestContext: { http: { method: "POST" } } }, false],
  ["another method", { rawPath: "/api/r%20s", headers, requestContext: { http: { method: "PUT" } } }, false],
  ["no marks", { rawPath: "/api/r%20s", headers: {}, requestContext: { http: { method: "POST" } } }, false],
  ["an event of something else", { Records: [] }, false],
])("a handler of Lambda behind %s", async (_, event, shadow) => {
  const { add, rows, undone } = store();
  const handler = shadowHandler(async (_event: object, context: { id: number }) => {
    await add("row");
    return context.id;
  }, OPTIONS);
  expect(await handler(event, { id: 7 })).toBe(7);
  expect({ rows, undone }).toEqual(shadow ? { rows: [], undone: ["row"] } : { rows: ["row"], undone: [] });
});
