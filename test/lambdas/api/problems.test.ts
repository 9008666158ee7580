import { ERROR_CODES, ShadowgraphError } from "../../../core/errors.ts";
import { MAX_BODY_BYTES } from "../../../lambdas/api/app.ts";
import { apiWithOverlay, CHECKOUT, type Loose, SHOP } from "./api-under-test.ts";
import { memoryPorts } from "./memory-ports.ts";

const overlay = (over: object) => ({ baseline: "shop", file: { ...CHECKOUT, name: "other", ...over } });

const REFUSED: [
  title: string,
  method: string,
  path: string,
  body: unknown,
  code: string,
  field?: RegExp,
  message?: RegExp,
][] = [
  ["an unknown path", "GET", "/nothing", undefined, "not-found"],
  ["an unknown method", "DELETE", "/baselines", undefined, "not-found"],
  ["an unknown baseline", "GET", "/baselines/none", undefined, "not-found"],
  ["an unknown environment", "GET", "/environments/none", undefined, "not-found"],
  ["a prototype's name as an id", "GET", "/environments/__proto__", undefined, "not-found"],
  ["an unknown environment's audit", "GET", "/environments/none/audit", undefined, "not-found"],
  ["an unknown finding", "GET", "/environments/checkout/diffs/none", undefined, "not-found"],
  ["an overlay of an unknown baseline", "POST", "/overlays", { ...overlay({}), baseline: "none" }, "not-found"],
  ["a taken name", "POST", "/baselines", { file: SHOP }, "conflict"],
  ["mirroring to a baseline", "PUT", "/environments/shop/shadow", { enabled: true }, "not-allowed"],
  ["the verdict of a baseline", "GET", "/environments/shop/verdict", undefined, "not-allowed"],
  ["promoting a baseline", "POST", "/environments/shop/promote", {}, "not-allowed"],
  [
    "writes without a declaration",
    "POST",
    "/overlays",
    overlay({ sampling: { match: { methods: ["POST"] } } }),
    "not-allowed",
    /^sideEffects$/,
    /suppressed/,
  ],
  ["no field at all", "POST", "/baselines", {}, "invalid-input", /^file$/, /got nothing/],
  ["a body that is an array", "POST", "/baselines", [], "invalid-input", /^body$/, /got \[\]/],
  [
    "a bad name",
    "POST",
    "/baselines",
    { file: { ...SHOP, name: "Shop!" } },
    "invalid-input",
    /^file\.name$/,
    /a-z.*got "Shop!"/,
  ],
  [
    "a bad name of a service",
    "POST",
    "/baselines",
    { file: { ...SHOP, services: { "Web!": { url: "http://a" } } } },
    "invalid-input",
    /^file\.services\.Web!$/,
    /a-z.*got "Web!"/,
  ],
  [
    "a bad URL",
    "POST",
    "/overlays",
    overlay({ services: { web: { url: "localhost:1" } } }),
    "invalid-input",
    /services\.web\.url/,
    /http:\/\/.*got "localhost:1"/,
  ],
  [
    "a bad secondary",
    "POST",
    "/overlays",
    overlay({ services: { web: { url: "http://a", secondary: "bse" } } }),
    "invalid-input",
    /secondary/,
    /baseline.*got "bse"/,
  ],
  [
    "a bad URL inside a secondary",
    "POST",
    "/overlays",
    overlay({ services: { web: { url: "http://a", secondary: { url: "x" } } } }),
    "invalid-input",
    /secondary\.url/,
    /http/,
  ],
  ["an unknown key", "POST", "/overlays", overlay({ smapling: {} }), "invalid-input", /^file\.smapling$/, /not known/],
  [
    "a service that the baseline has not",
    "POST",
    "/overlays",
    overlay({ services: { api: { url: "http://a" } } }),
    "invalid-input",
    /^services\.api$/,
    /allowed: web/,
  ],
  [
    "an order by two things",
    "POST",
    "/overlays",
    overlay({ orderBy: { header: "x-session", cookie: "session" } }),
    "invalid-input",
    /^file\.orderBy$/,
    /exactly one of header, cookie and path/,
  ],
  [
    "drift without reads",
    "POST",
    "/overlays",
    overlay({ drift: { everySeconds: 10 } }),
    "invalid-input",
    /^file\.drift$/,
    /must declare 1 to 20 reads/,
  ],
  [
    "reads of a service that is not changed",
    "POST",
    "/overlays",
    overlay({ drift: { service: "api", reads: ["/orders/1"] } }),
    "invalid-input",
    /^drift\.service$/,
    /must say whose reads they are: web; got "api"/,
  ],
  [
    "reads with a header as the API shows it",
    "POST",
    "/overlays",
    overlay({ drift: { reads: ["/orders/1"], headers: { authorization: "(hidden)" } } }),
    "invalid-input",
    /^drift\.headers\.authorization$/,
    /in place of a value; got "\(hidden\)"/,
  ],
  [
    "a percent over 100",
    "PUT",
    "/environments/checkout/shadow",
    { enabled: true, percent: 101 },
    "invalid-input",
    /^percent$/,
    /100.*got 101/,
  ],
  [
    "a tolerance that is no share",
    "GET",
    "/environments/checkout/verdict?tolerance=1",
    undefined,
    "invalid-input",
    /^tolerance$/,
    /1/,
  ],
  [
    "an empty tolerance",
    "GET",
    "/environments/checkout/verdict?tolerance=",
    undefined,
    "invalid-input",
    /^tolerance$/,
    /got ""/,
  ],
  ["an unknown parameter", "GET", "/environments/checkout/diffs?limt=1", undefined, "invalid-input", /^limt$/],
  [
    "a limit that is no number",
    "GET",
    "/environments/checkout/diffs?limit=ten",
    undefined,
    "invalid-input",
    /^limit$/,
    /got "ten"/,
  ],
  [
    "a limit that is too large",
    "GET",
    "/environments/checkout/diffs?limit=501",
    undefined,
    "invalid-input",
    /^limit$/,
    /500/,
  ],
  ["an unknown kind", "GET", "/environments/checkout/diffs?kind=x", undefined, "invalid-input", /^kind$/, /"status"/],
  [
    "an unknown format",
    "GET",
    "/environments/checkout/report?format=pdf",
    undefined,
    "invalid-input",
    /^format$/,
    /markdown/,
  ],
  [
    "a rule without a place",
    "PUT",
    "/environments/checkout/rules",
    { rules: [{ endpoint: "GET /" }] },
    "invalid-input",
    /^rules\.0$/,
  ],
];

