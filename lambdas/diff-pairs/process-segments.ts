import { setImmediate as nextTurn } from "node:timers/promises";
import { BatchProcessor, EventType, processPartialResponse } from "@aws-lambda-powertools/batch";
import type { SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import { minuteOf } from "../../adapters/minute.ts";
import type { FactsKey, Ports, SegmentInbox } from "../../adapters/ports.ts";
import { factsOf, PARSER_VERSION } from "../../core/noise/facts-of.ts";
import { decodeSegment } from "../../core/segment/codec.ts";
import type { Segment } from "../../core/segment/segment.ts";

export interface DiffPairsPorts extends Pick<Ports, "archive" | "facts" | "wake"> {
  readonly inbox: SegmentInbox;
}

interface Received {
  readonly segment: Segment;
  readonly bytes: Uint8Array;
}

/** What became of one message so far; a fault stands alone and stops nothing but its own message. */
type Work = { readonly record: SQSRecord } & (
  | { readonly state: "received"; readonly received: Received }
  | { readonly state: "failed"; readonly fault: unknown }
);
type Stage = (work: readonly Work[], ports: DiffPairsPorts) => Promise<readonly Work[]>;

/**
 * The archive first: it is the truth, and facts can be made from it again. Judge last: it must find the facts written.
 * Whatever breaks off in between is delivered again, and written again under the same keys.
 */
const stages: readonly Stage[] = [archiveBatch, writeFacts, wakeJudge];

/** A batch of segments, archived and reduced to facts. Messages that failed are named, to be delivered again. */
export const processSegments = async (event: SQSEvent, ports: DiffPairsPorts): Promise<SQSBatchResponse> => {
  let work = await Promise.all(event.Records.map((record) => receive(record, ports)));
  for (const stage of stages) work = [...(await stage(work, ports))];
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

const receive = (record: SQSRecord, { inbox }: DiffPairsPorts): Promise<Work> =>
  attempt(record, async () => {
    const bytes = await inbox.open(record.body);
    return { segment: decodeSegment(bytes), bytes };
  });

/** One write for the batch: if it fails, all of them failed. */
async function archiveBatch(work: readonly Work[], { archive }: DiffPairsPorts): Promise<readonly Work[]> {
  const received = work.flatMap((one) => (one.state === "received" ? [one.received] : []));
  const archived = received.length === 0 ? Promise.resolve() : archive.put(received);
  return Promise.all(work.map((one) => going(one, () => archived)));
}

async function writeFacts(work: readonly Work[], { facts }: DiffPairsPorts): Promise<readonly Work[]> {
  const written: Promise<Work>[] = [];
  for (const one of work) {
    written.push(
      going(one, ({ segment }) => facts.put(keyOf(segment), minuteOf(segment.openedAt), segment.id, factsOf(segment))),
    );
    // Comparing a segment may take seconds where its bodies are hostile: in between, others have their turn.
    await nextTurn();
  }
  return Promise.all(written);
}

/** Once for each minute that got facts. */
async function wakeJudge(work: readonly Work[], { wake }: DiffPairsPorts): Promise<readonly Work[]> {
  const woken = new Map<string, Promise<void>>();
  const wakeFor = ({ segment }: Received): Promise<void> => {
    const minute = minuteOf(segment.openedAt);
    const name = JSON.stringify([segment.env, segment.run, minute]);
    const waking = woken.get(name) ?? wake.judge(keyOf(segment), minute);
    woken.set(name, waking);
    return waking;
  };
  return Promise.all(work.map((one) => going(one, wakeFor)));
}

const keyOf = ({ env, run }: Segment): FactsKey => ({ env, run, version: PARSER_VERSION });

const going = (one: Work, step: (received: Received) => Promise<void>): Promise<Work> => {
  if (one.state === "failed") return Promise.resolve(one);
  const { record, received } = one;
  return attempt(record, async () => {
    await step(received);
    return received;
  });
};

const attempt = async (record: SQSRecord, step: () => Promise<Received>): Promise<Work> => {
  try {
    return { record, state: "received", received: await step() };
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
