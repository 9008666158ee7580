import { probesOf } from "../../../core/sampling/environment.ts";
import type { ProbeRecord } from "../../../core/sampling/writes.ts";
import { type ApiUnderTest, apiUnderTest, SHOP } from "./api-under-test.ts";

const PROBE = {
  write: { path: "/orders", headers: { authorization: "Bearer of-the-write" }, body: "{canary}" },
  read: { path: "/orders", headers: { cookie: "session=of-the-read" } },
};
const fileOf = (over: object = {}, service: object = {}) => ({
  ...{ name: "checkout", version: "2", sideEffects: "isolated" },
  services: { web: { url: "http://localhost:3001", probe: PROBE, ...service } },
  sampling: { match: { methods: ["GET", "POST"] } },
  ...over,
});

const withOverlay = async (file: object): Promise<ApiUnderTest> => {
  const api = apiUnderTest();
  await api.call("POST", "/baselines", { file: SHOP });
  expect((await api.call("POST", "/overlays", { baseline: "shop", file })).status).toBe(201);
  await api.call("PUT", "/environments/checkout/shadow", { enabled: true });
  return api;
};

const note = async ({ ports, now }: ApiUnderTest, found: Partial<ProbeRecord>): Promise<void> => {
  const overlay = await ports.catalog.overlay("checkout");
  const [wanted] = probesOf(await ports.catalog.baseline("shop"), [overlay], "web");
  const { env, run, service, key, sideEffects } = wanted!;
  const claimed = { env, run, service, key, sideEffects, tee: "tee1-lx1", at: now, tries: 1, nextAt: now };
  await ports.probes.claim({ ...claimed, state: "probing", reason: "a canary is being written (try 1)", ...found });
};

const writesOf = async (api: ApiUnderTest) => {
  const [shown, overlay, { overlays }, shadow] = [
    (await api.call("GET", "/environments/checkout")).body,
    (await api.call("GET", "/overlays/checkout")).body,
    (await api.call("GET", "/overlays")).body,
    (await api.call("GET", "/environments/checkout/shadow")).body,
  ];
  expect(overlay.writes).toEqual(shown.writes);
  expect(overlays[0].writes).toEqual(shown.writes);
  expect(shadow.writes).toEqual(shown.writes);
  return shown.writes;
};

test.each<[string, object, Partial<ProbeRecord> | undefined, object]>([
  ["no probe", fileOf({}, { probe: undefined }), undefined, { mirrored: false, state: "unprobed", probe: null }],
  [
    "nothing declared",
    { ...fileOf(), sideEffects: "none", sampling: {} },
    undefined,
    { mirrored: false, state: "unlisted" },
  ],
  ["no tee yet", fileOf(), undefined, { mirrored: false, state: "waiting", probe: null }],
  [
    "one that passed",
    fileOf(),
    { state: "passed", reason: "clean" },
    { mirrored: true, state: "mirrored", reason: "clean" },
  ],
  [
    "one that failed",
    fileOf(),
    { state: "failed", reason: "it shows" },
    { mirrored: false, state: "failed", reason: "it shows" },
  ],
  [
    "one that is tried again",
    fileOf(),
    { state: "unclear", reason: "refused", nextAt: 1_700_000_005_000 },
    {
      mirrored: false,
      state: "unclear",
      probe: { tee: "tee1-lx1", at: 1_700_000_000_000, tries: 1, nextAt: 1_700_000_005_000 },
    },
  ],
])("environment and overlay say what becomes of writes: %s", async (_, file, found, expected) => {
  const api = await withOverlay(file);
  if (found !== undefined) await note(api, found);
  expect(await writesOf(api)).toMatchObject([{ service: "web", ...expected }]);
});

test("a new run waits for a probe of its own", async () => {
  const api = await withOverlay(fileOf());
  await note(api, { state: "failed", reason: "it shows" });
  await api.call("PUT", "/environments/checkout/shadow", { enabled: true, newRun: true });
  expect(await writesOf(api)).toMatchObject([{ state: "waiting", probe: null }]);
});

test("what was probed is in the audit, of a deleted overlay too", async () => {
  const api = await withOverlay(fileOf());
  const { id } = (await api.call("GET", "/overlays/checkout")).body;
  api.now += 1_000;
  await note(api, { state: "failed", reason: "it shows" });
  await api.call("DELETE", "/overlays/checkout");
  const { entries } = (await api.call("GET", `/environments/${id}/audit?what=environment.probe`)).body;
  expect(entries).toMatchObject([
    {
      at: api.now,
      who: "tee tee1-lx1",
      after: { state: "failed", reason: "it shows", sideEffects: "isolated", service: "web" },
    },
  ]);
});

test("denied writes are the sum over all tees of this run", async () => {
  const api = await withOverlay(fileOf());
  const { id, run, baseline } = await api.ports.catalog.overlay("checkout");
  const beat = { baseline, at: api.now, state: "live" as const, outcomes: {} };
  await api.ports.tees.beat({
    ...beat,
    tee: "a",
    epoch: "1",
    deniedWrites: { [`${id}/${run.id}`]: 3, [`${id}/run-old`]: 9 },
  });
  await api.ports.tees.beat({ ...beat, tee: "b", epoch: "1", deniedWrites: { [`${id}/${run.id}`]: 4 } });
  await api.ports.tees.beat({ ...beat, tee: "old", epoch: "1" });
  expect((await api.call("GET", "/environments/checkout")).body.deniedWrites).toBe(7);
});

test("headers of a probe are never shown again, and what stands in their place is not taken for them", async () => {
  const api = await withOverlay(fileOf());
  const shown = (await api.call("GET", "/overlays/checkout")).body;
  const everything = JSON.stringify([shown, (await api.call("GET", "/environments/checkout/audit")).body]);
  expect(everything).not.toMatch(/of-the-write|of-the-read/);
  const sent = await api.call("POST", "/overlays", { baseline: "shop", file: shown.file, replace: true });
  expect(sent).toMatchObject({ status: 400, body: { code: "invalid-input" } });
  expect(sent.body.faults.map(({ field }: { field: string }) => field)).toEqual([
    "services.web.probe.write.headers.authorization",
    "services.web.probe.read.headers.cookie",
  ]);
});

test("a read through a service that the baseline does not have is refused", async () => {
  const api = apiUnderTest();
  await api.call("POST", "/baselines", { file: SHOP });
  const probe = { ...PROBE, read: { ...PROBE.read, service: "cart" } };
  expect(await api.call("POST", "/overlays", { baseline: "shop", file: fileOf({}, { probe }) })).toMatchObject({
    status: 400,
    body: { faults: [{ field: "services.web.probe.read.service", message: expect.stringContaining("allowed: web") }] },
  });
});
