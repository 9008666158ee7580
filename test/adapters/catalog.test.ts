import { randomBytes } from "node:crypto";
import { readPlan } from "../../adapters/plan.ts";
import type { Catalog } from "../../adapters/ports.ts";
import { Baseline, Overlay } from "../../core/sampling/environment.ts";
import { type AwsStack, startStack } from "./aws-stack.ts";

let stack: AwsStack;
let catalog: Catalog;
beforeAll(async () => {
  stack = await startStack();
  catalog = stack.ports.catalog;
});
afterAll(() => stack.stop());

const baselineOf = (name: string, id = `bl-${name}`): Baseline =>
  Baseline.parse({ id, createdAt: 1, file: { name, services: { app: { url: "http://localhost:3000" } } } });

const overlayOf = (name: string, id = `ov-${name}`, baseline = "bl-shop"): Overlay =>
  Overlay.parse({
    id,
    baseline,
    createdAt: 1,
    file: { name, services: { app: { url: "http://localhost:3001" } } },
    shadow: { enabled: true },
    run: { id: "run-1", attempt: 1, startedAt: 1, baselineVersion: "a", candidateVersion: "b" },
    revision: 0,
  });

test("a baseline is found by its id and by its name, as it was written", async () => {
  const shop = baselineOf("shop");
  await catalog.createBaseline(shop);
  expect(await catalog.baseline("bl-shop")).toEqual(shop);
  expect(await catalog.baseline("shop")).toEqual(shop);
  expect(await catalog.baselines()).toContainEqual(shop);
});

test.each([
  ["the same name", baselineOf("taken", "bl-other")],
  ["the same id", baselineOf("other", "bl-taken")],
  ["the very same baseline", baselineOf("taken")],
])("a second baseline with %s is a conflict", async (_, second) => {
  await catalog.createBaseline(baselineOf("taken")).catch(() => {});
  await expect(catalog.createBaseline(second)).rejects.toMatchObject({ code: "conflict" });
});

test("a baseline and an overlay may have the same name", async () => {
  await catalog.createBaseline(baselineOf("twin"));
  await catalog.createOverlay(overlayOf("twin"));
  expect((await catalog.overlay("twin")).id).toBe("ov-twin");
  expect((await catalog.baseline("twin")).id).toBe("bl-twin");
});

test("what is not there is not-found", async () => {
  await expect(catalog.baseline("nowhere")).rejects.toMatchObject({ code: "not-found" });
  await expect(catalog.overlay("nowhere")).rejects.toMatchObject({ code: "not-found" });
});

test("of ten creations of one name at once, one succeeds", async () => {
  const all = Array.from({ length: 10 }, (_, i) => catalog.createOverlay(overlayOf("race", `ov-race${i}`)));
  const settled = await Promise.allSettled(all);
  expect(settled.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  for (const one of settled) if (one.status === "rejected") expect(one.reason).toMatchObject({ code: "conflict" });
});

test("a change writes the next revision, and of two changes of one revision the second is a conflict", async () => {
  await catalog.createOverlay(overlayOf("changing"));
  const read = await catalog.overlay("changing");
  const changed = await catalog.putOverlay({ ...read, shadow: { enabled: false } });
  expect(changed).toEqual({ ...read, shadow: { enabled: false }, revision: 1 });
  expect(await catalog.overlay("changing")).toEqual(changed);
  await expect(catalog.putOverlay(read)).rejects.toMatchObject({ code: "conflict" });
});

test("of ten changes of one revision at once, one succeeds", async () => {
  await catalog.createOverlay(overlayOf("contended"));
  const read = await catalog.overlay("contended");
  const settled = await Promise.allSettled(Array.from({ length: 10 }, () => catalog.putOverlay(read)));
  expect(settled.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  expect((await catalog.overlay("contended")).revision).toBe(1);
});

test("a deleted overlay is gone, deleting again does nothing, and a change of it is a conflict", async () => {
  await catalog.createOverlay(overlayOf("brief"));
  const read = await catalog.overlay("brief");
  await catalog.deleteOverlay(read.id);
  await catalog.deleteOverlay(read.id);
  await expect(catalog.overlay("brief")).rejects.toMatchObject({ code: "not-found" });
  await expect(catalog.putOverlay(read)).rejects.toMatchObject({ code: "conflict" });
  await catalog.createOverlay(overlayOf("brief", "ov-brief2"));
});

test("runs come in the order of their attempts, each once", async () => {
  const runOf = (attempt: number) => ({
    id: `run-${attempt}`,
    attempt,
    startedAt: attempt,
    baselineVersion: "a",
    candidateVersion: "b",
  });
  for (const attempt of [10, 2, 1, 2]) await catalog.recordRun("ov-runs", runOf(attempt));
  expect((await catalog.runs("ov-runs")).map(({ attempt }) => attempt)).toEqual([1, 2, 10]);
  expect(await catalog.runs("ov-run")).toEqual([]);
});

test("a catalog of more than one page is read whole", async () => {
  const names = Array.from({ length: 40 }, (_, i) => `page-${i}`);
  // Over 1 MiB together, past compression: random header values.
  for (const name of names) {
    const value = randomBytes(40_000).toString("hex");
    const overlay = overlayOf(name);
    const services = { app: { ...overlay.file.services.app!, setHeaders: { "x-long": value } } };
    await catalog.createOverlay({ ...overlay, file: { ...overlay.file, services } });
  }
  const found = (await catalog.overlays()).map(({ file }) => file.name);
  expect(found).toEqual(expect.arrayContaining(names));
  expect((await catalog.overlay("ov-page-39")).file.name).toBe("page-39");
});

test("the plan of a baseline holds its enabled overlays alone", async () => {
  await catalog.createBaseline(baselineOf("planned"));
  await catalog.createOverlay(overlayOf("on", "ov-on", "bl-planned"));
  await catalog.createOverlay({ ...overlayOf("off", "ov-off", "bl-planned"), shadow: { enabled: false } });
  const { plan } = await readPlan(stack.ports, "planned", "app");
  expect(plan.baseline).toBe("bl-planned");
  expect(plan.entries.map(({ env }) => env)).toEqual(["ov-on"]);
  expect((await readPlan(stack.ports, "planned", "other")).plan.entries).toEqual([]);
  await expect(readPlan(stack.ports, "nowhere", "app")).rejects.toMatchObject({ code: "not-found" });
});
