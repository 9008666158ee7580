import { connect } from "node:net";
import { type FaultName, faultsOf } from "../../bench/isolation/faults.ts";
import { FaultyTarget } from "../../bench/isolation/faulty-target.ts";
import type { FailureReason } from "../../core/capture/capture.ts";
import type { Outcome } from "../../core/pair/outcome.ts";
import type { RawPair } from "../../proxy/batch.ts";
import { startTee, type TestTee, talk } from "./harness.ts";

// Nothing that a mirror target does reaches the caller: first and later requests of a connection, candidate and secondary.

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 40\r\n\r\n{"is":"the right answer, and whole too"}';
const GET = "GET /a HTTP/1.1\r\nHost: shop.test\r\n\r\n";
const REQUESTS = 5;
/** Far above what an answer takes, below what any fault here lasts when the tee waits for each of them. */
const GENEROUS_MS = 4_000;
const LIMITS = { mirrorTimeoutMs: 1_000, drainMs: 100 };
const FAULTS = faultsOf({ lateMs: 300, dripMs: 50 });

const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

const target = async (): Promise<FaultyTarget> => {
  const started = await new FaultyTarget(() => OK).start();
  cleanUps.push(() => started.stop());
  return started;
};
const tee = async (options: Parameters<typeof startTee>[0]): Promise<TestTee> => {
  const started = await startTee({ ...options, limits: { ...LIMITS, ...options.limits } });
  cleanUps.unshift(() => started.tee.drain());
  return started;
};

/** One caller on one kept connection: each request goes once the one before is answered. */
const converse = (port: number, requests = REQUESTS): Promise<readonly string[]> =>
  new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => socket.write(GET));
    const answers: string[] = [];
    let got = "";
    const timer = setTimeout(() => reject(new Error(`no answer to request ${answers.length + 1}`)), GENEROUS_MS);
    const end = () => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answers);
    };
    socket.on("close", end);
    socket.on("data", (chunk) => {
      got += chunk.toString("latin1");
      if (got.length < OK.length) return;
      answers.push(got);
      got = "";
      if (answers.length === requests) end();
      else socket.write(GET);
    });
  });

const until = async (isSo: () => boolean): Promise<void> => {
  for (let look = 0; look < 1_000 && !isSo(); look++) await new Promise((resolve) => setTimeout(resolve, 5));
};

type Lane = "candidate" | "secondary";
const howOf = (pair: RawPair, lane: Lane) => {
  const end = pair[lane];
  return end?.outcome === "failed" ? end.reason : end?.outcome;
};

/** How the lane ended, or the outcome where there is no pair. */
const ENDS: Record<FaultName, FailureReason | "responded" | Extract<Outcome, "tooLarge">> = {
  "never answers": "timeout",
  refuses: "refused",
  "resets mid-answer": "reset",
  "answers late": "responded",
  "drips its answer": "timeout",
  floods: "tooLarge",
  "floods in chunks": "tooLarge",
  "sends broken HTTP": "invalid",
  "answers 500": "responded",
  "closes after each answer": "responded",
  "is gone from DNS": "refused",
  "has broken TLS": "refused",
};
const MATRIX = (["candidate", "secondary"] as const).flatMap((lane) =>
  Object.entries(ENDS).map(([name, end]) => [lane, name as FaultName, end] as const),
);

