import { createHmac, timingSafeEqual } from "node:crypto";

/** How long a tee signs for, and by how much its clock and ours may differ. */
const VALID_SECONDS = 60;
const SKEW_SECONDS = 30;

const SAFE = new Set(["GET", "HEAD", "OPTIONS", "TRACE"]);
const LANES = new Set(["candidate", "secondary"]);
/** Of the tee, when it started, and what tells its requests apart. */
const REQUEST_ID = /^([a-z0-9]{1,32}-[a-z0-9]{1,16})-[a-z0-9]{1,64}$/;
const SIGNATURE = /^v1\.([rw])\.(\d{1,12})\.([A-Za-z0-9_-]{43})$/;

/** Several, joined by commas, while one takes the place of another. */
const keysOf = (keys) => (typeof keys === "string" ? keys.split(",") : keys).filter((key) => key !== "");

/** Tells whether a tee marked a request: whoever has no key trusts no mark. */
export const createMarkReader = ({ keys = process.env.SHADOWGRAPH_MARK_KEY ?? "", now = Date.now } = {}) => {
  const known = keysOf(keys);
  const short = known.find((key) => key.length < 32);
  if (short !== undefined) throw new RangeError(`a mark key must have at least 32 characters; got ${short.length}`);

  return ({ method, path, headers }) => {
    const one = (name) => (typeof headers[name] === "string" ? headers[name] : "");
    const [lane, requestId] = [one("x-shadowgraph-lane"), one("x-shadowgraph-request-id")];
    const [, issuer] = REQUEST_ID.exec(requestId) ?? [];
    const [, scope, until, mac] = SIGNATURE.exec(one("x-shadowgraph-signature")) ?? [];
    if (issuer === undefined || mac === undefined || !LANES.has(lane)) return undefined;
    const left = Number(until) - now() / 1_000;
    if (left < -SKEW_SECONDS || left > VALID_SECONDS + SKEW_SECONDS) return undefined;
    // What safe requests share says nothing of a write.
    if (scope === "r" && !SAFE.has(method)) return undefined;
    const about = scope === "r" ? [lane, issuer] : [lane, requestId, method, path];
    const text = ["v1", scope, ...about, until].join("\n");
    return known.some((key) => isMacOf(mac, key, text)) ? { lane, requestId } : undefined;
  };
};

const isMacOf = (mac, key, text) =>
  timingSafeEqual(Buffer.from(mac, "base64url"), createHmac("sha256", key).update(text, "latin1").digest());
