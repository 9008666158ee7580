import type * as z from "zod";
import { createBypass } from "../../../adapters/bypass.ts";
import { ROUTES } from "../../../lambdas/api/routes.ts";
import { memoryAlarms } from "../../adapters/memory-alarms.ts";
import { memoryRules } from "../../adapters/memory-rules.ts";
import { ROUTE } from "../../adapters/tee-route.ts";
import { type ApiUnderTest, apiUnderTest, apiWithOverlay, CHECKOUT, type Loose, SHOP } from "./api-under-test.ts";
import { finding } from "./judgements.ts";

/** Every answer of these tests is held against the declared shape of its route. */
const asked = async (api: ApiUnderTest, method: string, path: string, body?: unknown) => {
  const answer = await api.call(method, path, body);
  const route = ROUTES.find(
    (one) =>
      one.method === method && new RegExp(`^${one.path.replaceAll(/\{\w+\}/g, "[^/]+")}$`).test(path.split("?")[0]!),
  )!;
  if (answer.status < 400) expect(answer.status).toBe(route.status);
  if (answer.headers.get("content-type")?.startsWith("application/json"))
    (route.answer as z.ZodType).parse(answer.body);
  return answer;
};

const EVERYTHING = (id: string, findingId: string): [string, string, unknown?][] => [
  ["GET", "/baselines"],
  ["GET", "/baselines/shop"],
  ["GET", "/overlays"],
  ["GET", `/overlays/${id}`],
  ["GET", "/environments"],
  ["GET", `/environments/${id}`],
  ["GET", "/environments/shop"],
  ["GET", `/environments/${id}/shadow`],
  ["PUT", `/environments/${id}/shadow`, { enabled: true, percent: 12.5 }],
  ["GET", `/environments/${id}/rules`],
  ["GET", `/environments/${id}/rules/suggestions`],
  ["GET", `/environments/${id}/diffs`],
  ["GET", `/environments/${id}/diffs/${findingId}`],
  ["GET", `/environments/${id}/diffs/${findingId}/pairs`],
  ["GET", `/environments/${id}/verdict`],
  ["GET", `/environments/${id}/latency`],
  ["GET", `/environments/${id}/report`],
  ["GET", `/environments/${id}/report?format=markdown`],
  ["GET", `/environments/${id}/runs`],
  ["GET", `/environments/${id}/runs/compare`],
  ["GET", `/environments/${id}/timeline`],
  ["PUT", `/environments/${id}/rules`, { rules: [{ ignore: "body/x" }] }],
  ["POST", `/environments/${id}/rules/preview`, { rules: [{ ignore: "body/x" }] }],
  ["POST", `/environments/${id}/recheck`, {}],
  ["GET", `/environments/${id}/recheck`],
  ["POST", `/environments/${id}/replay`, { from: 1, to: 2 }],
  ["GET", `/environments/${id}/replay`],
  ["POST", `/environments/${id}/promote`, {}],
  ["GET", `/environments/${id}/audit`],
  ["GET", "/bypass"],
  ["PUT", "/bypass", { on: true }],
  ["GET", "/healthz"],
  ["DELETE", `/overlays/${id}`],
];

test("every route answers in its declared shape, by id", async () => {
  const api = await apiWithOverlay({ bypass: createBypass([ROUTE], memoryRules(30), memoryAlarms()) });
  const { id } = (await api.call("GET", "/overlays/checkout")).body;
  const found = finding("body/price");
  api.scene = { pairs: 400, findings: [found] };
  for (const [method, path, body] of EVERYTHING(id, found.id)) {
    expect([path, (await asked(api, method, path, body)).status < 300]).toEqual([path, true]);
  }
});

test("every route answers by name as well, and the list above leaves none out", async () => {
  const api = await apiWithOverlay({ bypass: createBypass([ROUTE], memoryRules(30), memoryAlarms()) });
  const found = finding("body/price");
  api.scene = { findings: [found] };
  // Those of releases have a test of their own.
  const seen = new Set([
    "POST /baselines",
    "POST /overlays",
    "POST /overlays/{id}/release",
    "GET /overlays/{id}/release",
  ]);
  for (const [method, path, body] of EVERYTHING("checkout", found.id)) {
    const { status } = await asked(api, method, path, body);
    expect([path, status < 300]).toEqual([path, true]);
    seen.add(`${method} ${ROUTES.find((one) => matches(one.path, path))!.path}`);
  }
  expect([...seen].sort()).toEqual(ROUTES.map(({ method, path }) => `${method} ${path}`).sort());
});