test.each(MATRIX)(
  "a %s that %s: callers are served, each request is accounted for, memory comes back, the lane too",
  async (lane, name, end) => {
    const fault = FAULTS[name];
    const [primary, faulty, healthy] = [await target(), await target(), await target()];
    await faulty.show(fault);
    const [bad, good] = [faulty.urlFor(fault), healthy.urlFor(undefined)];
    const { port, pairs, settled, heldBytes } = await tee({
      primary: primary.urlFor(undefined),
      candidate: lane === "candidate" ? bad : good,
      secondary: lane === "candidate" ? good : bad,
    });

    const answers = await Promise.all([converse(port), converse(port)]);
    expect(answers.flat()).toEqual(Array(2 * REQUESTS).fill(OK));

    const failed = lane === "candidate" && !["responded", "tooLarge"].includes(end);
    const outcome = end === "tooLarge" ? "tooLarge" : failed ? "candidateFailed" : "compared";
    expect(await settled(2 * REQUESTS)).toMatchObject({ sampled: 2 * REQUESTS, [outcome]: 2 * REQUESTS });
    expect(new Set(pairs.map((pair) => howOf(pair, lane)))).toEqual(new Set(end === "tooLarge" ? [] : [end]));
    await until(() => heldBytes() === 0);
    expect(heldBytes()).toBe(0);

    if (fault.kind === "address") return;
    await faulty.heal();
    expect(await converse(port)).toEqual(Array(REQUESTS).fill(OK));
    await settled(3 * REQUESTS);
    expect(pairs.slice(-REQUESTS).map((pair) => howOf(pair, lane))).toEqual(Array(REQUESTS).fill("responded"));
  },
);

