import { createHash } from "node:crypto";
import { ShadowgraphError } from "../core/errors.ts";
import { decodeSegment } from "../core/segment/codec.ts";
import type { Segment } from "../core/segment/segment.ts";
import type { Bucket } from "./bucket.ts";
import { objectKeyOf, sortable } from "./key.ts";
import { minuteOf } from "./minute.ts";
import type { Archive, ArchiveObject } from "./ports.ts";

/** A batch larger than this becomes several objects. */
const maxArchiveObjectBytes = 8 * 1024 * 1024;

type Received = Parameters<Archive["put"]>[0][number];

/**
 * `archive/<env>/<run>/<minute>/<first segment id>-<hash of all ids>`: the key follows from the content, so that a batch
 * delivered again overwrites itself. Delivered again in another batch, a segment lies in two objects of the same
 * minute, and is told apart by its id when read.
 */
export const createArchive = (bucket: Bucket): Archive => ({
  async put(segments) {
    await Promise.all(objectsOf(segments).map((parts) => bucket.put(objectKey(parts), frame(parts))));
  },

  async *read(env, run) {
    let minute: number | undefined;
    let seen = new Set<string>();
    for await (const object of listed(bucket, env, run)) {
      if (object.minute !== minute) [minute, seen] = [object.minute, new Set()];
      for (const segment of await segmentsIn(bucket, object.key)) {
        if (seen.has(segment.id)) continue;
        seen.add(segment.id);
        yield segment;
      }
    }
  },

  objects: (env, run, after) => listed(bucket, env, run, after),

  segments: (key) => segmentsIn(bucket, key),
});

async function* listed(bucket: Bucket, env: string, run: string, after?: string): AsyncIterable<ArchiveObject> {
  const folder = `${objectKeyOf("archive", env, run)}/`;
  for await (const { key } of bucket.list(folder, after))
    yield { key, minute: Number(key.slice(folder.length, key.lastIndexOf("/"))) };
}

const segmentsIn = async (bucket: Bucket, key: string): Promise<Iterable<Segment>> => {
  const object = await bucket.get(key);
  // Expired between the listing and the reading.
  return object === undefined ? [] : decoded(object, key);
};

/** One by one: the segments of an object may be far larger than it. */
function* decoded(object: Uint8Array, key: string): Iterable<Segment> {
  for (const bytes of unframe(object, key)) yield decodeSegment(bytes);
}

const objectsOf = (segments: readonly Received[]): (readonly [Received, ...Received[]])[] => {
  const sorted = [...segments].sort((a, b) => (a.segment.id < b.segment.id ? -1 : Number(a.segment.id > b.segment.id)));
  const byFolder = Map.groupBy(sorted, ({ segment }) => folderOf(segment));
  const objects: [Received, ...Received[]][] = [];
  for (const group of byFolder.values()) {
    let room = 0;
    for (const part of group) {
      const current = objects.at(-1);
      if (part === group[0] || current === undefined || part.bytes.length > room) {
        objects.push([part]);
        room = maxArchiveObjectBytes;
      } else {
        current.push(part);
      }
      room -= part.bytes.length;
    }
  }
  return objects;
};

const folderOf = ({ env, run, openedAt }: Segment) =>
  objectKeyOf("archive", env, run, sortable(minuteOf(openedAt), 10));

const objectKey = (parts: readonly [Received, ...Received[]]): string => {
  const ids = createHash("sha256")
    .update(parts.map(({ segment }) => segment.id).join("\n"))
    .digest("hex")
    .slice(0, 24);
  const first = objectKeyOf(parts[0].segment.id).slice(0, 160);
  return `${folderOf(parts[0].segment)}/${first}-${ids}`;
};

/** Each segment with its length before it: 4 bytes, big-endian. */
const frame = (parts: readonly Received[]): Uint8Array => {
  const framed = Buffer.alloc(parts.reduce((sum, { bytes }) => sum + 4 + bytes.length, 0));
  let at = 0;
  for (const { bytes } of parts) {
    at = framed.writeUInt32BE(bytes.length, at);
    framed.set(bytes, at);
    at += bytes.length;
  }
  return framed;
};

function* unframe(object: Uint8Array, key: string): Iterable<Uint8Array> {
  const view = new DataView(object.buffer, object.byteOffset, object.byteLength);
  for (let at = 0; at < object.length; ) {
    const end = at + 4 <= object.length ? at + 4 + view.getUint32(at) : Number.POSITIVE_INFINITY;
    if (end > object.length) throw new ShadowgraphError("internal", `the archive object ${key} is cut short`);
    yield object.subarray(at + 4, end);
    at = end;
  }
}
