import type { Buffer } from "node:buffer";
import type { FailureReason } from "../capture/capture.ts";
import type { StoredBody, StoredCall, StoredCalls, StoredCapture, StoredPair, StoredRequest } from "./segment.ts";
import type { Fields, Reader } from "./wire-fields.ts";

const EQUAL = { kind: "equal" } as const;
const FAILURES: ReadonlySet<unknown> = new Set<FailureReason>(["timeout", "refused", "reset", "invalid"]);

/** The contents of bodies, end to end; taken in the order in which the lines name them. */
export class Contents {
  #rest: Buffer;

  constructor(bytes: Buffer) {
    this.#rest = bytes;
  }

  get isEmpty(): boolean {
    return this.#rest.length === 0;
  }

  take(read: Reader, size: unknown): Buffer {
    const bytes = read.count("c", size);
    if (bytes > this.#rest.length) return read.fail("c", `at most the ${this.#rest.length} bytes that are left`, size);
    const content = this.#rest.subarray(0, bytes);
    this.#rest = this.#rest.subarray(bytes);
    return content;
  }
}

type Lanes = Pick<StoredPair, "request" | "primary" | "candidate" | "secondary" | "calls">;

/** What the line of one pair says. @throws ShadowgraphError "invalid-input" that names the field. */
export const lanesOf = (read: Reader, wire: Fields, contents: Contents): Lanes => {
  const request =
    wire.r === undefined ? {} : { request: requestOf(read.below("r"), read.fields("r", wire.r), contents) };
  const lanes: StoredCapture[] = [];
  const listed = Array.isArray(wire.l) ? wire.l : read.fail("l", "a list of lanes", wire.l);
  if (listed.length !== 2 && listed.length !== 3) read.fail("l", "two lanes or three", listed.length);
  for (const lane of listed) lanes.push(laneOf(read.below(`l[${lanes.length}]`), lane, lanes, contents));
  const [primary, candidate, secondary] = lanes as [StoredCapture, StoredCapture, StoredCapture | undefined];
  if (primary.outcome === "failed") return read.fail("l[0]", "an answer", listed[0]);
  const calls = wire.k === undefined ? {} : { calls: callsOf(read, wire.k, lanes.length, contents) };
  return { ...request, primary, candidate, ...(secondary === undefined ? {} : { secondary }), ...calls };
};

const laneOf = (read: Reader, wire: unknown, before: readonly StoredCapture[], contents: Contents): StoredCapture => {
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
    body: bodyOf(read, b, before, contents),
    ms: read.ms("m", m),
  };
};

const bodyOf = (read: Reader, wire: unknown, before: readonly StoredCapture[], contents: Contents): StoredBody => {
  if (Array.isArray(wire)) return { kind: "equal", bytes: read.count("b[0]", wire[0]) };
  if (typeof wire === "number") {
    const lane = before[wire];
    return lane?.outcome === "responded" ? lane.body : read.fail("b", "an earlier lane that answered", wire);
  }
  const fields = read.fields("b", wire);
  const hash = fields.h === undefined ? {} : { hash: read.hex("b.h", fields.h, 16) };
  return { kind: "content", ...hash, ...contentOf(read.below("b"), fields, contents) };
};

const requestOf = (read: Reader, wire: Fields, contents: Contents): StoredRequest => ({
  method: read.text("m", wire.m),
  target: read.text("u", wire.u),
  headers: read.headers("h", wire.h),
  body: contentOf(read, wire, contents),
});

const contentOf = (read: Reader, { c, n, x }: Fields, contents: Contents): StoredRequest["body"] => ({
  content: contents.take(read, c),
  bytes: read.count("n", n),
  cut: read.flag("x", x),
});

/** Of a lane that failed there are calls as well, but none are compared. */
const callsOf = (read: Reader, wire: unknown, lanes: number, contents: Contents): StoredCalls => {
  const listed = Array.isArray(wire) ? wire : read.fail("k", "a list of lanes", wire);
  if (listed.length < 2 || listed.length > lanes) read.fail("k", "a list for each lane", listed.length);
  const [primary, candidate, secondary] = listed.map((made, lane) => {
    const of = read.below(`k[${lane}]`);
    const calls = Array.isArray(made) ? made : of.fail("calls", "a list", made);
    return calls.map((call) => callOf(of, call, contents));
  });
  return { primary: primary!, candidate: candidate!, ...(secondary === undefined ? {} : { secondary }) };
};

const callOf = (read: Reader, wire: unknown, contents: Contents): StoredCall => {
  const [to, endpoint, target, type, body] = Array.isArray(wire) ? wire : read.fail("call", "a list", wire);
  const names = {
    to: read.text("to", to),
    endpoint: read.text("endpoint", endpoint),
    target: read.text("target", target),
  };
  const named = { ...names, type: read.text("type", type) };
  if (Array.isArray(body))
    return {
      ...named,
      body: { kind: "equal", bytes: read.count("b[0]", body[0]), hash: read.hex("b[1]", body[1], 16) },
    };
  const fields = read.fields("b", body);
  const hash = read.hex("b.h", fields.h, 16);
  return { ...named, body: { kind: "content", hash, ...contentOf(read.below("b"), fields, contents) } };
};
