import type { HeaderList } from "../capture/capture.ts";
import { SAFE_METHODS } from "../sampling/plan.ts";
import type { StoredCall, StoredResponded } from "../segment/segment.ts";
import { Answer } from "./answer.ts";
import { compareBodies } from "./bodies.ts";
import type { Budget } from "./budget.ts";
import { Differences } from "./differences.ts";
import type { Place } from "./place.ts";
import { clip } from "./text.ts";

const SAFE: ReadonlySet<string> = new Set(SAFE_METHODS);

/** `payments POST /charges/{id}`: calls of one name are compared with each other. */
const nameOf = ({ to, endpoint }: StoredCall): string => `${to} ${endpoint}`;

const methodOf = ({ endpoint }: StoredCall): string => endpoint.slice(0, endpoint.indexOf(" "));

/** Hashes are of the whole bodies, so the same key is the same call. */
const keyOf = ({ to, endpoint, target, body }: StoredCall): string =>
  [to, endpoint, target, body.bytes, body.hash].join("\n");

/** Calls that only one lane made stand below these; what differs between two of one name below the third. */
export const EXTRA = "calls/extra/";
export const MISSING = "calls/missing/";
const CHANGED = "calls/changed/";

/**
 * What two lanes called for one request. `calls/extra/<name>` is a call that only the right lane made, `calls/missing/<name>` one that
 * only the left made, `calls/changed/<name>` differs in `/target` or in `/body…`. `calls/order`: the same writes in another order. Reads
 * go in any order.
 */
export const compareCalls = (
  lefts: readonly StoredCall[],
  rights: readonly StoredCall[],
  found: Differences,
  budget: Budget,
): void => {
  const before = found.spots.length + found.allowedCount;
  const others = Map.groupBy(rights, nameOf);
  for (const [name, its] of Map.groupBy(lefts, nameOf)) {
    compareNamed(name, its, others.get(name) ?? [], found, budget);
    others.delete(name);
  }
  for (const [name, its] of others) compareNamed(name, [], its, found, budget);
  if (found.spots.length + found.allowedCount > before) return;
  const [left, right] = [lefts, rights].map((calls) => calls.filter((call) => !SAFE.has(methodOf(call)))) as [
    StoredCall[],
    StoredCall[],
  ];
  // Bodies that differ in form alone do not say which call is which.
  const sequence = isSame(left.map(keyOf).sort(), right.map(keyOf).sort()) ? keyOf : nameOf;
  if (!isSame(left.map(sequence), right.map(sequence)))
    found.add("calls/order", "call", namesText(left), namesText(right), "text");
};

const isSame = (left: readonly string[], right: readonly string[]): boolean =>
  left.length === right.length && left.every((text, index) => text === right[index]);

/** Equal ones first, wherever they stand; what is left is paired in its order. */
const compareNamed = (
  name: string,
  lefts: readonly StoredCall[],
  rights: readonly StoredCall[],
  found: Differences,
  budget: Budget,
): void => {
  const [left, right] = [without(lefts, rights), without(rights, lefts)];
  const pairs = Math.min(left.length, right.length);
  for (let index = 0; index < pairs; index++) comparePair(CHANGED + name, left[index]!, right[index]!, found, budget);
  for (const call of left.slice(pairs)) found.add(MISSING + name, "call", callText(call, budget), undefined, "text");
  for (const call of right.slice(pairs)) found.add(EXTRA + name, "call", undefined, callText(call, budget), "text");
};

/** Of `calls` those that the other lane did not make as often. */
const without = (calls: readonly StoredCall[], others: readonly StoredCall[]): readonly StoredCall[] => {
  const left = new Map<string, number>();
  for (const other of others) left.set(keyOf(other), (left.get(keyOf(other)) ?? 0) + 1);
  return calls.filter((call) => {
    const count = left.get(keyOf(call)) ?? 0;
    left.set(keyOf(call), count - 1);
    return count <= 0;
  });
};

const comparePair = (place: Place, left: StoredCall, right: StoredCall, found: Differences, budget: Budget): void => {
  if (left.target !== right.target) found.add(`${place}/target`, "call", left.target, right.target);
  const inBodies = new Differences();
  compareBodies(answerOf(left, budget), answerOf(right, budget), inBodies, budget);
  for (const { place: below, lefts, rights, form } of inBodies.spots)
    for (const [index, value] of lefts.entries()) found.add(`${place}/${below}`, "call", value, rights[index], form);
  // What could not be read is known to differ by its hash.
  if (inBodies.spots.length === 0 && inBodies.undecided !== null)
    found.add(`${place}/body`, "call", sizeText(left), sizeText(right), "text");
};

/** The body of a call is read as that of an answer is. */
const answerOf = ({ type, body }: StoredCall, budget: Budget): Answer => {
  const list: HeaderList = type === "" ? [] : [["content-type", type]];
  const capture: StoredResponded = { outcome: "responded", status: 0, headers: { kind: "list", list }, body, ms: 0 };
  return new Answer(capture, budget);
};

const sizeText = ({ body }: StoredCall): string => `${body.bytes} bytes, ${body.hash}`;

const decoder = new TextDecoder();
const MAX_SHOWN_BYTES = 1_000;

/** For people: `POST /charges/7 {"amount":10}`. */
const callText = (call: StoredCall, budget: Budget): string => {
  const { target, body } = call;
  budget.spend(MAX_SHOWN_BYTES);
  const content = body.kind === "content" ? decoder.decode(body.content.subarray(0, MAX_SHOWN_BYTES)) : "";
  return clip(`${methodOf(call)} ${target} ${content}`.trimEnd());
};

const namesText = (calls: readonly StoredCall[]): string => calls.map(nameOf).join(", ");

/** One lane alone wrote: a side effect that the other has not, however rare. */
export const isWriteMissingOrExtra = (place: Place): boolean => {
  const [, method] = /^calls\/(?:extra|missing)\/\S+ (\S+) /.exec(place) ?? [];
  return method !== undefined && !SAFE.has(method);
};
