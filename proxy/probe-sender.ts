import { randomUUID } from "node:crypto";
import { decodeContent } from "../core/capture/content.ts";
import { respondedOf } from "../core/capture/message.ts";
import type { ProbedLane } from "../core/sampling/writes.ts";
import { askLane } from "./ask-lane.ts";
import type { Limits } from "./limits.ts";
import type { Marks } from "./marks.ts";
import { type MirrorEnd, MirrorPool } from "./mirror-pool.ts";
import { mirroredHead } from "./mirrored-head.ts";
import { targetOf } from "./target.ts";

export interface ProbeRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What came back. `text`: head and decoded body, as latin-1, to look for the canary in. */
export type ProbeAnswer =
  | { readonly status: number; readonly text: string; readonly body: string }
  | { readonly failed: string };

/** Sends what a probe sends, by the way that mirrors go. */
export interface ProbeSender {
  /** With the headers, the Host and the marks that a mirrored request would have. */
  toLane(lane: ProbedLane, request: ProbeRequest): Promise<ProbeAnswer>;
  /** Unmarked: it is a request like any other. */
  toBaseline(url: string, request: ProbeRequest): Promise<ProbeAnswer>;
}

interface Means {
  readonly limits: Limits;
  readonly marks: Marks;
  /** Begins the ids of requests, as the marks sign it. */
  readonly idPrefix: string;
  /** What a caller would have named as Host. */
  readonly primaryUrl: string;
}

export const createProbeSender = ({ limits, marks, idPrefix, primaryUrl }: Means): ProbeSender => {
  const exchange = async (url: string, head: string, { method, body }: ProbeRequest): Promise<ProbeAnswer> => {
    const pool = new MirrorPool(targetOf(url), limits, () => {});
    const end = await askLane(pool, { head, body: body === "" ? [] : [Buffer.from(body)], method, isSafe: false });
    pool.close();
    return answerOf(end, limits);
  };

  return {
    toLane({ lane, target }, request) {
      const { method, path } = request;
      const text = headOf(primaryUrl, request);
      const id = `${idPrefix}-probe${randomUUID().replaceAll("-", "")}`;
      const head = mirroredHead(
        lane,
        target,
        marks,
      )({ text, method, target: path, marked: false, webSocket: false }, id);
      return exchange(target.url, head, request);
    },
    toBaseline(url, request) {
      const path = `${targetOf(url).prefix}${request.path}`;
      return exchange(url, headOf(url, { ...request, path }), request);
    },
  };
};

/** Fields that frame and route the message are ours. */
const OURS: ReadonlySet<string> = new Set(["host", "content-length", "transfer-encoding", "connection"]);

const headOf = (url: string, { method, path, headers, body }: ProbeRequest): string => {
  const fields = new Map([
    ["user-agent", "shadowgraph-probe"],
    ["accept-encoding", "identity"],
    ...Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const),
  ]);
  for (const name of OURS) fields.delete(name);
  fields.set("host", targetOf(url).authority);
  if (body !== "" || method !== "GET") fields.set("content-length", String(Buffer.byteLength(body)));
  const lines = [...fields].map(([name, value]) => `${name}: ${value}\r\n`);
  return `${method} ${path} HTTP/1.1\r\n${lines.join("")}\r\n`;
};

const FAILED: Readonly<Record<string, string>> = {
  timeout: "did not answer in time",
  refused: "refused the connection",
  reset: "closed the connection before it had answered",
  invalid: "answered with what is no HTTP",
};

const answerOf = (end: MirrorEnd, limits: Limits): ProbeAnswer => {
  if (end.outcome === "failed") return { failed: FAILED[end.reason] ?? end.reason };
  if (end.outcome === "tooLarge") return { failed: `answered with more than ${limits.maxBodyBytes} bytes` };
  const { status, headers, body } = respondedOf(Buffer.concat(end.raw), end.ms);
  const { content, decoded } = decodeContent(body, headers, limits.maxDecodedBytes);
  if (!decoded) return { failed: "answered in a content encoding that cannot be read" };
  const fields = headers.map(([name, value]) => `${name}: ${value}\n`).join("");
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.length);
  return { status, text: `${fields}\n${bytes.toString("latin1")}`, body: bytes.toString() };
};
