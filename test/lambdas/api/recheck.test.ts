import type { HeaderList } from "../../../core/capture/capture.ts";
import { writeCaseOf } from "../../../core/sampling/environment.ts";
import { wantedProbe } from "../../../core/sampling/writes.ts";
import { type ApiUnderTest, type Loose, SHOP } from "./api-under-test.ts";
import { closeLanes, ENDPOINT, found, type Given, lane, one, REMOVED, scene, VALUE, whole } from "./rechecked.ts";

afterAll(closeLanes);

const PATH = "/environments/checkout/recheck";

/** Begins a recheck and goes on until all is sent. */
const recheck = async (api: ApiUnderTest, body: Loose = {}): Promise<Loose> => {
  let now = await api.call("POST", PATH, { rate: 50, ...body });
  expect(now.status).toBe(200);
  while (now.body.done < now.body.total) {
    now = await api.call("POST", PATH, { continue: now.body.id, fill: body.fill ?? {} });
    expect(now.status).toBe(200);
  }
  return now.body;
};
const states = ({ findings }: Loose) => Object.fromEntries(findings.map(({ place, state }: Loose) => [place, state]));

test("a finding that is mended is fixed, the other is still there, with its values; what is new is told", async () => {
  const control = await lane({ "/orders/1": whole });
  const candidate = await lane({ "/orders/1": { limit: 5, rate: 0.083, more: 1 } });
  const api = await scene({ candidate, control }, [one]);
  const told = await recheck(api);
  expect(told).toMatchObject({ requests: 1, done: 3, total: 3, lanes: { candidate, control, controlIs: "control" } });
  expect(states(told)).toEqual({ "body/limit": "fixed", "body/rate": "stillThere" });
  expect(told.findings[1]).toMatchObject({
    shown: 3,
    example: { request: "GET /orders/1", control: "0.0825", candidate: "0.083" },
  });
  expect(told.others).toEqual([{ endpoint: ENDPOINT, place: "body/more", kind: "added", count: 3 }]);
  expect((await api.call("GET", PATH)).body).toEqual(told);
});

test("gone on both: the control no longer answers what the primary did", async () => {
  const [control, candidate] = [await lane({}), await lane({})];
  const told = await recheck(await scene({ candidate, control }, [one]));
  expect(states(told)).toEqual({ "body/limit": "goneOnBoth", "body/rate": "goneOnBoth" });
  const less = { rate: 0.0825 };
  const place = await recheck(
    await scene({ candidate: await lane({ "/orders/1": less }), control: await lane({ "/orders/1": less }) }, [one]),
  );
  expect(states(place)).toEqual({ "body/limit": "goneOnBoth", "body/rate": "fixed" });
});

test("a lane that does not answer says nothing of what is fixed", async () => {
  const up = await lane({ "/orders/1": whole });
  const down = "http://127.0.0.1:1";
  expect(states(await recheck(await scene({ candidate: down, control: up }, [one])))).toEqual({
    "body/limit": "unclear",
    "body/rate": "unclear",
  });
  expect(states(await recheck(await scene({ candidate: up, control: down }, [one])))).toEqual({
    "body/limit": "unclear",
    "body/rate": "unclear",
  });
});

test.each<[what: string, given: Given | undefined, over: Loose, why: RegExp, endpoint?: string]>([
  ["hidden", { ...one, headers: [["Authorization", "Bearer s3cret"]] }, {}, /not given: header:authorization/],
  ["cut", { ...one, cut: true }, {}, /body of its request is not stored/],
  ["a write", { ...one, method: "POST" }, {}, /lists no method that writes/, "POST /orders/{id}"],
  ["not stored", undefined, {}, /no request that showed it/],
])("%s: cannot be re-sent, and nothing is sent", async (_, given, over, why, endpoint = ENDPOINT) => {
  const seen: string[] = [];
  const api = await scene(
    { candidate: await lane({}, seen), control: await lane({}, seen), ...over },
    given === undefined ? [] : [given],
    [found("body/limit", "removed", { endpoint })],
  );
  const told = await recheck(api);
  expect(told).toMatchObject({
    requests: 0,
    total: 0,
    findings: [{ state: "notSent", reason: expect.stringMatching(why) }],
  });
  expect(seen).toEqual([]);
});

