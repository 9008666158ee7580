import { Buffer } from "node:buffer";
import type { RequestCapture } from "../capture/capture.ts";
import { headerValue } from "../capture/head.ts";
import type { KeyedHash } from "../capture/keyed-hash.ts";

const HEX_DIGITS = 8;

/** Credentials, else the cookies, else the address: whoever sends the same is taken for one caller. */
const sessionOf = ({ headers, caller }: RequestCapture): string =>
  headerValue(headers, "authorization") ?? headerValue(headers, "cookie") ?? caller;

/** The cluster of a request at an endpoint: 8 hex digits. */
export type ClusterOf = (request: RequestCapture, endpoint: string) => string;

const MAX_KEPT = 10_000;
/** Longer sessions are hashed each time, so that what is kept stays small. */
const MAX_KEPT_CHARS = 256;

/** One busy caller is one witness: a keyed hash of endpoint and session. The same callers come again and again, so it is kept. */
export const createClusterOf = (hash: KeyedHash): ClusterOf => {
  const kept = new Map<string, string>();
  return (request, endpoint) => {
    const whose = `${endpoint}\n${sessionOf(request)}`;
    const known = kept.get(whose);
    if (known !== undefined) return known;
    const cluster = hash(Buffer.from(whose, "latin1")).slice(0, HEX_DIGITS);
    if (kept.size >= MAX_KEPT) kept.clear();
    if (whose.length <= MAX_KEPT_CHARS) kept.set(whose, cluster);
    return cluster;
  };
};
