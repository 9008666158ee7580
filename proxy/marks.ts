import { createHmac, createSecretKey } from "node:crypto";
import type { Lane } from "../core/capture/capture.ts";
import { isWrite } from "../core/sampling/plan.ts";

/** What a tee alone sets on the copies it sends. A caller's own fields of these names never reach a copy. */
export const MARKS = ["x-shadowgraph-lane", "x-shadowgraph-request-id", "x-shadowgraph-signature"] as const;
const [LANE, REQUEST_ID, SIGNATURE] = MARKS;

/** The marks of one copy, as lines of its head. `target` is as the lane gets it. */
export type MarkLines = (method: string, target: string, requestId: string) => string;
export type Marks = (lane: Exclude<Lane, "primary">) => MarkLines;

const lines = (lane: string, requestId: string): string => `${LANE}: ${lane}\r\n${REQUEST_ID}: ${requestId}\r\n`;

/** A copy is known by its lane and id, which anybody could write: honoured under SHADOW_MODE alone. */
export const unsigned: Marks = (lane) => (_method, _target, requestId) => lines(lane, requestId);

/** @param issuer as of `signed` */
export const marksWith = (secret: string | undefined, issuer: string, now: () => number): Marks =>
  secret === undefined ? unsigned : signed(secret, issuer, now);

const VALID_SECONDS = 60;
const RENEW_MS = 30_000;

/**
 * Marks that whoever has the key can tell from others'. HMAC-SHA256 takes 1.6 µs, a twentieth of a request's budget: a write
 * has one of its own, over all that it is, and safe requests share one for half a minute (docs/decisions/0015).
 *
 * @param issuer begins every request id: tee and epoch
 * @param now milliseconds since 1970
 */
const signed = (secret: string, issuer: string, now: () => number): Marks => {
  const key = createSecretKey(Buffer.from(secret));
  const sign = (scope: "r" | "w", about: readonly string[], atMs: number): string => {
    const until = String(Math.floor(atMs / 1_000) + VALID_SECONDS);
    const text = ["v1", scope, ...about, until].join("\n");
    const mac = createHmac("sha256", key).update(text, "latin1").digest("base64url");
    return `${SIGNATURE}: v1.${scope}.${until}.${mac}\r\n`;
  };

  return (lane) => {
    let shared = "";
    let renewAt = 0;
    return (method, target, requestId) => {
      const at = now();
      if (isWrite(method)) return lines(lane, requestId) + sign("w", [lane, requestId, method, pathOf(target)], at);
      // A clock that was set back must not keep an old one for ever.
      if (at >= renewAt || at < renewAt - RENEW_MS) {
        shared = sign("r", [lane, issuer], at);
        renewAt = at + RENEW_MS;
      }
      return lines(lane, requestId) + shared;
    };
  };
};

/** Gateways write queries anew, so that they are no part of what is signed. */
const pathOf = (target: string): string => {
  const query = target.indexOf("?");
  return query === -1 ? target : target.slice(0, query);
};
