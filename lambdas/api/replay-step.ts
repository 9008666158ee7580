import { randomUUID } from "node:crypto";
import { factsOf } from "../../core/noise/facts-of.ts";
import { mergeFacts } from "../../core/noise/merge.ts";
import { rename } from "../../core/noise/rename.ts";
import type { Fill } from "../../core/recheck/fill.ts";
import { paced } from "../../core/recheck/pace.ts";
import type { Place, Replay, WindowCounts } from "../../core/recheck/replay.ts";
import { decodeSegment } from "../../core/segment/codec.ts";
import type { Call } from "./deps.ts";
import { type Minute, type Ready, readMinute } from "./replay-window.ts";
import type { ResendLanes } from "./resend-lanes.ts";
import { taskOf } from "./resend-task.ts";
import type { ResendTerms } from "./resend-terms.ts";

/** One step takes about so long, and sends at most so many. */
const STEP_MS = 5_000;
const MAX_SENT = 100;
const START: Place = { after: "", pair: null };

interface Means {
  readonly lanes: ResendLanes;
  readonly terms: ResendTerms;
  readonly fill: Fill;
}

export interface Stepped {
  readonly replay: Replay;
  /** Milliseconds until the next request is due, where none was within this step. */
  readonly waitMs: number;
}

/** Counts, or sends the next requests of a replay, and adds what came to its facts. */
export const stepReplay = async (replay: Replay, means: Means, call: Call): Promise<Stepped> => {
  const step = replay.step + 1;
  if (replay.phase === "counting") return { replay: { ...(await count(replay, means, call)), step }, waitMs: 0 };
  const stepped = await send(replay, means, call);
  return { ...stepped, replay: { ...stepped.replay, step } };
};

const windowOf = ({ env, run, from, to }: Replay, { lanes, fill }: Means) => ({
  env,
  run,
  from,
  to,
  fill,
  takesWrites: lanes.noWrites === null,
});

const count = async (replay: Replay, means: Means, { ports, now }: Call): Promise<Replay> => {
  const end = now() + STEP_MS;
  let counted = replay;
  do {
    const minute = await readMinute(ports.archive, counted.place, windowOf(replay, means));
    if (minute === undefined) {
      const isOver = replay.dryRun || counted.counts.ready === 0;
      return { ...counted, phase: isOver ? "ended" : "sending", place: START };
    }
    counted = { ...withCounts(counted, minute), place: { after: minute.lastKey, pair: null } };
  } while (now() < end);
  return counted;
};

const withCounts = (replay: Replay, { counts, missing, unreadObjects }: Minute): Replay => ({
  ...replay,
  counts: sumOf(replay.counts, counts) as WindowCounts,
  missing: sumOf(replay.missing, missing),
  unreadObjects: replay.unreadObjects + unreadObjects,
});

const sumOf = (a: Readonly<Record<string, number>>, b: Readonly<Record<string, number>>): Record<string, number> => {
  const sum: Record<string, number> = { ...a };
  for (const [name, count] of Object.entries(b)) sum[name] = (sum[name] ?? 0) + count;
  return sum;
};

const send = async (replay: Replay, means: Means, call: Call): Promise<Stepped> => {
  const minute = await readMinute(call.ports.archive, replay.place, windowOf(replay, means));
  if (minute === undefined) return { replay: { ...replay, phase: "ended" }, waitMs: 0 };
  const { place, speed, rate, clock } = replay;
  const left = minute.ready.filter((one) => isBehind(one, place.pair));
  if (left.length === 0) return { replay: { ...replay, place: { after: minute.lastKey, pair: null } }, waitMs: 0 };
  const now = call.now();
  const ats = left.map(({ at }) => at);
  const { afterMs, waitMs } = paced(ats, clock, now, { speed, rate, withinMs: STEP_MS, max: MAX_SENT });
  if (afterMs.length === 0) return { replay, waitMs };
  const asked = afterMs.map((after, i) => ({ id: randomUUID(), afterMs: after, request: (left[i] as Ready).request }));
  const { segment, unanswered } = await call.resender.send(taskOf(asked, means.lanes, means.fill, false));
  const { rulesOf, schemasOf, naming } = means.terms;
  const came = decodeSegment(Buffer.from(segment, "base64"));
  const facts = rename(factsOf(came, rulesOf, schemasOf), naming);
  const last = left[afterMs.length - 1] as Ready;
  return {
    replay: {
      ...replay,
      sent: replay.sent + afterMs.length,
      unanswered: replay.unanswered + unanswered.length,
      clock: { at: last.at, sentAt: now + (afterMs.at(-1) as number) },
      place: { ...place, pair: { at: last.at, id: last.id } },
      facts: came.pairs.length === 0 ? replay.facts : mergeFacts(replay.facts, facts),
    },
    waitMs: 0,
  };
};

const isBehind = ({ at, id }: Ready, pair: Place["pair"]): boolean =>
  pair === null || at > pair.at || (at === pair.at && id > pair.id);
