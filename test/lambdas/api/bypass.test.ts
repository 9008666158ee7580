import { createBypass } from "../../../adapters/bypass.ts";
import { memoryAlarms, SILENT } from "../../adapters/memory-alarms.ts";
import { memoryRules } from "../../adapters/memory-rules.ts";
import { ROUTE } from "../../adapters/tee-route.ts";
import { apiWithOverlay } from "./api-under-test.ts";

test("PUT /bypass takes the tees out of the path and back, once each, and the audit says who", async () => {
  const api = await apiWithOverlay({ bypass: createBypass([ROUTE], memoryRules(30), memoryAlarms()) });
  const state = { baseline: "shop", service: "web", configuredPercent: 30 };
  const on = { services: [{ ...state, bypassed: true, teePercent: 0 }] };
  for (const _twice of [1, 2]) expect((await api.call("PUT", "/bypass", { on: true })).body).toEqual(on);
  expect((await api.call("GET", "/bypass")).body).toEqual(on);
  const off = await api.call("PUT", "/bypass", { on: false, service: "web" });
  expect(off.body).toEqual({ services: [{ ...state, bypassed: false, teePercent: 30 }] });
  const { entries } = (await api.call("GET", "/environments/shop/audit")).body;
  const bypasses = entries.filter(({ what }: { what: string }) => what === "bypass");
  expect(bypasses).toMatchObject([
    { who: "tester", before: { teePercent: 0 }, after: { teePercent: 30 } },
    { who: "tester", before: { teePercent: 30 }, after: { teePercent: 0 } },
  ]);
});

test("PUT /bypass opens no way that nothing would close, but by force, and the audit says why", async () => {
  const api = await apiWithOverlay({ bypass: createBypass([ROUTE], memoryRules(0), memoryAlarms([SILENT])) });
  const refused = await api.call("PUT", "/bypass", { on: false });
  expect([refused.status, refused.body.code]).toEqual([409, "conflict"]);
  expect(refused.body.detail).toContain("shadowgraph/shop/web/TeeSilent is in ALARM since 2026-01-01T00:00:00.000Z");
  const unexplained = await api.call("PUT", "/bypass", { on: false, force: true });
  expect([unexplained.status, unexplained.body.faults[0].field]).toEqual([400, "because"]);
  const audit = async () => (await api.call("GET", "/environments/shop/audit?what=bypass")).body.entries;
  expect(await audit()).toEqual([]);
  const opened = await api.call("PUT", "/bypass", { on: false, force: true, because: "the metric is late today" });
  expect(opened.body.services).toMatchObject([{ service: "web", bypassed: false, teePercent: 30 }]);
  expect(await audit()).toMatchObject([
    { who: "tester", after: { teePercent: 30, because: "the metric is late today" } },
  ]);
});

test.each([
  ["GET", "/bypass", undefined],
  ["PUT", "/bypass", { on: true }],
])("%s %s says clearly where there is no load balancer", async (method, path, body) => {
  const api = await apiWithOverlay();
  const { status, body: problem } = await api.call(method, path, body);
  expect([status, problem.code]).toEqual([422, "not-allowed"]);
  expect(problem.detail).toContain("no load balancer sends requests to tees here");
});

test("a bypass that is done but cannot be written is answered as done", async () => {
  const api = await apiWithOverlay({ bypass: createBypass([ROUTE], memoryRules(30), memoryAlarms()) });
  api.ports.audit.append = () => Promise.reject(new Error("no table"));
  expect((await api.call("PUT", "/bypass", { on: true })).status).toBe(200);
  expect(api.faults).toMatchObject([{ message: "no table" }, { message: "no table" }]);
});