describe("the breaker", () => {
  const open = { maxConsecutiveTimeouts: 3, breakerProbeMs: 50, mirrorTimeoutMs: 100 };
  const hang = FAULTS["never answers"];

  test("a candidate that hangs is probed, shed otherwise, and compared again by itself once it answers", async () => {
    const [primary, candidate] = [await target(), await target()];
    await candidate.show(hang);
    const url = candidate.urlFor(hang);
    const started = await tee({ primary: primary.urlFor(undefined), candidate: url, limits: open });
    const { port, settled, outcomes } = started;
    const isOpen = () => started.tee.read().pools.map((pool) => pool.isOpen);
    expect(await converse(port, 3)).toHaveLength(3);
    expect(await settled(3)).toMatchObject({ candidateFailed: 3 });
    expect(isOpen()).toEqual([true]);

    expect(await converse(port, 20)).toEqual(Array(20).fill(OK));
    const { candidateFailed, shedBreaker } = await settled(23);
    expect(candidateFailed + shedBreaker).toBe(23);
    expect(shedBreaker).toBeGreaterThan(0);

    // One probe in each interval goes, although those before it still hang.
    for (let look = 0; look < 500 && outcomes().candidateFailed < candidateFailed + 2; look++) {
      await converse(port, 1);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    expect(outcomes().candidateFailed).toBeGreaterThanOrEqual(candidateFailed + 2);

    await candidate.heal();
    for (let look = 0; look < 500 && outcomes().compared === 0; look++) {
      await converse(port, 1);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    expect(isOpen()).toEqual([false]);
    const before = await settled(0);
    await converse(port);
    expect(await settled(before.sampled + REQUESTS)).toMatchObject({
      compared: before.compared + REQUESTS,
      shedBreaker: before.shedBreaker,
    });
  });

  test("a secondary that hangs is left out of the pair, which is compared with the primary alone", async () => {
    const [primary, candidate, secondary] = [await target(), await target(), await target()];
    await secondary.show(hang);
    const { port, pairs, settled } = await tee({
      primary: primary.urlFor(undefined),
      candidate: candidate.urlFor(undefined),
      secondary: secondary.urlFor(hang),
      limits: { ...open, breakerProbeMs: 60_000 },
    });
    await converse(port, 3);
    await settled(3);
    expect(pairs.map(({ secondary: end }) => end)).toMatchObject(Array(3).fill({ reason: "timeout" }));
    await converse(port);
    expect(await settled(3 + REQUESTS)).toMatchObject({ compared: 3 + REQUESTS, shedBreaker: 0 });
    expect(pairs.slice(3).map(({ secondary: end }) => end)).toEqual(Array(REQUESTS).fill(undefined));
  });

  test("a candidate whose TLS is broken costs a handshake a probe, and each of its mirrors is a failure", async () => {
    const [primary, candidate] = [await target(), await target()];
    const broken = FAULTS["has broken TLS"];
    await candidate.show(broken);
    const started = await tee({
      primary: primary.urlFor(undefined),
      candidate: candidate.urlFor(broken),
      limits: { ...open, breakerProbeMs: 60_000 },
    });
    for (let request = 0; request < 3; request++) {
      await converse(started.port, 1);
      await started.settled(request + 1);
    }
    expect(started.tee.read().pools.map((pool) => pool.isOpen)).toEqual([true]);
    expect(await converse(started.port, 20)).toEqual(Array(20).fill(OK));
    expect(await started.settled(23)).toMatchObject({ candidateFailed: 23, shedBreaker: 0 });
    expect(new Set(started.pairs.map((pair) => howOf(pair, "candidate")))).toEqual(new Set(["refused"]));
    expect(started.tee.read().pools).toMatchObject([{ busy: 0, idle: 0 }]);
  });

  test.each(["floods", "floods in chunks"] as const)(
    "a candidate that %s is probed and not asked otherwise; nothing is left unsaid: each is tooLarge",
    async (name) => {
      const [primary, candidate] = [await target(), await target()];
      await candidate.show(FAULTS[name]);
      const started = await tee({
        primary: primary.urlFor(undefined),
        candidate: candidate.urlFor(undefined),
        limits: { ...open, breakerProbeMs: 200 },
      });
      const { port, settled, outcomes } = started;
      const isOpen = () => started.tee.read().pools.map((pool) => pool.isOpen);
      for (let request = 0; request < 3; request++) {
        await converse(port, 1);
        await settled(request + 1);
      }
      expect(isOpen()).toEqual([true]);
      const asked = candidate.asked;
      expect(await converse(port, 20)).toEqual(Array(20).fill(OK));
      expect(await settled(23)).toMatchObject({ tooLarge: 23, shedBreaker: 0 });
      expect(candidate.asked).toBeLessThan(asked + 20);

      await candidate.heal();
      for (let look = 0; look < 500 && outcomes().compared === 0; look++) {
        await converse(port, 1);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      expect(isOpen()).toEqual([false]);
    },
  );

  test("answers cut short because the primary's is too large say nothing of the candidate", async () => {
    const [candidate] = [await target()];
    const long = `HTTP/1.1 200 OK\r\nContent-Length: 20000\r\n\r\n${"x".repeat(20_000)}`;
    const primary = await new FaultyTarget(() => long).start();
    cleanUps.push(() => primary.stop());
    const started = await tee({
      primary: primary.urlFor(undefined),
      candidate: candidate.urlFor(undefined),
      limits: { ...open, maxBodyBytes: 10_000, maxHeadBytes: 1_000 },
    });
    for (let request = 0; request < 5; request++) {
      await talk(started.port, [GET], { until: long.length });
      await started.settled(request + 1);
    }
    await until(() => started.tee.read().mirrorsInFlight === 0);
    expect(started.tee.read().pools.map((pool) => pool.isOpen)).toEqual([false]);
  });

  test("a candidate that refuses is asked each time: every failure is a divergence", async () => {
    const [primary, candidate] = [await target(), await target()];
    await candidate.show(FAULTS.refuses);
    const { port, settled } = await tee({
      primary: primary.urlFor(undefined),
      candidate: candidate.urlFor(undefined),
      limits: open,
    });
    await converse(port, 20);
    expect(await settled(20)).toMatchObject({ candidateFailed: 20 });
  });
});

test("the store of the plan is gone: when the lease is over nothing is mirrored, when it is back all is again", async () => {
  const [primary, candidate] = [await target(), await target()];
  const { port, settled, outcomes, renewPlan } = await tee({
    primary: primary.urlFor(undefined),
    candidate: candidate.urlFor(undefined),
    limits: { planLeaseMs: 300 },
  });
  renewPlan();
  await converse(port);
  expect(await settled(REQUESTS)).toMatchObject({ compared: REQUESTS });
  await new Promise((resolve) => setTimeout(resolve, 350));
  expect(await converse(port)).toEqual(Array(REQUESTS).fill(OK));
  expect(outcomes().sampled).toBe(REQUESTS);
  renewPlan();
  await converse(port);
  expect(await settled(2 * REQUESTS)).toMatchObject({ compared: 2 * REQUESTS });
});
