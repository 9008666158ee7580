import { setImmediate as nextTurn } from "node:timers/promises";
import type { Archive, ArchiveObject } from "../../adapters/ports.ts";
import type { Segment } from "../../core/segment/segment.ts";

/** Ten pages of a listing, some two seconds. */
const MAX_LISTED = 10_000;

/** Segments of a run, those of the minutes that are asked for first, then spread over its time however soon one stops. */
export async function* sampleSegments(
  archive: Archive,
  env: string,
  run: string,
  minutes: ReadonlySet<number> = new Set(),
): AsyncIterable<Segment> {
  const objects: ArchiveObject[] = [];
  for await (const object of archive.objects(env, run)) if (objects.push(object) === MAX_LISTED) break;
  // A pair may be of the minute after that of its segment.
  const first = objects.filter(({ minute }) => minutes.has(minute) || minutes.has(minute + 1));
  const all = [...first, ...Array.from(spread(objects.length), (index) => objects[index] as ArchiveObject)];
  const seen = new Set<string>();
  for (const { key } of new Set(all)) {
    for (const segment of await archive.segments(key)) {
      if (seen.has(segment.id)) continue;
      seen.add(segment.id);
      yield segment;
      // Comparing takes long: in between, others have their turn.
      await nextTurn();
    }
  }
}

/** 0 to `count` - 1, the bits of each turned round: any number of the first ones lie evenly (van der Corput). */
function* spread(count: number): Iterable<number> {
  const bits = Math.ceil(Math.log2(Math.max(1, count)));
  for (let i = 0; i < 2 ** bits; i++) {
    let index = 0;
    for (let bit = 0; bit < bits; bit++) if (i & (1 << bit)) index |= 1 << (bits - 1 - bit);
    if (index < count) yield index;
  }
}
