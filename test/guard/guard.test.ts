import { request } from "node:http";
import { connect } from "node:net";
import { talk } from "../proxy/harness.ts";
import { cleanUp, collaborator, startGuard } from "./harness.ts";

afterEach(cleanUp);

const TRACE = "0af7651916cd43dd8448eb211c80319c";
const traced = { traceparent: `00-${TRACE}-b7ad6b7169203331-01` };

test("sidecar: what is safe passes as it came, every other method is refused, and the refusal says what to configure", async () => {
  const payments = await collaborator((_, response) => {
    response.writeHead(207, "So so", { "x-one": "1", "set-cookie": ["a=1", "b=2"] }).end("charges");
  });
  const { at, counts } = await startGuard({ payments: { url: payments.url, port: 0 } });
  const read = await fetch(`${at.payments}/charges?page=2`, { headers: { "x-key": "k" } });
  expect([read.status, read.statusText, await read.text()]).toEqual([207, "So so", "charges"]);
  expect(read.headers.getSetCookie()).toEqual(["a=1", "b=2"]);
  expect(payments.asked).toMatchObject([
    { method: "GET", url: "/charges?page=2", headers: { "x-key": "k", host: new URL(payments.url).host } },
  ]);
  for (const method of ["POST", "PUT", "PATCH", "DELETE", "LOCK"]) {
    const refused = await fetch(`${at.payments}/charges/7?x=1`, { method });
    expect([method, refused.status, refused.headers.get("content-type")]).toEqual([
      method,
      403,
      "application/problem+json",
    ]);
    expect(await refused.json()).toMatchObject({
      code: "guard-write",
      collaborator: "payments",
      method,
      detail: expect.stringContaining(`collaborators.payments.allow: ["${method} /charges/7"]`),
    });
  }
  expect(payments.asked).toHaveLength(1);
  expect(counts("payments")).toEqual({ passed: 1, refused: 5, reasons: { write: 5 } });
});

test.each([
  ["POST", "/search", {}, true],
  ["POST", "/search?q=1", {}, true],
  ["POST", "/items/7/quote", {}, true],
  ["POST", "/reports/2024/03", {}, true],
  ["PUT", "/search", {}, false],
  ["POST", "/search/", {}, true],
  ["POST", "/search/x", {}, false],
  ["POST", "/Search", {}, false],
  ["POST", "/s%65arch", {}, false],
  ["POST", "/reports/../charges", {}, false],
  ["POST", "/reports/%2e%2e/charges", {}, false],
  ["POST", "/reports/a%2f..%2fcharges", {}, false],
  ["POST", "/reports//charges", {}, false],
  ["POST", "/reports/..;/charges", {}, false],
  ["POST", "/reports\\..\\charges", {}, false],
  ["POST", "/search", { "X-HTTP-Method-Override": "DELETE" }, false],
  ["GET", "/charges", { "x-http-method-override": "DELETE" }, false],
  ["GET", "/charges", { "X-Method-Override": "PUT" }, false],
])("allow: %s %s with %j passes: %j", async (method, target, headers, passes) => {
  const search = await collaborator();
  const allow = ["POST /search", "POST /items/{id}/quote", "POST /reports/**"];
  const { at } = await startGuard({ search: { url: search.url, port: 0, allow } });
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const port = Number(new URL(at.search ?? "").port);
  const head = `${method} ${target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${lines.join("")}Content-Length: 2\r\n\r\nhi`;
  const answer = await talk(port, [head]);
  expect(answer).toMatch(passes ? /^HTTP\/1\.1 200 / : /^HTTP\/1\.1 403 /);
  expect(search.asked.map(({ body }) => body)).toEqual(passes ? ["hi"] : []);
});

test("replace: nothing reaches the collaborator; its answers are those that are given, and what has none is refused", async () => {
  const payments = await collaborator();
  const answers = [
    { on: "POST /charges", status: 201, headers: { "x-a": "1" }, json: { id: 7, paid: true } },
    { on: "GET /charges/{id}", text: "a charge" },
    { on: "DELETE /charges/{id}", status: 204 },
  ];
  const { at, counts } = await startGuard({
    payments: { url: `${payments.url}/v1`, port: 0, mode: "replace", answers: [...answers, { on: "GET /v1/ping" }] },
  });
  const made = await fetch(`${at.payments}/charges`, { method: "POST", body: "{}" });
  expect([made.status, made.headers.get("x-a"), made.headers.get("content-type"), await made.json()]).toEqual([
    201,
    "1",
    "application/json",
    { id: 7, paid: true },
  ]);
  const read = await fetch(`${at.payments}/charges/9`);
  expect([await read.text(), read.headers.get("x-shadowgraph-guard")]).toEqual(["a charge", "stub"]);
  const head = await fetch(`${at.payments}/charges/9`, { method: "HEAD" });
  expect([head.status, head.headers.get("content-length")]).toEqual([200, "8"]);
  expect((await fetch(`${at.payments}/charges/9`, { method: "DELETE" })).status).toBe(204);
  expect((await fetch(`${at.payments}/ping`)).status).toBe(200);
  for (const method of ["GET", "POST"]) {
    const unknown = await fetch(`${at.payments}/refunds`, { method });
    expect([unknown.status, await unknown.json()]).toMatchObject([
      501,
      { code: "guard-no-answer", collaborator: "payments" },
    ]);
  }
  expect(payments.asked).toEqual([]);
  expect(counts("payments")).toEqual({ stub: 5, refused: 2, reasons: { "no-answer": 2 } });
});

