import { Buffer } from "node:buffer";
import { textOfBytes } from "./charset.ts";
import type { Content, Reader } from "./content.ts";
import { Fields } from "./fields.ts";

/** application/x-www-form-urlencoded (WHATWG URL, 5.1). Places: `body/<field>`. */
export const readForm: Reader = ({ text, isCut }, budget): Content => {
  if (isCut) return { kind: "unread", because: "a form is larger than what is stored" };
  const fields = new Fields(budget);
  const isRead =
    budget.spend(text.length * WORK.char) &&
    partsOf(text).every((part) => {
      if (part.includes("%") && !budget.spend(part.length * WORK.escapedChar)) return false;
      const equals = part.indexOf("=");
      const [name, value] = equals === -1 ? [part, ""] : [part.slice(0, equals), part.slice(equals + 1)];
      return fields.add(decode(name), decode(value));
    });
  return isRead ? fields.data("form") : { kind: "unread", because: "reading a form takes too much work" };
};

/** Measured. */
const WORK = { char: 0.3, escapedChar: 1.3 } as const;

const partsOf = (text: string): readonly string[] => text.split("&").filter((part) => part !== "");

/** Percent-encoding undone byte by byte; by hand, because a form may be nothing else. */
const decode = (text: string): string => {
  const spaced = text.replaceAll("+", " ");
  if (!spaced.includes("%")) return spaced;
  const bytes = Buffer.from(spaced, "utf8");
  let length = 0;
  for (let at = 0; at < bytes.length; at++) {
    const value = bytes[at] === PERCENT ? hexAt(bytes, at + 1) : -1;
    bytes[length++] = value < 0 ? (bytes[at] as number) : value;
    if (value >= 0) at += 2;
  }
  return textOfBytes(bytes.subarray(0, length));
};

const PERCENT = 0x25;

/** -1 where there are no two digits. */
const hexAt = (bytes: Buffer, at: number): number => {
  const [high, low] = [digitOf(bytes[at]), digitOf(bytes[at + 1])];
  return high < 0 || low < 0 ? -1 : high * 16 + low;
};

const digitOf = (code = 0): number => {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
};