test.each(REFUSED)("%s is refused", async (_title, ...row) => {
  const [method, path, body, code, field, message] = row;
  const api = await apiWithOverlay();
  const answer = await api.call(method, path, body);
  expect(answer.headers.get("content-type")).toBe("application/problem+json");
  const status = ERROR_CODES[code as keyof typeof ERROR_CODES].status;
  expect(answer.status).toBe(status);
  expect(answer.body).toMatchObject({ type: `urn:shadowgraph:problem:${code}`, status, code });
  expect(answer.body.detail).not.toBe("");
  if (field)
    expect(answer.body.faults).toContainEqual({
      field: expect.stringMatching(field),
      message: expect.stringMatching(message ?? /./),
    });
  expect(api.faults).toEqual([]);
});

test("all faults are told together", async () => {
  const api = await apiWithOverlay();
  const { body } = await api.call("POST", "/baselines", { file: { name: "A", services: {}, more: 1 } });
  expect(body.faults.map((fault: Loose) => fault.field).sort()).toEqual(["file.more", "file.name", "file.services"]);
});

test("a path says which methods it knows", async () => {
  const api = await apiWithOverlay();
  const { headers, body } = await api.call("PATCH", "/environments/checkout/shadow");
  expect(headers.get("allow")).toBe("GET, PUT");
  expect(body.detail).toContain("allowed: GET, PUT");
});

test("text that is no JSON is refused as such", async () => {
  const api = await apiWithOverlay();
  const answer = await api.app.request("/baselines", { method: "POST", body: "{name:" });
  expect(answer.status).toBe(400);
  expect(await answer.json()).toMatchObject({ code: "invalid-input", faults: [{ field: "body" }] });
});

const streamed = (bytes: number) =>
  new ReadableStream({
    start(controller) {
      for (let sent = 0; sent < bytes; sent += 65_536) controller.enqueue(new Uint8Array(65_536).fill(32));
      controller.close();
    },
  });

test.each([
  ["declared", { body: " ".repeat(MAX_BODY_BYTES + 1) }],
  ["streamed without a length", { body: streamed(MAX_BODY_BYTES + 65_536), duplex: "half" }],
])("a body over the limit is refused when its size is %s", async (_title, init) => {
  const api = await apiWithOverlay();
  const answer = await api.app.request("/baselines", { method: "POST", ...init } as RequestInit);
  expect(answer.status).toBe(413);
  expect(answer.headers.get("content-type")).toBe("application/problem+json");
  expect(await answer.json()).toMatchObject({ code: "too-large" });
});

test.each([
  ["internal", new Error("ECONNREFUSED 10.0.0.7:8000 secret-table")],
  ["internal", new ShadowgraphError("internal", "the stored row secret-table cannot be read")],
  ["unavailable", new ShadowgraphError("unavailable", "read overlays: secret-table timed out")],
])("%s tells nothing of the inside, and the fault is reported", async (code, error) => {
  const ports = memoryPorts();
  const broken = { ...ports, catalog: { ...ports.catalog, overlays: () => Promise.reject(error) } };
  const api = await apiWithOverlay({ ports: broken });
  const answer = await api.call("GET", "/overlays");
  expect(answer.body).toMatchObject({ code, status: ERROR_CODES[code as "internal"].status });
  expect(JSON.stringify(answer.body)).not.toContain("secret-table");
  expect(api.faults).toContain(error);
});

test("a conflict that does not pass is told", async () => {
  const ports = memoryPorts();
  const error = new ShadowgraphError("conflict", "changed meanwhile");
  const api = await apiWithOverlay({
    ports: { ...ports, catalog: { ...ports.catalog, putOverlay: () => Promise.reject(error) } },
  });
  expect(await api.call("PUT", "/environments/checkout/shadow", { enabled: true })).toMatchObject({ status: 409 });
});

test("nothing is cached or sniffed", async () => {
  const api = await apiWithOverlay();
  for (const path of ["/healthz", "/none", "/environments/checkout/report?format=markdown"]) {
    const { headers } = await api.call("GET", path);
    expect([headers.get("cache-control"), headers.get("x-content-type-options")]).toEqual(["no-store", "nosniff"]);
  }
});