test("mirror: a call is answered as the collaborator answered the baseline's of the same trace, also while that is under way", async () => {
  let hold: (() => void) | undefined;
  const payments = await collaborator((asked, response) => {
    const answer = () =>
      response.writeHead(201, { "x-charge": "c1", "content-type": "application/json" }).end('{"id":"c1"}');
    if (asked.url === "/slow") hold = answer;
    else answer();
  });
  const { at, observed, counts } = await startGuard(
    {
      payments: { url: payments.url, port: 0, observe: 0, mode: "mirror" },
    },
    { MIRROR_WAIT_MS: "300" },
  );
  const charge = (base: string | undefined, path: string, body: string, headers: Record<string, string> = traced) =>
    fetch(`${base}${path}`, { method: "POST", body, headers });
  await charge(observed.payments, "/charges", "10");
  const again = await charge(at.payments, "/charges", "11");
  expect([again.status, again.headers.get("x-charge"), again.headers.get("x-shadowgraph-guard")]).toEqual([
    201,
    "c1",
    "recorded",
  ]);
  expect(await again.json()).toEqual({ id: "c1" });

  const early = charge(at.payments, "/slow", "1");
  const baseline = charge(observed.payments, "/slow", "1");
  while (hold === undefined) await new Promise((done) => setTimeout(done, 5));
  hold();
  expect([(await baseline).status, (await early).status]).toEqual([201, 201]);

  // Once each: one more than the baseline made has no answer. Nor has one of another trace, nor one without.
  for (const headers of [traced, { traceparent: `00-${"1".repeat(32)}-b7ad6b7169203331-01` }, {}]) {
    const refused = await charge(at.payments, "/charges", "10", headers as Record<string, string>);
    expect(await refused.json()).toMatchObject({ code: "guard-write" });
  }
  expect(payments.asked).toHaveLength(2);
  expect(counts("payments")).toMatchObject({ recorded: 2, refused: 3 });
}, 15_000);

test("the observer passes bytes as they came, but for the address; a large body, a broken call and its own faults change nothing", async () => {
  const orders = await collaborator((_, response) => response.writeHead(200, { "Content-Length": "2" }).end("ok"));
  const { observed, guard } = await startGuard({ orders: { url: `${orders.url}/v2`, port: 0, observe: 0 } });
  const port = Number(new URL(observed.orders ?? "").port);
  const close = "Connection: close\r\n\r\n";
  expect(await talk(port, [`GET /a?b=%20 HTTP/1.1\r\nhOsT: there\r\nX-ODD:  v \r\n${close}`])).toMatch(
    /^HTTP\/1\.1 200 OK\r\n/,
  );
  expect(await talk(port, [`GET http://there/c HTTP/1.1\r\nHost: there\r\n${close}`])).toMatch(/ 200 /);
  const big = "x".repeat(3_000_000);
  expect((await fetch(`${observed.orders}/big`, { method: "POST", body: big, headers: traced })).status).toBe(200);
  expect(await talk(port, [`GET / HTTP/1.1\r\n${close}`])).toMatch(/^HTTP\/1\.1 400 /);
  expect(orders.asked.map(({ method, url, headers, body }) => [method, url, headers.host, body.length])).toEqual([
    ["GET", "/v2/a?b=%20", new URL(orders.url).host, 0],
    ["GET", "/v2/c", new URL(orders.url).host, 0],
    ["POST", "/v2/big", new URL(orders.url).host, big.length],
  ]);
  expect(orders.asked[0]?.headers["x-odd"]).toBe("v");
  // Too large to be heard whole: known to be unknown.
  expect(guard.book.unnamed()).toContain("orders POST /big");
});