const matches = (template: string, path: string) =>
  new RegExp(`^${template.replaceAll(/\{\w+\}/g, "[^/]+")}$`).test(path.split("?")[0]!);

describe("catalog", () => {
  test("an id is the name, a dash and six characters", async () => {
    const api = apiUnderTest();
    const { status, body } = await asked(api, "POST", "/baselines", { file: SHOP });
    expect(status).toBe(201);
    expect(body.id).toMatch(/^shop-\w{6}$/);
  });

  test("of a baseline's schemas it is said how many there are, and a promoted overlay keeps those of services it left alone", async () => {
    const api = await apiWithOverlay();
    const its = (route: string) => ({
      responses: { [route]: { "200": "#/a", "404": "#/a" } },
      schemas: { "#/a": true },
    });
    const services = { ...SHOP.services, stock: { url: "http://localhost:3100" } };
    const schemas = { web: its("GET /web"), stock: its("GET /stock") };
    const { body } = await asked(api, "POST", "/baselines", { file: { ...SHOP, name: "two", services }, schemas });
    expect(body.schemas).toEqual({ web: 2, stock: 2 });
    expect(await api.ports.schemas.of(body.id)).toEqual(schemas);
    await asked(api, "POST", "/overlays", { baseline: "two", file: { ...CHECKOUT, name: "of-two" } });
    const promoted = (await asked(api, "POST", "/environments/of-two/promote")).body;
    expect(promoted.schemas).toEqual({ stock: 2 });
    expect(await api.ports.schemas.of(promoted.id)).toEqual({ stock: schemas.stock });
  });

  test("schemas of a service that the baseline does not have are refused by name", async () => {
    const schemas = { wbe: { responses: { "GET /": { "200": "#/a" } }, schemas: { "#/a": true } } };
    const { status, body } = await apiUnderTest().call("POST", "/baselines", { file: SHOP, schemas });
    expect(status).toBe(400);
    expect(body.faults).toEqual([{ field: "schemas.wbe", message: 'is no service of baseline "shop"; allowed: web' }]);
  });

  test("an overlay begins switched off, with its first run at the versions of both files", async () => {
    const api = await apiWithOverlay();
    const { body } = await asked(api, "GET", "/overlays/checkout");
    expect(body.shadow.enabled).toBe(false);
    expect(body.run).toMatchObject({
      attempt: 1,
      baselineVersion: "1.0.0",
      candidateVersion: "2.0.0",
      startedAt: api.now,
    });
  });

  test("the name of the request goes before the name of the file", async () => {
    const api = await apiWithOverlay();
    const { body } = await asked(api, "POST", "/overlays", { baseline: "shop", name: "pr-7", file: CHECKOUT });
    expect(body.file.name).toBe("pr-7");
  });

  test("a taken name is a conflict, unless the overlay is to be replaced", async () => {
    const api = await apiWithOverlay();
    const again = { baseline: "shop", file: CHECKOUT };
    expect((await api.call("POST", "/overlays", again)).status).toBe(409);
    expect((await asked(api, "POST", "/overlays", { ...again, replace: true })).status).toBe(201);
  });

  test("replaced by a file of the same version and services, a run goes on; by another version, a new one starts", async () => {
    const api = await apiWithOverlay();
    const replace = (file: object) => asked(api, "POST", "/overlays", { baseline: "shop", file, replace: true });
    const { run } = (await asked(api, "GET", "/overlays/checkout")).body;
    const sampled = (await replace({ ...CHECKOUT, sampling: { percent: 5 } })).body;
    expect(sampled.run).toEqual(run);
    expect(sampled.file.sampling.percent).toBe(5);
    expect((await replace({ ...CHECKOUT, version: "2.0.1" })).body.run).toMatchObject({
      attempt: 2,
      candidateVersion: "2.0.1",
    });
    const moved = { ...CHECKOUT, version: "2.0.1", services: { web: { url: "http://localhost:3002" } } };
    expect((await replace(moved)).body.run.attempt).toBe(3);
    expect((await asked(api, "GET", "/environments/checkout/runs")).body.runs.map((one: Loose) => one.attempt)).toEqual(
      [3, 2, 1],
    );
  });

  test("values of headers set on a lane are never shown, nor taken back as values", async () => {
    const api = await apiWithOverlay();
    const services = {
      web: {
        url: "http://localhost:3001",
        setHeaders: { authorization: "Bearer s3cret" },
        secondary: { url: "http://localhost:3002", setHeaders: { "x-key": "s3cret" } },
      },
    };
    const { body } = await asked(api, "POST", "/overlays", {
      baseline: "shop",
      file: { ...CHECKOUT, name: "own", services, drift: { reads: ["/a"], headers: { cookie: "s3cret" } } },
    });
    expect(body.file.drift.headers).toEqual({ cookie: "(hidden)" });
    expect(body.file.services.web.setHeaders).toEqual({ authorization: "(hidden)" });
    for (const path of ["/overlays/own", "/overlays", "/environments/own", "/environments/own/audit"]) {
      expect(JSON.stringify((await asked(api, "GET", path)).body)).not.toContain("s3cret");
    }
    expect((await api.ports.catalog.overlay("own")).file.services.web!.setHeaders.authorization).toBe("Bearer s3cret");
    const back = await api.call("POST", "/overlays", { baseline: "shop", file: body.file, replace: true });
    expect(back.status).toBe(400);
    expect(back.body.faults.map((fault: Loose) => fault.field)).toEqual([
      "services.web.setHeaders.authorization",
      "services.web.secondary.setHeaders.x-key",
      "drift.headers.cookie",
    ]);
  });

  test("a deleted overlay is gone; its audit stays, by its id", async () => {
    const api = await apiWithOverlay();
    const { id } = (await asked(api, "GET", "/overlays/checkout")).body;
    expect(await asked(api, "DELETE", "/overlays/checkout")).toMatchObject({ status: 204, body: "" });
    expect((await api.call("GET", "/overlays/checkout")).status).toBe(404);
    const { body } = await asked(api, "GET", `/environments/${id}/audit`);
    expect(body.entries.map((entry: Loose) => entry.what)).toEqual(["overlay.delete", "overlay.create"]);
  });

  test("a promoted overlay is a baseline with its services, the rest is as before", async () => {
    const api = apiUnderTest();
    const services = { web: { url: "http://localhost:3000" }, auth: { url: "http://localhost:4000" } };
    await asked(api, "POST", "/baselines", { file: { ...SHOP, services } });
    await asked(api, "POST", "/overlays", { baseline: "shop", file: CHECKOUT });
    const { body } = await asked(api, "POST", "/environments/checkout/promote");
    expect(body.file).toEqual({
      name: "checkout-baseline",
      version: "2.0.0",
      services: { web: { url: "http://localhost:3001" }, auth: { url: "http://localhost:4000" } },
    });
    const named = await asked(api, "POST", "/environments/checkout/promote", { name: "shop-2", version: "2" });
    expect(named.body.file).toMatchObject({ name: "shop-2", version: "2" });
  });
});

