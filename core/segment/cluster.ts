import { Buffer } from "node:buffer";
import type { KeyedHash } from "../capture/keyed-hash.ts";

const HEX_DIGITS = 8;

/** Credentials, else the cookies: whoever sends the same is taken for one caller. Undefined where there is neither: the address tells. */
export const sessionOf = (headerOf: (name: string) => string | undefined): string | undefined =>
  headerOf("authorization") ?? headerOf("cookie");

/** The cluster of a session at an endpoint: 8 hex digits. */
export type ClusterOf = (session: string, endpoint: string) => string;

const MAX_REMEMBERED = 4_096;
const MAX_REMEMBERED_CHARS = 256;

/**
 * One busy caller is one witness: a keyed hash of endpoint and session. The same few come again and again, so they are remembered: by endpoint
 * first, since a text put together of both would have to be hashed each time to be found. At the bound all is forgotten.
 */
export const createClusterOf = (hash: KeyedHash): ClusterOf => {
  const remembered = new Map<string, Map<string, string>>();
  let count = 0;
  const clusterOf = (session: string, endpoint: string): string =>
    hash(Buffer.from(`${endpoint}\n${session}`, "latin1")).slice(0, HEX_DIGITS);
  return (session, endpoint) => {
    const known = remembered.get(endpoint)?.get(session);
    if (known !== undefined) return known;
    const cluster = clusterOf(session, endpoint);
    if (session.length + endpoint.length > MAX_REMEMBERED_CHARS) return cluster;
    if (count >= MAX_REMEMBERED) {
      remembered.clear();
      count = 0;
    }
    let ofEndpoint = remembered.get(endpoint);
    if (ofEndpoint === undefined) remembered.set(endpoint, (ofEndpoint = new Map()));
    ofEndpoint.set(session, cluster);
    count++;
    return cluster;
  };
};
