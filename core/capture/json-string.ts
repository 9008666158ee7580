import { Buffer } from "node:buffer";
import type { Span } from "./patterns.ts";

/** The text of a string without its escapes, as latin-1 of its UTF-8; the raw text where it is no valid string. */
export const unescaped = (raw: string): string => {
  if (!raw.includes("\\")) return raw;
  try {
    const text: string = JSON.parse(`"${Buffer.from(raw, "latin1").toString("utf8")}"`);
    return text.isWellFormed() ? Buffer.from(text, "utf8").toString("latin1") : raw;
  } catch {
    return raw;
  }
};

const UNIT = /\\u[Dd][89ABab][0-9A-Fa-f]{2}\\u[Dd][C-Fc-f][0-9A-Fa-f]{2}|\\u[0-9A-Fa-f]{4}|\\?[\s\S]/g;

/**
 * Where the spans that `spansIn` finds in a string's text are in the raw string: from the first byte of an escape to its last, so that no escape is
 * broken. Raw as latin-1.
 */
export const spansInString = (raw: string, spansIn: (text: string) => readonly Span[]): readonly Span[] => {
  if (!raw.includes("\\")) return spansIn(raw);
  let text = "";
  const begins: number[] = [];
  const ends: number[] = [];
  for (const { index, 0: unit } of raw.matchAll(UNIT)) {
    const plain = unit[0] === "\\" ? unescaped(unit) : unit;
    for (let byte = 0; byte < plain.length; byte++) {
      begins.push(index);
      ends.push(index + unit.length);
    }
    text += plain;
  }
  return spansIn(text).map(([from, to]) => [begins[from]!, ends[to - 1]!]);
};
