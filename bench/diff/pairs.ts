import { createHash } from "node:crypto";
import { noOutcomes } from "../../core/pair/outcome.ts";
import type { Segment, StoredPair, StoredResponded } from "../../core/segment/segment.ts";

/** As many as a busy tee puts into one segment. */
export const PAIRS_PER_SEGMENT = 256;

const hashOf = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 16);

/** 800 bytes, as an API of orders answers. */
export const orderOf = (number: number, total: number): string => {
  const order = {
    id: `ord-${100_000 + number}`,
    status: "shipped",
    customer: { id: 7_000 + number, name: "Ada Lovelace", email: "ada@example.com", vip: number % 2 === 0 },
    items: [1, 2, 3, 4].map((line) => ({
      sku: `SKU-${line}-${number}`,
      title: "A thing of use",
      quantity: line,
      price: 12.5 * line,
    })),
    address: { street: "1 Main Street", city: "Springfield", zip: "12345", country: "US" },
    total,
    currency: "EUR",
    tags: ["a", "b", "c"],
    note: "",
  };
  const { length } = JSON.stringify(order);
  return JSON.stringify({ ...order, note: "x".repeat(Math.max(0, 800 - length)) });
};

const responded = (text: string, isStub: boolean, ms: number): StoredResponded => {
  const content = new TextEncoder().encode(text);
  const whole = { hash: hashOf(text), bytes: content.length };
  return {
    outcome: "responded",
    status: 200,
    headers: isStub ? { kind: "equal" } : { kind: "list", list: [["content-type", "application/json"]] },
    body: isStub ? { kind: "equal", ...whole } : { kind: "content", ...whole, content, cut: false },
    ms,
  };
};

const pairOf = (number: number, isEqual: boolean, hasSecondary: boolean): StoredPair => {
  const text = orderOf(number, 125);
  const lane = (body: string, ms: number) => responded(body, isEqual, ms);
  const request = {
    method: "GET",
    target: `/orders/${number}`,
    headers: [],
    body: { content: new Uint8Array(0), bytes: 0, cut: false },
  };
  return {
    id: `tee-epoch-${number}`,
    at: 1_767_225_600_000 + number,
    endpoint: "GET /orders/{id}",
    cluster: hashOf(String(number % 50)).slice(0, 8),
    ...(isEqual ? {} : { request }),
    primary: lane(text, 4.25),
    candidate: lane(isEqual ? text : orderOf(number, 125.5), 4.5),
    ...(hasSecondary ? { secondary: lane(text, 4.4) } : {}),
  };
};

/** A segment of pairs that are all equal, or of which each differs in one number. */
export const segmentOf = (isEqual: boolean, hasSecondary: boolean): Segment => ({
  id: "tee.epoch.run.0",
  env: "env",
  run: "run",
  stamp: { tee: "tee", epoch: "epoch", seq: 0 },
  openedAt: 1_767_225_600_000,
  closedAt: 1_767_225_601_000,
  control: "none" as Segment["control"],
  outcomes: noOutcomes(),
  pairs: Array.from({ length: PAIRS_PER_SEGMENT }, (_, number) => pairOf(number, isEqual, hasSecondary)),
});
