import { createBypass } from "../../../adapters/bypass.ts";
import type { Deployment } from "../../../core/deploy/deployment.ts";
import { ShadowgraphError } from "../../../core/errors.ts";
import { ROUTES } from "../../../lambdas/api/routes.ts";
import { memoryAlarms } from "../../adapters/memory-alarms.ts";
import { memoryRules } from "../../adapters/memory-rules.ts";
import { ROUTE } from "../../adapters/tee-route.ts";
import { type ApiUnderTest, apiUnderTest, type Loose } from "./api-under-test.ts";
import { finding } from "./judgements.ts";
import { memoryPorts } from "./memory-ports.ts";

const SECRET = "s3cret-value";
const ecs = { cluster: "shop", service: "web", container: "web", port: 8080 };
const SHOP = { name: "shop", version: "1", services: { web: { url: "http://localhost:3000", ecs } } };
const service = {
  url: "http://localhost:3001",
  setHeaders: { authorization: SECRET },
  secondary: { url: "http://localhost:3002", setHeaders: { "x-key": SECRET } },
};
const CHECKOUT = { name: "checkout", version: "2", services: { web: service } };
const IMAGE = {
  name: "pr-8",
  services: { web: { image: "repo/web:8", environment: { TOKEN: SECRET }, setHeaders: { "x-key": SECRET } } },
};

interface Made {
  readonly api: ApiUnderTest;
  /** By name. */
  readonly ids: Readonly<Record<string, string>>;
}

/** With a baseline, an overlay of a service that runs, and one of an image. */
const made = async (): Promise<Made> => {
  const ports = memoryPorts();
  const api = apiUnderTest({
    ports,
    bypass: createBypass([{ ...ROUTE, baseline: "shop" }], memoryRules(30), memoryAlarms()),
  });
  const baseline = await api.call("POST", "/baselines", { file: SHOP });
  const checkout = await api.call("POST", "/overlays", { baseline: "shop", file: CHECKOUT });
  const image = await api.call("POST", "/overlays", { baseline: "shop", file: IMAGE });
  expect([baseline, checkout, image].map(({ status }) => status)).toEqual([201, 201, 202]);
  api.scene = { findings: [finding("body/price")], verdict: { verdict: "SAFE" } };
  return { api, ids: { shop: baseline.body.id, checkout: checkout.body.id, "pr-8": image.body.id } };
};

interface Change {
  readonly path: string;
  readonly body?: Loose;
  /** Whose trail has it, by name; of what is new, the answer's own. */
  readonly trail?: string;
  readonly what: string;
  readonly before: Loose;
  readonly after: Loose;
}

/** Every route that changes something, and what it leaves. */
const CHANGES: Readonly<Record<string, Change>> = {
  "POST /baselines": {
    path: "/baselines",
    body: { file: { ...SHOP, name: "other" } },
    what: "baseline.create",
    before: null,
    after: { file: { name: "other" } },
  },
  "POST /overlays": {
    path: "/overlays",
    body: { baseline: "shop", file: { ...CHECKOUT, name: "fresh" } },
    what: "overlay.create",
    before: null,
    after: { file: { name: "fresh" } },
  },
  "POST /overlays (replace)": {
    path: "/overlays",
    body: { baseline: "shop", file: { ...CHECKOUT, version: "3" }, replace: true },
    trail: "checkout",
    what: "overlay.replace",
    before: { file: { version: "2" } },
    after: { file: { version: "3" }, run: { attempt: 2 } },
  },
  "POST /overlays (image)": {
    path: "/overlays",
    body: { baseline: "shop", file: { ...IMAGE, name: "pr-9" } },
    what: "overlay.create",
    before: null,
    after: { file: { name: "pr-9" } },
  },
  "DELETE /overlays/{id}": {
    path: "/overlays/checkout",
    trail: "checkout",
    what: "overlay.delete",
    before: { file: { name: "checkout" } },
    after: null,
  },
  "DELETE /overlays/{id} (image)": {
    path: "/overlays/pr-8",
    trail: "pr-8",
    what: "overlay.delete",
    before: { file: { name: "pr-8" } },
    after: null,
  },
  "POST /overlays/{id}/release": {
    path: "/overlays/pr-8/release",
    trail: "pr-8",
    what: "overlay.release",
    before: null,
    after: { outcome: "releasing", who: "tester" },
  },
  "POST /environments/{id}/promote": {
    path: "/environments/pr-8/promote",
    body: { name: "next" },
    trail: "pr-8",
    what: "environment.promote",
    before: { file: { name: "pr-8" } },
    after: { file: { name: "next" } },
  },
  "PUT /environments/{id}/shadow": {
    path: "/environments/checkout/shadow",
    body: { enabled: true, percent: 5 },
    trail: "checkout",
    what: "environment.shadow",
    before: { enabled: false, percent: 100 },
    after: { enabled: true, percent: 5 },
  },
  "PUT /environments/{id}/rules": {
    path: "/environments/checkout/rules",
    body: { rules: [{ ignore: "body/time" }] },
    trail: "checkout",
    what: "environment.rules",
    before: { version: 0, rules: [] },
    after: { version: 1, rules: [{ ignore: "body/time" }] },
  },
  "POST /environments/{id}/recheck": {
    path: "/environments/checkout/recheck",
    body: { fill: { authorization: SECRET } },
    trail: "checkout",
    what: "environment.recheck",
    before: null,
    after: { findings: [finding("body/price").id], requests: 0 },
  },
  "POST /environments/{id}/replay": {
    path: "/environments/checkout/replay",
    body: { from: 1, to: 2, fill: { authorization: SECRET } },
    trail: "checkout",
    what: "environment.replay",
    before: null,
    after: { from: 1, to: 2, speed: 1 },
  },
  "PUT /bypass": {
    path: "/bypass",
    body: { on: true },
    trail: "shop",
    what: "bypass",
    before: { bypassed: false, teePercent: 30 },
    after: { bypassed: true, teePercent: 0 },
  },
};
/** It asks what would be, and changes nothing. */
const ASKS = ["POST /environments/{id}/rules/preview"];

