import { Buffer } from "node:buffer";
import type { RequestCapture } from "../capture/capture.ts";
import { headerValue } from "../capture/head.ts";
import type { KeyedHash } from "../capture/keyed-hash.ts";

const HEX_DIGITS = 8;

/** Credentials, else the cookies, else the address: whoever sends the same is taken for one caller. */
const sessionOf = ({ headers, caller }: RequestCapture): string =>
  headerValue(headers, "authorization") ?? headerValue(headers, "cookie") ?? caller;

/** One busy caller is one witness: a keyed hash of endpoint and session, 8 hex digits. */
export const clusterOf = (request: RequestCapture, endpoint: string, hash: KeyedHash): string =>
  hash(Buffer.from(`${endpoint}\n${sessionOf(request)}`, "latin1")).slice(0, HEX_DIGITS);