test("latency, and places over the bound, cannot be rechecked by single requests", async () => {
  const findings = [found("latency", "latency"), found("…", "value"), found("calls/order", "call")];
  const told = await recheck(await scene({ candidate: await lane({}), control: await lane({}) }, [one], findings));
  expect(told.findings.map(({ state, reason }: Loose) => [state, reason])).toEqual([
    ["notSent", expect.stringContaining("latency")],
    ["notSent", expect.stringContaining("many places")],
    ["notSent", expect.stringContaining("guard")],
  ]);
});

const WRITES = {
  sideEffects: "isolated",
  sampling: { match: { methods: ["GET", "POST"] } },
  probe: { write: { path: "/orders", body: "{canary}" }, read: { path: "/orders?q={canary}" } },
};

/** As a tee notes it. */
const passProbe = async ({ ports }: ApiUnderTest, state: "passed" | "failed" = "passed"): Promise<void> => {
  const [overlay] = await ports.catalog.overlays();
  const baseline = await ports.catalog.baseline(overlay!.baseline);
  const { probe: _, lanes: __, readUrl: ___, ...wanted } = wantedProbe(writeCaseOf(baseline, overlay!, "web")!)!;
  const record = { ...wanted, reason: `it ${state}`, tee: "t", at: 1, tries: 1, nextAt: 2 };
  expect(await ports.probes.claim({ ...record, state: "probing" })).toBe(true);
  expect(await ports.probes.end({ ...record, state })).toBe(true);
};

test("writes are sent where tees mirror them: declared, and a probe has passed; never to the baseline itself", async () => {
  const write: Given = { ...one, method: "POST" };
  const findings = [found("body/limit", "removed", { endpoint: "POST /orders/{id}" })];
  const seen: string[] = [];
  const [candidate, control] = [await lane({ "/orders/1": whole }, seen), await lane({ "/orders/1": whole })];
  const made = () => scene({ candidate, control, ...WRITES }, [write], findings);
  const reasonOf = async (api: ApiUnderTest) => (await recheck(api)).findings[0].reason;
  expect(await reasonOf(await made())).toMatch(/writes are not sent: the probe of this run has not run/);
  const failed = await made();
  await passProbe(failed, "failed");
  expect(await reasonOf(failed)).toMatch(/it failed/);
  expect(seen).toEqual([]);
  const passed = await made();
  await passProbe(passed);
  expect(states(await recheck(passed))).toEqual({ "body/limit": "fixed" });
  expect(seen).toEqual(["POST /orders/1", "POST /orders/1", "POST /orders/1"]);
  const own = await scene({ candidate, primary: control, ...WRITES }, [write], findings);
  expect(await reasonOf(own)).toMatch(/baseline itself.*no write twice/);
});

test("without the tees' key no write is sent to a service that honours signed marks alone", async () => {
  const write: Given = { ...one, method: "POST" };
  const findings = [found("body/limit", "removed", { endpoint: "POST /orders/{id}" })];
  const resender = { signsAsTees: false, send: () => Promise.reject(new Error("nothing must be sent")) };
  const api = await scene({ candidate: await lane({}), control: await lane({}), ...WRITES }, [write], findings, {
    resender,
  });
  await passProbe(api);
  expect((await recheck(api)).findings[0].reason).toMatch(/no key to sign marks/);
});

test("without a control the baseline itself is asked, and told as such", async () => {
  const seen: string[] = [];
  const primary = await lane({ "/orders/1": whole }, seen);
  const told = await recheck(await scene({ candidate: await lane({ "/orders/1": whole }), primary }, [one]));
  expect(told.lanes).toMatchObject({ control: primary, controlIs: "baseline" });
  expect(states(told)).toEqual({ "body/limit": "fixed", "body/rate": "fixed" });
  expect(seen).toHaveLength(6);
});

