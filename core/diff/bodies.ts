import { Buffer } from "node:buffer";
import type { StoredBody, StoredResponded } from "../segment/segment.ts";
import type { Answer } from "./answer.ts";
import type { Budget } from "./budget.ts";
import type { Content, Data } from "./content.ts";
import type { Differences } from "./differences.ts";
import { isOrderOther } from "./fields.ts";
import { diffJson } from "./json-diff.ts";
import { diffMarkup } from "./markup-diff.ts";
import { previewOf } from "./text.ts";

/** Hashes are of the whole bodies; bodies without one are stubs of equal bodies, or whole themselves. */
export const isSameBody = (left: StoredBody, right: StoredBody): boolean =>
  left.bytes === right.bytes &&
  left.hash === right.hash &&
  (left.hash !== undefined || left.kind === "equal" || isSameStored(left, right));

/** Places `body` and below. Where bodies are the same there is nothing to read. */
export const compareBodies = (left: Answer, right: Answer, found: Differences, budget: Budget): void => {
  if (left.capture.outcome === "failed" || right.capture.outcome === "failed") return;
  if (isSameBody(left.capture.body, right.capture.body)) return;
  const [a, b] = [left.content, right.content];
  for (const note of [...left.notes, ...right.notes]) found.notes.add(note);
  if (a.kind === "unread") return found.leaveUndecided(a.because);
  if (b.kind === "unread") return found.leaveUndecided(b.because);
  const before = [found.spots.length + found.allowedCount, found.notes.size] as const;
  compareContents(a, b, left.capture, right.capture, found, budget);
  if (budget.isSpent) found.leaveUndecided("comparing took too much work");
  if (found.spots.length + found.allowedCount > before[0] || found.undecided !== null) return;
  // What was stored is redacted: where that is the same, the difference lay in what was taken away.
  if (isSameStored(left.capture.body, right.capture.body))
    found.add("body", "value", sizeOf(left.capture.body), sizeOf(right.capture.body), "text");
  else if (found.notes.size === before[1])
    found.notes.add("bodies differ in form only (white space, order of keys, escapes, charset)");
};

type Readable = Exclude<Content, { readonly kind: "unread" }>;

const compareContents = (
  a: Readable,
  b: Readable,
  left: StoredResponded,
  right: StoredResponded,
  found: Differences,
  budget: Budget,
): void => {
  if (a.kind === "data" && b.kind === "data" && a.format === b.format) return compareData(a, b, found, budget);
  if (a.kind === "markup" && b.kind === "markup" && a.format === b.format)
    return diffMarkup(a.root, b.root, found, budget);
  const [leftText, rightText] = [shown(a, left.body), shown(b, right.body)];
  if (a.kind === "empty") return found.add("body", "added", undefined, rightText, "text");
  if (b.kind === "empty") return found.add("body", "removed", leftText, undefined, "text");
  if (a.format === b.format) {
    if (leftText !== rightText || isCut(left.body) || isCut(right.body))
      found.add("body", "value", leftText, rightText, "text");
    return;
  }
  // The other body may be as large as the one that was too large to decode.
  if ((a.format === "undecodable" && isCut(right.body)) || (b.format === "undecodable" && isCut(left.body)))
    return found.leaveUndecided("a body could not be decoded");
  const isUnlabelled = [a.format, b.format].every((format) => format === "text" || format === "binary");
  // What is no text in one answer may well be in the other, if nothing says what it is.
  found.add("body", isUnlabelled ? "value" : "type", leftText, rightText, "text");
};

/** Of streams that were not read whole, what both have is compared. */
const compareData = (a: Data, b: Data, found: Differences, budget: Budget): void => {
  const unreadRest = a.unreadRest ?? b.unreadRest;
  const [left, right] = unreadRest === undefined ? [a.value, b.value] : sharedBeginning(a.value, b.value);
  diffJson(left, right, found, budget);
  if (unreadRest !== undefined) found.leaveUndecided(unreadRest);
  if (a.names && b.names && isOrderOther(a.names, b.names, budget)) found.add("body", "order", a.names, b.names);
};

const sharedBeginning = (left: unknown, right: unknown): readonly [unknown, unknown] => {
  const [lefts, rights] = [left as readonly unknown[], right as readonly unknown[]];
  const count = Math.min(lefts.length, rights.length);
  return [lefts.slice(0, count), rights.slice(0, count)];
};

const isCut = (body: StoredBody): boolean => body.kind === "content" && body.cut;

const isSameStored = (left: StoredBody, right: StoredBody): boolean =>
  left.kind === "content" && right.kind === "content" && Buffer.compare(left.content, right.content) === 0;

const sizeOf = ({ bytes, hash }: StoredBody): string =>
  hash === undefined ? `${bytes} bytes` : `${bytes} bytes, ${hash}`;

const shown = (content: Readable, body: StoredBody): string => {
  if (content.kind === "text") return content.text;
  if (content.kind === "data") return `${content.format}: ${previewOf(content.value)}`;
  return content.kind === "markup" ? `${content.format}: ${content.root.source}` : sizeOf(body);
};
