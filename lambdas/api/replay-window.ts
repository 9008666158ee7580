import { minuteOf } from "../../adapters/minute.ts";
import type { Archive, ArchiveObject } from "../../adapters/ports.ts";
import type { Fill, WholeRequest } from "../../core/recheck/fill.ts";
import { NO_COUNTS, type Place, type Replay, type WindowCounts } from "../../core/recheck/replay.ts";
import { sendableOf } from "../../core/recheck/sendable.ts";
import type { StoredPair } from "../../core/segment/segment.ts";

/** Of one minute; those beyond are counted, and not sent. */
const MAX_READY = 5_000;
const MAX_READY_BYTES = 67_108_864;
const MAX_NAMED = 20;
const MAX_OBJECTS = 100;

/** A request that can be sent. */
export interface Ready {
  readonly id: string;
  readonly at: number;
  readonly request: WholeRequest;
}

/** What one minute of the archive has for a window. */
export interface Minute {
  /** In the order of time. */
  readonly ready: readonly Ready[];
  readonly counts: WindowCounts;
  readonly missing: Readonly<Record<string, number>>;
  readonly unreadObjects: number;
  /** The last of its objects: the next minute begins behind it. */
  readonly lastKey: string;
}

interface Window extends Pick<Replay, "env" | "run" | "from" | "to"> {
  readonly fill: Fill;
  readonly takesWrites: boolean;
}

/** The first minute behind the place that can hold pairs of the window; undefined where there is none. */
export const readMinute = async (archive: Archive, { after }: Place, window: Window): Promise<Minute | undefined> => {
  const objects = await objectsOf(archive, after, window);
  const last = objects.at(-1);
  if (last === undefined) return undefined;
  const [ready, counts, missing] = [
    [] as Ready[],
    { ...NO_COUNTS } as Record<keyof WindowCounts, number>,
    new Map<string, number>(),
  ];
  let bytes = 0;
  const add = (pair: StoredPair): void => {
    if (pair.at < window.from || pair.at >= window.to) return;
    const sendable = sendableOf(pair.request, window.fill, window.takesWrites);
    if ("because" in sendable) {
      counts[sendable.because]++;
      for (const name of sendable.missing)
        if (missing.has(name) || missing.size < MAX_NAMED) missing.set(name, (missing.get(name) ?? 0) + 1);
      return;
    }
    if (ready.length >= MAX_READY || bytes >= MAX_READY_BYTES) return void counts.beyond++;
    counts.ready++;
    bytes += sendable.request.body.length;
    ready.push({ id: pair.id, at: pair.at, request: sendable.request });
  };
  const seen = new Set<string>();
  for (const { key } of objects.slice(0, MAX_OBJECTS)) {
    for (const segment of await archive.segments(key)) {
      if (seen.has(segment.id)) continue;
      seen.add(segment.id);
      for (const pair of segment.pairs) add(pair);
    }
  }
  ready.sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
  const unreadObjects = Math.max(0, objects.length - MAX_OBJECTS);
  return { ready, counts, missing: Object.fromEntries(missing), unreadObjects, lastKey: last.key };
};

/** A segment is of the minute in which it was opened: its pairs may be of that or of the next. */
const objectsOf = async (archive: Archive, after: string, { env, run, from, to }: Window): Promise<ArchiveObject[]> => {
  const objects: ArchiveObject[] = [];
  for await (const object of archive.objects(env, run, after)) {
    if (object.minute < minuteOf(from) - 1) continue;
    if (object.minute > minuteOf(to) || (objects[0] !== undefined && object.minute !== objects[0].minute)) break;
    objects.push(object);
  }
  return objects;
};
