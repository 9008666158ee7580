import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { type ApiServer, startApiServer } from "../../local/api-server.ts";
import { checkPort } from "../../local/port.ts";

let api: ApiServer;
let port: number;
beforeAll(async () => {
  api = await startApiServer(() => new Response("served"), 0);
  port = Number(new URL(api.url).port);
});
afterAll(() => api.close());

const ask = (headers: Record<string, string>, method = "GET") =>
  new Promise<{ status: number; type: string; body: string }>((resolve, reject) => {
    const asked = request(
      { host: "127.0.0.1", port, method, path: "/baselines", headers, setHost: false },
      (answer) => {
        let body = "";
        answer.on("data", (chunk) => {
          body += chunk;
        });
        answer.on("end", () =>
          resolve({ status: answer.statusCode!, type: String(answer.headers["content-type"]), body }),
        );
      },
    );
    asked.on("error", reject).end();
  });

test.each(["localhost", "127.0.0.1", "[::1]", "LocalHost"])("the Host %s with the port is served", async (name) => {
  expect(await ask({ host: `${name}:${port}` })).toMatchObject({ status: 200, body: "served" });
});

test("a page of the API itself may use it", async () => {
  expect((await ask({ host: `localhost:${port}`, origin: `http://localhost:${port}` }, "PUT")).status).toBe(200);
});

test.each([
  ["a name that was made to resolve here", { host: "evil.example:PORT" }],
  ["our name with something behind it", { host: "localhost.evil.example:PORT" }],
  ["our name without the port", { host: "localhost" }],
  ["another port", { host: "localhost:1" }],
  ["a page of another origin", { host: "localhost:PORT", origin: "http://evil.example" }],
  ["a page of this machine on another port", { host: "localhost:PORT", origin: "http://localhost:3000" }],
  ["a page of the same host over https", { host: "localhost:PORT", origin: "https://localhost:PORT" }],
  ["a sandboxed page", { host: "localhost:PORT", origin: "null" }],
])("%s is refused as a problem", async (_, headers: Record<string, string>) => {
  const filled = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, value.replace("PORT", String(port))]),
  );
  for (const method of ["GET", "POST"]) {
    const { status, type, body } = await ask(filled, method);
    expect(status).toBe(403);
    expect(type).toMatch(/^application\/problem\+json/);
    expect(JSON.parse(body)).toMatchObject({ code: "forbidden", status: 403 });
  }
});

test("it listens on this machine alone", () => {
  expect(api.url).toBe(`http://127.0.0.1:${port}`);
});

test("a port in use names the port and the option", async () => {
  const taken = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => taken.once("listening", resolve));
  const { port: busy } = taken.address() as AddressInfo;
  const fault = { code: "conflict", message: expect.stringMatching(new RegExp(`port ${busy} is in use.*--`)) };
  await expect(startApiServer(() => new Response(), busy)).rejects.toMatchObject(fault);
  await expect(checkPort(busy, "--port")).rejects.toMatchObject(fault);
  taken.close();
  await expect(checkPort(0, "--port")).resolves.toBeUndefined();
});
