import { setImmediate as nextTurn } from "node:timers/promises";
import { BatchProcessor, EventType, processPartialResponse } from "@aws-lambda-powertools/batch";
import type { SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import { readContract } from "../../adapters/endpoint-map.ts";
import { factsKeyOf } from "../../adapters/judgement.ts";
import { minuteOf } from "../../adapters/minute.ts";
import type { FactsKey, SegmentInbox } from "../../adapters/ports.ts";
import { readRecompare } from "../../adapters/recompares.ts";
import { createRulesOf, type RulesOf } from "../../core/diff/allowed.ts";
import type { SchemasOf } from "../../core/diff/schemas.ts";
import { factsOf } from "../../core/noise/facts-of.ts";
import { decodeSegment } from "../../core/segment/codec.ts";
import type { Segment } from "../../core/segment/segment.ts";
import { type RecomparePorts, recompareStep } from "./recompare.ts";

export interface DiffPairsPorts extends RecomparePorts {
  readonly inbox: SegmentInbox;
}

interface Received {
  readonly segment: Segment;
  readonly bytes: Uint8Array;
}

/** What became of one message so far; a fault stands alone and stops nothing but its own message. */
type Work = { readonly record: SQSRecord } & (
  | { readonly state: "received"; readonly received: Received }
  | { readonly state: "recompare"; readonly job: FactsKey }
  | { readonly state: "failed"; readonly fault: unknown }
);

/** How the segments of an environment are compared, and where their facts go. */
interface Comparing {
  readonly rulesOf: RulesOf;
  readonly schemasOf: SchemasOf;
  readonly keyOf: (run: string) => FactsKey;
}

interface Batch {
  readonly ports: DiffPairsPorts;
  /** Milliseconds since 1970. */
  now(): number;
  /** By the rules at its first call in this batch. */
  comparing(env: string): Promise<Comparing>;
}
type Stage = (work: readonly Work[], batch: Batch) => Promise<readonly Work[]>;

/**
 * The archive first: it is the truth, and facts can be made from it again. Then the rules are read, once: whatever is compared
 * under rules that change meanwhile is in the archive by then, so that comparing the archive anew misses nothing. Judge must find
 * the facts written. Whatever breaks off in between is delivered again, and written again under the same keys. What is stored
 * waits for what is new.
 */
const stages: readonly Stage[] = [archiveBatch, readRules, writeFacts, wakeJudge, recompareArchive];

/** A batch of segments, archived and reduced to facts. Messages that failed are named, to be delivered again. */
export const processSegments = async (
  event: SQSEvent,
  ports: DiffPairsPorts,
  now: () => number = Date.now,
): Promise<SQSBatchResponse> => {
  const batch: Batch = { ports, now, comparing: comparingOnce(ports) };
  let work = await Promise.all(event.Records.map((record) => receive(record, ports)));
  for (const stage of stages) work = [...(await stage(work, batch))];
  const faults = new Map(work.flatMap((one) => (one.state === "failed" ? [[one.record.messageId, one.fault]] : [])));
  return processPartialResponse(
    event,
    async (record: SQSRecord) => {
      if (faults.has(record.messageId)) throw reported(record, faults.get(record.messageId));
    },
    new BatchProcessor(EventType.SQS),
    { throwOnFullBatchFailure: false },
  );
};

const comparingOnce = (ports: DiffPairsPorts): Batch["comparing"] => {
  const read = new Map<string, Promise<Comparing>>();
  return (env) => {
    const known =
      read.get(env) ??
      Promise.all([ports.rules.rules(env), readContract(ports, env)]).then(([its, { naming, schemasOf }]) => ({
        rulesOf: createRulesOf(its, naming),
        schemasOf,
        keyOf: (run) => factsKeyOf(env, run, its),
      }));
    read.set(env, known);
    return known;
  };
};

const receive = (record: SQSRecord, { inbox }: DiffPairsPorts): Promise<Work> =>
  attempt(record, async () => {
    const job = readRecompare(record.body);
    if (job !== undefined) return { record, state: "recompare", job };
    const bytes = await inbox.open(record.body);
    return { record, state: "received", received: { segment: decodeSegment(bytes), bytes } };
  });

/** One write for the batch: if it fails, all of them failed. */
async function archiveBatch(work: readonly Work[], { ports }: Batch): Promise<readonly Work[]> {
  const received = work.flatMap((one) => (one.state === "received" ? [one.received] : []));
  const archived = received.length === 0 ? Promise.resolve() : ports.archive.put(received);
  return Promise.all(work.map((one) => going(one, () => archived)));
}

function readRules(work: readonly Work[], { comparing }: Batch): Promise<readonly Work[]> {
  return Promise.all(work.map((one) => going(one, async ({ segment }) => void (await comparing(segment.env)))));
}

async function writeFacts(work: readonly Work[], { ports, comparing }: Batch): Promise<readonly Work[]> {
  const write = async ({ segment }: Received): Promise<void> => {
    const { rulesOf, schemasOf, keyOf } = await comparing(segment.env);
    const facts = factsOf(segment, rulesOf, schemasOf);
    await ports.facts.put(keyOf(segment.run), minuteOf(segment.openedAt), segment.id, facts);
  };
  const written: Promise<Work>[] = [];
  for (const one of work) {
    written.push(going(one, write));
    // Comparing a segment may take seconds where its bodies are hostile: in between, others have their turn.
    await nextTurn();
  }
  return Promise.all(written);
}

/** Once for each minute that got facts. */
async function wakeJudge(work: readonly Work[], { ports, comparing }: Batch): Promise<readonly Work[]> {
  const woken = new Map<string, Promise<void>>();
  const wakeFor = async ({ segment: { env, run, openedAt } }: Received): Promise<void> => {
    const { keyOf } = await comparing(env);
    const minute = minuteOf(openedAt);
    const name = JSON.stringify([env, run, minute]);
    const waking = woken.get(name) ?? ports.wake.judge(keyOf(run), minute);
    woken.set(name, waking);
    return waking;
  };
  return Promise.all(work.map((one) => going(one, wakeFor)));
}

/** All of them together take no longer, so that the batch ends within its function's time-out. */
const RECOMPARE_MS = 10_000;

async function recompareArchive(work: readonly Work[], { ports, now }: Batch): Promise<readonly Work[]> {
  const deadline = now() + RECOMPARE_MS;
  const done: Work[] = [];
  for (const one of work) {
    const step = async (job: FactsKey): Promise<Work> => {
      await recompareStep(job, ports, now, deadline);
      return one;
    };
    done.push(one.state === "recompare" ? await attempt(one.record, () => step(one.job)) : one);
  }
  return done;
}

const going = (one: Work, step: (received: Received) => Promise<void>): Promise<Work> => {
  if (one.state !== "received") return Promise.resolve(one);
  return attempt(one.record, async () => {
    await step(one.received);
    return one;
  });
};

const attempt = async (record: SQSRecord, step: () => Promise<Work>): Promise<Work> => {
  try {
    return await step();
  } catch (fault) {
    return { record, state: "failed", fault };
  }
};

/** Said once a delivery, without the body, so that a message in the dead-letter queue has its reason in the log. */
const reported = (record: SQSRecord, fault: unknown): Error => {
  const error = fault instanceof Error ? fault : new Error(String(fault));
  const { messageId, attributes } = record;
  const line = { level: "error", event: "segment-failed", messageId, receives: attributes.ApproximateReceiveCount };
  console.error(JSON.stringify({ ...line, code: error.name, message: error.message }));
  return error;
};
