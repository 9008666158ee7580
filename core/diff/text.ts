import { ExactNumber, isContainer, RepeatedKey } from "./json-value.ts";
import { DIFF_LIMITS } from "./limits.ts";

/** At most `maxChars`, the last one "…" where more was there. Well-formed Unicode, so that it can be stored anywhere. */
export const clip = (text: string, maxChars: number = DIFF_LIMITS.clipChars): string =>
  (text.length <= maxChars ? text : `${text.slice(0, maxChars - 1)}…`).toWellFormed();

/** Characters shown before the first difference. */
const LEAD_CHARS = 60;

/**
 * Texts of one place clipped around their first difference, so that those that share a long beginning are told apart: from the
 * beginning of the line, if that is near. Nothing is aligned: one pass, however long the texts are.
 */
export const excerpts = (texts: readonly string[], maxChars: number = DIFF_LIMITS.clipChars): readonly string[] => {
  if (texts.every((text) => text.length <= maxChars)) return texts.map((text) => clip(text, maxChars));
  const present = texts.filter((text) => text !== "");
  const difference = firstDifference(present);
  const lead = present[0]?.slice(Math.max(0, difference - LEAD_CHARS), difference) ?? "";
  const start = difference - (lead.length - (lead.lastIndexOf("\n") + 1));
  if (start === 0) return texts.map((text) => clip(text, maxChars));
  return texts.map((text) => (text === "" ? "" : clip(`…${text.slice(start)}`, maxChars)));
};

const firstDifference = (texts: readonly string[]): number => {
  const [first, ...others] = texts;
  if (first === undefined) return 0;
  let least = first.length;
  for (const other of others) {
    let index = 0;
    while (index < least && first.charCodeAt(index) === other.charCodeAt(index)) index++;
    least = index;
  }
  return least;
};

/** Longest preview of a value that holds others; texts and numbers are whole. */
const PREVIEW_CHARS = 4_000;
const PREVIEW_DEPTH = 16;

/** JSON text for people; "" for nothing. */
export const previewOf = (value: unknown): string => {
  if (value === undefined) return "";
  if (!isContainer(value)) return scalarText(value);
  const parts: string[] = [];
  let room = PREVIEW_CHARS;
  const put = (part: string): boolean => {
    parts.push(part.length > room ? part.slice(0, room) : part);
    room -= part.length;
    return room > 0;
  };
  write(value, put, 0);
  return room < 0 ? `${parts.join("")}…` : parts.join("");
};

const scalarText = (value: unknown): string => (value instanceof ExactNumber ? value.text : JSON.stringify(value));

const write = (value: unknown, put: (part: string) => boolean, depth: number): boolean => {
  if (!isContainer(value)) return put(scalarText(value));
  if (depth >= PREVIEW_DEPTH) return put("…");
  if (value instanceof RepeatedKey) return writeItems(value.values, put, depth) && put(" (key repeated)");
  if (Array.isArray(value)) return put("[") && writeItems(value, put, depth) && put("]");
  if (!put("{")) return false;
  let isFirst = true;
  for (const key in value) {
    if (!put(`${isFirst ? "" : ","}${JSON.stringify(key)}:`)) return false;
    if (!write((value as Record<string, unknown>)[key], put, depth + 1)) return false;
    isFirst = false;
  }
  return put("}");
};

const writeItems = (items: readonly unknown[], put: (part: string) => boolean, depth: number): boolean =>
  items.every((item, index) => (index === 0 || put(",")) && write(item, put, depth + 1));
