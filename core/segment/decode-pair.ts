import { Buffer } from "node:buffer";
import type { FailureReason } from "../capture/capture.ts";
import type { StoredBody, StoredCapture, StoredPair, StoredRequest, StoredResponded } from "./segment.ts";
import { type Fields, Reader } from "./wire-fields.ts";

/** What pairs leave out because the segment says it once. */
export interface Shared {
  /** Of ids that are numbers. */
  readonly prefix: string;
  readonly openedAt: number;
  readonly endpoints: readonly string[];
}

const EQUAL = { kind: "equal" } as const;
const FAILURES: ReadonlySet<unknown> = new Set<FailureReason>(["timeout", "refused", "reset", "invalid"]);

/** Reads the pair at `index`. @throws ShadowgraphError "invalid-input" that names the field. */
export const pairOf = (wire: unknown, index: number, shared: Shared): StoredPair => {
  const read = new Reader(index);
  return Array.isArray(wire) ? equalPair(read, wire, shared) : unequalPair(read, read.fields("pair", wire), shared);
};

const idOf = (read: Reader, value: unknown, { prefix }: Shared): string =>
  typeof value === "number" ? prefix + read.count("id", value) : read.text("id", value);

const timeOf = (read: Reader, value: unknown, { openedAt }: Shared): number => openedAt + read.integer("at", value);

const endpointOf = (read: Reader, value: unknown, { endpoints }: Shared): string =>
  endpoints[read.count("endpoint", value)] ?? read.fail("endpoint", "a position in endpoints", value);

const equalPair = (read: Reader, wire: readonly unknown[], shared: Shared): StoredPair => {
  if (wire.length !== 9 && wire.length !== 10) return read.fail("length", "9 or 10", wire.length);
  const body: StoredBody = { kind: "equal", hash: read.hex("hash", wire[5], 16), bytes: read.count("bytes", wire[6]) };
  const status = read.status("status", wire[4]);
  const responded = (ms: number): StoredResponded => ({ outcome: "responded", status, headers: EQUAL, body, ms });
  const pair: StoredPair = {
    id: idOf(read, wire[0], shared),
    at: timeOf(read, wire[1], shared),
    endpoint: endpointOf(read, wire[2], shared),
    cluster: read.hex("cluster", wire[3], 8),
    primary: responded(read.ms("primary.ms", wire[7])),
    candidate: responded(read.ms("candidate.ms", wire[8])),
  };
  return wire.length === 9 ? pair : { ...pair, secondary: responded(read.ms("secondary.ms", wire[9])) };
};

const unequalPair = (read: Reader, wire: Fields, shared: Shared): StoredPair => {
  const lanes: StoredCapture[] = [];
  const listed = Array.isArray(wire.l) ? wire.l : read.fail("l", "a list of lanes", wire.l);
  if (listed.length !== 2 && listed.length !== 3) read.fail("l", "two lanes or three", listed.length);
  for (const lane of listed) lanes.push(laneOf(read.below(`l[${lanes.length}]`), lane, lanes));
  const [primary, candidate, secondary] = lanes as [StoredCapture, StoredCapture, StoredCapture | undefined];
  if (primary.outcome === "failed") return read.fail("l[0]", "an answer", listed[0]);
  return {
    id: idOf(read, wire.i, shared),
    at: timeOf(read, wire.a, shared),
    endpoint: endpointOf(read, wire.e, shared),
    cluster: read.hex("cluster", wire.c, 8),
    ...(wire.r === undefined ? {} : { request: requestOf(read.below("r"), read.fields("r", wire.r)) }),
    primary,
    candidate,
    ...(secondary === undefined ? {} : { secondary }),
  };
};

const laneOf = (read: Reader, wire: unknown, before: readonly StoredCapture[]): StoredCapture => {
  if (Array.isArray(wire)) {
    const reason = FAILURES.has(wire[0]) ? (wire[0] as FailureReason) : read.fail("reason", "why it failed", wire[0]);
    return { outcome: "failed", reason, ms: read.ms("ms", wire[1]) };
  }
  const { s, m, h, b } = read.fields("lane", wire);
  const headers = h === undefined ? EQUAL : ({ kind: "list", list: read.headers("h", h) } as const);
  return {
    outcome: "responded",
    status: read.status("s", s),
    headers,
    body: bodyOf(read, b, before),
    ms: read.ms("m", m),
  };
};

const bodyOf = (read: Reader, wire: unknown, before: readonly StoredCapture[]): StoredBody => {
  if (Array.isArray(wire))
    return { kind: "equal", hash: read.hex("b[0]", wire[0], 16), bytes: read.count("b[1]", wire[1]) };
  if (typeof wire === "number") {
    const lane = before[wire];
    return lane?.outcome === "responded" ? lane.body : read.fail("b", "an earlier lane that answered", wire);
  }
  const fields = read.fields("b", wire);
  return {
    kind: "content",
    hash: read.hex("b.h", fields.h, 16),
    bytes: read.count("b.n", fields.n),
    content: contentOf(read, fields),
    cut: read.flag("b.x", fields.x),
  };
};

const requestOf = (read: Reader, wire: Fields): StoredRequest => ({
  method: read.text("m", wire.m),
  target: read.text("u", wire.u),
  headers: read.headers("h", wire.h),
  body: { content: contentOf(read, wire), bytes: read.count("n", wire.n), cut: read.flag("x", wire.x) },
});

const contentOf = (read: Reader, { t, d }: Fields): Buffer => {
  if (d === undefined) return Buffer.from(read.text("t", t), "utf8");
  if (t !== undefined) read.fail("t", "left out beside d", t);
  return Buffer.from(read.text("d", d), "base64");
};
