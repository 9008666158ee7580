import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { parentPort, workerData } from "node:worker_threads";
import { AdaptersEnv } from "../adapters/env.ts";
import { readPlan } from "../adapters/plan.ts";
import { createPorts } from "../adapters/ports-of.ts";
import type { OutcomeCounts } from "../core/pair/outcome.ts";
import type { Plan } from "../core/sampling/plan.ts";
import type { ProbeRecord } from "../core/sampling/writes.ts";
import { CallsAsking, type CallsOf } from "./ask-calls.ts";
import type { DriftLooks } from "./drift-looks.ts";
import { log, outliveLog } from "./log.ts";
import { watchLoop } from "./loop-delay.ts";
import { marksWith } from "./marks.ts";
import type { FromShipper, ShipperStart, ToShipper } from "./messages.ts";
import { standBehind } from "./priority.ts";
import { runProbe } from "./probe.ts";
import { createProbeSender } from "./probe-sender.ts";
import { Prober } from "./prober.ts";
import { Shipper } from "./shipper.ts";
import { createStoring } from "./storing.ts";

const BEAT_MS = 1_000;
const AGE_CHECK_MS = 100;
const READING_MS = 1_000;
const DRIFT_TICK_MS = 200;

/** The thread of the shipper: everything that talks to AWS, so that the thread that serves callers only moves bytes. */
const { tee, epoch, baseline, service, primaryUrl, markKey, limits, nextSeq } = workerData as ShipperStart;
const main = parentPort!;
outliveLog();
standBehind();
const tell = (message: FromShipper, transfer: ArrayBuffer[] = []) => main.postMessage(message, transfer);
const ports = createPorts(AdaptersEnv.parse(process.env));

const key = randomBytes(32);

const shipper = new Shipper(
  { tee, epoch, key, limits, nextSeq },
  {
    send: (segment, id) => ports.segments.send(segment, id),
    now: () => Date.now(),
    ended: (ended) => tell({ type: "ended", ended }),
    numbered: (run, seq) => tell({ type: "numbered", run, seq }),
    failed: (what, error) => log("warn", what, { error }),
  },
);

const idPrefix = `${tee}-${epoch}`;
const marks = marksWith(markKey, idPrefix, Date.now);
const sender = createProbeSender({ limits, marks, idPrefix, primaryUrl });
const prober = new Prober({
  tee: idPrefix,
  probes: ports.probes,
  run: (wanted) =>
    runProbe(wanted, {
      ...{ sender, primaryUrl },
      wait: (ms) => sleep(ms),
      now: () => performance.now(),
      random: () => randomBytes(16),
    }),
  requestMs: limits.mirrorConnectTimeoutMs + limits.mirrorTimeoutMs,
  now: Date.now,
  failed: (what, error) => log("warn", what, { error }),
});

/** The baseline may be given by its name; accounting looks under its id, which the plan tells. Nothing is sampled before the first plan. */
let baselineId = baseline;
let outcomes: Readonly<Record<string, OutcomeCounts>> = {};
let deniedWrites: Readonly<Record<string, number>> = {};
let isDraining = false;

const beat = async (state: "live" | "closed"): Promise<void> => {
  try {
    await ports.tees.beat({ tee, epoch, baseline: baselineId, at: Date.now(), state, outcomes, deniedWrites });
  } catch (error) {
    log("warn", "the heartbeat could not be written", { error });
  }
};

let looks: DriftLooks | undefined;

/** Comparing is loaded where an overlay declares reads, and takes no memory elsewhere. */
const watchData = async (plan: Plan): Promise<void> => {
  if (looks === undefined && plan.entries.every(({ drift }) => drift === undefined)) return;
  if (looks === undefined) {
    const { DriftLooks } = await import("./drift-looks.ts");
    const failed = (what: string, error: unknown) => log("warn", what, { error });
    const how = createStoring(key, limits);
    looks = new DriftLooks({ primaryUrl, ports, how, limits, marks, idPrefix, now: Date.now, failed });
  }
  looks.apply(plan);
};

let probed: readonly ProbeRecord[] = [];

const poll = async (): Promise<void> => {
  try {
    const { plan, probes, records } = await readPlan(ports, baseline, service, probed);
    probed = records;
    baselineId = plan.baseline;
    tell({ type: "plan", plan });
    if (!isDraining) void prober.consider(probes, records);
    await watchData(plan);
  } catch (error) {
    log("warn", "the plan could not be read: the last one holds until its lease is over", { error });
  }
};

/** One at a time: a slow store is asked less often, never in parallel. */
const every = (ms: number, act: () => Promise<void>): void => {
  const next = async () => {
    if (isDraining) return;
    await act();
    setTimeout(next, ms);
  };
  void next();
};

const asking = new CallsAsking(limits, {
  now: () => Date.now(),
  failed: (what, error) => log("warn", what, { error }),
});

/** Batches that wait for what was called: they keep their place in the budget of copies until then. */
const waiting = new Set<Promise<void>>();

const take = ({ buffer, bytes, sources }: Extract<ToShipper, { type: "batch" }>): void => {
  const batch = Buffer.from(buffer, 0, bytes);
  const add = (callsOf?: CallsOf): void => {
    shipper.add(batch, sources, outcomes, callsOf);
    tell({ type: "returned", buffer }, [buffer]);
  };
  const asked = asking.of(batch, sources);
  if (asked === undefined) return add();
  const added = asked.then(add).finally(() => waiting.delete(added));
  waiting.add(added);
};

const drain = async (): Promise<void> => {
  isDraining = true;
  await Promise.all(waiting);
  await shipper.drain(outcomes);
  tell({ type: "drained" });
};

const close = async (): Promise<void> => {
  await beat("closed");
  tell({ type: "closed" });
};

main.on("message", (message: ToShipper) => {
  outcomes = message.outcomes;
  if ("deniedWrites" in message) deniedWrites = message.deniedWrites;
  switch (message.type) {
    case "batch":
      return void take(message);
    case "outcomes":
      return;
    case "drain":
      return void drain();
    case "close":
      return void close();
    default:
      message satisfies never;
  }
});

const readLoop = watchLoop();
setInterval(() => tell({ type: "reading", reading: { ...shipper.read(), loopDelay: readLoop() } }), READING_MS);
every(limits.planPollMs, poll);
every(BEAT_MS, () => beat("live"));
every(DRIFT_TICK_MS, async () => looks?.look());
setInterval(() => shipper.closeAged(), AGE_CHECK_MS);
