import { Buffer } from "node:buffer";
import type { MadeCall, PairCalls } from "../pair/calls.ts";
import { SAFE_METHODS } from "../sampling/plan.ts";
import { type StoreOptions, safeBody } from "./safe-body.ts";
import type { StoredBody, StoredCall, StoredCalls } from "./segment.ts";

const MAX_TYPE_CHARS = 200;
const SAFE: ReadonlySet<string> = new Set(SAFE_METHODS);

const keyOf = ({ to, method, target, type, hash }: MadeCall): string => [to, method, target, type, hash].join("\n");

/** Reads go in any order; of writes the order counts. */
const lookOf = (calls: readonly MadeCall[]): string => {
  const writes = calls.filter(({ method }) => !SAFE.has(method)).map(keyOf);
  return JSON.stringify([calls.map(keyOf).sort(), writes]);
};

/** Did every lane call the same, its writes in the same order? */
export const areSameCalls = ({ primary, candidate, secondary }: PairCalls): boolean => {
  const look = lookOf(primary);
  return look === lookOf(candidate) && (secondary === undefined || look === lookOf(secondary));
};

/** Calls as they may leave the process; undefined where there is nothing to show. */
export const storeCalls = (calls: PairCalls, options: StoreOptions): StoredCalls | undefined => {
  if (areSameCalls(calls)) return undefined;
  const { primary, candidate, secondary } = calls;
  const isShared = sharedIn([primary, candidate, ...(secondary === undefined ? [] : [secondary])]);
  const room = { bytes: options.maxStoredBodyBytes };
  const store = (call: MadeCall) => storeCall(call, isShared(call), room, options);
  return {
    primary: primary.map(store),
    candidate: candidate.map(store),
    ...(secondary === undefined ? {} : { secondary: secondary.map(store) }),
  };
};

/** Made as often in every lane. */
const sharedIn = (lanes: readonly (readonly MadeCall[])[]): ((call: MadeCall) => boolean) => {
  const counts = lanes.map((calls) => {
    const count = new Map<string, number>();
    for (const call of calls) count.set(keyOf(call), (count.get(keyOf(call)) ?? 0) + 1);
    return count;
  });
  return (call) => {
    const [first, ...others] = counts.map((count) => count.get(keyOf(call)) ?? 0);
    return others.every((other) => other === first);
  };
};

const storeCall = (call: MadeCall, isShared: boolean, room: { bytes: number }, options: StoreOptions): StoredCall => ({
  to: call.to,
  endpoint: options.redactor.endpoint(call.method, call.target),
  target: options.redactor.target(call.target),
  type: call.type.slice(0, MAX_TYPE_CHARS),
  body: bodyOf(call, isShared, room, options),
});

/** One pair keeps no more of its calls than of an answer. */
const bodyOf = (
  { body, bytes, hash: plain, type }: MadeCall,
  isShared: boolean,
  room: { bytes: number },
  options: StoreOptions,
): StoredBody => {
  const hash = options.hash(Buffer.from(plain, "latin1"));
  if (isShared || bytes === 0) return { kind: "equal", bytes, hash };
  const { content, cut } = safeBody(body, type === "" ? [] : [["content-type", type]], options);
  const fits = content.length <= room.bytes;
  if (fits) room.bytes -= content.length;
  const kept = fits ? content : content.subarray(0, 0);
  return { kind: "content", hash, bytes, content: kept, cut: cut || !fits || body.length < bytes };
};
