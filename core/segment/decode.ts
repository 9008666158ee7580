import type { Buffer } from "node:buffer";
import { zstdDecompressSync } from "node:zlib";
import * as z from "zod";
import { CONTROLS } from "../capture/control.ts";
import { StoredOutcomes } from "../pair/outcome.ts";
import { readPairs } from "./decode-pairs.ts";
import type { Segment } from "./segment.ts";
import { LENGTH_BYTES, MAX_SEGMENT_BYTES, OLDER_VERSION, WIRE_VERSION, WITH_CALLS_VERSION } from "./wire.ts";
import { refuse } from "./wire-fields.ts";

const time = z.int();

/** All but what there is one of for each pair. */
const Head = z.strictObject({
  v: z.literal([OLDER_VERSION, WIRE_VERSION, WITH_CALLS_VERSION]),
  id: z.string().min(1),
  env: z.string().min(1),
  run: z.string().min(1),
  tee: z.string(),
  epoch: z.string(),
  seq: z.int().min(0),
  openedAt: time,
  closedAt: time,
  control: z.enum(CONTROLS),
  outcomes: StoredOutcomes,
  calls: z.strictObject({ compared: z.int().min(0), unknown: z.int().min(0) }).optional(),
  endpoints: z.array(z.string()),
  clusters: z.array(z.unknown()),
  pairs: z.strictObject({ i: z.unknown(), a: z.unknown(), e: z.unknown(), c: z.unknown() }),
  equal: z.strictObject({ s: z.unknown(), n: z.unknown(), m: z.tuple([z.unknown(), z.unknown(), z.unknown()]) }),
});

interface Unpacked {
  readonly first: unknown;
  readonly lines: readonly unknown[];
  readonly contents: Buffer;
}

const unpack = (bytes: Uint8Array): Unpacked => {
  try {
    const whole = zstdDecompressSync(bytes, { maxOutputLength: MAX_SEGMENT_BYTES });
    const end = LENGTH_BYTES + whole.readUInt32BE();
    if (end > whole.length) throw new RangeError("the lines are cut short");
    const text = whole.toString("utf8", LENGTH_BYTES, end);
    const [first, ...lines] = text.split("\n").map((line): unknown => JSON.parse(line));
    return { first, lines, contents: whole.subarray(end) };
  } catch (cause) {
    return refuse(
      "segment",
      `must be lines of JSON, in all at most ${MAX_SEGMENT_BYTES} bytes, zstd-compressed`,
      cause,
    );
  }
};

const headOf = (line: unknown): z.infer<typeof Head> => {
  const head = Head.safeParse(line);
  if (head.success) return head.data;
  const [issue] = head.error.issues;
  return refuse(issue?.path.join(".") || "segment", issue?.message ?? "is wrong", head.error);
};

/**
 * The segment that `encodePairs` wrote, its pairs in their order; their contents are views of one buffer.
 * @throws ShadowgraphError "invalid-input" that names the field that is wrong.
 */
export const decodeSegment = (bytes: Uint8Array): Segment => {
  const { first, lines, contents } = unpack(bytes);
  const { v: _, tee, epoch, seq, endpoints, clusters, pairs, equal, calls, ...head } = headOf(first);
  const shared = { prefix: `${tee}-${epoch}-`, openedAt: head.openedAt, endpoints, clusters };
  const stored = readPairs({ pairs, equal, lines }, contents, shared);
  return { ...head, stamp: { tee, epoch, seq }, ...(calls && { calls }), pairs: stored };
};
