import { randomBytes } from "node:crypto";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Rule } from "../../core/diff/rules.ts";
import { PlanEntry } from "../../core/sampling/plan.ts";
import { type Drifted, driftedOf, type ReadState } from "../../core/verdict/drift.ts";
import { createOrdersServer, type OrdersOptions } from "../../examples/orders/server.ts";
import { DriftLooks } from "../../proxy/drift-looks.ts";
import { DEFAULT_LIMITS } from "../../proxy/limits.ts";
import { unsigned } from "../../proxy/marks.ts";
import { createStoring } from "../../proxy/storing.ts";
import { memoryPorts } from "../lambdas/api/memory-ports.ts";
import { answering, RawServer } from "./harness.ts";

// Real services, each with a store of its own, asked by the tee's own code; only the clock is the test's.

/** Not far from the services' own clock, by which times in answers are known. */
const START = Date.now();
const EVERY_MS = 1_000;
const ALPHA = 0.01;
const READS = ["/orders/1001", "/orders/1002", "/customers/7"];

const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

const service = async (options: OrdersOptions): Promise<string> => {
  const server: Server = createOrdersServer(options);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  cleanUps.push(() => new Promise((resolve) => server.close(resolve)));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

interface Scene {
  readonly primary: string;
  readonly candidate: string;
  readonly secondary?: string;
  readonly drift?: object;
}

const watch = (scene: Scene) => {
  const ports = memoryPorts();
  let now = START;
  const faults: unknown[] = [];
  const tee = () => {
    const looks = new DriftLooks({
      primaryUrl: scene.primary,
      ports,
      how: createStoring(randomBytes(32), DEFAULT_LIMITS),
      limits: { ...DEFAULT_LIMITS, mirrorTimeoutMs: 300 },
      marks: unsigned,
      idPrefix: "t-e",
      now: () => now,
      failed: (_what, error) => void faults.push(error),
    });
    looks.apply({ baseline: "b", entries: [entry] });
    return looks;
  };
  const { primary: _, drift = { reads: READS } as object, candidate, secondary } = scene;
  const entry = PlanEntry.parse({
    env: "env",
    run: "run",
    candidate: { url: candidate },
    ...(secondary === undefined ? {} : { secondary: { url: secondary } }),
    control: secondary === undefined ? "none" : "control",
    sampling: {},
    drift: { everySeconds: EVERY_MS / 1_000, ...drift },
  });
  cleanUps.unshift(async () => expect(faults).toEqual([]));
  const tees = [tee(), tee()];
  const state = async () => (await ports.drifts.of("env", "run"))?.state ?? undefined;
  return {
    ports,
    state,
    /** So many rounds, each begun by all tees at once. */
    async rounds(n: number): Promise<void> {
      for (let round = 0; round < n; round++) {
        await Promise.all(tees.map((one) => one.look()));
        now += EVERY_MS;
      }
    },
    /** Asked before it is time. */
    async early(): Promise<void> {
      now -= 1;
      await Promise.all(tees.map((one) => one.look()));
      now += 1;
    },
    setRules: (rules: Rule[], version = 1) => ports.rules.putRules("env", { version, rules }),
    drifted: async (): Promise<readonly Drifted[]> => {
      const { reads = [], versions = [] } = entry.drift!;
      return driftedOf({ reads, versions, state: await state(), takesWrites: false }, ALPHA);
    },
    read: async (read: string): Promise<ReadState | undefined> => (await state())?.reads[read],
  };
};

const setStatus = async (base: string, id: number, status: string): Promise<void> => {
  const answer = await fetch(`${base}/orders/${id}/status`, { method: "POST", body: JSON.stringify({ status }) });
  expect(answer.status).toBe(200);
};
const lanes = async (candidate: OrdersOptions = { role: "baseline", seed: 2 }) => ({
  primary: await service({ role: "baseline", seed: 1 }),
  candidate: await service(candidate),
  secondary: await service({ role: "baseline", seed: 3 }),
});

test("a store that stays behind the baseline's is shown, read by read, from when on; the same code and data are not", async () => {
  const { primary, candidate } = await lanes();
  const scene = watch({ primary, candidate });
  await scene.rounds(30);
  expect(await scene.drifted()).toEqual([]);
  expect(await scene.read(READS[0]!)).toMatchObject({ looks: 30, agreed: 30, failed: 0, stray: 0 });
  // A write that only the baseline gets: side effects are not kept away, so it is not mirrored.
  const { status } = (await (await fetch(`${primary}/orders/1001`)).json()) as { status: string };
  await setStatus(primary, 1001, status === "paid" ? "open" : "paid");
  await scene.rounds(12);
  expect(await scene.drifted()).toEqual([
    { read: "/orders/1001", place: "body/status", since: START + 30 * EVERY_MS, until: null },
  ]);
});

test("one of all tees looks, and not before it is time", async () => {
  const scene = watch(await lanes());
  await scene.rounds(5);
  expect((await scene.read(READS[0]!))?.looks).toBe(5);
  await scene.early();
  expect((await scene.read(READS[0]!))?.looks).toBe(5);
});

test("the planted regressions of the overlay, there from the first look on, are no drift; drift beside them is", async () => {
  const three = await lanes({ role: "overlay", seed: 2 });
  const scene = watch(three);
  await scene.rounds(30);
  expect(await scene.drifted()).toEqual([]);
  expect((await scene.read("/orders/1002"))?.always).toContain("body/totals/taxRate");
  await setStatus(three.candidate, 1002, "open");
  await setStatus(three.candidate, 1002, "delivered");
  await scene.rounds(12);
  const moved = await scene.drifted();
  expect(moved.every(({ read, place }) => read === "/orders/1002" && place === "body/status")).toBe(true);
  expect(moved).toHaveLength(1);
});

test("where the secondary's data differ as well, nothing is said", async () => {
  const { primary, candidate, secondary } = await lanes();
  const scene = watch({ primary, candidate, secondary });
  await scene.rounds(5);
  for (const id of [1001, 1002]) await setStatus(primary, id, "open");
  for (const id of [1001, 1002]) await setStatus(primary, id, "delivered");
  await scene.rounds(15);
  expect(await scene.drifted()).toEqual([]);
});

test("a version that differs from the first look on is shown, a read is not", async () => {
  const { primary, candidate } = await lanes();
  await setStatus(primary, 1001, "open");
  await setStatus(primary, 1001, "delivered");
  const scene = watch({ primary, candidate, drift: { reads: ["/orders/1001"], versions: ["/data-version"] } });
  await scene.rounds(12);
  expect(await scene.drifted()).toMatchObject([{ read: "/data-version", place: "body/version" }]);
});

test("what the rules ignore or allow is no drift; other rules begin anew", async () => {
  const { primary, candidate } = await lanes();
  const scene = watch({ primary, candidate, drift: { versions: ["/data-version"] } });
  await setStatus(primary, 1001, "open");
  await scene.setRules([{ endpoint: "GET /data-version", ignore: "body/version" }]);
  await scene.rounds(12);
  expect(await scene.drifted()).toEqual([]);
  await scene.setRules([{ tolerance: "body/version", absolute: 5 }], 2);
  await scene.rounds(12);
  expect(await scene.read("/data-version")).toMatchObject({ looks: 12, agreed: 12 });
  await scene.setRules([{ tolerance: "body/version", absolute: 0.5 }], 3);
  await scene.rounds(12);
  expect(await scene.drifted()).toHaveLength(1);
});

test("headers are sent to every lane, to the candidate with its mark, and a lane that fails is no look", async () => {
  const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Type: application/json\r\n\r\n{}";
  const [primary, hangs] = [answering(OK), new RawServer(() => {})];
  for (const server of [primary, hangs]) {
    await server.start();
    cleanUps.push(() => server.stop());
  }
  const drift = { reads: ["/a?b=c"], headers: { Authorization: "Bearer x", Host: "shop.test" } };
  const scene = watch({ primary: primary.url, candidate: hangs.url, drift });
  await scene.rounds(1);
  const asked = (host: string) => `GET /a?b=c HTTP/1.1\r\nHost: ${host}\r\nAccept: */*\r\nAuthorization: Bearer x\r\n`;
  expect(primary.bytes).toBe(`${asked("shop.test")}\r\n`.repeat(2));
  expect(hangs.bytes).toContain(`${asked(`127.0.0.1:${hangs.port}`)}x-shadowgraph-lane: candidate\r\n`);
  expect(await scene.read("/a?b=c")).toMatchObject({
    looks: 0,
    failed: 1,
    lastFailure: "the candidate did not answer in time",
  });
});

test("answers that are too large, cut, broken or no JSON harm no other read", async () => {
  const answers: Readonly<Record<string, string>> = {
    "/ok": '{"a":1}',
    "/text": "not { json",
    "/gzip": "\x1f\x8bbroken",
    "/large": "x".repeat(2_000_000),
    "/empty": "",
    "/deep": "[".repeat(50_000),
  };
  const odd = answering((head) => {
    const [, path = ""] = /^GET (\S+)/.exec(head) ?? [];
    const body = answers[path]!;
    const coding = path === "/gzip" ? "Content-Encoding: gzip\r\n" : "";
    return `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n${coding}Content-Length: ${body.length}\r\n\r\n${body}`;
  });
  await odd.start();
  cleanUps.push(() => odd.stop());
  const scene = watch({ primary: odd.url, candidate: odd.url, drift: { reads: Object.keys(answers) } });
  await scene.rounds(3);
  expect(await scene.read("/large")).toMatchObject({
    looks: 0,
    failed: 3,
    lastFailure: expect.stringMatching(/larger than MAX_BODY_BYTES/),
  });
  for (const read of ["/ok", "/text", "/gzip", "/empty", "/deep"])
    expect([read, await scene.read(read)]).toEqual([read, expect.objectContaining({ looks: 3, agreed: 3 })]);
});

test.each<[object, RegExp]>([
  [{ reads: [] }, /must declare 1 to 20 reads/],
  [{ reads: ["/a"], versions: ["/a"] }, /each once/],
  [{ reads: Array.from({ length: 21 }, (_, i) => `/${i}`) }, /must declare 1 to 20 reads/],
  [{ reads: ["orders"] }, /must be a path/],
  [{ reads: ["/a b"] }, /must be a path/],
  [{ reads: ["/a\r\nx: y"] }, /must be a path/],
  [{ reads: ["/a#b"] }, /must be a path/],
  [{ reads: ["/a"], everySeconds: 0.5 }, /everySeconds/],
  [{ reads: ["/a"], headers: { "x-a": "b\r\nc: d" } }, /must not hold control characters/],
])("%j is refused", (drift, message) => {
  const { error } = PlanEntry.shape.drift.safeParse(drift);
  expect(error?.message).toMatch(message);
});
