import { Buffer, isUtf8 } from "node:buffer";
import { zstdCompressSync } from "node:zlib";
import type { Segment, StoredBody, StoredCapture, StoredPair, StoredRequest, StoredResponded } from "./segment.ts";
import {
  type EqualPair,
  type UnequalPair,
  WIRE_VERSION,
  type WireBody,
  type WireContent,
  type WireFailed,
  type WireId,
  type WireRequest,
  type WireResponded,
  type WireSegment,
} from "./wire.ts";

const bufferOf = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Numbers that are their own text: `7`, not `07`. */
const COUNTER = /^(?:0|[1-9]\d{0,14})$/;

const idOf = (id: string, prefix: string): WireId => {
  if (!id.startsWith(prefix)) return id;
  const number = id.slice(prefix.length);
  return COUNTER.test(number) ? Number(number) : id;
};

const contentOf = (bytes: Uint8Array): WireContent =>
  isUtf8(bytes) ? { t: bufferOf(bytes).toString("utf8") } : { d: bufferOf(bytes).toString("base64") };

const isSameBody = (a: StoredBody, b: StoredBody): boolean =>
  a.kind === "content" &&
  b.kind === "content" &&
  a.hash === b.hash &&
  a.bytes === b.bytes &&
  a.cut === b.cut &&
  bufferOf(a.content).equals(b.content);

const bodyOf = (body: StoredBody, lanes: readonly StoredCapture[]): WireBody => {
  if (body.kind === "equal") return [body.hash, body.bytes];
  const same = lanes.findIndex((lane) => lane.outcome === "responded" && isSameBody(lane.body, body));
  if (same !== -1) return same;
  return { h: body.hash, n: body.bytes, ...(body.cut ? { x: 1 } : {}), ...contentOf(body.content) };
};

const laneOf = (lane: StoredCapture, before: readonly StoredCapture[]): WireResponded | WireFailed => {
  if (lane.outcome === "failed") return [lane.reason, lane.ms];
  const headers = lane.headers.kind === "list" ? { h: lane.headers.list } : {};
  return { s: lane.status, m: lane.ms, ...headers, b: bodyOf(lane.body, before) };
};

const requestOf = ({ method, target, headers, body }: StoredRequest): WireRequest => {
  const cut = body.cut ? { x: 1 as const } : {};
  return { m: method, u: target, h: headers, n: body.bytes, ...cut, ...contentOf(body.content) };
};

/** A lane that answered the same as the primary, all of it known by hash. */
const isStub = (lane: StoredCapture, primary: StoredResponded): lane is StoredResponded =>
  lane.outcome === "responded" &&
  lane.status === primary.status &&
  lane.headers.kind === "equal" &&
  lane.body.kind === "equal" &&
  lane.body.hash === primary.body.hash &&
  lane.body.bytes === primary.body.bytes;

const pairOf = (pair: StoredPair, i: WireId, a: number, e: number): EqualPair | UnequalPair => {
  const { primary, candidate, secondary, request, cluster } = pair;
  if (request === undefined && isStub(primary, primary) && isStub(candidate, primary)) {
    const { status, body, ms } = primary;
    if (secondary === undefined) return [i, a, e, cluster, status, body.hash, body.bytes, ms, candidate.ms];
    if (isStub(secondary, primary))
      return [i, a, e, cluster, status, body.hash, body.bytes, ms, candidate.ms, secondary.ms];
  }
  const lanes = secondary === undefined ? [primary, candidate] : [primary, candidate, secondary];
  const l = lanes.map((lane, index) => laneOf(lane, lanes.slice(0, index)));
  return { i, a, e, c: cluster, ...(request === undefined ? {} : { r: requestOf(request) }), l };
};

/** The segment as one message: compact JSON, compressed. */
export const encodeSegment = (segment: Segment): Uint8Array => {
  const { id, env, run, stamp, openedAt, closedAt, control, outcomes } = segment;
  const prefix = `${stamp.tee}-${stamp.epoch}-`;
  const endpoints = new Map<string, number>();
  const indexOf = (endpoint: string): number => {
    const known = endpoints.get(endpoint);
    if (known !== undefined) return known;
    endpoints.set(endpoint, endpoints.size);
    return endpoints.size - 1;
  };
  const pairs = segment.pairs.map((pair) =>
    pairOf(pair, idOf(pair.id, prefix), pair.at - openedAt, indexOf(pair.endpoint)),
  );
  const wire: WireSegment = {
    v: WIRE_VERSION,
    id,
    env,
    run,
    ...stamp,
    openedAt,
    closedAt,
    control,
    outcomes,
    endpoints: [...endpoints.keys()],
    pairs,
  };
  return zstdCompressSync(JSON.stringify(wire));
};
