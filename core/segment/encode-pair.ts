import { Buffer } from "node:buffer";
import type { StoredBody, StoredCall, StoredCalls, StoredCapture, StoredPair, StoredRequest } from "./segment.ts";
import type { WireBody, WireCall, WireContent, WireFailed, WirePair, WireRequest, WireResponded } from "./wire.ts";

/** Hundredths of a millisecond: finer digits are noise, and whole numbers are short. */
export const hundredths = (ms: number): number => Math.round(ms * 100);

/** Takes the bytes that the line only names by their size. */
type Keep = (content: Uint8Array) => void;

/** A pair with something to show, as the wire has it; its contents are kept in the order in which it names them. */
export const wirePairOf = (
  { request, primary, candidate, secondary, calls }: StoredPair,
  p: number,
  keep: Keep,
): WirePair => {
  const r = request && requestOf(request, keep);
  const lanes = secondary === undefined ? [primary, candidate] : [primary, candidate, secondary];
  const l = lanes.map((lane, index) => laneOf(lane, lanes.slice(0, index), keep));
  const k = calls && { k: lanesOf(calls).map((made) => made.map((call) => callOf(call, keep))) };
  return { p, ...(r && { r }), l, ...k };
};

const requestOf = ({ method, target, headers, body }: StoredRequest, keep: Keep): WireRequest => ({
  m: method,
  u: target,
  h: headers,
  ...contentOf(body, keep),
});

const laneOf = (lane: StoredCapture, before: readonly StoredCapture[], keep: Keep): WireResponded | WireFailed => {
  if (lane.outcome === "failed") return [lane.reason, hundredths(lane.ms)];
  const headers = lane.headers.kind === "list" ? { h: lane.headers.list } : {};
  return { s: lane.status, m: hundredths(lane.ms), ...headers, b: bodyOf(lane.body, before, keep) };
};

const bodyOf = (body: StoredBody, before: readonly StoredCapture[], keep: Keep): WireBody => {
  if (body.kind === "equal") return [body.bytes];
  const same = before.findIndex((lane) => lane.outcome === "responded" && isSameBody(lane.body, body));
  if (same !== -1) return same;
  return body.hash === undefined ? contentOf(body, keep) : { h: body.hash, ...contentOf(body, keep) };
};

const contentOf = ({ content, bytes, cut }: StoredRequest["body"], keep: Keep): WireContent => {
  keep(content);
  return cut ? { c: content.length, n: bytes, x: 1 } : { c: content.length, n: bytes };
};

const isSameBody = (a: StoredBody, b: StoredBody): boolean =>
  a === b ||
  (a.kind === "content" &&
    b.kind === "content" &&
    a.hash === b.hash &&
    a.bytes === b.bytes &&
    a.cut === b.cut &&
    Buffer.compare(a.content, b.content) === 0);

const lanesOf = ({ primary, candidate, secondary }: StoredCalls): readonly (readonly StoredCall[])[] =>
  secondary === undefined ? [primary, candidate] : [primary, candidate, secondary];

const callOf = ({ to, endpoint, target, type, body }: StoredCall, keep: Keep): WireCall => {
  const hash = body.hash ?? "";
  const wire = body.kind === "equal" ? ([body.bytes, hash] as const) : { h: hash, ...contentOf(body, keep) };
  return [to, endpoint, target, type, wire];
};