const routeOf = (name: string): string => name.replace(/ \(.*$/, "");
const methodOf = (name: string): string => name.split(" ")[0]!;

test("the table has every route that changes something", () => {
  const changing = ROUTES.map(({ method, path }) => `${method} ${path}`).filter((name) => !name.startsWith("GET "));
  expect([...new Set(Object.keys(CHANGES).map(routeOf)), ...ASKS].sort()).toEqual(changing.sort());
});

/** What a release, and a promotion after it, ask for first. */
const prepare = async (name: string, { api, ids }: Made): Promise<void> => {
  if (name.includes("promote")) {
    await api.call("POST", "/overlays/pr-8/release");
    const release = (await api.ports.releases.latest(ids["pr-8"]!))!;
    const parts = release.parts.map((part) => ({ ...part, phase: "released" as const }));
    await api.ports.releases.put({ ...release, parts, step: release.step + 1 });
  }
  const deployment = (await api.ports.deployments.of(ids["pr-8"]!)) as Deployment;
  expect(deployment).toBeDefined();
};

const trailOf = async (api: ApiUnderTest, env: string): Promise<Loose[]> =>
  (await api.call("GET", `/environments/${env}/audit`)).body.entries ?? [];

describe.each(Object.entries(CHANGES))("%s", (name, { path, body, trail, what, before, after }) => {
  test("leaves one entry, with who, before and after, and no secret in it", async () => {
    const made_ = await made();
    const { api, ids } = made_;
    await prepare(name, made_);
    const env = trail === undefined ? undefined : ids[trail]!;
    const were = env === undefined ? [] : await trailOf(api, env);
    const { status, body: answer } = await api.call(methodOf(name), path, body);
    expect([status < 300, answer]).toEqual([true, answer]);
    const now = await trailOf(api, env ?? answer.id);
    expect(now).toHaveLength(were.length + 1);
    const fresh = now.find(({ id }: Loose) => !were.some((old: Loose) => old.id === id));
    expect(fresh).toMatchObject({ who: "tester", what, begun: false });
    expect(fresh.before).toEqual(before === null ? null : expect.objectContaining({}));
    if (before !== null) expect(fresh.before).toMatchObject(before);
    if (after !== null) expect(fresh.after).toMatchObject(after);
    else expect(fresh.after).toBeNull();
    expect(JSON.stringify([now, answer])).not.toContain(SECRET);
  });

  test("leaves the entry begun where its maker dies before it is noted as done", async () => {
    const made_ = await made();
    const { api, ids } = made_;
    await prepare(name, made_);
    const { append } = api.ports.audit;
    const begun: Loose[] = [];
    api.ports.audit.append = async (env, entry) => {
      if (entry.begun !== true) throw new Error("died");
      begun.push([env, entry.what]);
      return append(env, entry);
    };
    const { status } = await api.call(methodOf(name), path, body);
    expect(status).toBeLessThan(300);
    const env = trail === undefined ? begun[0][0] : ids[trail]!;
    expect(begun).toContainEqual([env, what]);
    expect((await trailOf(api, env)).find((entry: Loose) => entry.begun)).toMatchObject({ what });
  });
});

test("what is refused leaves nothing; of what a store did not answer to, it is not known", async () => {
  const { api, ids } = await made();
  const put = (enabled: boolean) => api.call("PUT", "/environments/checkout/shadow", { enabled });
  const { catalog } = api.ports;
  const { putOverlay } = catalog;
  const were = await trailOf(api, ids.checkout!);
  Object.assign(catalog, { putOverlay: async () => Promise.reject(new ShadowgraphError("conflict", "changed")) });
  expect((await put(true)).status).toBe(409);
  expect(await trailOf(api, ids.checkout!)).toEqual(were);
  Object.assign(catalog, { putOverlay: async () => Promise.reject(new ShadowgraphError("unavailable", "no answer")) });
  expect((await put(true)).status).toBe(503);
  expect((await trailOf(api, ids.checkout!))[0]).toMatchObject({ what: "environment.shadow", begun: true });
  // A race: what is noted is what came to pass.
  let tries = 0;
  Object.assign(catalog, {
    putOverlay: async (overlay: Loose) => {
      if (++tries === 1) await putOverlay({ ...overlay, shadow: { enabled: false } });
      return putOverlay(overlay);
    },
  });
  api.now += 1;
  expect((await put(true)).status).toBe(200);
  expect((await trailOf(api, ids.checkout!))[0]).toMatchObject({ begun: false, after: { enabled: true } });
});

test("no answer of any route shows what a lane is sent, or a container is given", async () => {
  const { api, ids } = await made();
  const found = finding("body/price");
  for (const { method, path } of ROUTES) {
    if (method !== "GET") continue;
    for (const id of Object.values(ids)) {
      const asked = path.replace("{id}", id).replace("{findingId}", found.id);
      const { body } = await api.call(method, asked);
      expect([asked, JSON.stringify(body)]).toEqual([asked, expect.not.stringContaining(SECRET)]);
    }
  }
});

test("by time, change and maker; in pages, latest first", async () => {
  const { api, ids } = await made();
  const start = api.now;
  for (let i = 1; i <= 5; i++) {
    api.now = start + i * 1_000;
    await api.call("PUT", "/environments/checkout/shadow", { enabled: i % 2 === 1 });
  }
  await api.app.request("/environments/checkout/rules", {
    method: "PUT",
    body: JSON.stringify({ rules: [] }),
    headers: { "x-test-who": "somebody" },
  });
  const ask = async (query: string) => {
    const { body } = await api.call("GET", `/environments/${ids.checkout}/audit?${query}`);
    return { total: body.total, at: body.entries.map(({ at }: Loose) => (at - start) / 1_000), body };
  };
  expect(await ask("what=environment.shadow")).toMatchObject({ total: 5, at: [5, 4, 3, 2, 1] });
  expect(await ask("what=environment.&limit=2&offset=1")).toMatchObject({ total: 6, at: expect.any(Array) });
  expect((await ask("what=environment.shadow&limit=2&offset=1")).at).toEqual([4, 3]);
  expect(await ask(`from=${start + 2_000}&to=${start + 4_000}`)).toMatchObject({ total: 2, at: [3, 2] });
  expect((await ask(`from=${new Date(start + 5_000).toISOString()}&what=environment.shadow`)).at).toEqual([5]);
  expect((await ask("who=somebody")).body.entries).toMatchObject([{ what: "environment.rules" }]);
  const bad = await api.call("GET", `/environments/${ids.checkout}/audit?from=yesterday`);
  expect(bad.body.faults[0]).toMatchObject({ field: "from", message: expect.stringContaining("yesterday") });
});

test("of a baseline by name or id: also what the kill switch did before it was in the catalog", async () => {
  const api = apiUnderTest({ bypass: createBypass([{ ...ROUTE, baseline: "shop" }], memoryRules(30), memoryAlarms()) });
  await api.call("PUT", "/bypass", { on: true });
  expect((await trailOf(api, "shop")).map(({ what }: Loose) => what)).toEqual(["bypass"]);
  api.now += 1_000;
  const { body } = await api.call("POST", "/baselines", { file: SHOP });
  api.now += 1_000;
  await api.call("PUT", "/bypass", { on: false });
  for (const name of ["shop", body.id])
    expect((await trailOf(api, name)).map(({ what }: Loose) => what)).toEqual(["bypass", "baseline.create", "bypass"]);
  expect((await api.call("GET", "/environments/none/audit")).status).toBe(404);
});
