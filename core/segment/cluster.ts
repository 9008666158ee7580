import { Buffer } from "node:buffer";
import type { KeyedHash } from "../capture/keyed-hash.ts";
import { remembered } from "../capture/remembered.ts";

const HEX_DIGITS = 8;

/** Credentials, else the cookies: whoever sends the same is taken for one caller. Undefined where there is neither: the address tells. */
export const sessionOf = (headerOf: (name: string) => string | undefined): string | undefined =>
  headerOf("authorization") ?? headerOf("cookie");

/** The cluster of a session at an endpoint: 8 hex digits. */
export type ClusterOf = (session: string, endpoint: string) => string;

const MAX_REMEMBERED_CHARS = 256;

/** One busy caller is one witness: a keyed hash of endpoint and session. */
export const createClusterOf = (hash: KeyedHash): ClusterOf => {
  const clusterOf = remembered(
    (whose) => hash(Buffer.from(whose, "latin1")).slice(0, HEX_DIGITS),
    MAX_REMEMBERED_CHARS,
  );
  return (session, endpoint) => clusterOf(`${endpoint}\n${session}`);
};