describe("shadow", () => {
  const put = (api: ApiUnderTest, body: object) => asked(api, "PUT", "/environments/checkout/shadow", body);

  test("switching off and on continues the run; newRun starts another; both are counted as attempts", async () => {
    const api = await apiWithOverlay();
    const first = (await put(api, { enabled: true })).body.run;
    await put(api, { enabled: false });
    expect((await put(api, { enabled: true })).body.run).toEqual(first);
    api.now += 1_000;
    const second = (await put(api, { enabled: true, newRun: true })).body.run;
    expect(second).toMatchObject({ attempt: 2, startedAt: api.now });
    expect(second.id).not.toBe(first.id);
    expect((await asked(api, "GET", "/environments/checkout")).body.attempts).toBe(2);
  });

  test("a percent stays until it is set again", async () => {
    const api = await apiWithOverlay();
    expect((await put(api, { enabled: true, percent: 12.34 })).body.percent).toBe(12.34);
    expect((await put(api, { enabled: false })).body).toMatchObject({ enabled: false, percent: 12.34 });
  });

  test("two changes at once both arrive", async () => {
    const api = await apiWithOverlay();
    await Promise.all([put(api, { enabled: true }), put(api, { enabled: true, newRun: true })]);
    expect((await asked(api, "GET", "/environments/checkout/runs")).body.runs).toHaveLength(2);
  });

  test("every change is in the audit: who, what, before, after", async () => {
    const api = await apiWithOverlay();
    await api.app.request("/environments/checkout/shadow", {
      method: "PUT",
      headers: { "x-test-who": "ana" },
      body: JSON.stringify({ enabled: true }),
    });
    const [latest] = (await asked(api, "GET", "/environments/checkout/audit?limit=1")).body.entries;
    expect(latest).toMatchObject({ who: "ana", what: "environment.shadow", at: api.now });
    expect([latest.before.enabled, latest.after.enabled]).toEqual([false, true]);
  });
});