test("one port for all: by Host or by absolute form, as to a proxy; an unknown host, a tunnel and another protocol are refused", async () => {
  const [a, b] = [await collaborator(), await collaborator()];
  const { shared, counts } = await startGuard({
    a: { url: a.url },
    b: { url: b.url.replace("127.0.0.1", "localhost") },
    tls: { url: "https://127.0.0.2" },
  });
  const port = Number(new URL(shared).port);
  const end = "Connection: close\r\n\r\n";
  expect(await talk(port, [`GET /x HTTP/1.1\r\nHost: ${new URL(a.url).host}\r\n${end}`])).toContain(
    "it answers GET /x",
  );
  const bHost = `LocalHost:${new URL(b.url).port}`;
  expect(await talk(port, [`GET http://${bHost}/y?z HTTP/1.1\r\nHost: ${bHost}\r\n${end}`])).toContain(
    "it answers GET /y?z",
  );
  expect(
    await talk(port, [`POST http://${bHost}/y HTTP/1.1\r\nHost: ${bHost}\r\nContent-Length: 0\r\n${end}`]),
  ).toContain("guard-write");
  expect(await talk(port, [`GET / HTTP/1.1\r\nHost: elsewhere\r\n${end}`])).toMatch(
    /^HTTP\/1\.1 421 .*guard-unknown-collaborator/s,
  );
  expect(await talk(port, ["CONNECT 127.0.0.2:443 HTTP/1.1\r\nHost: 127.0.0.2:443\r\n\r\n"])).toMatch(
    /^HTTP\/1\.1 405 .*guard-tunnel.*plain HTTP at the guard/s,
  );
  const upgrade = `GET / HTTP/1.1\r\nHost: ${new URL(a.url).host}\r\nConnection: Upgrade\r\nUpgrade: `;
  expect(await talk(port, [`${upgrade}websocket\r\n\r\n`])).toMatch(/^HTTP\/1\.1 501 .*guard-upgrade/s);
  // Offered by some clients with every request; HTTP/1.1 is an answer.
  expect(
    await talk(port, [`${upgrade}h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n\r\n`], { until: "it answers" }),
  ).toContain("it answers GET /");
  expect(counts().reasons).toEqual({ "unknown-collaborator": 1, tunnel: 1 });
  expect(counts("a").reasons).toEqual({ upgrade: 1 });
});

test("a collaborator that refuses, hangs or breaks off is told apart, and the next call is served", async () => {
  const flaky = await collaborator((asked, response) => {
    if (asked.url === "/hang") return;
    if (asked.url === "/cut")
      return void response.writeHead(200, { "content-length": "9" }).write("1", () => response.destroy());
    response.end("fine");
  });
  const { at, counts, guard } = await startGuard(
    { flaky: { url: flaky.url, port: 0 }, gone: { url: "http://127.0.0.1:1", port: 0 } },
    { ANSWER_TIMEOUT_MS: "200" },
  );
  const gone = await fetch(`${at.gone}/x`);
  expect([gone.status, await gone.json()]).toMatchObject([502, { code: "guard-unreachable", collaborator: "gone" }]);
  const late = await fetch(`${at.flaky}/hang`);
  expect([late.status, await late.json()]).toMatchObject([504, { code: "guard-late" }]);
  await expect(fetch(`${at.flaky}/cut`).then((answer) => answer.text())).rejects.toThrow();
  expect(await (await fetch(`${at.flaky}/`)).text()).toBe("fine");
  expect(counts("flaky")).toMatchObject({ passed: 1, reasons: { late: 1 } });
  expect(guard.metrics()).toContain('shadowgraph_guard_refusals_total{collaborator="flaky",reason="late"} 1');
  expect(guard.read().callsInFlight).toBe(0);
});

test("calls over the limit are refused, a caller that leaves ends its call at the collaborator", async () => {
  const left: string[] = [];
  const slow = await collaborator((asked, response) => void response.on("close", () => left.push(asked.url ?? "")));
  const { at, counts, guard } = await startGuard({ slow: { url: slow.url, port: 0 } }, { MAX_CALLS_IN_FLIGHT: "1" });
  const first = request(`${at.slow}/first`).on("error", () => {});
  first.end();
  while (slow.asked.length === 0) await new Promise((done) => setTimeout(done, 5));
  expect(await (await fetch(`${at.slow}/second`)).json()).toMatchObject({ code: "guard-crowded" });
  first.destroy();
  while (left.length === 0 || guard.read().callsInFlight > 0) await new Promise((done) => setTimeout(done, 5));
  expect([left, counts("slow").reasons]).toEqual([["/first"], { crowded: 1 }]);
});

test("draining: health says so, calls under way end, new connections are refused", async () => {
  let finish: (() => void) | undefined;
  const slow = await collaborator((_, response) => {
    finish = () => response.end("done");
  });
  const { at, guard } = await startGuard({ slow: { url: slow.url, port: 0 } });
  const answer = fetch(`${at.slow}/`);
  while (finish === undefined) await new Promise((done) => setTimeout(done, 5));
  const drained = guard.drain();
  expect(guard.unwell()).toBe("draining");
  await expect(
    new Promise((resolve, reject) =>
      connect(Number(new URL(at.slow ?? "").port), "127.0.0.1")
        .on("connect", resolve)
        .on("error", reject),
    ),
  ).rejects.toThrow("ECONNREFUSED");
  finish();
  expect(await (await answer).text()).toBe("done");
  await drained;
});
