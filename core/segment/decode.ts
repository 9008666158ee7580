import { zstdDecompressSync } from "node:zlib";
import * as z from "zod";
import { CONTROLS } from "../capture/control.ts";
import { OutcomeCounts } from "../pair/outcome.ts";
import { pairOf } from "./decode-pair.ts";
import type { Segment } from "./segment.ts";
import { MAX_PAIRS, MAX_SEGMENT_BYTES, WIRE_VERSION } from "./wire.ts";
import { isFields, refuse } from "./wire-fields.ts";

const time = z.int();

/** All but the pairs, of which there are many. */
const Meta = z.strictObject({
  v: z.literal(WIRE_VERSION),
  id: z.string().min(1),
  env: z.string().min(1),
  run: z.string().min(1),
  tee: z.string(),
  epoch: z.string(),
  seq: z.int().min(0),
  openedAt: time,
  closedAt: time,
  control: z.enum(CONTROLS),
  outcomes: OutcomeCounts,
  endpoints: z.array(z.string()),
});

const jsonOf = (bytes: Uint8Array): unknown => {
  try {
    return JSON.parse(zstdDecompressSync(bytes, { maxOutputLength: MAX_SEGMENT_BYTES }).toString("utf8"));
  } catch (cause) {
    return refuse("segment", `must be JSON of at most ${MAX_SEGMENT_BYTES} bytes, zstd-compressed`, cause);
  }
};

const metaOf = (fields: unknown): z.infer<typeof Meta> => {
  const meta = Meta.safeParse(fields);
  if (meta.success) return meta.data;
  const [issue] = meta.error.issues;
  return refuse(issue?.path.join(".") || "segment", issue?.message ?? "is wrong", meta.error);
};

/** The segment that `encodeSegment` wrote. @throws ShadowgraphError "invalid-input" that names the field that is wrong. */
export const decodeSegment = (bytes: Uint8Array): Segment => {
  const wire = jsonOf(bytes);
  if (!isFields(wire)) return refuse("segment", "must be an object");
  const { pairs, ...fields } = wire;
  const { v: _, tee, epoch, seq, endpoints, ...meta } = metaOf(fields);
  if (!Array.isArray(pairs) || pairs.length > MAX_PAIRS)
    return refuse("pairs", `must be a list of at most ${MAX_PAIRS} pairs`);
  const shared = { prefix: `${tee}-${epoch}-`, openedAt: meta.openedAt, endpoints };
  return { ...meta, stamp: { tee, epoch, seq }, pairs: pairs.map((pair, index) => pairOf(pair, index, shared)) };
};
