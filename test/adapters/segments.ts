import { noOutcomes } from "../../core/pair/outcome.ts";
import { encodeSegment } from "../../core/segment/codec.ts";
import type { Segment, StoredPair } from "../../core/segment/segment.ts";

export const MINUTE = 29_000_000;

interface Given {
  readonly env?: string;
  readonly run?: string;
  readonly seq?: number;
  /** Milliseconds since 1970. */
  readonly openedAt?: number;
  readonly pairs?: number;
  /** Every so many-th pair differs in the price. */
  readonly divergingEvery?: number;
}

/** A segment as a tee sends it: `GET /orders/{id}`, a JSON body with a price. */
export const segmentOf = (given: Given = {}): Segment => {
  const { env = "ov-1", run = "run-1", seq = 0, openedAt = MINUTE * 60_000, pairs = 4, divergingEvery = 2 } = given;
  const all = Array.from({ length: pairs }, (_, i) =>
    pairOf(`tee-epoch-${seq * pairs + i}`, openedAt + i, i % divergingEvery === 0),
  );
  return segmentWith(all, { env, run, seq, openedAt });
};

/** The segment of a tee that sent as many pairs in each before, all of them compared. */
export const segmentWith = (
  pairs: readonly StoredPair[],
  { env, run, seq, openedAt }: Required<Pick<Given, "env" | "run" | "seq" | "openedAt">>,
): Segment => {
  const sampled = (seq + 1) * pairs.length;
  return {
    id: `tee.epoch.${run}.${seq}`,
    env,
    run,
    stamp: { tee: "tee", epoch: "epoch", seq },
    openedAt,
    closedAt: openedAt + 100,
    control: "baseline",
    outcomes: { ...noOutcomes(), sampled, compared: sampled },
    pairs,
  };
};

export const bytesOf = (segment: Segment): Uint8Array => encodeSegment(segment);

const pairOf = (id: string, at: number, isDiverging: boolean): StoredPair => {
  const common = { id, at, endpoint: "GET /orders/{id}", cluster: "00c0ffee" };
  if (!isDiverging) return { ...common, primary: equal, candidate: equal, secondary: equal };
  return {
    ...common,
    request: {
      method: "GET",
      target: "/orders/1",
      headers: [],
      body: { content: new Uint8Array(), bytes: 0, cut: false },
    },
    primary: priced(10),
    candidate: priced(11),
    secondary: priced(10),
  };
};

const equal = {
  outcome: "responded",
  status: 200,
  headers: { kind: "equal" },
  body: { kind: "equal", bytes: 20 },
  ms: 3,
} as const;

const priced = (price: number) => {
  const content = Buffer.from(JSON.stringify({ price }));
  return {
    ...equal,
    headers: { kind: "list", list: [["content-type", "application/json"]] },
    body: { kind: "content", hash: `00000000000000${price}`, bytes: content.length, content, cut: false },
  } as const;
};
