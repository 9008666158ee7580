import { readPlan } from "../../adapters/plan.ts";
import { OverlayFile, probesOf } from "../../core/sampling/environment.ts";
import type { ProbeRecord } from "../../core/sampling/writes.ts";
import { memoryPorts } from "../lambdas/api/memory-ports.ts";

const scene = async () => {
  const ports = memoryPorts();
  const baseline = {
    id: "bl",
    createdAt: 0,
    file: { name: "shop", version: "1", services: { web: { url: "http://b" } } },
  };
  const probe = { write: { path: "/", body: "{canary}" }, read: { path: "/" } };
  const services = { web: { url: "http://c", secondary: "none", probe } };
  const sampling = { match: { methods: ["POST"] } };
  const overlay = {
    ...{ id: "ov", baseline: "bl", createdAt: 0, shadow: { enabled: true }, revision: 0 },
    file: OverlayFile.parse({ name: "pr", sideEffects: "isolated", services, sampling }),
    run: { id: "run", attempt: 1, startedAt: 0, baselineVersion: "1", candidateVersion: "2" },
  };
  await ports.catalog.createBaseline(baseline);
  await ports.catalog.createOverlay(overlay);
  let asked = 0;
  const counted = {
    ...ports,
    probes: {
      ...ports.probes,
      of: (...of: [string, string?]) => {
        asked++;
        return ports.probes.of(...of);
      },
    },
  };
  let known: readonly ProbeRecord[] = [];
  const state = async () => {
    const { plan, records } = await readPlan(counted, "shop", "web", known);
    known = records;
    return plan.entries[0]?.writes.state;
  };
  const [{ env, run, service, key, sideEffects } = {} as never] = probesOf(baseline, [overlay], "web");
  const record = { env, run, service, key, sideEffects, tee: "t", at: 0, tries: 1, nextAt: 9_000, reason: "" };
  return { ports, state, record, asked: () => asked };
};

test("what a probe found for good is read once, all else each time", async () => {
  const { ports, state, record, asked } = await scene();
  expect(await state()).toBe("waiting");
  await ports.probes.claim({ ...record, state: "probing" });
  expect(await state()).toBe("probing");
  await ports.probes.end({ ...record, state: "passed" });
  expect(await state()).toBe("mirrored");
  expect(asked()).toBe(3);
  expect([await state(), await state(), asked()]).toEqual(["mirrored", "mirrored", 3]);
});

test("a plan whose probes cannot be read is no plan: what it would let through is unknown", async () => {
  const { ports } = await scene();
  const down = { ...ports, probes: { of: () => Promise.reject(new Error("table down")) } };
  await expect(readPlan(down, "shop", "web")).rejects.toThrow("table down");
});