test("values that are given are sent, must be given at each step, and are kept nowhere", async () => {
  const seen: string[] = [];
  const given = { ...one, headers: [["Authorization", "Bearer s3cret-value"]] as HeaderList };
  const api = await scene(
    { candidate: await lane({ "/orders/1": whole }, seen), control: await lane({ "/orders/1": whole }) },
    [given],
  );
  const fill = { authorization: "Bearer s3cret-value" };
  const begun = await api.call("POST", PATH, { fill });
  const without = await api.call("POST", PATH, { continue: begun.body.id });
  expect(without).toMatchObject({ status: 400, body: { faults: [{ field: "fill.header:authorization" }] } });
  expect(states(await recheck(api, { fill }))).toEqual({ "body/limit": "fixed", "body/rate": "fixed" });
  expect(seen).toContain("GET /orders/1 Bearer s3cret-value");
  const env = (await api.call("GET", "/overlays/checkout")).body.id;
  const kept = [await api.ports.rechecks.of(env), await api.ports.audit.entries(env)];
  expect(JSON.stringify(kept)).not.toContain("s3cret");
  const bad = await api.call("POST", PATH, {
    fill: { authorization: "s3cret\r\nx: y", b: "s3cret".repeat(9_000), c: 5_512_345 },
  });
  expect(bad.status).toBe(400);
  expect(JSON.stringify(bad.body)).not.toMatch(/s3cret|5512345/);
});

test("one request serves all the findings it showed; no finding has more than it may", async () => {
  const many = Array.from({ length: 8 }, (_, i): Given => ({ ...one, target: `/orders/${i}` }));
  const api = await scene({ candidate: await lane({}), control: await lane({}) }, many);
  expect((await api.call("POST", PATH, { requests: 3, times: 4 })).body).toMatchObject({ requests: 3, total: 12 });
});

test("only confirmed findings, all, or those that are named", async () => {
  const maybe = { ...VALUE, confirmed: false };
  const api = await scene({ candidate: await lane({}), control: await lane({}) }, [one], [REMOVED, maybe]);
  const ids = async (body: Loose) => (await api.call("POST", PATH, body)).body.findings.map(({ id }: Loose) => id);
  expect(await ids({})).toEqual([REMOVED.id]);
  expect(await ids({ all: true })).toEqual([REMOVED.id, maybe.id]);
  expect(await ids({ findings: [maybe.id] })).toEqual([maybe.id]);
  expect((await api.call("POST", PATH, { findings: ["none"] })).status).toBe(404);
});

test("of two rechecks the later goes on; of two who go on with the same step, one", async () => {
  const api = await scene(
    { candidate: await lane({ "/orders/1": whole }), control: await lane({ "/orders/1": whole }) },
    [one],
  );
  const first = await api.call("POST", PATH, {});
  const second = await api.call("POST", PATH, {});
  expect((await api.call("POST", PATH, { continue: first.body.id })).status).toBe(409);
  const both = await Promise.all([1, 2].map(() => api.call("POST", PATH, { continue: second.body.id })));
  expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
});

test("of several services the one to ask must be named", async () => {
  const api = await scene({ candidate: await lane({}), control: await lane({}) }, [one]);
  await api.call("POST", "/baselines", {
    file: { ...SHOP, name: "two", services: { a: { url: "http://a" }, b: { url: "http://b" } } },
  });
  const services = { a: { url: "http://127.0.0.1:1" }, b: { url: "http://127.0.0.1:2" } };
  await api.call("POST", "/overlays", { baseline: "two", file: { name: "both", services } });
  const refused = await api.call("POST", "/environments/both/recheck", {});
  expect(refused.body.faults).toEqual([{ field: "service", message: expect.stringContaining("allowed: a, b") }]);
  expect((await api.call("POST", "/environments/both/recheck", { service: "b" })).body.lanes.service).toBe("b");
});
