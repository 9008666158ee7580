import type { RawPair, Source } from "../../proxy/batch.ts";
import { changedOrder, createOrder } from "./order.ts";
import { createRandom } from "./random.ts";

/** What is mirrored: how much of it differs, how large its answers are. */
export interface Traffic {
  /** Share of the pairs that differ, 0 to 1. */
  readonly divergence: number;
  readonly bodyBytes: number;
  readonly hasSecondary: boolean;
}

/** Facts hold each endpoint by itself, so their number counts; weights fall as 1/rank. */
const ENDPOINTS = [
  "orders",
  "products",
  "customers",
  "carts",
  "invoices",
  "stock",
  "prices",
  "reviews",
  "shops",
  "offers",
];
const SESSIONS = 2_000;
/** Answers made ahead and sent again and again with another id: none repeats within a segment of usual size. */
const POOL = 512;

const WEIGHTS = ENDPOINTS.map((_, rank) => 1 / (rank + 1));
const WHOLE = WEIGHTS.reduce((sum, weight) => sum + weight, 0);

const endpointAt = (share: number): string => {
  let left = share * WHOLE;
  return ENDPOINTS.find((_, rank) => (left -= WEIGHTS[rank]!) < 0) ?? ENDPOINTS[0]!;
};

const hex = (value: number, digits: number): string =>
  Math.floor(value * 16 ** digits)
    .toString(16)
    .padStart(digits, "0");

const answerOf = (body: string, random: () => number): Buffer =>
  Buffer.from(
    [
      "HTTP/1.1 200 OK",
      "Date: Mon, 05 Jan 2026 09:30:00 GMT",
      "Content-Type: application/json; charset=utf-8",
      `Content-Length: ${Buffer.byteLength(body)}`,
      `ETag: W/"${hex(random(), 8)}"`,
      "Cache-Control: private, max-age=30",
      "Vary: Accept-Encoding",
      "Server: orders/4.2",
      "Connection: keep-alive",
      "",
      body,
    ].join("\r\n"),
  );

const requestOf = (number: number, random: () => number): Buffer =>
  Buffer.from(
    [
      `GET /${endpointAt(random())}/${100_000 + number}?expand=items HTTP/1.1`,
      "Host: api.example.com",
      "User-Agent: Mozilla/5.0 (iPhone; CPU iPhone OS 18_2 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148",
      "Accept: application/json",
      "Accept-Language: en-GB,en;q=0.8",
      "Accept-Encoding: gzip, deflate, br",
      `Cookie: session=${hex(Math.floor(random() * SESSIONS) / SESSIONS, 12)}; theme=dark`,
      `traceparent: 00-${hex(random(), 12)}${hex(random(), 12)}00000000-${hex(random(), 12)}0000-01`,
      `X-Forwarded-For: 203.0.113.${Math.floor(random() * 255)}`,
      "Connection: keep-alive",
      "",
      "",
    ].join("\r\n"),
  );

/** Milliseconds of an answer: a long tail to the right, median 12. */
const latencyOf = (random: () => number): number => 12 * Math.exp(0.6 * (random() + random() + random() - 1.5) * 2);

interface Answers {
  readonly equal: Buffer;
  readonly changed: Buffer;
}

const poolOf = ({ bodyBytes }: Traffic, random: () => number): readonly Answers[] => {
  const size = Math.max(16, Math.min(POOL, Math.floor(16e6 / bodyBytes)));
  return Array.from({ length: size }, (_, number) => {
    const order = createOrder(number, bodyBytes, random);
    const seed = random();
    return {
      equal: answerOf(JSON.stringify(order), () => seed),
      changed: answerOf(JSON.stringify(changedOrder(order, random)), () => 1 - seed),
    };
  });
};

/** What the tee captures of a request: bytes as they came. Equal answers are equal to the byte. */
export type Exchange = Pick<RawPair, "request" | "primary" | "candidate" | "secondary" | "caller">;

export interface TrafficSource {
  next(number: number): Exchange;
  /** Bytes of a request, and of an answer, on the wire. */
  readonly bytes: { readonly request: number; readonly answer: number };
}

export const createTraffic = (traffic: Traffic, seed: number): TrafficSource => {
  const random = createRandom(seed);
  const pool = poolOf(traffic, createRandom(1));
  // Spread evenly, so that a short slice has its share as well.
  let due = random();
  const answered = (raw: Buffer) => ({ outcome: "responded" as const, raw: [raw], ms: latencyOf(random) });
  const next = (number: number): Exchange => {
    const { equal, changed } = pool[Math.floor(random() * pool.length)]!;
    due += traffic.divergence;
    const differs = due >= 1;
    if (differs) due -= 1;
    return {
      caller: "10.0.1.17",
      request: [requestOf(number, random)],
      primary: { raw: [equal], ms: latencyOf(random) },
      candidate: answered(differs ? changed : equal),
      secondary: traffic.hasSecondary ? answered(equal) : undefined,
    };
  };
  return { next, bytes: { request: requestOf(1, createRandom(1)).length, answer: pool[0]!.equal.length } };
};

export const sourceOf = (env: string, run: string, traffic: Traffic): Source => ({
  key: `${env}/${run}`,
  env,
  run,
  control: traffic.hasSecondary ? "control" : "none",
  redaction: "",
});
