import type { StoredBody } from "../segment/segment.ts";
import type { Answer, Content } from "./answer.ts";
import type { Budget } from "./budget.ts";
import type { Differences } from "./differences.ts";
import { diffJson } from "./json-diff.ts";

export const isSameBody = (left: StoredBody, right: StoredBody): boolean =>
  left.hash === right.hash && left.bytes === right.bytes;

/** Places `body` and below. The hashes are of the whole bodies: where they are equal there is nothing to read. */
export const compareBodies = (left: Answer, right: Answer, found: Differences, budget: Budget): void => {
  if (left.capture.outcome === "failed" || right.capture.outcome === "failed") return;
  if (isSameBody(left.capture.body, right.capture.body)) return;
  const a = left.content;
  const b = right.content;
  if (a.kind === "unread") return found.leaveUndecided(a.because);
  if (b.kind === "unread") return found.leaveUndecided(b.because);
  const [leftText, rightText] = [shown(a, left.capture.body), shown(b, right.capture.body)];
  if (a.kind === "empty" || b.kind === "empty") return addPresence(a, b, leftText, rightText, found);
  if (a.kind === "json" && b.kind === "json") return compareJson(a.value, b.value, found, budget);
  // Text and binary are one kind here: what is no UTF-8 in one answer may well be in the other.
  const kind = a.kind === "json" || b.kind === "json" ? "type" : "value";
  found.add("body", kind, leftText, rightText, "text");
};

const addPresence = (a: Content, b: Content, left: string, right: string, found: Differences): void => {
  if (a.kind === b.kind) return;
  if (a.kind === "empty") found.add("body", "added", undefined, right, "text");
  else found.add("body", "removed", left, undefined, "text");
};

const compareJson = (left: unknown, right: unknown, found: Differences, budget: Budget): void => {
  const before = found.spots.length;
  diffJson(left, right, found, budget);
  if (found.spots.length === before && found.undecided === null && found.notes.size === 0)
    found.notes.add("JSON texts differ in form only (white space, key order, escapes)");
};

const shown = (content: Content, body: StoredBody): string => {
  if (content.kind === "text") return content.text;
  return content.kind === "json" ? "JSON" : `${body.bytes} bytes, ${body.hash}`;
};