describe("findings", () => {
  const three = [
    finding("status", { kind: "status", breaking: true, evidence: 10, endpoint: "GET /" }),
    finding("body/a", { kind: "value", evidence: 40 }),
    finding("body/b", { confirmed: false, evidence: 90 }),
  ];

  test.each([
    ["", ["status", "body/a", "body/b"], 3],
    ["?limit=1&offset=1", ["body/a"], 3],
    ["?kind=status", ["status"], 1],
    ["?confirmed=false", ["body/b"], 1],
    [`?endpoint=${encodeURIComponent("GET /orders/{id}")}`, ["body/a", "body/b"], 2],
    ["?endpoint=none", [], 0],
  ])("diffs%s gives %j of %d, in the order of the judgement", async (query, places, total) => {
    const api = await apiWithOverlay();
    api.scene = { findings: three };
    const { body } = await asked(api, "GET", `/environments/checkout/diffs${query}`);
    expect(body.findings.map((one: Loose) => one.place)).toEqual(places);
    expect(body.total).toBe(total);
  });

  test("new rules are applied to what is stored at once, and a rule that never hit is pointed out", async () => {
    const api = await apiWithOverlay();
    api.scene = { pairs: 5_000, findings: [finding("body/a")] };
    expect((await asked(api, "GET", "/environments/checkout/verdict")).body.verdict).toBe("REGRESSION");
    const rules = [{ ignore: "body/a", because: "a price in another currency" }, { ignore: "body/aa" }];
    const { body } = await asked(api, "PUT", "/environments/checkout/rules", { rules });
    expect(body).toMatchObject({ version: 1, verdict: "SAFE" });
    expect(body.rules.map(({ hits, note }: Loose) => [hits, note !== undefined])).toEqual([
      [40, false],
      [0, true],
    ]);
    expect((await asked(api, "GET", "/environments/checkout/verdict")).body.verdict).toBe("SAFE");
    expect((await asked(api, "PUT", "/environments/checkout/rules", {})).body).toMatchObject({ version: 2, rules: [] });
  });

  test("what the new rules change is in the history of verdicts at once", async () => {
    const api = await apiWithOverlay();
    api.scene = { pairs: 5_000, findings: [finding("body/a")] };
    const { id, run } = (await asked(api, "GET", "/overlays/checkout")).body;
    await api.ports.verdicts.append(id, {
      at: 1,
      run: run.id,
      verdict: "REGRESSION",
      reason: "1 confirmed",
      pairs: 5_000,
    });
    await asked(api, "PUT", "/environments/checkout/rules", { rules: [{ ignore: "body/a" }] });
    expect((await asked(api, "GET", "/environments")).body.environments[1].verdict).toBe("SAFE");
    const [only] = (await asked(api, "GET", "/environments/checkout/runs")).body.runs;
    expect(only.verdicts.map((crossing: Loose) => crossing.verdict)).toEqual(["REGRESSION", "SAFE"]);
  });

  test("a tolerance is that of the question alone", async () => {
    const api = await apiWithOverlay();
    api.scene = { pairs: 400 };
    const ask = async (query: string) => (await asked(api, "GET", `/environments/checkout/verdict${query}`)).body;
    expect(await ask("?tolerance=0.01")).toMatchObject({ verdict: "SAFE", tolerance: 0.01 });
    expect(await ask("")).toMatchObject({ verdict: "UNDECIDED", tolerance: 0.001, needed: 3_356, attempts: 1 });
  });

  test("the list of environments shows what was last judged of the present run", async () => {
    const api = await apiWithOverlay();
    const { id, run } = (await asked(api, "GET", "/overlays/checkout")).body;
    await api.ports.verdicts.append(id, { at: 1, run: run.id, verdict: "SAFE", reason: "shown safe", pairs: 3_756 });
    const rows = (await asked(api, "GET", "/environments")).body.environments;
    expect(rows.map((row: Loose) => [row.name, row.kind, row.verdict])).toEqual([
      ["shop", "baseline", undefined],
      ["checkout", "overlay", "SAFE"],
    ]);
    expect((await asked(api, "GET", "/environments/checkout/runs")).body.runs[0].verdicts).toHaveLength(1);
  });
});
