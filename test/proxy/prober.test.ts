import { LaneTarget } from "../../core/sampling/plan.ts";
import { Probe } from "../../core/sampling/probe.ts";
import type { WantedProbe } from "../../core/sampling/writes.ts";
import type { Found } from "../../proxy/probe.ts";
import { Prober } from "../../proxy/prober.ts";
import { memoryPorts } from "../lambdas/api/memory-ports.ts";

const wantedOf = (service: string): WantedProbe => ({
  ...{ env: "ov", run: "run", service, key: "k", sideEffects: "isolated", readUrl: undefined },
  probe: Probe.parse({ write: { path: "/", body: "{canary}" }, read: { path: "/" }, watchSeconds: 1 }),
  lanes: [{ lane: "candidate", target: LaneTarget.parse({ url: "http://c" }) }],
});

const scene = () => {
  const { probes } = memoryPorts();
  const clock = { now: 1_000_000 };
  const faults: unknown[] = [];
  const found: Found[] = [];
  const ran: string[] = [];
  const proberOf = (tee: string, run?: () => Promise<Found>) =>
    new Prober({
      tee,
      probes,
      run:
        run ??
        (async ({ service }) => {
          ran.push(`${tee} ${service}`);
          return found.shift() ?? { state: "passed", reason: "clean" };
        }),
      requestMs: 1_000,
      now: () => clock.now,
      failed: (_what, error) => void faults.push(error),
    });
  const look = async (prober: Prober, ...wanted: WantedProbe[]) =>
    prober.consider(wanted, await probes.of("ov", "run"));
  return { probes, clock, faults, found, ran, proberOf, look };
};

test("of two tees one probes, and what it found is for good", async () => {
  const { probes, ran, proberOf, look } = scene();
  const [a, b] = [proberOf("a"), proberOf("b")];
  await Promise.all([a.consider([wantedOf("web")], []), b.consider([wantedOf("web")], [])]);
  expect(ran).toEqual(["a web"]);
  await look(a, wantedOf("web"));
  await look(b, wantedOf("web"));
  expect(ran).toEqual(["a web"]);
  expect(await probes.of("ov")).toMatchObject([{ state: "passed", reason: "clean", tee: "a", tries: 1 }]);
});

test("what is unclear is tried again, after 5, 10, 20, 40, then each 60 seconds", async () => {
  const { clock, found, ran, proberOf, look } = scene();
  const prober = proberOf("a");
  const gaps: number[] = [];
  for (let tries = 1; tries <= 7; tries++) {
    found.push({ state: "unclear", reason: "refused" });
    const before = ran.length;
    let waited = 0;
    for (; ran.length === before; waited += 1_000, clock.now += 1_000) await look(prober, wantedOf("web"));
    gaps.push(waited / 1_000 - 1);
  }
  expect(gaps).toEqual([0, 4, 9, 19, 39, 59, 59]);
});

test("a tee that died while it probed is taken over once it is overdue, and changes nothing when it comes back", async () => {
  const { probes, clock, ran, proberOf, look } = scene();
  let wake: (found: Found) => void = () => {};
  const late = proberOf("late", () => new Promise((resolve) => (wake = resolve)));
  const held = late.consider([wantedOf("web")], []);
  const other = proberOf("other");
  clock.now += 5_999;
  await look(other, wantedOf("web"));
  expect(ran).toEqual([]);
  clock.now += 1;
  await look(other, wantedOf("web"));
  expect(ran).toEqual(["other web"]);
  wake({ state: "failed", reason: "late" });
  await held;
  expect(await probes.of("ov")).toMatchObject([{ state: "passed", tee: "other", tries: 2 }]);
});

test("a probe that cannot be run is unclear, and its fault is for the log", async () => {
  const { probes, faults, proberOf, look } = scene();
  await look(
    proberOf("a", () => Promise.reject(new Error("no sockets"))),
    wantedOf("web"),
  );
  expect(faults).toMatchObject([{ message: "no sockets" }]);
  expect(await probes.of("ov")).toMatchObject([
    { state: "unclear", reason: "it could not be run: the log of the tee says why" },
  ]);
});

test("a store that does not take what was found has it found again, and is no result", async () => {
  const { probes, clock, faults, ran, proberOf, look } = scene();
  const end = jest.spyOn(probes, "end").mockRejectedValueOnce(new Error("table down"));
  await look(proberOf("a"), wantedOf("web"));
  expect(faults).toMatchObject([{ message: "table down" }]);
  expect(await probes.of("ov")).toMatchObject([{ state: "probing" }]);
  clock.now += 60_000;
  await look(proberOf("a"), wantedOf("web"));
  expect(ran).toEqual(["a web", "a web"]);
  expect(await probes.of("ov")).toMatchObject([{ state: "passed", tries: 2 }]);
  end.mockRestore();
});

test("one is run after the other", async () => {
  const { ran, proberOf, look } = scene();
  const prober = proberOf("b");
  await Promise.all([look(prober, wantedOf("web"), wantedOf("cart")), look(prober, wantedOf("web"), wantedOf("cart"))]);
  expect(ran).toEqual(["b web"]);
  await look(prober, wantedOf("web"), wantedOf("cart"));
  expect(ran).toEqual(["b web", "b cart"]);
});
