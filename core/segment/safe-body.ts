import type { HeaderList } from "../capture/capture.ts";
import { cutContent, decodeContent, isText } from "../capture/content.ts";
import { headerValue } from "../capture/head.ts";
import type { KeyedHash } from "../capture/keyed-hash.ts";
import type { Redactor } from "../capture/redact.ts";
import type { ClusterOf } from "./cluster.ts";

/** With what pairs are made fit to leave the process. */
export interface StoreOptions {
  readonly redactor: Redactor;
  /** Keyed: 16 hex digits. */
  readonly hash: KeyedHash;
  readonly clusterOf: ClusterOf;
  /** More of a body is cut off. */
  readonly maxStoredBodyBytes: number;
  /** A compressed body that would be larger is not read. */
  readonly maxDecodedBytes: number;
  /** Keeps what is equal in all lanes as well. @default false */
  readonly keepsEqual?: boolean;
}

/** Read beyond what is stored, so that a secret that the cut goes through is still seen for what it is. */
const REDACTED_BEYOND_CUT_BYTES = 1_024;

/** What a body is once it may leave the process. */
export interface Safe {
  readonly content: Uint8Array;
  readonly cut: boolean;
  /** The body without content coding, whole; as it came where that cannot be had. */
  readonly whole: Uint8Array;
}

const NONE = new Uint8Array(0);

export const safeBody = (body: Uint8Array, headers: HeaderList, options: StoreOptions): Safe => {
  const { maxStoredBodyBytes: max, maxDecodedBytes, redactor } = options;
  const { content: whole, decoded } = decodeContent(body, headers, maxDecodedBytes);
  const contentType = headerValue(headers, "content-type");
  const part = cutContent(whole, max + REDACTED_BEYOND_CUT_BYTES);
  // What cannot be read cannot be redacted: of broken, oversized and binary bodies only hash and size are kept.
  if (!decoded || !isText(part, contentType)) return { content: NONE, cut: whole.length > 0, whole };
  const redacted = redactor.body(part, contentType);
  const cut = part.length < whole.length || redacted.length > max;
  return { content: cutContent(redacted, max), cut, whole };
};
