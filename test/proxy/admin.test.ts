import { startAdmin } from "../../proxy/admin.ts";
import { toldBy } from "../../proxy/metrics-text.ts";
import { answering, startTee, talk } from "./harness.ts";

const GET = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

test("metrics and health are served on the admin port alone, and nothing else is", async () => {
  const primary = await answering("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nthe users").start();
  const { port, tee } = await startTee({ primary: primary.url });
  const admin = await startAdmin(
    0,
    "127.0.0.1",
    toldBy(() => tee.read()),
  );
  const ask = (path: string, init = {}) => fetch(`http://127.0.0.1:${admin.port}${path}`, init);
  expect((await ask("/healthz")).status).toBe(200);
  const metrics = await ask("/metrics");
  expect(metrics.headers.get("content-type")).toContain("version=0.0.4");
  expect(await metrics.text()).toContain("# TYPE shadowgraph_tee_requests_total counter");
  for (const path of ["/", "/metrics/x", "/metrics?x", "/debug"]) expect((await ask(path)).status).toBe(404);
  expect((await ask("/metrics", { method: "POST" })).status).toBe(404);
  for (const path of ["/metrics", "/healthz"])
    expect(await talk(port, [GET.replace("/", path)])).toContain("the users");
  admin.close();
  await tee.drain();
  await primary.stop();
});

test("mirrors that all fail, no plan and no shipper leave a tee healthy; a primary that fails does not", async () => {
  const primary = await answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").start();
  const { port, tee, settled } = await startTee({ primary: primary.url, candidate: "http://127.0.0.1:1" });
  for (let request = 0; request < 8; request++) await talk(port, [GET]);
  await settled(8);
  expect(tee.isHealthy).toBe(true);
  await primary.stop();
  for (let request = 0; request < 9; request++) await talk(port, [GET]);
  expect(tee.isHealthy).toBe(false);
  await tee.drain();
});

test("a draining tee says 503 while it still serves", async () => {
  const primary = await answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").start();
  const { port, tee } = await startTee({ primary: primary.url, limits: { drainDelayMs: 300 } });
  const admin = await startAdmin(
    0,
    "127.0.0.1",
    toldBy(() => tee.read()),
  );
  const drained = tee.drain();
  const health = await fetch(`http://127.0.0.1:${admin.port}/healthz`);
  expect([health.status, await health.text()]).toEqual([503, "draining\n"]);
  expect(await talk(port, ["GET / HTTP/1.1\r\nHost: a\r\n\r\n"])).toMatch(/^HTTP\/1.1 200 .*\r\nConnection: close/s);
  await drained;
  admin.close();
  await primary.stop();
});
